"""Looks up what a sending domain says in DNS, for each server that its inboxes send through."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from heed.channels.email.domain_records import (
    DMARC_WANTED,
    RecordCheck,
    RecordState,
    check_dkim,
    check_dmarc,
    check_spf,
    mechanism_for,
)
from heed.kernel.outbound.dns import Dns, DnsUnanswered, the_dns


@dataclass(frozen=True, slots=True)
class DomainLooker:
    """Where to look things up; tests give a name server of their own."""

    dns: Dns = field(default_factory=the_dns)

    def checks(
        self, domain: str, *, servers: Sequence[str], keys: Sequence[tuple[str, str]] = ()
    ) -> list[RecordCheck]:
        """SPF for each server, DKIM for each key (its selector and record), then DMARC.

        What nobody answered is said so. Raises OutboundInsideTransaction.
        """
        found = [
            _or_unanswered(
                partial(check_spf, domain, server=server, questions=self.dns),
                RecordCheck("spf", domain, RecordState.UNANSWERED, f"v=spf1 {mechanism_for(server)} ~all"),
            )
            for server in servers
        ]
        for selector, wanted in keys:
            name = f"{selector}._domainkey.{domain}"
            found.append(
                _or_unanswered(
                    partial(check_dkim, domain, selector=selector, wanted=wanted, questions=self.dns),
                    RecordCheck("dkim", name, RecordState.UNANSWERED, wanted),
                )
            )
        dmarc = RecordCheck("dmarc", f"_dmarc.{domain}", RecordState.UNANSWERED, DMARC_WANTED)
        return [*found, _or_unanswered(lambda: check_dmarc(domain, questions=self.dns), dmarc)]


def _or_unanswered(check: Callable[[], RecordCheck], otherwise: RecordCheck) -> RecordCheck:
    try:
        return check()
    except DnsUnanswered:
        return otherwise
