"""Due work of round trips: send a mail of an inbox to itself as its answers are sent, and have its mailboxes read.

It leaves as mail of the inbox leaves, by its server, its provider, its token, signed with its domain's key; it comes
back whichever way the inbox's mail comes. Intake knows it by its token and makes no conversation of it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from heed.brands.models import Inbox
from heed.channels.email.compose import Outgoing, Person, compose
from heed.connecting.actions.round_trips import (
    NotSent,
    Setback,
    claim_round_trip,
    look_again,
    note_left,
    note_not_sent,
)
from heed.delivery.mail import Built, desk_name
from heed.delivery.servers import Server, WrongServer, hand_over, host_of, open_session, way_out
from heed.delivery.work import Signing
from heed.eventlog.due import ClaimLost
from heed.intake.models import RoundTrip
from heed.intake.round_trips import token_of
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require_visible
from heed.kernel.outbound import SmtpAnswer, SmtpResult
from heed.kernel.words import Automatic
from heed.mailboxes.actions.accounts import look_soon
from heed.mailboxes.tokens import sending_tokens
from heed.people.policy import SYSTEM, Actor, may_set_up_mail

SECONDS: Final = 15.0  # for each step of a server
SUBJECT: Final = "Test mail of your support desk"
TEXT: Final = """\
This mail was written by the support desk itself, to see whether mail of {address} leaves and arrives.

Nobody has to do anything about it. It becomes no conversation, and may be deleted.
"""
LOG_IN_CODES: Final = frozenset({401, 403, 530, 534, 535})


class TripState(StrEnum):
    """How far a round trip has got."""

    QUEUED = "queued"  # a worker sends it next
    PUT_OFF = "put_off"  # its server asked to wait, and is asked again
    NOT_SENT = "not_sent"
    SENT = "sent"  # a server took it, and it is looked for
    LATE = "late"  # it has not come in the time that anybody waits
    ARRIVED = "arrived"


@dataclass(frozen=True, slots=True)
class Trip:
    """A round trip as pages tell it."""

    state: TripState
    began_at: datetime
    seconds: int = 0  # from being sent until now, or until it arrived
    code: str = ""  # heed.connecting.actions.round_trips.NotSent
    words: str = ""  # the server's
    host: str = ""
    strayed_to: str = ""

    @property
    def is_under_way(self) -> bool:
        """Whether it is worth looking again in a moment."""
        return self.state in (TripState.QUEUED, TripState.PUT_OFF, TripState.SENT)


def newest_trip(actor: Actor, inbox: Inbox) -> Trip | None:
    """How an inbox's last round trip went; None before the first. One query. Raises NotFound for who may not set up."""
    require_visible(may_set_up_mail(actor))
    row = RoundTrip.objects.filter(inbox=inbox).order_by("-pk").first()
    if row is None:
        return None
    until = row.arrived_at or clock.now()
    seconds = max(0, round((until - (row.sent_at or row.begun_at)).total_seconds()))
    return Trip(_state(row, seconds), row.begun_at, seconds, row.code, row.words, row.host, row.strayed_to)


def _state(row: RoundTrip, seconds: int) -> TripState:
    if row.arrived_at is not None:
        return TripState.ARRIVED
    if row.sent_at is None:
        if row.due_at is None:
            return TripState.NOT_SENT
        return TripState.PUT_OFF if row.code else TripState.QUEUED
    is_late = row.due_at is None or seconds >= config.round_trip_seconds
    return TripState.LATE if is_late else TripState.SENT


def step() -> int:
    """Send the next round trip that is due, or look for it; how many that was."""
    trip = claim_round_trip(by=SYSTEM)
    if trip is None:
        return 0
    try:
        if trip.sent_at is None:
            _send(trip)
        else:
            look_soon(trip.inbox, by=SYSTEM)
            look_again(trip, by=SYSTEM)
    except ClaimLost:
        pass  # it has arrived, or another worker has it
    return 1


def waiting() -> int:
    """How many are to be sent. One that is looked for is no work that waits: what comes is."""
    return RoundTrip.objects.filter(due_at__lte=clock.now(), sent_at__isnull=True).count()


def _send(trip: RoundTrip) -> None:
    inbox = Inbox.objects.select_related("brand").get(pk=trip.inbox_id)
    try:
        server = way_out(inbox)
    except WrongServer:
        note_not_sent(trip, why=Setback(NotSent.WRONG_SERVER), by=SYSTEM)
        return
    if server is None:
        note_not_sent(trip, why=Setback(NotSent.NO_SERVER), by=SYSTEM)
        return
    began = clock.now()
    answer = _handed_over(inbox, server, mail_of(trip, inbox))
    if answer.result is SmtpResult.ACCEPTED:
        note_left(trip, sent_at=began, host=host_of(server), by=SYSTEM)
        look_soon(inbox, by=SYSTEM)
    else:
        note_not_sent(trip, why=_why(answer, host_of(server)), by=SYSTEM)


def _handed_over(inbox: Inbox, server: Server, mail: Built) -> SmtpAnswer:
    signing = Signing()
    signing.refresh()
    with open_session(server, inbox=inbox, timeout_seconds=SECONDS, tokens_of=sending_tokens) as session:
        return hand_over(session, signing.signed(mail), [inbox.address]).answers[inbox.address]


def _why(answer: SmtpAnswer, host: str) -> Setback:
    if answer.code in LOG_IN_CODES:
        return Setback(NotSent.LOGIN_REFUSED, host, answer.text)
    if answer.code is None and answer.result is SmtpResult.TEMPORARY:
        return Setback(NotSent.UNREACHABLE, host, answer.text)
    if answer.result is SmtpResult.TEMPORARY and answer.code is not None and answer.code < 500:
        return Setback(NotSent.LATER, host, answer.text, is_passing=True)
    return Setback(NotSent.REFUSED, host, answer.text)


def mail_of(trip: RoundTrip, inbox: Inbox) -> Built:
    """The mail of a round trip: the same bytes at every attempt."""
    domain = inbox.address.rpartition("@")[2]
    outgoing = Outgoing(
        from_name=inbox.brand.name,
        from_address=inbox.address,
        to=(Person("", inbox.address),),
        subject=SUBJECT,
        message_id=f"round-trip.{trip.pk}.{trip.nonce}@{domain.encode('idna').decode()}",
        date=trip.begun_at,
        text=TEXT.format(address=inbox.address),
        automatic=Automatic.REPORT,
        language="en",
        loop=desk_name(),
        round_trip=token_of(trip),
    )
    return Built(compose(outgoing), inbox.address, domain, outgoing)
