"""The page for merging, splitting and linking: forms without scripts, errors in words, undo."""

import pytest

from heed.conversations.models import Conversation
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def page(who: Colleague, row: Conversation, query: str = "") -> str:
    return who.get(f"/inbox/all-open/{row.pk}/merge/{query}").content.decode()


def test_the_panel_leads_to_the_page_and_viewers_find_it_closed(world: World) -> None:
    row = world.conversation()
    assert (
        f"/inbox/all-open/{row.pk}/merge/" in world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()
    )
    assert "Merge into another conversation" in page(world.amara, row)
    assert world.farid.get(f"/inbox/all-open/{row.pk}/merge/").status_code == 403


def test_a_preview_shows_messages_in_their_order_people_and_newcomers(world: World) -> None:
    row, other = world.conversation(text="About the bell"), world.conversation(text="About the chain")
    world.writes(row, participants=((world.ines.address, world.ines.name, "cc"),), text="More on the bell")
    text = page(world.amara, row, f"?with=%23{other.pk}")
    places = [text.index(words) for words in ("About the bell", "About the chain", "More on the bell")]
    assert places == sorted(places)
    assert "New there, and will get the answers" in text
    assert world.ines.name in text
    assert f"Merge into #{other.pk}" in text


def test_merged_by_the_form_and_undone_by_the_form(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    answer = world.amara.post(f"{here}merge/", {"with": str(other.pk)})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/inbox/all-open/{other.pk}/")
    assert world.reload(row).merged_into == other
    assert "Undo the merge" in page(world.amara, row)
    assert f"Undo the merge of #{row.pk}" in page(world.amara, other)
    assert f"{here}merge/" in world.amara.get(here).content.decode()
    world.amara.post(f"/inbox/all-open/{other.pk}/unmerge/", {"with": str(row.pk)})
    assert world.reload(row).merged_into is None


@pytest.mark.parametrize("given", ["999999999", "x", "", "hidden"])
def test_what_one_may_not_see_is_not_there(world: World, given: str) -> None:
    row, hidden = world.conversation(), world.conversation(inbox=world.workshop, subject="Secret")
    given = str(hidden.pk) if given == "hidden" else given
    for part in ("merge", "link", "unlink"):
        answer = world.amara.post(f"/inbox/all-open/{row.pk}/{part}/", {"with": given})
        assert answer.status_code == 422
        assert "There is no such conversation, or you may not see it." in answer.content.decode()
        assert "Secret" not in answer.content.decode()


def test_other_customers_and_itself_are_refused_in_words(world: World) -> None:
    row, other = world.conversation(), world.conversation(customer=world.ines)
    for given, words in ((other.pk, "one would read the other’s mail"), (row.pk, "this conversation itself")):
        answer = world.amara.post(f"/inbox/all-open/{row.pk}/merge/", {"with": str(given)})
        assert answer.status_code == 409
        assert words in answer.content.decode()
    assert world.reload(row).merged_into is None


def test_messages_are_split_off_and_put_back(world: World) -> None:
    row = world.conversation()
    bell = world.writes(row, subject="The bell", text="And the bell?")
    assert "And the bell?" in page(world.amara, row)
    empty = world.amara.post(f"/inbox/all-open/{row.pk}/split/")
    assert "Choose at least one message" in empty.content.decode()
    answer = world.amara.post(
        f"/inbox/all-open/{row.pk}/split/", {"message": str(bell.pk), "subject": "Bell"}
    )
    part = Conversation.objects.get(subject="Bell")
    assert answer.headers["Location"] == f"/inbox/all-open/{part.pk}/"
    assert "Put its messages back" in page(world.amara, part)
    world.amara.post(f"/inbox/all-open/{part.pk}/unsplit/")
    assert row.messages.count() == 2


def test_linked_and_unlinked_by_the_form(world: World) -> None:
    row, other = world.conversation(), world.conversation(customer=world.ines)
    world.amara.post(f"/inbox/all-open/{row.pk}/link/", {"with": str(other.pk)})
    assert f"Remove the link to #{row.pk}" in page(world.amara, other)
    world.amara.post(f"/inbox/all-open/{other.pk}/unlink/", {"with": str(row.pk)})
    assert "Remove the link" not in page(world.amara, other)


def test_what_is_to_be_linked_is_shown_first_and_the_link_can_be_undone(world: World) -> None:
    row, other = world.conversation(), world.conversation(customer=world.ines, text="About the chain")
    at = f"/inbox/all-open/{row.pk}/link/"
    seen = world.amara.get(f"{at}?with=%23{other.pk}").content.decode()
    assert "About the chain" in seen
    assert world.ines.name in seen
    assert "another customer’s" in seen
    assert f"Link with #{other.pk}" in seen
    assert "Remove the link" not in page(world.amara, row), "looking changes nothing"
    world.amara.post(at, {"with": str(other.pk)})
    again = world.amara.get(f"{at}?with={other.pk}").content.decode()
    assert "They are linked already." in again
    assert f"Remove the link to #{other.pk}" in again
    same = world.conversation()
    assert "another customer’s" not in world.amara.get(f"{at}?with={same.pk}").content.decode()
    with assert_queries(at_most=20):
        world.amara.get(f"{at}?with={same.pk}")


@pytest.mark.parametrize("given", ["999999999", "x", "{hidden}"])
def test_what_one_may_not_see_is_no_preview_of_a_link(world: World, given: str) -> None:
    row, hidden = world.conversation(), world.conversation(inbox=world.hello, text="A secret chart")
    answer = world.amara.get(f"/inbox/all-open/{row.pk}/link/?with={given.format(hidden=hidden.pk)}")
    assert answer.status_code == 422
    assert "There is no such conversation" in answer.content.decode()
    assert "secret" not in answer.content.decode()
    assert world.amara.get(f"/inbox/all-open/{row.pk}/link/?with={row.pk}").status_code == 422


def test_the_page_needs_few_queries(world: World) -> None:
    row, others = world.conversation(), [world.conversation() for _ in range(4)]
    page(world.amara, row)
    with assert_queries(at_most=20):
        page(world.amara, row, f"?with={others[0].pk}")
