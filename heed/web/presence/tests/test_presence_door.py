"""Browsers say where their readers are; what one may not see answers as what does not exist."""

import pytest

from heed.conversations.presence import present_now
from heed.testing.queries import assert_queries
from heed.testing.world import World


@pytest.mark.parametrize(("who", "status"), [("amara", 204), ("farid", 204), ("bruno", 404), ("nobody", 302)])
def test_only_the_team_is_in_the_conversation(world: World, who: str, status: int) -> None:
    row = world.conversation()
    said = world.colleague(who).post("/presence/", {"conversation": row.pk, "doing": "writing"})
    assert said.status_code == status
    assert bool(present_now()) is (status == 204)


def test_one_comes_and_goes(world: World) -> None:
    row = world.conversation()
    world.amara.post("/presence/", {"conversation": row.pk, "doing": "looking"})
    assert [one.name for one in present_now()[row.pk]] == ["Amara"]
    world.amara.post("/presence/", {"conversation": row.pk, "doing": "left"})
    assert not present_now()


@pytest.mark.parametrize(("conversation", "doing", "status"), [("", "left", 404), ("x", "left", 404)])
def test_what_no_browser_says_is_refused(world: World, conversation: str, doing: str, status: int) -> None:
    posted = {"conversation": conversation, "doing": doing}
    assert world.amara.post("/presence/", posted).status_code == status


def test_an_unknown_deed_is_refused(world: World) -> None:
    row = world.conversation()
    assert world.amara.post("/presence/", {"conversation": row.pk, "doing": "sleeping"}).status_code == 422


def test_a_pulse_needs_few_queries(world: World) -> None:
    row = world.conversation()
    posted = {"conversation": row.pk, "doing": "writing"}
    world.amara.post("/presence/", posted)
    with assert_queries(at_most=9):
        world.amara.post("/presence/", posted)
