"""Reads of delivery: how far a message got, what waits for a person, and what the catcher holds."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from heed.brands.models import Inbox
from heed.channels.email.address import read_unsubscribe_token
from heed.conversations.models import Message, ThreadKey
from heed.conversations.queries import Opened, Page, visible_to
from heed.conversations.threads import thread_key
from heed.delivery.actions import recipients_of
from heed.delivery.dkim import Signer, record_name, record_value
from heed.delivery.models import AgentSignature, CaughtMail, Delivery, DkimKey
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.kernel.mail_words import DkimSigning
from heed.kernel.prepared import prepared
from heed.kernel.rows import literally
from heed.kernel.secrets import Unsealable, unseal
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import (
    MAILED,
    Automatic,
    BrandId,
    ConversationId,
    DeliveryState,
    Direction,
    MessageId,
    ParkReason,
)
from heed.people.policy import Actor, may_run_desk, may_set_up_mail

PAGE = 50

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RefusedRecipient:
    """Someone whom a server refused for good; code is None when it never came to an answer."""

    address: str
    code: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a message of ours got. next_try_at is None when nothing more happens by itself."""

    message: MessageId
    state: DeliveryState
    accepted: Sequence[str]
    refused: Sequence[RefusedRecipient]
    failures: int  # temporary ones since it was queued
    next_try_at: datetime | None
    reason: ParkReason | None  # of being parked
    trouble: str  # code and words of the server, for a failed one
    is_over_limit: bool = False  # it waits for its server's send limit


@dataclass(frozen=True, slots=True)
class ParkedDelivery:
    """A message that waits for a person, who may try it again."""

    message: MessageId
    conversation: int
    at: datetime  # when it failed
    recipients: Sequence[str]  # those who don't have it
    reason: ParkReason
    trouble: str
    attempts: int
    is_acknowledgement: bool


@dataclass(frozen=True, slots=True)
class Caught:
    """A mail in the catcher, without its bytes."""

    id: int
    at: datetime
    from_name: str
    sender: str  # of the envelope
    recipients: Sequence[str]  # of the envelope
    subject: str


