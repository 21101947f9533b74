"""The stream tells who else is in a conversation: soon, to those alone who may see it, and that they went."""

from collections.abc import Iterator, Sequence

import pytest

from heed.conversations.actions.presence import say_left, say_present
from heed.conversations.actions.state import move
from heed.conversations.models import Conversation
from heed.eventlog.models import EventRow
from heed.kernel.words import PresenceKind
from heed.live import tail
from heed.live.presence import presence_pause
from heed.live.tests.listening import Browser, Port, desk
from heed.people.policy import SYSTEM
from heed.testing.world import Colleague, World

pytestmark = pytest.mark.django_db(transaction=True)

LOOKS, WRITES = PresenceKind.LOOKING, PresenceKind.WRITING


@pytest.fixture
def port() -> Iterator[Port]:
    with desk() as running:
        yield running


def say(row: Conversation, who: Colleague, kind: PresenceKind) -> None:
    say_present(row, kind=kind, by=who.actor)


def people(browser: Browser, row: Conversation, *, within: float = 5.0) -> Sequence[tuple[str, bool]] | None:
    """Who is in the conversation as the next word about anybody says; None when none came in time."""
    while (told := browser.told(within=within)) is not None:
        if told.kind == "presence":
            assert told.data["conversation"] == row.pk
            return [(one["name"], one["writes"]) for one in told.data["people"]]
    return None


def test_a_colleague_is_seen_coming_writing_and_leaving(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    row = world.conversation()
    before = EventRow.objects.count()
    with port.listen(world.amara) as amara:
        say(row, world.edda, LOOKS)
        assert people(amara, row) == [("Edda", False)]
        say(row, world.edda, WRITES)
        assert people(amara, row) == [("Edda", True)]
        say_left(row, by=world.edda.actor)
        assert people(amara, row) == []
    assert EventRow.objects.count() == before


def test_nobody_is_told_of_themselves(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    row = world.conversation()
    with port.listen(world.amara) as amara, port.listen(world.edda) as edda:
        say(row, world.amara, WRITES)
        assert people(edda, row) == [("Amara", True)]
        assert people(amara, row, within=0.5) is None


def test_who_may_not_see_the_conversation_hears_of_nobody(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    row = world.conversation()
    with (
        port.listen(world.bruno) as bruno,
        port.listen(world.gita) as gita,
        port.listen(world.chen) as chen,
    ):
        say(row, world.amara, WRITES)
        assert people(chen, row) == [("Amara", True)]
        assert people(bruno, row, within=0.5) is None
        assert people(gita, row, within=0.1) is None


def test_who_comes_later_hears_how_it_stands(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    row = world.conversation()
    say(row, world.edda, WRITES)
    with port.listen(world.amara) as amara, port.listen(world.farid) as farid:
        assert people(amara, row) == [("Edda", True)]
        assert people(farid, row) == [("Edda", True)]


def test_a_right_that_is_taken_takes_the_names_with_it(unchecked_world: World, port: Port) -> None:
    world = unchecked_world
    row = world.conversation()
    with port.listen(world.amara) as amara, port.listen(world.bruno) as bruno:
        say(row, world.chen, WRITES)
        assert people(amara, row) == [("Chen", True)]
        move(row, to=world.repairs, by=SYSTEM)
        assert people(amara, row) == []
        assert people(bruno, row) == [("Chen", True)]
        say(row, world.edda, WRITES)  # leads see all teams of their brand
        assert people(bruno, row) == [("Chen", True), ("Edda", True)]
        assert people(amara, row, within=0.5) is None


def test_all_of_it_is_said_again_from_time_to_time(
    unchecked_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = unchecked_world
    row = world.conversation()
    monkeypatch.setattr(tail, "BEAT_SECONDS", 0.4)
    with desk() as port, port.listen(world.amara) as amara:
        say(row, world.edda, LOOKS)
        assert [people(amara, row) for _ in range(3)] == [[("Edda", False)]] * 3


@pytest.mark.parametrize(
    ("listening", "seconds"), [(0, 0.25), (25, 0.25), (50, 0.5), (100, 1.0), (5_000, 1.0)]
)
def test_the_more_are_told_the_less_often_it_is_looked_up_but_once_a_second(
    listening: int, seconds: float
) -> None:
    assert presence_pause(listening) == seconds
