"""Looks up what a sending domain says in DNS, for each server that its inboxes send through.

Keys of ours sign once their record was found there: by whoever opens the page, and by a worker every
config.dns_look_seconds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from time import monotonic

from heed.channels.email.domain_records import (
    DMARC_WANTED,
    RecordCheck,
    RecordState,
    check_dkim,
    check_dmarc,
    check_spf,
    mechanism_for,
)
from heed.delivery.actions.dkim import note_dkim_record
from heed.delivery.dkim import record_name, record_value
from heed.delivery.models import DkimKey
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.mail_words import DkimSigning
from heed.kernel.outbound.dns import Dns, DnsUnanswered, the_dns
from heed.people.policy import SYSTEM

AT_ONCE = 5  # keys that are looked for in one step
FIRST_LOOK = timedelta(
    minutes=5
)  # after a key was made: looked for too soon, its absence would be remembered


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


def look_at_domain(domain: str, *, servers: Sequence[str], looker: DomainLooker) -> list[RecordCheck]:
    """What a domain says now; keys of ours are known to stand there afterwards, or not to. Raises as checks does.

    What nobody answered changes nothing.
    """
    keys = list(DkimKey.objects.filter(domain=domain, retired_at__isnull=True).order_by("-pk"))
    wanted = [(key.selector, record_value(key.public)) for key in keys]
    found = looker.checks(domain, servers=servers, keys=wanted)
    states = {check.name: check.state for check in found if check.kind == "dkim"}
    for key in keys:
        state = states[record_name(key.selector, key.domain)]
        if state is not RecordState.UNANSWERED:
            note_dkim_record(key, is_there=state is RecordState.FOUND, by=SYSTEM)
    return found


_tried: dict[
    int, float
] = {}  # when this process looked for a key, so that a silent name server is not asked again at once


def step(looker: DomainLooker | None = None) -> int:
    """Look for the records of keys that are to sign once they are found; how many keys were looked for."""
    since = clock.now() - timedelta(seconds=config.dns_look_seconds)
    rows = DkimKey.objects.filter(
        retired_at__isnull=True, signing=DkimSigning.WHEN_FOUND, made_at__lt=clock.now() - FIRST_LOOK
    )
    due = [key for key in rows.order_by("pk") if key.looked_at is None or key.looked_at < since]
    now = monotonic()
    mine = [key for key in due if now - _tried.get(key.pk, -float("inf")) > config.dns_look_seconds]
    for key in mine[:AT_ONCE]:
        _tried[key.pk] = now
        _look_for(key, looker or DomainLooker())
    return len(mine[:AT_ONCE])


def _look_for(key: DkimKey, looker: DomainLooker) -> None:
    try:
        found = check_dkim(
            key.domain, selector=key.selector, wanted=record_value(key.public), questions=looker.dns
        )
    except DnsUnanswered:
        return
    note_dkim_record(key, is_there=found.state is RecordState.FOUND, by=SYSTEM)


def waiting() -> int:
    """A look that is due is no work that waits."""
    return 0
