"""Our own checks of a batch's senders: outside any transaction, together, and within a time."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from time import monotonic
from typing import Final

from heed.channels.email.authentication.asking import Asking, Names
from heed.channels.email.authentication.own import Arrival, check, needs_network
from heed.channels.email.authentication.results import Authentication, Source, Verdict
from heed.intake.arrival import arrival_of
from heed.intake.letters import Opened
from heed.kernel.config import config, listed
from heed.kernel.outbound.dns import the_dns
from heed.kernel.outbound.guard import require_allowed
from heed.kernel.words import Origin

AT_ONCE: Final = 8  # mails of a batch that are checked at the same time
REST_SECONDS: Final = 60.0
"""After a batch whose time ran out nothing is checked for so long: name servers that are down cost a few seconds a
minute, not a few a batch."""


@dataclass(slots=True)
class Checker:
    """Checks senders, and rests when name servers do not answer. One a process."""

    names: Callable[[], Names] = the_dns
    rest_seconds: float = REST_SECONDS
    _rests_until: float = 0.0

    def check(self, opened: Sequence[Opened], raws: Mapping[int, bytes]) -> list[Opened]:
        """The same mails with what we found out about their senders; raws by receipt. Never raises for a mail's sake.

        Mail that a trusted server checked, imported mail, and mail with nothing to check cost nothing.
        """
        todo = [(place, arrival_of(one.receipt)) for place, one in enumerate(opened) if _may_need(one)]
        todo = [(place, came) for place, came in todo if _needs(opened[place], came)]
        if not todo:
            return list(opened)
        require_allowed()
        found = self._look(opened, raws, todo) if monotonic() >= self._rests_until else {}
        checked = list(opened)
        for place, came in todo:
            one = opened[place]
            checks = found.get(place) or _unanswered(one, came)
            checked[place] = replace(one, letter=replace(one.letter, checks=checks))
        return checked

    def _look(
        self,
        opened: Sequence[Opened],
        raws: Mapping[int, bytes],
        todo: Sequence[tuple[int, Arrival | None]],
    ) -> dict[int, Authentication]:
        names = self.names()
        pool = ThreadPoolExecutor(min(AT_ONCE, len(todo)), thread_name_prefix="heed-senders")
        work: dict[Future[Authentication], int] = {
            pool.submit(_check, opened[place], raws[opened[place].receipt.pk], came, names): place
            for place, came in todo
        }
        done, late = wait(work, timeout=config.sender_checks_seconds)
        pool.shutdown(wait=False, cancel_futures=True)
        if late:
            self._rests_until = monotonic() + self.rest_seconds
        return {work[future]: future.result() for future in done}


def _may_need(one: Opened) -> bool:
    letter = one.letter
    is_asked = config.sender_checks and one.receipt.origin == Origin.LIVE
    return bool(is_asked and letter.checks.domain and letter.checks.source is Source.NOBODY)


def _needs(one: Opened, came: Arrival | None) -> bool:
    return needs_network(one.letter.mail.signs, arrival=came)


def _check(one: Opened, raw: bytes, came: Arrival | None, names: Names) -> Authentication:
    return check(
        raw,
        one.letter.mail.signs,
        one.letter.checks.domain,
        arrival=came,
        asking=Asking(names, seconds=config.sender_check_seconds),
        sealers=listed(config.trusted_sealers),
    )


def _unanswered(one: Opened, came: Arrival | None) -> Authentication:
    """What is known of a mail whose questions were not answered in time."""
    return Authentication(
        domain=one.letter.checks.domain,
        source=Source.OURS,
        dkim=Verdict.TEMPERROR if one.letter.mail.signs.signatures else Verdict.NONE,
        spf=Verdict.TEMPERROR if came is not None else Verdict.NONE,
    )