def _number(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Unusable("after", "malformed")
    return int(after)


@prepared
def _deliveries(*, messages: Sequence[int]) -> "QuerySet[Delivery, Delivery]":
    return Delivery.objects.filter(pk__in=messages)


@in_steps
def progress_of(here: Opened, messages: Iterable[Message]) -> Steps[dict[int, Progress]]:
    """How far messages of a conversation got, by id; those that are not ours are left out. One query."""
    ours = [m for m in messages if m.direction in MAILED and m.conversation_id == here.row.pk]
    found = asked(_deliveries, messages=[m.pk for m in ours])
    yield [found]
    deliveries = {row.pk: row for row in found.value}
    return {m.pk: _progress(m, deliveries.get(m.pk)) for m in ours}


def _progress(message: Message, delivery: Delivery | None) -> Progress:
    known = delivery or Delivery(message_id=message.pk)
    return Progress(
        message=MessageId(message.pk),
        state=DeliveryState(message.state),
        accepted=known.accepted,
        refused=[RefusedRecipient(*entry) for entry in known.refused],
        failures=known.failures,
        next_try_at=known.due_at,
        reason=ParkReason(known.reason) if known.reason else None,
        trouble=message.trouble,
        is_over_limit=known.is_over_limit,
    )


def parked(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[ParkedDelivery]:
    """Messages that were given up, newest first, of conversations that the actor may see; leads and admins only.

    `after` is what the page before gave. Raises NotFound for others, Unusable for an `after` we never gave.
    """
    require_visible(may_run_desk(actor))
    rows = Delivery.objects.filter(literally("reason")).filter(visible_to(actor, "message__conversation__"))
    if after:
        rows = rows.filter(pk__lt=_number(after))
    page = list(rows.select_related("message").order_by("-pk")[: limit + 1])
    return Page([_parked(row) for row in page[:limit]], str(page[limit - 1].pk) if len(page) > limit else "")


def _parked(row: Delivery) -> ParkedDelivery:
    message = row.message
    return ParkedDelivery(
        message=MessageId(message.pk),
        conversation=message.conversation_id,
        at=message.state_at or message.at,
        recipients=[a for a in recipients_of(message) if a not in row.accepted],
        reason=ParkReason(row.reason),
        trouble=message.trouble,
        attempts=row.failures + 1,
        is_acknowledgement=message.automatic == Automatic.ACKNOWLEDGEMENT,
    )


def caught_mails(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Caught]:
    """What the built-in catcher holds of conversations that the actor may see, newest first; for who sets up mail.

    `after` is what the page before gave. Raises NotFound for others, Unusable for an `after` we never gave.
    """
    require_visible(may_set_up_mail(actor))
    rows = _caught_for(actor).defer("raw").order_by("-pk")
    if after:
        rows = rows.filter(pk__lt=_number(after))
    page = list(rows[: limit + 1])
    return Page([_caught(row) for row in page[:limit]], str(page[limit - 1].pk) if len(page) > limit else "")


def _caught_for(actor: Actor) -> "QuerySet[CaughtMail, CaughtMail]":
    """To set up mail is no right to read it."""
    seen = CaughtMail.objects.filter(visible_to(actor, "message__conversation__"))
    return seen.select_related("message__brand")


def _caught(row: CaughtMail) -> Caught:
    return Caught(
        id=row.pk,
        at=row.at,
        from_name=row.message.brand.name,
        sender=row.sender,
        recipients=row.recipients,
        subject=row.message.subject,
    )


def caught_mail(actor: Actor, pk: int) -> tuple[Caught, bytes]:
    """One mail in the catcher with its bytes, as a server would have got them, for the same. Raises NotFound."""
    require_visible(may_set_up_mail(actor))
    row = _caught_for(actor).filter(pk=pk).first()
    if row is None:
        raise NotFound
    return _caught(row), bytes(row.raw)


@dataclass(frozen=True, slots=True)
class DkimRecord:
    """A DKIM key as the settings show it: what has to stand in DNS, and whether it does."""

    key: DkimKey
    name: str  # of the TXT record
    value: str
    signs: bool  # mail of the domain is signed with this one now


def dkim_records(actor: Actor) -> list[DkimRecord]:
    """Every key that is not retired, by domain, newest first, for one who may set up; none for others. One query."""
    if not may_set_up_mail(actor):
        return []
    rows = list(DkimKey.objects.filter(retired_at__isnull=True).order_by("domain", "-pk"))
    signing = {row.domain: row.pk for row in reversed(rows) if _signs(row)}
    return [
        DkimRecord(
            key=row,
            name=record_name(row.selector, row.domain),
            value=record_value(row.public),
            signs=signing.get(row.domain) == row.pk,
        )
        for row in rows
    ]


def dkim_key(actor: Actor, number: int) -> DkimKey:
    """One key, for one who may set up. Raises NotFound."""
    found = DkimKey.objects.filter(pk=number).first() if may_set_up_mail(actor) else None
    if found is None:
        raise NotFound
    return found


def _signs(key: DkimKey) -> bool:
    return key.signing == DkimSigning.ALWAYS or (
        key.signing == DkimSigning.WHEN_FOUND and key.found_at is not None
    )


def signers() -> dict[str, Signer]:
    """By domain, the key that its mail is signed with now: the newest that may. One query.

    A key that was sealed with another secret signs nothing: mail leaves unsigned rather than not at all.
    """
    found: dict[str, Signer] = {}
    for row in DkimKey.objects.filter(retired_at__isnull=True).order_by("pk"):
        if not _signs(row):
            continue
        try:
            found[row.domain] = Signer(row.domain, row.selector, unseal(row.private))
        except Unsealable:
            log.error("the DKIM key %s was sealed with another secret", row)
    return found


def lost(*, limit: int = 1000) -> list[MessageId]:
    """For heed check, once the log was read: messages that wait to be delivered although nothing will. Always empty."""
    queued = Message.objects.filter(direction__in=MAILED, state=DeliveryState.QUEUED)
    idle = queued.filter(delivery__isnull=True) | queued.filter(delivery__due_at__isnull=True)
    return [MessageId(pk) for pk in idle.order_by("pk").values_list("pk", flat=True)[:limit]]


def by_provider_id(provider_id: str) -> Delivery | None:
    """For a provider's webhook, whose signature was checked: the delivery that its report is about."""
    if not provider_id:
        return None
    return (
        Delivery.objects.filter(literally("provider_id"), provider_id=provider_id)
        .select_related("message")
        .first()
    )


def by_message_id(message_id: str) -> Delivery | None:
    """The same by our own Message-ID, with or without angle brackets, for providers that keep it."""
    key = thread_key(message_id.strip().strip("<>"))
    known = ThreadKey.objects.filter(key=key, message__delivery__isnull=False)
    found = known.select_related("message__delivery").first()
    return None if found is None or found.message is None else found.message.delivery


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who got an automatic message."""

    message: MessageId
    address: str
    brand: BrandId
    brand_name: str
    conversation: ConversationId
    customer: int | None


def automatic_recipient(token: str) -> Recipient | None:
    """For whoever has the address that an automatic message names for no more of them; None for others. One query."""
    number = read_unsubscribe_token(token, secret=config.secret_bytes())
    if number is None:
        return None
    found = Message.objects.select_related("brand", "conversation").filter(pk=number).first()
    if found is None or found.direction != Direction.OUT or found.automatic == Automatic.NO:
        return None
    recipients = recipients_of(found)
    if len(recipients) != 1:
        return None
    return Recipient(
        message=MessageId(found.pk),
        address=recipients[0],
        brand=BrandId(found.brand_id),
        brand_name=found.brand.name,
        conversation=ConversationId(found.conversation_id),
        customer=found.conversation.customer_id,
    )


def sending_inboxes(actor: Actor) -> list[Inbox]:
    """Every inbox with its brand and further addresses, for one who may set up; none for others. Two queries."""
    if not may_set_up_mail(actor):
        return []
    rows = Inbox.objects.select_related("brand").prefetch_related("addresses")
    return list(rows.order_by("brand__slug", "address"))


def ways_out(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Inbox]:
    """Inboxes with their brands, by address, for one who may set up; one query.

    `after` is what the page before gave. Raises NotFound for others, Unusable for an `after` we never gave.
    """
    require_visible(may_set_up_mail(actor))
    if after and ("@" not in after or len(after) > 254):
        raise Unusable("after", "malformed")
    rows = Inbox.objects.select_related("brand").filter(address__gt=after).order_by("address")
    page = list(rows[: limit + 1])
    return Page(page[:limit], page[limit - 1].address if len(page) > limit else "")


def signatures_of(actor: Actor) -> dict[int, str]:
    """The acting agent's own signatures, by brand; one query."""
    if actor.agent_id is None:
        return {}
    rows = AgentSignature.objects.filter(agent_id=actor.agent_id)
    return dict(rows.values_list("brand_id", "text"))
