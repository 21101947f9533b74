"""Two customers are one person, or one is two: nothing is lost, later mail finds its place, and it can be undone."""

import pytest

from heed.conversations.actions import uniting
from heed.conversations.actions.uniting import MovedOn, merge_customers, split_customer, undo_move
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationCustomerChanged
from heed.eventlog.models import EventRow
from heed.intake.tests.letters import letter, received
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.people.models import Customer, CustomerMove, Identity
from heed.people.policy import SYSTEM
from heed.testing.world import World

INES = "Inès Moreau <ines@example.net>"


def written(world: World, message_id: str, sender: str = INES) -> Message:
    return received(world, letter(message_id, sender=sender), mail_from=sender.partition("<")[2].strip(">"))


def state() -> dict[str, list[object]]:
    return {
        "identities": list(Identity.objects.order_by("pk").values_list("pk", "customer_id", "value")),
        "conversations": list(Conversation.objects.order_by("pk").values_list("pk", "customer_id")),
        "messages": list(Message.objects.order_by("pk").values_list("pk", "customer_id", "conversation_id")),
        "customers": list(Customer.objects.order_by("pk").values_list("pk", "name", "merged_into_id")),
    }


def united(world: World) -> CustomerMove:
    return merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)


def test_after_a_merge_each_address_finds_the_one_customer(world: World) -> None:
    hers, other = world.conversation(), world.conversation(customer=world.ines)
    merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)
    assert world.reload(other).customer_id == world.dalia.id
    assert world.kinds(other)[-1] == ConversationCustomerChanged.name
    assert world.kinds(hers).count(ConversationCustomerChanged.name) == 0
    assert other.messages.get().customer_id == world.ines.id  # who wrote it stays
    later = written(world, "later@x")
    assert later.customer_id == world.dalia.id
    assert later.conversation.customer_id == world.dalia.id
    assert later.flag == ""


def test_a_reply_from_either_address_joins_as_the_same_person(world: World) -> None:
    first = received(world, letter("a@x"))
    world.conversation(customer=world.ines)
    merge_customers(world.ines.row, into=world.dalia.row, by=world.amara.actor)
    reply = received(world, letter("b@x", sender=INES, refers=["a@x"]), mail_from="ines@example.net")
    assert (reply.conversation_id, reply.flag) == (first.conversation_id, "")


def test_a_merge_is_undone_as_if_it_had_not_been(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    before = state()
    move = united(world)
    assert state() != before
    undo_move(move, by=world.amara.actor)
    assert state() == before
    size = world.log_size()
    undo_move(move, by=world.amara.actor)
    assert world.log_size() == size


def test_what_came_since_by_her_address_goes_back_with_her(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    move = united(world)
    later, hers = written(world, "later@x"), received(world, letter("hers@x"))
    undo_move(move, by=world.amara.actor)
    assert world.reload(later.conversation).customer_id == world.ines.id
    assert world.reload(hers.conversation).customer_id == world.dalia.id


def test_an_address_that_is_somebody_elses_takes_its_conversations_along(world: World) -> None:
    hers, other = world.conversation(), world.conversation(customer=world.ines)
    united(world)
    before = state()
    identity = Identity.objects.get(value=world.ines.address)
    move = split_customer(world.dalia.row, identity=identity, by=world.amara.actor)
    assert world.reload(other).customer_id == move.target_id
    assert world.reload(hers).customer_id == world.dalia.id
    later = written(world, "later@x")
    assert later.customer_id == move.target_id
    undo_move(move, by=world.amara.actor)
    assert state()["identities"] == before["identities"]
    assert world.reload(other).customer_id == world.dalia.id
    assert world.reload(later.conversation).customer_id == world.dalia.id


def test_a_conversation_in_which_both_wrote_stays(world: World) -> None:
    first = received(world, letter("a@x"))
    world.conversation(customer=world.ines)
    united(world)
    received(world, letter("b@x", sender=INES, refers=["a@x"]), mail_from="ines@example.net")
    identity = Identity.objects.get(value=world.ines.address)
    split_customer(world.dalia.row, identity=identity, by=world.amara.actor)
    assert world.reload(first.conversation).customer_id == world.dalia.id


def test_the_only_address_stays_and_so_does_anothers(world: World) -> None:
    world.conversation()
    own = Identity.objects.get(value=world.dalia.address)
    other = Identity.objects.get(value=world.ines.address)
    for identity in (own, other):
        with pytest.raises(Unusable):
            split_customer(world.dalia.row, identity=identity, by=world.amara.actor)


def test_no_customer_is_merged_with_themselves_or_twice(world: World) -> None:
    for customer in (world.dalia, world.ines, world.jonas):
        world.conversation(customer=customer)
    with pytest.raises(Unusable):
        merge_customers(world.dalia.row, into=world.dalia.row, by=world.amara.actor)
    move = united(world)
    with pytest.raises(NotFound):  # she has no conversations of her own any more: nobody knows her
        merge_customers(world.ines.row, into=world.jonas.row, by=world.amara.actor)
    with pytest.raises(Unusable):
        merge_customers(world.ines.row, into=world.jonas.row, by=SYSTEM)
    merge_customers(world.dalia.row, into=world.jonas.row, by=world.amara.actor)
    with pytest.raises(MovedOn):
        undo_move(move, by=SYSTEM)


def test_only_those_who_know_both_and_may_write_say_who_is_who(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines, inbox=world.workshop)
    identity = Identity.objects.get(value=world.dalia.address)
    for who in ("amara", "bruno", "nobody"):
        with pytest.raises(NotFound):
            merge_customers(world.ines.row, into=world.dalia.row, by=world.colleague(who).actor)
    with pytest.raises(NotFound):
        split_customer(world.dalia.row, identity=identity, by=world.bruno.actor)
    with pytest.raises(Refused):
        split_customer(world.dalia.row, identity=identity, by=world.farid.actor)
    move = merge_customers(world.ines.row, into=world.dalia.row, by=world.chen.actor)
    with pytest.raises(NotFound):
        undo_move(move, by=world.gita.actor)
    with pytest.raises(Refused):
        undo_move(move, by=world.farid.actor)


def test_a_customer_with_too_many_conversations_is_not_moved_at_once(world: World, monkeypatch) -> None:
    monkeypatch.setattr(uniting, "CONVERSATIONS", 1)
    world.conversation()
    world.conversation(customer=world.ines)
    world.conversation(customer=world.ines)
    size = EventRow.objects.count()
    with pytest.raises(Unusable):
        united(world)
    assert EventRow.objects.count() == size
