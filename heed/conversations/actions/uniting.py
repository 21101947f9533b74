"""Verbs that say who is who: two customers are one person, an address is somebody else's; and take it back."""

from collections.abc import Iterable, Sequence

from heed.conversations.models import Conversation, Participant
from heed.conversations.queries.access import knows_customer
from heed.eventlog.kinds import (
    ConversationCustomerChanged,
    CustomerMerged,
    CustomerRestored,
    CustomerSeparated,
)
from heed.eventlog.unit import add, change, lock_many, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require, require_visible
from heed.kernel.words import ActorKind, CustomerId, CustomerMoveId, MoveKind, RecipientRole
from heed.people.actions.documents import learn_again
from heed.people.models import Customer, CustomerMove, CustomerNote, Identity
from heed.people.policy import Actor, may_change_customers

CONVERSATIONS = 5_000  # of one customer that are moved in one transaction


class MovedOn(NotAllowedNow):
    """Since then the customer was merged into another one; undo that first."""

    code = "moved_on"


@verb
def merge_customers(customer: Customer, *, into: Customer, by: Actor) -> CustomerMove:
    """Afterwards both are one customer: addresses, notes and conversations are those of `into`, whose profile stays.

    Mail from any of the addresses finds that one customer. Messages stay whose they were. Records customer.merged, and
    customer_changed on each conversation that follows; the returned move can be undone. Raises NotFound for one who
    knows not both, Refused, and Unusable for the same customer, one merged before, or one with too many conversations.
    """
    _require(by, customer, into)
    if customer.pk == into.pk:
        raise Unusable("customer", "same")
    following = _all_of(customer.pk)
    held = _hold(following, customer.pk, into.pk)
    source, target = held[customer.pk], held[into.pk]
    if source.merged_into_id is not None or target.merged_into_id is not None:
        raise Unusable("customer", "merged_before")
    identities = list(Identity.objects.filter(customer_id=source.pk).order_by("pk"))
    move = _move(MoveKind.MERGE, source, target, identities, following, by)
    change(source, merged_into=target)
    change(move, notes=_give_notes(_notes_of(source), target))
    learn_again([source, target])
    record(CustomerMerged(CustomerMoveId(move.pk), CustomerId(source.pk), CustomerId(target.pk)))
    return move


@verb
def split_customer(customer: Customer, *, identity: Identity, by: Actor) -> CustomerMove:
    """Afterwards this address belongs to a new customer, with the conversations that only it wrote in.

    Records customer.separated, and customer_changed on each conversation that follows; the returned move can be undone.
    Raises NotFound for one who does not know the customer, Refused, and Unusable for their only address, one of
    somebody else, or too many conversations.
    """
    _require(by, customer)
    following = _only_of(customer.pk, [identity.value])
    source = _hold(following, customer.pk)[customer.pk]
    known = {row.pk: row for row in Identity.objects.filter(customer_id=source.pk).order_by("pk")}
    if identity.pk not in known:
        raise Unusable("identity", "unknown")
    if len(known) == 1:
        raise Unusable("identity", "only_one")
    named = Participant.objects.filter(address=identity.value).exclude(name="").order_by("-pk").first()
    target = add(Customer(name=named.name[:200] if named else "", created_at=clock.now()))
    move = _move(MoveKind.SPLIT, source, target, [known[identity.pk]], following, by)
    learn_again([source, target])
    record(CustomerSeparated(CustomerMoveId(move.pk), CustomerId(source.pk), CustomerId(target.pk)))
    return move


