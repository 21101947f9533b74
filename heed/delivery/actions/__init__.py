"""Verbs of delivery: claim what is due, and say what became of it. All durable: what left is on record."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Sum

from heed.channels.email.address import message_id_for
from heed.channels.email.bounce_reasons import reason_of
from heed.conversations.actions.sending import keep_sent, mark_arrived, mark_failed, mark_put_off, mark_sent
from heed.conversations.models import Conversation, Message, ThreadKey
from heed.conversations.threads import thread_key
from heed.delivery.limits import LONGEST, Left, Limits, next_turn
from heed.delivery.models import CaughtMail, Delivery, Departure, SendingServer
from heed.eventlog import due
from heed.eventlog.unit import add, change, lock, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require
from heed.kernel.words import ActorKind, Automatic, ConversationId, DeliveryState, ParkReason
from heed.people.actions.standings import REASONS, suppress
from heed.people.policy import Actor
from heed.people.standing_queries import suppressed_among

_STATUS = re.compile(r"\b5\.\d{1,3}\.\d{1,3}\b")
CLAIMS_WITHOUT_REPORT = 50  # so often workers died over one mail: it is parked, not tried for ever


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server did not take a mail; code is None when it never came to an answer."""

    code: int | None
    words: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes in blob storage, and how many they are."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one attempt, by recipient. Those in none of these were not tried."""

    accepted: tuple[str, ...] = ()
    provider_id: str = ""  # what a provider calls it in its reports
    other_ids: tuple[str, ...] = ()  # Message-IDs under which it may be answered, beside our own
    raw: Kept | None = None  # what the first server took of the mail
    refused: Mapping[str, Refusal] = field(default_factory=dict)  # for good
    later: Mapping[str, Refusal] = field(default_factory=dict)  # worth another attempt


def recipients_of(message: Message) -> list[str]:
    """All addresses that a message goes to, each once, in the order of its lines."""
    return list(
        dict.fromkeys(address for _, address in chain(message.to, message.cc, message.bcc) if address)
    )


def remaining(delivery: Delivery, message: Message) -> list[str]:
    """The recipients that no server has taken or refused yet."""
    done = {*delivery.accepted, *(address for address, _, _ in delivery.refused)}
    return [address for address in recipients_of(message) if address not in done]


@verb
def claim(*, limit: int, by: Actor) -> list[Delivery]:
    """Afterwards up to `limit` deliveries that are due belong to the caller for config.lease_seconds.

    Each has its Message-ID, and an answer to it finds its conversation, before anything of it leaves. What workers
    died over again and again is parked, and so is what has only suppressed recipients left.
    """
    claimed = due.claim(Delivery, limit=limit, lease_seconds=config.lease_seconds)
    rows = Message.objects.select_related("conversation__inbox__brand", "agent", "answers", "forwards")
    messages = {row.pk: row for row in rows.filter(pk__in=[delivery.pk for delivery in claimed])}
    for delivery in claimed:
        delivery.message = messages[delivery.pk]
        if not delivery.message.message_id:
            _give_message_id(delivery.message)
    _leave_out_suppressed(claimed)
    return [one for one in claimed if not (_was_fatal(one, by) or _was_suppressed(one, by))]


def _leave_out_suppressed(deliveries: Sequence[Delivery]) -> None:
    """Nothing is sent to an address that a server said for good is none; one query."""
    left = {delivery.pk: remaining(delivery, delivery.message) for delivery in deliveries}
    stopped = suppressed_among(chain.from_iterable(left.values())) if left else {}
    for delivery in deliveries if stopped else ():
        those = [[to, None, f"suppressed: {stopped[to]}"] for to in left[delivery.pk] if to in stopped]
        if those:
            change(delivery, refused=[*delivery.refused, *those])


def _was_suppressed(delivery: Delivery, by: Actor) -> bool:
    if not delivery.refused or remaining(delivery, delivery.message):
        return False
    _, code, words = delivery.refused[0]
    _park(delivery, ParkReason.REFUSED, Refusal(code, words), by)
    return True


def _give_message_id(message: Message) -> None:
    own = message_id_for(
        message.from_address or message.conversation.inbox.address,
        conversation=message.conversation_id,
        message=message.pk,
        secret=config.secret_bytes(),
    )
    change(message, message_id=own)
    _know(message, own)


