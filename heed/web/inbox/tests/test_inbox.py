"""The inbox: each view shows what belongs there, why it is there, and costs the same however much there is."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heed.conversations.actions.state import change_status
from heed.kernel import clock
from heed.kernel.words import Status
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World


def shown(world: World, path: str, *, who: str = "amara") -> list[int]:
    page = world.colleague(who).get(path)
    assert page.status_code == 200
    return [
        int(number)
        for number in re.findall(r'class="row[^"]*"[^>]*href="/inbox/[^/]+/(\d+)/"', page.content.decode())
    ]


def test_each_view_shows_what_belongs_there(world: World) -> None:
    mine = world.conversation(assignee=world.amara)
    free = world.conversation()
    waits = world.conversation(status=Status.WAITING)
    done = world.conversation(status=Status.SOLVED)
    sleeps = world.conversation(status=Status.SNOOZED)
    world.read_log()
    assert shown(world, "/inbox/my-turn/") == [mine.pk]
    assert shown(world, "/inbox/unassigned/") == [free.pk]
    assert shown(world, "/inbox/waiting/") == [waits.pk]
    assert shown(world, "/inbox/solved/") == [done.pk]
    assert set(shown(world, "/inbox/all-open/")) == {mine.pk, free.pk, waits.pk, sleeps.pk}


def test_my_turn_puts_overdue_first_and_what_has_no_time_last(world: World) -> None:
    now = clock.now()
    later = world.conversation(assignee=world.amara, due_at=now + timedelta(hours=3))
    never = world.conversation(assignee=world.amara)
    over = world.conversation(assignee=world.amara, due_at=now - timedelta(minutes=49))
    assert shown(world, "/inbox/my-turn/") == [over.pk, later.pk, never.pk]
    page = world.amara.get("/inbox/my-turn/").content.decode()
    assert re.search(r"[Rr]eply overdue by <time [^>]*>49 min</time>", page)
    assert "1 overdue" in page


def test_a_list_narrowed_to_a_team_shows_that_team_only(world: World) -> None:
    here, there = world.conversation(), world.conversation(inbox=world.workshop)
    assert set(shown(world, "/inbox/all-open/", who="chen")) == {here.pk, there.pk}
    assert shown(world, f"/inbox/all-open:team-{world.repairs.pk}/", who="chen") == [there.pk]
    assert world.amara.get(f"/inbox/all-open:team-{world.repairs.pk}/").status_code == 404


def test_a_list_that_asks_for_itself_brings_the_counts_and_another_fragment_does_not(world: World) -> None:
    world.conversation()
    world.read_log()
    asks = {"HX-Request": "true", "HX-Target": "list"}
    again = world.amara.get("/inbox/unassigned/", **asks, **{"HX-Trigger": "list"}).content.decode()
    list_part, _, counts = again.partition('<div id="nav-links"')
    assert 'hx-swap-oob="merge"' in counts.partition(">")[0]
    assert 'id="rows"' in list_part
    link = counts.partition('id="nav-inboxunassigned"')[2].partition("</a>")[0]
    assert "1 conversation<" in link
    assert 'aria-current="page"' in link
    assert "nav-links" not in world.amara.get("/inbox/unassigned/", **asks).content.decode()
    assert "hx-swap-oob" not in world.amara.get("/inbox/unassigned/").content.decode()


def test_an_empty_desk_says_where_to_send_the_first_mail(world: World) -> None:
    assert "help@linden.example" in world.chen.get("/inbox/my-turn/").content.decode()


def test_a_long_list_is_paged_and_every_row_comes_once(world: World) -> None:
    numbers = {world.conversation(due_at=clock.now() if place % 2 else None).pk for place in range(55)}
    first = world.amara.get("/inbox/unassigned/").content.decode()
    following = re.search(r'hx-get="(/inbox/unassigned/\?after=[^"]+)"', first)
    assert following is not None
    seen = shown(world, "/inbox/unassigned/") + shown(world, following[1].replace("&amp;", "&"))
    assert len(seen) == len(set(seen))
    assert set(seen) == numbers


def test_the_page_needs_few_queries_however_long_the_list(world: World) -> None:
    world.conversation()
    world.amara.get("/inbox/unassigned/")
    with CaptureQueriesContext(connection) as one:
        world.amara.get("/inbox/unassigned/")
    for _ in range(20):
        world.conversation()
    with assert_queries(at_most=len(one)):
        world.amara.get("/inbox/unassigned/")
    assert len(one) <= 11


def test_counts_stand_in_the_menu_once_the_reader_has_them(world: World) -> None:
    for _ in range(3):
        world.conversation()
    world.read_log()
    page = world.amara.get("/inbox/my-turn/").content.decode()
    assert re.search(
        r'href="/inbox/unassigned/".*?<span class="number">.*? 3 conversations</span>', page, re.S
    )


@pytest.mark.parametrize(
    "path", ["/inbox/nowhere/", "/inbox/all-open:team-0/", "/inbox/my-turn/99999999999999999999/"]
)
def test_addresses_that_mean_nothing_do_not_exist(world: World, path: str) -> None:
    assert world.amara.get(path).status_code == 404


def test_closed_by_silence_says_so(world: World) -> None:
    row = world.conversation(status=Status.SOLVED)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    assert "no further reply" in world.amara.get("/inbox/solved/").content.decode()


def test_on_the_first_day_one_is_told_of_an_inbox_of_ones_own_brands_alone(world: World) -> None:
    assert world.help.address in world.amara.get("/inbox/my-turn/").content.decode()
    elsewhere = world.gita.get("/inbox/my-turn/").content.decode()
    assert world.hello.address in elsewhere
    assert world.help.address not in elsewhere
