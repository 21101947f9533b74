"""Verbs of round trips: begun by an admin, sent and looked for by a worker. That one arrived, intake says."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from heed.brands.models import Inbox
from heed.eventlog import due
from heed.eventlog.unit import add, change, lock, verb
from heed.intake.models import RoundTrip
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require
from heed.people.policy import Actor, may_set_up_mail

FIRST_PAUSE_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0
WORDS_CHARACTERS = 300


class NotSent(StrEnum):
    """Why a round trip did not leave."""

    NO_SERVER = "no_server"  # none is set: mail goes to the built-in catcher
    WRONG_SERVER = "wrong_server"  # its setting can't be used: enter it again
    UNREACHABLE = "unreachable"  # it does not answer, or broke off
    LOGIN_REFUSED = "login_refused"
    LATER = "later"  # it asks to wait, and did so for as long as anybody waits
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Setback:
    """Why a mail did not leave, with the server's words; is_passing: it may when tried again."""

    code: NotSent
    host: str = ""
    words: str = ""
    is_passing: bool = False


@verb
def begin_round_trip(inbox: Inbox, *, by: Actor) -> RoundTrip:
    """Afterwards a worker sends a mail from this inbox to itself, and looks for it.

    While one is under way, that one is given back and nothing more begins. Raises Refused for one who may not set up.
    """
    require(may_set_up_mail(by))
    held = lock(inbox)  # two who begin the same wait for each other
    going = RoundTrip.objects.filter(inbox=held).order_by("-pk").first()
    if going is not None and going.due_at is not None:
        return going
    now = clock.now()
    return add(RoundTrip(inbox=held, begun_at=now, nonce=secrets.token_hex(16), due_at=now))


@verb
def claim_round_trip(*, by: Actor) -> RoundTrip | None:
    """Afterwards the caller sends it, or looks for it, and nobody else for config.lease_seconds; None: none is due."""
    return next(iter(due.claim(RoundTrip, limit=1, lease_seconds=config.lease_seconds)), None)


@verb
def note_left(trip: RoundTrip, *, sent_at: datetime, host: str, by: Actor) -> RoundTrip:
    """Afterwards it is known that a server took the mail, and it is looked for. It may have arrived already."""
    held = lock(trip)
    values = {"sent_at": sent_at, "host": host[:253], "code": "", "words": ""}
    if held.arrived_at is not None:
        return change(held, **values)
    soon = clock.now() + timedelta(seconds=FIRST_PAUSE_SECONDS)
    return change(held, **values, due_at=soon, claimed_until=None, attempts=0)


@verb
def note_not_sent(trip: RoundTrip, *, why: Setback, by: Actor) -> RoundTrip:
    """Afterwards it is known why the mail did not leave. What may pass is tried again, while anybody waits.

    Refuses with ClaimLost.
    """
    held = due.hold(trip)
    again = _next_at(held, since=held.begun_at) if why.is_passing else None
    words = " ".join(why.words.split())[:WORDS_CHARACTERS]
    return change(held, code=why.code, words=words, host=why.host[:253], due_at=again, claimed_until=None)


@verb
def look_again(trip: RoundTrip, *, by: Actor) -> RoundTrip:
    """Afterwards the mail is looked for once more later, or no more after config.round_trip_seconds.

    It is known all the same whenever it comes. Refuses with ClaimLost.
    """
    held = due.hold(trip)
    return change(held, due_at=_next_at(held, since=held.sent_at or held.begun_at), claimed_until=None)


def _next_at(held: RoundTrip, *, since: datetime) -> datetime | None:
    """When it is next seen to; None: not in the time that anybody waits."""
    pause = due.pause_seconds(held.attempts, first=FIRST_PAUSE_SECONDS, longest=LONGEST_PAUSE_SECONDS)
    at = clock.now() + timedelta(seconds=pause)
    return at if at < since + timedelta(seconds=config.round_trip_seconds) else None
