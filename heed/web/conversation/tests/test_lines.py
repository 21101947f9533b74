"""The lines between messages say what happened, once, and name who did it."""

import ast
from pathlib import Path

from heed.conversations.actions.downloading import note_download
from heed.conversations.actions.sending import mark_failed
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation
from heed.conversations.queries import timelines
from heed.kernel.words import ParkReason, Status
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World
from heed.web.conversation import entries

ENTRIES = Path(entries.__file__)


def test_every_kind_that_timelines_say_has_its_line_and_no_other() -> None:
    cases = [node for node in ast.walk(ast.parse(ENTRIES.read_text())) if isinstance(node, ast.MatchClass)]
    named = {case.cls.attr for case in cases if isinstance(case.cls, ast.Attribute)}
    assert named == {kind.__name__ for kind in timelines.SAID}


def test_a_mail_that_was_taken_is_said_to_leads_and_admins_alone(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    note_download(row.messages.get(), by=world.edda.actor)
    here = f"/conversations/{row.pk}/"

    def shown(who: Colleague) -> str:
        return who.client.get(here, follow=True).content.decode()

    assert "You took a mail as it came" in shown(world.edda)
    assert "Edda took a mail as it came" in shown(world.chen)
    for who in (world.amara, world.farid):
        assert "It slips when I climb." in shown(who)
        assert "took a mail" not in shown(who)


def test_a_mail_of_ours_that_was_taken_is_said_to_have_left(world: World) -> None:
    row = world.conversation(assignee=world.edda)
    note_download(world.answered(row), by=world.chen.actor)
    assert (
        "Chen took a mail as it left"
        in world.edda.client.get(f"/conversations/{row.pk}/", follow=True).content.decode()
    )


def page(world: World, conversation: Conversation) -> str:
    return world.amara.get(f"/inbox/my-turn/{conversation.pk}/").content.decode()


def test_an_answer_and_its_echo_need_no_line_about_the_status(world: World):
    conversation = world.conversation(assignee=world.amara)
    world.answered(conversation)
    world.writes(conversation, text="And now?")
    shown = page(world, conversation)
    assert "And now?" in shown
    assert "Waiting for Dalia" not in shown
    assert "</time> Open again" not in shown


def test_waiting_that_an_agent_chose_has_its_line(world: World):
    conversation = world.conversation(assignee=world.amara)
    change_status(conversation, to=Status.WAITING, by=world.amara.actor)
    assert "Waiting for Dalia" in page(world, conversation)


def test_whoever_writes_opens_what_was_solved(world: World):
    conversation = world.conversation(assignee=world.amara, status="solved")
    world.writes(conversation, customer=world.ines)
    assert "Open again: Inès wrote" in page(world, conversation)


def test_an_answer_that_failed_opens_and_nobody_is_said_to_have_written(world: World):
    conversation = world.conversation(assignee=world.amara)
    message = world.answered(conversation, then=Status.SOLVED)
    mark_failed(message, reason=ParkReason.REFUSED, smtp_code=550, words="no such user", by=SYSTEM)
    shown = page(world, conversation)
    assert "</time> Open again" in shown
    assert "Dalia wrote" not in shown


def test_a_signed_reply_address_is_called_by_its_inbox(world: World):
    conversation = world.conversation(assignee=world.amara)
    world.answered(conversation)
    world.writes(conversation, to=(("", "help+h4821.7f3.k3jq2mzr5tva@linden.example"),))
    shown = page(world, conversation)
    assert "help@linden.example" in shown
    assert "k3jq2mzr5tva" not in shown
