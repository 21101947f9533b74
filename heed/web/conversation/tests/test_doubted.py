"""Before an answer leaves for what looks like the wrong person, its writer is asked, once."""

import re

import pytest
from django.http import HttpResponse

from heed.conversations.models import Conversation, Message
from heed.conversations.queries import doubts_about, opened
from heed.kernel.words import Direction
from heed.testing.queries import assert_queries
from heed.testing.world import World


@pytest.fixture
def row(world: World) -> Conversation:
    return world.conversation()


def post(world: World, row: Conversation, **more: str) -> HttpResponse:
    data = {"text": "Hello.", "to": "dalia@example.org", "key": "k", "send": "1", **more}
    return world.amara.post(f"/inbox/all-open/{row.pk}/reply/", data)


def sent(row: Conversation) -> int:
    return row.messages.filter(direction=Direction.OUT).count()


def test_the_writer_is_shown_why_and_sends_all_the_same(world: World, row: Conversation) -> None:
    asked = post(
        world, row, text="Dear Mr Baker,\nhere it is.", cc="dalai@example.org", later="", then="solved"
    )
    html = asked.content.decode()
    assert asked.status_code == 409
    assert "dalai@example.org is almost dalia@example.org" in html
    assert "You greet Baker" in html
    assert "here it is.</textarea>" in html
    assert sent(row) == 0
    sure = re.search(r'name="sure" value="(\w+)"', html)
    assert sure is not None
    again = post(
        world, row, text="Dear Mr Baker,\nhere it is.", cc="dalai@example.org", sure=sure[1], then="solved"
    )
    assert again.status_code == 303
    assert sent(row) == 1


def test_being_sure_of_one_thing_is_not_being_sure_of_another(world: World, row: Conversation) -> None:
    html = post(world, row, text="Dear Mr Baker,\n").content.decode()
    sure = re.search(r'name="sure" value="(\w+)"', html)
    assert sure is not None
    assert post(world, row, text="Dear Ms Weber,\n", sure=sure[1]).status_code == 409
    assert sent(row) == 0


def test_an_ordinary_answer_is_not_asked_about(world: World, row: Conversation) -> None:
    assert post(world, row, text=f"Hi Dalia,\nthis is #{row.pk}.").status_code == 303
    assert sent(row) == 1


def test_a_note_goes_to_nobody(world: World, row: Conversation) -> None:
    assert post(world, row, kind="note", note="Dear Mr Baker,").status_code == 303


def test_another_customers_conversation_is_named_and_ones_own_is_not(world: World, row: Conversation) -> None:
    own = world.conversation()
    other = world.conversation(customer=world.jonas)
    assert post(world, row, text=f"As in #{own.pk}.").status_code == 303
    asked = post(world, row, text=f"As in #{other.pk}.", key="l")
    assert asked.status_code == 409
    assert f"#{other.pk} is another customer" in asked.content.decode()


def test_a_conversation_that_one_may_not_see_is_not_given_away(world: World, row: Conversation) -> None:
    hidden = world.conversation(customer=world.ines, inbox=world.hello)
    for number in (hidden.pk, 987_654):
        assert post(world, row, text=f"As in #{number}.", key=str(number)).status_code == 303


def test_what_the_customer_signs_with_is_a_name(world: World, row: Conversation) -> None:
    assert post(world, row, text="Hi Lulu,\n").status_code == 409
    world.writes(row, text="It still slips.\n\nThanks,\nLulu")
    assert post(world, row, text="Hi Lulu,\n").status_code == 303
    assert Message.objects.filter(direction=Direction.OUT).count() == 1


def test_asking_costs_few_queries(world: World, row: Conversation) -> None:
    here = opened(world.amara.actor, row.pk)
    with assert_queries(at_most=4):
        doubts_about(here, text=f"Dear Mr Baker, #{row.pk + 1}", files=(), addresses=["x@example.net"])
