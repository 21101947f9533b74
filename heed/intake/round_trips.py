"""Mails that the desk sends to itself: known by a signed token when they come back, and taken for nothing else.

Not by subject or sender, which anybody can write. Whoever got hold of a token could have one mail taken so, and none
with other words than that once one has come back.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

from heed.brands.queries import addresses_of
from heed.channels.email.mailboxes import key_of, untagged
from heed.eventlog.due import ClaimLost, hold
from heed.eventlog.unit import change, lock_many, verb
from heed.intake.letters import Opened
from heed.intake.models import Receipt, RoundTrip
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import ReceiptState
from heed.people.policy import SYSTEM, Actor

EXPECTED: Final = timedelta(
    days=7
)  # a token that comes for the first time after that is an old one, or stolen
PROOF_CHARACTERS: Final = 26  # of five bits
_TOKEN: Final = re.compile(rf"([1-9][0-9]{{0,17}})\.([a-z2-7]{{{PROOF_CHARACTERS}}})")


def token_of(trip: RoundTrip) -> str:
    """What its mail carries: always the same, and not to be guessed."""
    # The first words keep this use of the secret apart from every other one.
    claim = f"heed round trip\0{trip.inbox_id}\0{trip.pk}\0{trip.nonce}".encode()
    proof = b32encode(hmac.new(config.secret_bytes(), claim, sha256).digest()).decode("ascii")
    return f"{trip.pk}.{proof[:PROOF_CHARACTERS].lower()}"


def trip_of(token: str) -> RoundTrip | None:
    """The round trip that a token is of; None when it is none of ours or not genuine. At most one query."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    trip = RoundTrip.objects.filter(pk=int(found[1])).select_related("inbox").first()
    return trip if trip is not None and hmac.compare_digest(token_of(trip), token) else None


def without_round_trips(opened: Sequence[Opened]) -> list[Opened]:
    """A batch without the desk's mails to itself, which are done afterwards; no query where no mail says it is one."""
    return [one for one in opened if not (one.letter.mail.round_trip and _is_taken(one))]


def _is_taken(one: Opened) -> bool:
    trip = trip_of(one.letter.mail.round_trip)
    if trip is None:
        return False
    try:
        return take_round_trip(one.receipt, trip=trip, same_key=one.letter.mail.same_key, by=SYSTEM)
    except ClaimLost:
        return True  # another worker has it


@verb
def take_round_trip(receipt: Receipt, *, trip: RoundTrip, same_key: str, by: Actor) -> bool:
    """Afterwards a claimed mail with this trip's token is done, and the trip has arrived: True.

    A copy of it is taken alike and changes nothing; so is one that lay where sent mail lies, which does not say that it
    arrived. Nothing, and False, for another mail with the token of a trip that has arrived, or that nobody expects any
    more: it is read like every mail. Refuses with ClaimLost.
    """
    held: Receipt = hold(receipt)
    row = lock_many(RoundTrip, [trip.pk]).get(trip.pk)
    if row is None or not _belongs(held, row, same_key):
        return False
    if row.arrived_at is None and not held.is_own:
        done = {"due_at": None, "claimed_until": None, "code": "", "words": ""}
        change(row, arrived_at=held.received_at, same_key=same_key, strayed_to=_strayed(held, row), **done)
    change(held, state=ReceiptState.ROUND_TRIP, detail=str(row.pk), due_at=None, claimed_until=None)
    return True


def _belongs(receipt: Receipt, trip: RoundTrip, same_key: str) -> bool:
    if trip.arrived_at is not None and same_key == trip.same_key:
        return True
    is_expected = clock.now() - trip.begun_at < EXPECTED
    return is_expected and (trip.arrived_at is None or receipt.is_own)


def _strayed(receipt: Receipt, trip: RoundTrip) -> str:
    """Where it came to, when that is no address of its inbox."""
    own = {key_of(address) for address in addresses_of(trip.inbox)}
    keys = [key_of(address) for address in receipt.recipients]
    is_there = any(key in own or untagged(key) in own for key in keys)
    return "" if is_there or not keys else keys[0][:254]
