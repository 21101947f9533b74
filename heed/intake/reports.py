"""What servers and providers report about mails of ours: which one is meant, and what becomes of it and its address."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain

from heed.channels.email.mail import Bounce
from heed.channels.email.mailboxes import key_of
from heed.conversations.actions.sending import mark_arrived, mark_bounced, mark_put_off
from heed.conversations.models import Conversation, Message
from heed.conversations.threads import thread_key
from heed.eventlog.unit import lock_many
from heed.intake.known import Known
from heed.intake.threading import Letter, reply_addresses
from heed.kernel.words import (
    MAILED,
    Automatic,
    BrandId,
    ConversationId,
    DeliveryState,
    Direction,
    JoinedBy,
    MessageId,
    SuppressReason,
)
from heed.people.actions.standings import REASONS, note_arrival, note_soft_failure, suppress
from heed.people.policy import Actor
from heed.people.queries import customers_by_address

GUESSED_WITHIN = timedelta(days=5)  # servers give up after that, so a report is about nothing older
CLOCKS_DIFFER = timedelta(hours=1)
LOOKED_AT = 20  # conversations of one customer
LEFT = (DeliveryState.SENT, DeliveryState.DEFERRED, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class Report:
    """The message of ours that a report is about. Not certain: it named none, and this is the only one it can mean."""

    message: Message
    is_certain: bool

    @property
    def joined_by(self) -> JoinedBy:
        """How sure that is, as the message tells it."""
        return JoinedBy.REPORT if self.is_certain else JoinedBy.REPORT_GUESS


def reported(letter: Letter, brand: BrandId, known: Known) -> Report | None:
    """The message meant: by its signed address, by the Message-ID in the report, else by recipient and time.

    The last costs a query or two, and is a guess: only where one mail of ours alone went there lately.
    """
    if letter.automatic not in (Automatic.BOUNCE, Automatic.REPORT) or letter.is_history:
        return None
    ids = [signed.message for signed in reply_addresses(letter.recipients)]
    keys = (*map(thread_key, named_ids(letter)), *reversed(letter.referred_keys))
    ids += [thread.message for key in keys if (thread := known.threads.get((brand, key))) and thread.message]
    for pk in ids:
        if Message.objects.filter(pk=pk, brand_id=brand, direction__in=MAILED).exists():
            return Report(held_message(pk, brand, known)[0], is_certain=True)
    names_none = letter.automatic is Automatic.BOUNCE and not named_ids(letter)
    guessed = _guess(letter, brand) if names_none else None
    return Report(held_message(guessed, brand, known)[0], is_certain=False) if guessed else None


def named_ids(letter: Letter) -> list[str]:
    """The Message-IDs that a report names as returned or complained about."""
    mail = letter.mail
    found = (bounce.original_message_id for bounce in mail.bounces)
    return [name for name in dict.fromkeys((*found, mail.complaint.original_message_id)) if name]


def held_message(message_id: int, brand: BrandId, known: Known) -> tuple[Message, Conversation]:
    """A message and its conversation, held: conversation before message, as every verb locks them."""
    found = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True)
    known.conversation(found[0], brand)
    message = lock_many(Message, [message_id])[message_id]
    return message, known.conversation(message.conversation_id, brand) or message.conversation


def _guess(letter: Letter, brand: BrandId) -> int | None:
    """The one mail that left for a recipient of the report in the days before it; None for none or several."""
    wanted = {key_of(bounce.recipient) for bounce in letter.mail.bounces if bounce.recipient}
    customers = set(customers_by_address(wanted).values()) if wanted else set()
    if not customers:
        return None
    theirs = Conversation.objects.filter(customer_id__in=customers, brand_id=brand).order_by("-pk")[
        :LOOKED_AT
    ]
    rows = Message.objects.filter(
        conversation_id__in=list(theirs.values_list("pk", flat=True)),
        direction=Direction.OUT,
        state__in=LEFT,
        at__gt=letter.at - GUESSED_WITHIN,
        at__lte=letter.at + CLOCKS_DIFFER,
    )
    sent = [row.pk for row in rows if not wanted.isdisjoint(map(key_of, recipients_of(row)))]
    return sent[0] if len(sent) == 1 else None


def recipients_of(message: Message) -> list[str]:
    """The addresses that a message of ours went to."""
    return [address for _, address in chain(message.to, message.cc, message.bcc) if address]


def take_note(letter: Letter, report: Report, *, told: Message, by: Actor) -> None:
    """Inside a verb: let the message say what became of it, and the addresses named bear the marks.

    Nothing is suppressed by a guess, nor an address that the message did not go to: anybody can write such a report.
    """
    message = report.message
    named = list(_named(letter.mail.bounces, message))
    failed = [(address, one) for address, one in named if one.action == "failed"]
    arrived = [address for address, one in named if one.action == "delivered"]
    if failed or (letter.automatic is Automatic.BOUNCE and not named and _says_failed(letter)):
        mark_bounced(message, report=told, words=_words(one for _, one in failed), by=by)
    elif letter.automatic is Automatic.BOUNCE:
        mark_put_off(message, words=_words(one for _, one in named), by=by)
    elif arrived and {key_of(one) for one in recipients_of(message)} <= set(arrived):
        mark_arrived(message, by=by)
    for address in arrived:
        note_arrival(address, by=by)
    for address, one in failed:
        _mark_address(address, one, report, told, by)
    _heed_complaint(letter, message, told, by)


def _named(bounces: Sequence[Bounce], message: Message) -> Iterable[tuple[str, Bounce]]:
    """The recipients of the message that the report is about; where it names none and there is one, that one."""
    ours = list(dict.fromkeys(map(key_of, recipients_of(message))))
    for bounce in bounces:
        key = key_of(bounce.recipient) if bounce.recipient else ""
        if key in ours:
            yield key, bounce
        elif not key and len(ours) == 1:
            yield ours[0], bounce


def _says_failed(letter: Letter) -> bool:
    """Whether a report that names none of our recipients, as after a forward, tells of failure at all."""
    bounces = letter.mail.bounces
    return not bounces or any(bounce.action == "failed" for bounce in bounces)


def _mark_address(address: str, bounce: Bounce, report: Report, told: Message, by: Actor) -> None:
    number = MessageId(told.pk)
    reason = REASONS.get(bounce.reason)
    if bounce.hard and reason is not None and report.is_certain:
        suppress(address, reason=reason, report=number, on=ConversationId(told.conversation_id), by=by)
    else:
        note_soft_failure(address, report=number, by=by)


def _heed_complaint(letter: Letter, message: Message, told: Message, by: Actor) -> None:
    complaint = letter.mail.complaint
    if not complaint.is_unwanted:
        return
    ours = list(dict.fromkeys(map(key_of, recipients_of(message))))
    key = key_of(complaint.recipient) if complaint.recipient else ""
    complained = [key] if key in ours else ours if not key and len(ours) == 1 else []
    for address in complained:
        suppress(
            address,
            reason=SuppressReason.COMPLAINT,
            report=MessageId(told.pk),
            on=ConversationId(told.conversation_id),
            by=by,
        )


def _words(bounces: Iterable[Bounce]) -> str:
    first = next(iter(bounces), None)
    return f"{first.status} {first.reason}".strip() if first else ""