def _know(message: Message, message_id: str) -> None:
    """Let an answer to this Message-ID find the message."""
    key = thread_key(message_id)
    known = ThreadKey.objects.filter(brand_id=message.brand_id, key=key).first()
    if known is None:
        add(
            ThreadKey(
                brand_id=message.brand_id, key=key, conversation_id=message.conversation_id, message=message
            )
        )
    elif known.message_id is None:
        change(known, message=message)


def _was_fatal(delivery: Delivery, by: Actor) -> bool:
    if delivery.attempts - delivery.failures <= CLAIMS_WITHOUT_REPORT:
        return False
    _park(delivery, ParkReason.FAILED, Refusal(None, f"given up after {CLAIMS_WITHOUT_REPORT} crashes"), by)
    return True


@verb
def settle(delivery: Delivery, *, attempt: Attempt, by: Actor) -> Delivery:
    """Afterwards an attempt is on record, for a claimed delivery.

    Recipients that are left are due again after a growing pause, with the same Message-ID. With nobody left the
    message is sent (message.sent), or, when anybody was refused, failed (message.failed); the last of
    config.send_attempts in vain parks it as exhausted. Raises ClaimLost when it is another worker's by now.
    """
    held = due.hold(delivery)
    change(
        held,
        accepted=[*held.accepted, *attempt.accepted],
        refused=[*held.refused, *([to, why.code, why.words] for to, why in attempt.refused.items())],
    )
    if attempt.raw and not held.raw_sha256:
        change(held, raw_sha256=attempt.raw.sha256)
        keep_sent(delivery.message, sha256=attempt.raw.sha256, size=attempt.raw.size, by=by)
    if attempt.provider_id:
        change(held, provider_id=attempt.provider_id[:200])
    for other in attempt.other_ids:
        _know(delivery.message, other)
    _mark_addresses(delivery.message, attempt.refused, by)
    if remaining(held, delivery.message):
        why = next(iter(attempt.later.values()), Refusal(None, ""))
        _put_off(held, why, by)
    elif held.refused:
        _, code, words = held.refused[0]
        _park(held, ParkReason.REFUSED, Refusal(code, words), by)
    else:
        _finish(held, by)
    return held


def _mark_addresses(message: Message, refused: Mapping[str, Refusal], by: Actor) -> None:
    """A server that says there is nobody of this name is believed, as one that reports it later."""
    for address, why in refused.items():
        found = _STATUS.search(why.words)
        reason = REASONS.get(reason_of(why.words, found[0] if found else ""))
        if reason is not None and why.code is not None and why.code >= 500:
            on = ConversationId(message.conversation_id)
            suppress(address, reason=reason, report=None, on=on, by=by)


def _put_off(held: Delivery, why: Refusal, by: Actor) -> None:
    failures = held.failures + 1
    change(held, failures=failures)
    if failures >= config.send_attempts:
        _park(held, ParkReason.EXHAUSTED, why, by)
        return
    pause = timedelta(seconds=due.pause_seconds(failures))
    change(held, due_at=clock.now() + pause, claimed_until=None)


def _finish(held: Delivery, by: Actor) -> None:
    change(held, due_at=None, claimed_until=None)
    message = lock_many(Message, [held.pk])[held.pk]
    if message.state == DeliveryState.QUEUED:  # a bounce may have been faster
        mark_sent(message, message_id=message.message_id, attempts=held.failures + 1, by=by)


def _park(held: Delivery, reason: ParkReason, why: Refusal, by: Actor) -> None:
    change(held, due_at=None, claimed_until=None, reason=reason)
    # Conversation before message, as verbs of agents lock them.
    lock_many(Conversation, Message.objects.filter(pk=held.pk).values_list("conversation_id", flat=True))
    message = lock_many(Message, [held.pk])[held.pk]
    if message.state == DeliveryState.QUEUED:
        mark_failed(message, reason=reason, smtp_code=why.code or 0, words=why.words, by=by)


@verb
def mark_delivered(delivery: Delivery, *, recipient: str, by: Actor) -> Delivery:
    """Afterwards it is on record that this recipient's server has the mail, as a provider reports it.

    With the last recipient the message is delivered (message.delivered). Nothing for an address that it did not go to,
    for one reported before, and for a message that failed or bounced.
    """
    held = lock(delivery)
    message = lock(Message(pk=held.pk))
    known = {address.casefold(): address for address in recipients_of(message)}
    address = known.get(recipient.casefold())
    if address is None or address in held.delivered:
        return held
    change(held, delivered=[*held.delivered, address])
    if set(held.delivered) >= set(known.values()):
        mark_arrived(message, by=by)
    return held


