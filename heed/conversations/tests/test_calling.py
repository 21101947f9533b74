"""@ and a name in a note: whoever may see the conversation is called, kept and told of; others are words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations import queries
from heed.conversations.actions.answering import add_note
from heed.conversations.actions.state import move
from heed.conversations.mentioning import MENTIONS, SIGNS, Callee, called
from heed.conversations.models import Conversation, Mention
from heed.eventlog.kinds import MentionAdded
from heed.kernel.errors import NotFound
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

ANN, ANNA, OPS = Callee("agent", 1, "Ann"), Callee("agent", 2, "Ann Lee"), Callee("team", 3, "Night watch")


@pytest.mark.parametrize(
    ("text", "callees"),
    [
        ("@Ann, please", [ANN]),
        ("please (@ann lee)!", [ANNA]),
        ("@Ann Leery", [ANN]),
        ("@Annabel", []),
        ("mail ann@Ann or /@Ann", []),
        ("@Night watch and @ANN and @Ann", [OPS, ANN]),
        ("@", []),
        ("@ Ann", []),
    ],
)
def test_a_name_after_at_calls_the_longest(text: str, callees: list[Callee]) -> None:
    assert list(called(text, [ANN, ANNA, OPS])) == callees


def test_two_of_one_name_are_both_called() -> None:
    twin = Callee("agent", 9, "Ann")
    assert set(called("@ann", [ANN, twin])) == {ANN, twin}


@given(st.text(alphabet="@AnLe \n.", max_size=300))
def test_no_text_is_too_odd_and_what_was_found_stands_there(text: str) -> None:
    found = called(text, [ANN, ANNA, OPS])
    assert all(f"@{written}" in text for written in found.values())


def test_a_note_calls_a_limited_number() -> None:
    many = [Callee("agent", number, f"Ann {number}") for number in range(100)]
    text = " ".join(f"@{one.name}." for one in many)
    assert len(called(text, many)) == MENTIONS


def test_of_very_many_signs_the_first_are_looked_at() -> None:
    assert called("@ " * SIGNS + "@Ann", [ANN]) == {}
    assert called("@ " * (SIGNS - 1) + "@Ann", [ANN]) == {ANN: "Ann"}


def write(row: Conversation, text: str, by: Colleague, key: str = "") -> None:
    add_note(row, text=text, sent_once=key, files=(), by=by.actor)


def told(world: World, row: Conversation) -> list[tuple[int | None, int | None]]:
    found = [event.data for event in world.events(row) if isinstance(event.data, MentionAdded)]
    return [(one.agent, one.team) for one in found]


def test_who_is_called_is_kept_and_told_of_with_ids_alone(world: World) -> None:
    row = world.conversation()
    write(row, "@Edda and @payments, look. Not @Amara herself.", world.amara)
    assert told(world, row) == [(world.edda.row.pk, None), (None, world.payments.pk)]
    assert {one.words for one in Mention.objects.all()} == {"Edda", "payments"}


@pytest.mark.parametrize("name", ["Bruno", "Gita", "Repairs", "Charts", "Nobody"])
def test_who_may_not_see_it_is_a_word_like_any_other(world: World, name: str) -> None:
    row = world.conversation()
    write(row, f"@{name} should not know, @Edda", world.amara)
    assert told(world, row) == [(world.edda.row.pk, None)]


def test_a_note_that_is_sent_twice_calls_once(world: World) -> None:
    row = world.conversation()
    for _ in range(2):
        write(row, "@Edda?", world.amara, key="form-1")
    assert len(told(world, row)) == 1


def test_an_answer_to_a_customer_calls_nobody(world: World) -> None:
    row = world.conversation()
    world.answered(row, text="Dear Dalia, @Edda will look.")
    assert told(world, row) == []


def test_letters_offer_those_who_may_see_it_and_never_oneself(world: World) -> None:
    row = world.conversation()

    def offers(who: Colleague, typed: str) -> list[str]:
        return [one.name for one in queries.offered(who.actor, row, typed=typed)]

    assert offers(world.amara, "") == ["Payments", "Chen", "Edda", "Farid"]
    assert offers(world.amara, "e") == ["Edda"]
    assert offers(world.edda, "e") == []
    assert offers(world.amara, "b") == []
    with pytest.raises(NotFound):
        offers(world.bruno, "")
    actor = world.amara.actor
    with assert_queries(at_most=7):
        queries.offered(actor, row, typed="")


def listed(who: Colleague) -> list[int]:
    return [row.pk for row in queries.mentions(who.actor).rows]


def test_ones_mentions_are_a_list_newest_call_first_each_conversation_once(world: World) -> None:
    first, second, other = world.conversation(), world.conversation(), world.conversation()
    write(first, "@Edda", world.amara)
    write(second, "@Payments", world.amara)
    write(first, "@Edda once more", world.chen)
    write(other, "@Chen", world.amara)
    assert listed(world.edda) == [first.pk, second.pk]
    assert listed(world.farid) == [second.pk]
    assert listed(world.amara) == [second.pk]
    assert listed(world.bruno) == listed(world.nobody) == []


def test_the_list_pages_in_a_constant_number_of_queries(world: World) -> None:
    rows = [world.conversation() for _ in range(5)]
    for row in rows:
        write(row, "@Edda", world.amara)
    actor = world.edda.actor
    with assert_queries(at_most=2):
        page = queries.mentions(actor, limit=2)
    pages = [page]
    while pages[-1].after:
        pages.append(queries.mentions(actor, after=pages[-1].after, limit=2))
    assert [row.pk for one in pages for row in one.rows] == [row.pk for row in reversed(rows)]


def test_what_one_may_not_see_any_more_leaves_the_list(world: World) -> None:
    row = world.conversation()
    write(row, "@Farid @Edda", world.amara)
    assert listed(world.farid) == [row.pk]
    move(row, to=world.repairs, by=SYSTEM)
    assert listed(world.farid) == []
    assert listed(world.edda) == [row.pk]


def test_the_words_that_call_are_known_for_each_note(world: World) -> None:
    row = world.conversation()
    write(row, "@Edda and @farid", world.amara)
    told = queries.timeline(queries.opened(world.farid.actor, row.pk))
    assert told.mentions == {world.newest_message(row): ["Edda", "farid"]}
