"""What was tried: noted in one step, shown in every conversation of the customer, taken back."""

import pytest

from heed.conversations.actions.customers import change_customer
from heed.conversations.actions.merging import merge
from heed.conversations.actions.state import Merged
from heed.conversations.actions.trying import STEPS, WHAT_CHARACTERS, note_tried, settle_tried, withdraw_tried
from heed.conversations.models import TriedStep
from heed.conversations.queries import opened
from heed.conversations.queries.customers import tried_step
from heed.conversations.queries.remembering import remembered
from heed.eventlog.kinds import ConversationStepRemoved, ConversationStepTried
from heed.kernel.customer_words import Outcome
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.testing.queries import assert_queries
from heed.testing.world import World


def test_what_was_tried_is_shown_in_other_conversations_of_the_customer(world: World) -> None:
    row, later = world.conversation(), world.conversation()
    step = note_tried(row, what="  A   restart ", outcome=Outcome.DID_NOT_HELP, by=world.amara.actor)
    assert (step.what, world.kinds(row)[-1]) == ("A restart", ConversationStepTried.name)
    here = opened(world.edda.actor, later.pk)
    with assert_queries(at_most=1):
        found = remembered(here)
    assert [(one.text, one.outcome, one.agent_name) for one in found.tried] == [
        ("A restart", "did_not_help", world.amara.row.name)
    ]
    assert found.notes == []


def test_the_same_words_again_only_say_how_it_went(world: World) -> None:
    row = world.conversation()
    note_tried(row, what="A restart", outcome=Outcome.UNKNOWN, by=world.amara.actor)
    note_tried(row, what="a RESTART", outcome=Outcome.HELPED, by=world.edda.actor)
    size = world.log_size()
    note_tried(row, what="A restart", outcome=Outcome.HELPED, by=world.edda.actor)
    step = TriedStep.objects.get()
    assert (step.what, step.outcome, world.log_size()) == ("A restart", "helped", size)


def test_how_it_went_is_said_later_and_once(world: World) -> None:
    step = note_tried(world.conversation(), what="A", outcome=Outcome.UNKNOWN, by=world.amara.actor)
    settle_tried(step, outcome=Outcome.PARTLY, by=world.edda.actor)
    size = world.log_size()
    settle_tried(step, outcome=Outcome.PARTLY, by=world.edda.actor)
    step.refresh_from_db()
    assert (step.outcome, world.log_size()) == ("partly", size)


def test_what_was_taken_back_is_gone(world: World) -> None:
    row = world.conversation()
    step = note_tried(row, what="A", outcome=Outcome.HELPED, by=world.amara.actor)
    withdraw_tried(step, by=world.edda.actor)
    assert world.kinds(row)[-1] == ConversationStepRemoved.name
    assert not TriedStep.objects.exists()
    for again in (
        lambda: withdraw_tried(step, by=world.amara.actor),
        lambda: settle_tried(step, outcome=Outcome.PARTLY, by=world.amara.actor),
    ):
        with pytest.raises(NotFound):
            again()


def test_who_may_not_see_the_conversation_reads_nothing_of_it(world: World) -> None:
    row = world.conversation(inbox=world.workshop)
    step = note_tried(row, what="A new chain", outcome=Outcome.HELPED, by=world.bruno.actor)
    here = world.conversation()
    assert remembered(opened(world.amara.actor, here.pk)).tried == []
    assert [one.id for one in remembered(opened(world.chen.actor, here.pk)).tried] == [step.pk]
    for verb in (
        lambda: tried_step(world.amara.actor, step.pk),
        lambda: settle_tried(step, outcome=Outcome.PARTLY, by=world.amara.actor),
        lambda: withdraw_tried(step, by=world.amara.actor),
        lambda: note_tried(row, what="B", outcome=Outcome.PARTLY, by=world.amara.actor),
    ):
        with pytest.raises(NotFound):
            verb()


def test_a_viewer_reads_and_notes_nothing(world: World) -> None:
    row = world.conversation()
    step = note_tried(row, what="A", outcome=Outcome.HELPED, by=world.amara.actor)
    assert tried_step(world.farid.actor, step.pk) == step
    for verb in (
        lambda: note_tried(row, what="B", outcome=Outcome.HELPED, by=world.farid.actor),
        lambda: settle_tried(step, outcome=Outcome.PARTLY, by=world.farid.actor),
        lambda: withdraw_tried(step, by=world.farid.actor),
    ):
        with pytest.raises(Refused):
            verb()


def test_nothing_is_noted_in_what_was_merged(world: World) -> None:
    row, into = world.conversation(), world.conversation()
    step = note_tried(row, what="A", outcome=Outcome.HELPED, by=world.amara.actor)
    merge(row, into=into, by=world.amara.actor)
    for verb in (
        lambda: note_tried(row, what="B", outcome=Outcome.HELPED, by=world.amara.actor),
        lambda: settle_tried(step, outcome=Outcome.PARTLY, by=world.amara.actor),
        lambda: withdraw_tried(step, by=world.amara.actor),
    ):
        with pytest.raises(Merged):
            verb()
    assert [one.id for one in remembered(opened(world.amara.actor, into.pk)).tried] == [step.pk]


@pytest.mark.parametrize("what", ["", "  ", "x" * (WHAT_CHARACTERS + 1)])
def test_a_step_has_words_and_not_too_many(world: World, what: str) -> None:
    with pytest.raises(Unusable):
        note_tried(world.conversation(), what=what, outcome=Outcome.HELPED, by=world.amara.actor)


def test_a_conversation_holds_so_many_steps(world: World) -> None:
    row = world.conversation()
    TriedStep.objects.bulk_create(
        TriedStep(
            conversation=row, agent=world.amara.row, what=f"Step {n}", outcome="helped", at=row.opened_at
        )
        for n in range(STEPS)
    )
    with pytest.raises(Unusable):
        note_tried(row, what="One more", outcome=Outcome.HELPED, by=world.amara.actor)


def test_without_a_customer_only_the_conversation_itself_remembers(world: World) -> None:
    row = world.conversation()
    change_customer(row, to=None, by=world.amara.actor)
    step = note_tried(row, what="A", outcome=Outcome.HELPED, by=world.amara.actor)
    assert [one.id for one in remembered(opened(world.amara.actor, row.pk)).tried] == [step.pk]
    assert remembered(opened(world.amara.actor, world.conversation().pk)).tried == []