@verb
def mark_deferred(delivery: Delivery, *, recipient: str, words: str, by: Actor) -> Delivery:
    """Afterwards the message is deferred: this recipient's server does not take it yet, and the provider tries again.

    Records message.deferred, once. Nothing for an address that it did not go to or that has the mail by now.
    """
    held = lock(delivery)
    message = lock(Message(pk=held.pk))
    known = {address.casefold(): address for address in recipients_of(message)}
    address = known.get(recipient.casefold())
    if address is not None and address not in held.delivered:
        mark_put_off(message, words=words, by=by)
    return held


@verb
def park(delivery: Delivery, *, reason: ParkReason, words: str, by: Actor) -> Delivery:
    """Afterwards a claimed delivery waits for a person, and the message failed with these words. Raises ClaimLost."""
    held = due.hold(delivery)
    _park(held, reason, Refusal(None, words), by)
    return held


@verb
def take_turn(delivery: Delivery, *, server: str, limits: Limits, by: Actor) -> bool:
    """True: the claimed delivery may leave through this server now, and is counted. False: it is due when it may.

    Afterwards nobody else has that turn.
    Automatic mail leaves a part of each limit to agents' answers. Waiting is no failure and is never given up. Raises
    ClaimLost.
    """
    lock_many(SendingServer, [server]).get(server) or add(SendingServer(key=server))
    held = due.hold(delivery)
    now = clock.now()
    message = delivery.message
    recipients = len(remaining(held, message))
    if message.automatic != Automatic.NO:
        limits = limits.shared(config.automatic_percent)
    turn = next_turn(_left(server, limits, recipients, now), limits=limits, recipients=recipients, now=now)
    if turn > now:
        change(held, due_at=turn, claimed_until=None, attempts=held.attempts - 1, is_over_limit=True)
        return False
    Departure.objects.filter(server_id=server, at__lte=now - LONGEST).delete()
    add(Departure(server_id=server, at=now, recipients=recipients))
    if held.is_over_limit:
        change(held, is_over_limit=False)
    return True


def _left(server: str, limits: Limits, recipients: int, now: datetime) -> list[Left]:
    """What left through a server in the longest of the windows that this mail would overfill; one query a window."""
    rows = Departure.objects.filter(server_id=server)
    over = []
    for window, limit in limits.windows:
        inside = rows.filter(at__gt=now - window)
        if (inside.aggregate(total=Sum("recipients"))["total"] or 0) + recipients > limit:
            over.append(window)
    if not over:
        return []
    return list(rows.filter(at__gt=now - max(over)).order_by("at", "pk").values_list("at", "recipients"))


@verb
def give_back(deliveries: Sequence[Delivery], *, due_at: datetime, by: Actor) -> None:
    """Afterwards these claimed deliveries, of which nothing left, are due at `due_at`; that counts as no failure."""
    rows = lock_many(Delivery, sorted(delivery.pk for delivery in deliveries))
    for delivery in deliveries:
        held = rows.get(delivery.pk)
        if held is not None and held.claimed_until == delivery.claimed_until:
            change(held, due_at=due_at, claimed_until=None, attempts=held.attempts - 1)


@verb
def discard_caught(numbers: Sequence[int], *, by: Actor) -> int:
    """Afterwards the catcher no longer holds those of these mails that are too old; how many. The message stays.

    Records nothing. Refused for people: what was caught is discarded by its age alone.
    """
    require(by.kind is ActorKind.SYSTEM)
    until = clock.now() - timedelta(days=config.catcher_days)
    old = list(CaughtMail.objects.filter(pk__in=list(numbers), at__lt=until).defer("raw"))
    for row in old:
        remove(row)
    return len(old)


@verb
def catch(
    delivery: Delivery,
    *,
    raw: bytes,
    sender: str,
    recipients: Sequence[str],
    by: Actor,
    kept: Kept | None = None,
) -> CaughtMail:
    """Afterwards the mail stands in the built-in catcher and its message is sent, both or neither. Raises ClaimLost."""
    caught = CaughtMail(
        message_id=delivery.pk, at=clock.now(), sender=sender, recipients=list(recipients), raw=raw
    )
    settle(delivery, attempt=Attempt(accepted=tuple(recipients), raw=kept), by=by)
    return add(caught)
