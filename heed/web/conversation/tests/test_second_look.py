"""A draft older than what others said since is shown with it, wherever its page is opened, before it can be sent."""

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.labels import save_draft
from heed.conversations.models import Conversation
from heed.testing.world import Colleague, World


def begin(row: Conversation, who: Colleague, text: str = "Dear Dalia") -> None:
    save_draft(row, kind="out", text=text, by=who.actor)


def page(who: Colleague, row: Conversation) -> str:
    return who.get(f"/inbox/all-open/{row.pk}/").content.decode()


def test_an_answer_given_since_the_draft_is_shown_and_sending_asks(world: World) -> None:
    row = world.conversation()
    begin(row, world.amara)
    assert 'id="meanwhile"' not in page(world.amara, row)
    world.answered(row, by=world.edda, text="I took it.")
    shown = page(world.amara, row)
    assert "Edda answered" in shown
    assert "Dear Dalia" in shown
    assert "Send mine too" in shown
    assert 'id="meanwhile"' not in page(world.chen, row)


def test_what_the_customer_wrote_since_is_shown_as_well(world: World) -> None:
    row = world.conversation()
    begin(row, world.amara)
    world.writes(row, text="It rings now.")
    assert "Dalia wrote again" in page(world.amara, row)


def test_writing_on_or_ones_own_answer_or_a_note_asks_nothing(world: World) -> None:
    row = world.conversation()
    begin(row, world.amara)
    add_note(row, text="For us.", sent_once="", files=(), by=world.edda.actor)
    assert 'id="meanwhile"' not in page(world.amara, row)
    world.answered(row, by=world.edda)
    assert 'id="meanwhile"' in page(world.amara, row)
    begin(row, world.amara, "Dear Dalia, once more")
    assert 'id="meanwhile"' not in page(world.amara, row)
