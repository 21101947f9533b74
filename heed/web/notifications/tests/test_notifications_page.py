"""The list of notifications: what each role finds there, and what they have read."""

import pytest

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.restricting import restrict
from heed.conversations.models import Conversation
from heed.kernel.words import AgentId
from heed.notifications.models import Notification
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

HERE = "/notifications/"
FRAGMENT = {"HX-Request": "true"}


def page(who: Colleague, path: str = HERE, **headers: str) -> str:
    answer = who.get(path, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def count(who: Colleague) -> str:
    """What the menu says is unread; empty: nothing."""
    menu = page(who, "/menu/", **FRAGMENT)
    link = menu.partition('id="nav-notifications"')[2].partition("</a>")[0]
    return link.partition('class="number"><bdi dir="ltr" aria-hidden="true">')[2].partition("<")[0]


@pytest.fixture
def row(world: World) -> Conversation:
    """Amara called Edda and Farid in a note."""
    found = world.conversation(subject="A wobbly saddle")
    add_note(found, text="@Edda and @Farid, see", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    return found


def test_each_finds_what_they_were_told(world: World, row: Conversation) -> None:
    for who in (world.edda, world.farid):
        told = page(who)
        assert "Amara</bdi> mentioned you" in told
        assert "A wobbly saddle" in told
        assert "@Edda and @Farid, see" in told
        assert count(who) == "1"
    for other in (world.amara, world.chen, world.bruno, world.gita):
        told = page(other)
        assert "Nothing to tell" in told
        assert "saddle" not in told
        assert count(other) == ""


def test_what_is_shut_away_is_gone_from_list_and_count_at_once(world: World, row: Conversation) -> None:
    assert count(world.farid) == "1"
    restrict(row, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    assert "saddle" not in page(world.farid)
    assert count(world.farid) == ""
    assert "saddle" in page(world.edda)


def test_one_is_marked_as_read_and_all_are(world: World, row: Conversation) -> None:
    number = Notification.objects.get(agent=world.edda.row).pk
    assert "Mark all as read" in page(world.edda)
    answer = world.edda.post(HERE, {"number": str(number)}, **FRAGMENT)
    assert "heed:counts" in answer["HX-Trigger-After-Settle"]
    told = answer.content.decode()
    assert "saddle" in told
    assert "Mark all as read" not in told
    assert count(world.edda) == ""
    assert world.farid.post(HERE, {"up_to": str(number + 100)})["Location"] == HERE
    assert count(world.farid) == ""
    assert world.farid.post(HERE, {}).status_code == 422


def test_who_opens_the_conversation_has_read_it(world: World, row: Conversation) -> None:
    here = f"/inbox/all-open/{row.pk}/"
    answer = world.edda.get(here, **FRAGMENT)
    assert "heed:counts" in answer["HX-Trigger-After-Settle"]
    assert count(world.edda) == ""
    assert "HX-Trigger-After-Settle" not in world.edda.get(here, **FRAGMENT).headers
    whole = page(world.farid, here)
    assert 'class="number">' not in whole.partition('id="nav-notifications"')[2].partition("</a>")[0]
    assert count(world.farid) == ""


def test_the_list_takes_few_queries_however_long_it_is(world: World, row: Conversation) -> None:
    for _ in range(60):
        add_note(row, text="@Edda, see", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    page(world.edda)
    with assert_queries(at_most=7):
        told = page(world.edda)
    assert told.count('id="notification-') == 40
    older = told.partition(f'href="{HERE}?after=')[2].partition('"')[0]
    assert page(world.edda, f"{HERE}?after={older}").count('id="notification-') == 21
