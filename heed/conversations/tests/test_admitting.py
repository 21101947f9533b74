"""Mail of strangers waits for an agent's word, and whose conversation it is can be said."""

import pytest

from heed.conversations.actions.admitting import admit, reject
from heed.conversations.actions.answering import reply
from heed.conversations.actions.customers import change_customer
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.state import Merged
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import (
    ConversationCustomerChanged,
    ConversationParticipantsChanged,
    MessageAdmitted,
    MessageRejected,
)
from heed.eventlog.unit import unit
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Confidence, CustomerId, Flag, Hold, RecipientRole
from heed.people.policy import SYSTEM
from heed.testing.world import World


def held(world: World, row: Conversation, **more: object) -> Message:
    """A stranger (Ines) writes into Dalia's conversation."""
    line = ((world.ines.address, world.ines.name, str(RecipientRole.FROM)),)
    return world.writes(row, customer=world.ines, flag=Flag.STRANGER, participants=line, **more)


def test_what_is_held_is_neither_answered_nor_let_in_by_itself(world: World) -> None:
    row = world.conversation()
    first = row.messages.get()
    message = held(world, row)
    assert message.hold == Hold.HELD
    assert row.participants.get(address=world.ines.address).is_flagged
    assert reply(row, answer=world.answer(), by=world.amara.actor).answers_id == first.pk


def test_admitting_records_and_does_it_once(world: World) -> None:
    row = world.conversation()
    message = held(world, row, confidence=Confidence.UNKNOWN)
    admit(message, by=world.amara.actor)
    admit(message, by=world.amara.actor)
    assert world.kinds(row).count(MessageAdmitted.name) == 1
    person = row.participants.get(address=world.ines.address)
    assert (person.is_flagged, person.customer_id) == (False, world.ines.id)
    assert reply(row, answer=world.answer(), by=world.amara.actor).answers_id == message.pk


def test_rejecting_records_and_does_it_once(world: World) -> None:
    row = world.conversation()
    message = held(world, row)
    reject(message, by=world.amara.actor)
    reject(message, by=world.amara.actor)
    assert world.kinds(row)[-2:] == [MessageRejected.name, ConversationParticipantsChanged.name]
    assert row.participants.get(address=world.ines.address).left_at is not None


@pytest.mark.parametrize("verb", [admit, reject])
def test_only_those_who_may_change_the_conversation_decide(world: World, verb) -> None:
    row = world.conversation()
    message = held(world, row)
    for who, error in (("bruno", NotFound), ("nobody", NotFound), ("farid", Refused)):
        with pytest.raises(error):
            verb(message, by=world.colleague(who).actor)
    assert Message.objects.get(pk=message.pk).hold == Hold.HELD


@pytest.mark.parametrize("verb", [admit, reject])
def test_a_message_that_was_never_held_stays_as_it_is(world: World, verb) -> None:
    row = world.conversation()
    size = world.log_size()
    verb(row.messages.get(), by=world.amara.actor)
    assert world.log_size() == size
    assert row.messages.get().hold == Hold.NONE


def test_a_rejected_message_can_be_admitted_after_all_and_back(world: World) -> None:
    row = world.conversation()
    message = held(world, row)
    reject(message, by=world.amara.actor)
    admit(message, by=world.amara.actor)
    assert row.participants.get(address=world.ines.address).left_at is None
    reject(message, by=world.amara.actor)
    person = row.participants.get(address=world.ines.address)
    assert person.left_at is not None
    assert person.is_flagged


def test_a_held_message_brings_nobody_back_who_left(world: World) -> None:
    row = world.conversation()
    world.answered(row, to=world.jonas)
    world.answered(row)
    assert row.participants.get(address=world.jonas.address).left_at is not None
    line = (
        (world.ines.address, "", str(RecipientRole.FROM)),
        (world.jonas.address, "", str(RecipientRole.CC)),
    )
    world.writes(row, customer=world.ines, flag=Flag.STRANGER, participants=line)
    assert row.participants.get(address=world.jonas.address).left_at is not None


def test_a_conversation_becomes_another_customers(world: World) -> None:
    row = world.conversation()
    change_customer(row, to=world.ines.id, by=world.amara.actor)
    change_customer(row, to=world.ines.id, by=world.amara.actor)
    assert world.reload(row).customer_id == world.ines.id
    assert world.kinds(row).count(ConversationCustomerChanged.name) == 1
    assert row.messages.get().customer_id == world.dalia.id  # who wrote it stays
    change_customer(row, to=None, by=world.amara.actor)
    assert world.reload(row).customer_id is None


@pytest.mark.parametrize(("who", "error"), [("bruno", NotFound), ("nobody", NotFound), ("farid", Refused)])
def test_others_change_no_customer(world: World, who, error) -> None:
    row = world.conversation()
    with pytest.raises(error):
        change_customer(row, to=world.ines.id, by=world.colleague(who).actor)


def test_a_customer_has_to_exist(world: World) -> None:
    with pytest.raises(Unusable):
        change_customer(world.conversation(), to=CustomerId(999_999), by=world.amara.actor)


def test_a_merged_conversation_changes_no_customer(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    with unit():
        merge_thread(row, into=other, by=SYSTEM)
    with pytest.raises(Merged):
        change_customer(row, to=world.ines.id, by=world.amara.actor)


def test_a_stranger_who_was_kept_out_and_writes_again_can_be_let_in(world: World) -> None:
    row = world.conversation()
    reject(held(world, row), by=world.amara.actor)
    again = held(world, row)
    assert row.participants.get(address=world.ines.address).left_at is not None
    admit(again, by=world.amara.actor)
    person = row.participants.get(address=world.ines.address)
    assert (person.is_flagged, person.left_at) == (False, None)
    assert reply(row, answer=world.answer(), by=world.amara.actor).answers_id == again.pk
