"""Verbs about the standing of addresses: what bounced, who complained, and what an agent lifts again."""

from heed.channels.email.mailboxes import key_of
from heed.eventlog.kinds import (
    AddressReleased,
    AddressResubscribed,
    AddressSuppressed,
    AddressUnsubscribed,
)
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require
from heed.kernel.words import BrandId, ConversationId, MessageId, StandingId, SuppressReason
from heed.people.models import AddressStanding, Unsubscription
from heed.people.policy import Actor, may_begin, may_unsubscribe

WHY_CHARACTERS = 200
REASONS = {  # by the word of heed.channels.email.bounce_reasons; of the other reasons nobody knows whether they pass
    "userunknown": SuppressReason.NO_MAILBOX,
    "hostunknown": SuppressReason.NO_DOMAIN,
    "hasmoved": SuppressReason.MOVED,
    "notaccept": SuppressReason.REFUSED,
}


def _standing(address: str) -> AddressStanding:
    """The row of an address, held; a new one for an address that nothing was wrong with before."""
    key = key_of(address)
    found = AddressStanding.objects.filter(address=key).values_list("pk", flat=True).first()
    return lock_many(AddressStanding, [found])[found] if found else add(AddressStanding(address=key))


@verb
def note_soft_failure(address: str, *, report: MessageId | None, by: Actor) -> AddressStanding:
    """Afterwards one more passing failure, such as a full mailbox, is counted for this address. Records nothing."""
    row = _standing(address)
    return change(row, soft_failures=row.soft_failures + 1, failed_at=clock.now(), report=report)


@verb
def note_arrival(address: str, *, by: Actor) -> None:
    """Afterwards the passing failures of this address are forgotten: a mail arrived. Records nothing."""
    row = AddressStanding.objects.filter(address=key_of(address), soft_failures__gt=0).first()
    if row is not None:
        change(lock(row), soft_failures=0)


@verb
def suppress(
    address: str,
    *,
    reason: SuppressReason,
    report: MessageId | None,
    on: ConversationId | None,
    by: Actor,
) -> AddressStanding:
    """Afterwards nothing is sent to this address, for a complaint nothing automatic, until an agent lifts it.

    Records address.suppressed on the conversation whose mail failed; nothing when it stands so already.
    """
    row = _standing(address)
    now = clock.now()
    if reason is SuppressReason.COMPLAINT:
        if row.complained_at is not None:
            return row
        change(row, complained_at=now, report=report)
    else:
        change(row, failed_at=now, report=report)
        if row.suppressed_at is not None:
            return row
        change(row, suppressed_at=now, reason=reason)
    record(AddressSuppressed(address=StandingId(row.pk), reason=reason, report=report), on=on)
    return row


@verb
def unsubscribe(address: str, *, brand: BrandId, on: ConversationId | None, by: Actor) -> AddressStanding:
    """Afterwards nothing automatic of this brand is sent to this address, until somebody asks for it again.

    What people write may leave. Records address.unsubscribed on the conversation of the mail that was too many; nothing
    when it stands so already. Raises Refused.
    """
    require(may_unsubscribe(by))
    row = _standing(address)
    if not Unsubscription.objects.filter(standing=row, brand_id=brand).exists():
        add(Unsubscription(standing=row, brand_id=brand, at=clock.now()))
        record(AddressUnsubscribed(address=StandingId(row.pk), brand=brand), on=on)
    return row


@verb
def resubscribe(address: str, *, brand: BrandId, on: ConversationId | None, by: Actor) -> AddressStanding:
    """Afterwards automatic mail of this brand may leave to this address again.

    Records address.resubscribed; nothing when nobody had unsubscribed. Raises Refused.
    """
    require(may_unsubscribe(by))
    row = _standing(address)
    found = Unsubscription.objects.filter(standing=row, brand_id=brand).first()
    if found is not None:
        remove(found)
        record(AddressResubscribed(address=StandingId(row.pk), brand=brand), on=on)
    return row


@verb
def lift(standing: AddressStanding, *, why: str, on: ConversationId | None, by: Actor) -> AddressStanding:
    """Afterwards the address may be written to again, and who said so, when and why is kept beside it.

    Records address.released; nothing when it was not suppressed. Raises Refused, Unusable (why).
    """
    require(may_begin(by))
    tidy = " ".join(why.split())
    if not tidy or len(tidy) > WHY_CHARACTERS:
        raise Unusable("why", "too_long" if tidy else "missing")
    row = lock(standing)
    if row.suppressed_at is None and row.complained_at is None:
        return row
    change(
        row,
        suppressed_at=None,
        complained_at=None,
        reason="",
        soft_failures=0,
        lifted_at=clock.now(),
        lifted_by_id=by.agent_id,
        lifted_why=tidy,
    )
    record(AddressReleased(address=StandingId(row.pk)), on=on)
    return row
