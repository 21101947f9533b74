"""The trash's page and a conversation's own way into it: what each role sees, and what their presses do."""

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.actions.trashing import trash
from heed.conversations.models import Conversation
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World
from heed.triage.models import BlockedSender


def page(who: Colleague, path: str = "/trash/") -> str:
    answer = who.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def row(world: World) -> Conversation:
    found = world.conversation(subject="A wobbly saddle")
    trash(found, by=world.amara.actor)
    world.read_log()
    return world.reload(found)


def test_a_conversation_is_deleted_from_its_page_which_offers_the_way_back(world: World) -> None:
    row = world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    assert "data-trash" in page(world.amara, here)
    assert "data-trash" not in page(world.farid, here)
    assert world.amara.post(f"{here}trash/")["Location"] == here
    told = page(world.amara, here)
    assert "This conversation is in the trash." in told
    assert "You deleted it." in told
    assert f'action="{here}restore/"' in told
    assert 'name="status"' not in told, "nothing of it is changed there"
    seen = page(world.farid, here)
    assert "This conversation is in the trash." in seen
    assert "restore/" not in seen
    world.read_log()
    assert f"row-{row.pk}" not in page(world.amara, "/inbox/all-open/")
    assert world.amara.post(f"{here}restore/")["Location"] == here
    assert world.reload(row).trashed_at is None


def test_the_page_shows_to_each_what_they_could_see_before(world: World, row: Conversation) -> None:
    for who in (world.amara, world.edda, world.farid, world.chen):
        assert "A wobbly saddle" in page(who)
    for other in (world.bruno, world.hugo):
        told = page(other)
        assert "A wobbly saddle" not in told
        assert "The trash is empty" in told
    assert "Deleted by you" in page(world.amara)
    assert f"Deleted by {world.amara.row.name}" in page(world.edda)
    assert 'value="restore"' not in page(world.farid)
    assert "Remove for good" not in page(world.edda)
    assert "Remove for good" in page(world.chen)


def test_those_marked_are_restored_and_others_of_other_teams_are_not(world: World, row: Conversation) -> None:
    theirs = world.conversation(inbox=world.workshop)
    trash(theirs, by=world.bruno.actor)
    answer = world.amara.post("/trash/", {"do": "restore", "number": [str(row.pk), str(theirs.pk), "x"]})
    assert answer["Location"] == "/trash/?done=restored&count=1&left="
    assert "1 conversation is back in its list." in page(world.amara, answer["Location"])
    assert world.reload(row).trashed_at is None
    assert world.reload(theirs).trashed_at is not None


def test_nothing_marked_is_said_and_nothing_happens(world: World, row: Conversation) -> None:
    answer = world.amara.post("/trash/", {"do": "restore"}, **{"HX-Request": "true"})
    assert "Nothing was selected" in answer.content.decode()
    assert world.reload(row).trashed_at is not None
    assert world.amara.post("/trash/", {"do": "burn", "number": str(row.pk)}).status_code == 422


def test_an_admin_removes_for_good_and_nobody_else(world: World, row: Conversation) -> None:
    for who in (world.amara, world.edda, world.farid):
        assert who.post("/trash/", {"do": "purge", "number": str(row.pk)}).status_code == 403
    answer = world.chen.post("/trash/", {"do": "purge", "number": str(row.pk)}, **{"HX-Request": "true"})
    told = answer.content.decode()
    assert "1 conversation is being removed for good." in told
    assert "A wobbly saddle" not in told
    assert "is being removed for good" in page(world.amara, f"/inbox/all-open/{row.pk}/")
    world.settle()
    assert world.amara.get(f"/inbox/all-open/{row.pk}/").status_code == 404


def test_what_is_still_leaving_is_left_and_said(world: World, row: Conversation) -> None:
    leaving = world.conversation()
    reply(leaving, answer=world.answer(), by=world.amara.actor)
    trash(world.reload(leaving), by=world.amara.actor)
    numbers = [str(row.pk), str(leaving.pk)]
    answer = world.chen.post("/trash/", {"do": "purge", "number": numbers})
    told = page(world.chen, answer["Location"])
    assert "1 conversation is being removed for good." in told
    assert "Some were left" in told
    assert world.reload(leaving).trashed_at is not None
    purge_again = world.chen.post("/trash/", {"do": "purge", "number": str(row.pk)})
    assert purge_again["Location"].startswith("/trash/?done=purged&count=1"), "it is being removed already"


def test_the_page_needs_as_many_queries_for_one_as_for_many_and_is_paged(
    world: World, row: Conversation
) -> None:
    page(world.edda)
    with assert_queries(at_most=12) as few:
        page(world.edda)
    for _ in range(52):
        trash(world.conversation(), by=world.amara.actor)
    with assert_queries(at_most=12) as many:
        told = page(world.edda)
    assert len(many.captured_queries) == len(few.captured_queries)
    assert "Show older ones" in told
    assert "A wobbly saddle" not in told
    older = told.partition('href="/trash/?after=')[2].partition('"')[0]
    assert "A wobbly saddle" in page(world.edda, f"/trash/?after={older}")
    assert world.edda.get("/trash/?after=x").status_code == 422


def test_not_spam_lets_those_in_again_who_were_blocked_with_it(world: World) -> None:
    row = world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    world.amara.post(f"{here}spam/", {"block": "address"})
    told = page(world.amara, here)
    assert "Not spam, and unblock" in told
    assert world.dalia.address in told.partition("Not spam, and unblock")[2]
    world.amara.post(f"{here}not-spam/")
    assert BlockedSender.objects.exists(), "that is another question"
    world.amara.post(f"{here}spam/", {"block": "address"})
    world.amara.post(f"{here}not-spam/", {"unblock": "1"})
    assert not BlockedSender.objects.exists()
    assert world.reload(row).quarantined_at is None