@verb
def undo_move(move: CustomerMove, *, by: Actor) -> CustomerMove:
    """Afterwards what moved is back where it was, with conversations that began since by the same addresses.

    Records customer.restored, and customer_changed on each conversation; nothing when it was undone before. What went
    elsewhere since stays there. Raises NotFound for one who knows not the customer, Refused, MovedOn.
    """
    # Of one who was split off with an address alone, nobody has a conversation: the other one is asked for.
    _require(by, move.source if move.kind == MoveKind.SPLIT else move.target)
    values = list(Identity.objects.filter(pk__in=move.identities).values_list("value", flat=True))
    now_there = Conversation.objects.filter(pk__in=move.conversations, customer_id=move.target_id)
    following = sorted({*now_there.values_list("pk", flat=True), *_only_of(move.target_id, values)})
    held = _hold(following, move.source_id, move.target_id)
    row = lock_many(CustomerMove, [move.pk])[move.pk]
    source, target = held[move.source_id], held[move.target_id]
    if row.undone_at is not None:
        return row
    if target.merged_into_id is not None:
        raise MovedOn
    identities = Identity.objects.filter(pk__in=row.identities, customer_id=target.pk).order_by("pk")
    _give(list(identities), following, source=target, target=source)
    if source.merged_into_id == target.pk:
        change(source, merged_into=None)
    change(row, undone_at=clock.now())
    _give_notes([note for note in _notes_of(target) if note in row.notes], source)
    learn_again([source, target])
    record(CustomerRestored(CustomerMoveId(row.pk), CustomerId(source.pk), CustomerId(target.pk)))
    return row


def _require(by: Actor, *customers: Customer) -> None:
    """Of customers who are known by no conversation there is nothing to see, and so nothing to say."""
    if by.kind is not ActorKind.SYSTEM:
        require_visible(all(knows_customer(by, customer.pk) for customer in customers))
        require(may_change_customers(by))


def _all_of(customer: int) -> list[int]:
    found = Conversation.objects.filter(customer_id=customer).order_by("pk").values_list("pk", flat=True)
    return _few(found[: CONVERSATIONS + 1])


def _only_of(customer: int, values: Sequence[str]) -> list[int]:
    """Their conversations in which, of all their addresses, only these wrote."""
    others = (
        Identity.objects.filter(customer_id=customer)
        .exclude(value__in=values)
        .values_list("value", flat=True)
    )
    wrote = Participant.objects.filter(role=RecipientRole.FROM, conversation__customer_id=customer)
    mixed = wrote.filter(address__in=list(others)).values("conversation_id")
    found = wrote.filter(address__in=values).exclude(conversation_id__in=mixed)
    return _few(
        found.order_by("conversation_id").values_list("conversation_id", flat=True)[: CONVERSATIONS + 1]
    )


def _few(found: Iterable[int]) -> list[int]:
    numbers = sorted(set(found))
    if len(numbers) > CONVERSATIONS:
        raise Unusable("customer", "too_many")
    return numbers


def _hold(conversations: Sequence[int], *customers: int) -> dict[int, Customer]:
    """Conversations first, as every verb locks them; then the customers."""
    lock_many(Conversation, sorted(conversations))
    return lock_many(Customer, sorted(customers))


def _move(
    kind: MoveKind,
    source: Customer,
    target: Customer,
    identities: Sequence[Identity],
    conversations: Sequence[int],
    by: Actor,
) -> CustomerMove:
    _give(identities, conversations, source=source, target=target)
    return add(
        CustomerMove(
            kind=kind,
            source=source,
            target=target,
            identities=[row.pk for row in identities],
            conversations=list(conversations),
            moved_at=clock.now(),
            moved_by_id=by.agent_id,
        )
    )


def _notes_of(customer: Customer) -> list[int]:
    return list(
        CustomerNote.objects.filter(customer_id=customer.pk).order_by("pk").values_list("pk", flat=True)
    )


def _give_notes(notes: Sequence[int], target: Customer) -> list[int]:
    for note in lock_many(CustomerNote, notes).values():
        change(note, customer=target)
    return list(notes)


def _give(
    identities: Sequence[Identity], conversations: Sequence[int], *, source: Customer, target: Customer
) -> None:
    """One after the other: a customer's addresses, then the conversations that are still theirs."""
    held = lock_many(Conversation, sorted(conversations))
    for identity in lock_many(Identity, sorted(one.pk for one in identities)).values():
        change(identity, customer=target)
    for number, row in sorted(held.items()):
        if row.customer_id == source.pk:
            change(row, customer_id=target.pk)
            record(
                ConversationCustomerChanged(previous=CustomerId(source.pk), current=CustomerId(target.pk)),
                on=number,
            )
