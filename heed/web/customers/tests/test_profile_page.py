"""The list of customers, their page with profile and notes, and what is remembered beside a conversation."""

from datetime import timedelta

import pytest
import time_machine

from heed.conversations.actions.profiles import Profile, describe_customer, write_customer_note
from heed.conversations.actions.trying import note_tried
from heed.conversations.models import TriedStep
from heed.kernel import clock
from heed.kernel.customer_words import Outcome
from heed.people import naming
from heed.people.models import CustomerNote
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def page(who: Colleague, path: str) -> str:
    answer = who.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def learn() -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        naming.step()


def test_the_navigation_leads_to_the_list_and_the_list_to_customers(world: World) -> None:
    world.conversation(subject="A bent wheel")
    assert 'href="/customers/"' in page(world.amara, "/inbox/my-turn/")
    html = page(world.amara, "/customers/")
    assert f'href="/customers/{world.dalia.id}/"' in html
    assert "A bent wheel" in html
    assert world.dalia.address in html
    empty = page(world.bruno, "/customers/")
    assert "No customers yet" in empty
    assert world.dalia.address not in empty


def test_the_list_is_searched_and_marks_what_was_typed(world: World) -> None:
    world.conversation()
    world.conversation(customer=world.ines)
    learn()
    html = page(world.amara, "/customers/?q=reau")
    assert "<mark>Moreau</mark>" in html
    assert world.dalia.address not in html
    assert "Nobody is called" in page(world.amara, "/customers/?q=nobodyatall")
    fragment = world.amara.get("/customers/?q=reau", **{"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "<mark>Moreau</mark>" in fragment


def test_list_and_page_ask_few_queries_however_much_there_is(world: World) -> None:
    for who in (world.dalia, world.ines, world.jonas):
        row = world.conversation(customer=who)
        for n in range(3):
            note_tried(row, what=f"Step {n}", outcome=Outcome.HELPED, by=world.amara.actor)
            write_customer_note(who.row, brand=world.linden, text=f"Note {n}", by=world.amara.actor)
    world.amara.get("/customers/")
    with assert_queries(at_most=12):
        world.amara.get("/customers/")
    with assert_queries(at_most=12):
        world.amara.get(f"/customers/{world.dalia.id}/")


def test_the_profile_is_said_by_the_form_and_shown(world: World) -> None:
    world.conversation()
    here = f"/customers/{world.dalia.id}/"
    done = world.amara.post(
        f"{here}profile/",
        {
            "name": "Dr. Dalia Haddad",
            "company": "Tern Travel",
            "language": "ar",
            "time_zone": "Asia/Amman",
            "addressed_as": "Dr. Haddad",
            "preferred_channel": "phone",
            "wants_no_automatic_mail": "on",
        },
    )
    assert (done.status_code, done.headers["Location"]) == (303, f"{here}?saved=1")
    html = page(world.amara, f"{here}?saved=1")
    for words in (
        "Saved.",
        "Dr. Dalia Haddad",
        "Tern Travel",
        "Arabic",
        "Amman",
        "none: they asked for that",
    ):
        assert words in html
    panel = page(world.amara, f"/inbox/all-open/{world.conversation().pk}/")
    for words in ("Addressed as", "Dr. Haddad", "Tern Travel", "Phone", "wants none", "Amman"):
        assert words in panel


def test_a_form_that_can_not_be_used_comes_back_as_typed(world: World) -> None:
    world.conversation()
    here = f"/customers/{world.dalia.id}/"
    answer = world.amara.post(f"{here}profile/", {"name": "x" * 130, "company": "Tern"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'aria-describedby="error-name"' in html
    assert "x" * 130 in html
    assert 'value="Tern"' in html
    answer = world.amara.post(f"{here}notes/", {"text": "  "})
    assert answer.status_code == 422
    assert "This is still empty." in answer.content.decode()


def test_notes_are_written_changed_and_erased_on_the_page(world: World) -> None:
    world.conversation()
    here = f"/customers/{world.dalia.id}/"
    assert world.amara.post(f"{here}notes/", {"text": "Ask for <b>the frame</b>"}).status_code == 303
    note = CustomerNote.objects.get()
    html = page(world.amara, here)
    assert "Ask for &lt;b&gt;the frame&lt;/b&gt;" in html
    assert f"/customers/notes/{note.pk}/erase/" in html
    assert "/customers/notes/" not in page(world.farid, here)  # a viewer reads it
    assert "the frame" in page(world.farid, here)
    assert world.amara.post(f"/customers/notes/{note.pk}/", {"text": "Now this"}).status_code == 303
    wrong = world.amara.post(f"/customers/notes/{note.pk}/", {"text": ""})
    assert wrong.status_code == 422
    assert "Now this" in page(world.edda, here)
    assert world.edda.post(f"/customers/notes/{note.pk}/erase/").status_code == 303
    assert "Now this" not in page(world.amara, here)


def test_a_note_is_for_the_brand_that_its_writer_chose(world: World) -> None:
    world.conversation()
    world.conversation(inbox=world.hello)
    here = f"/customers/{world.dalia.id}/"
    assert "Choose a brand" in page(world.chen, here)
    assert "Choose a brand" not in page(world.amara, here)
    assert world.chen.post(f"{here}notes/", {"text": "A word"}).status_code == 422
    world.chen.post(f"{here}notes/", {"text": "A word", "brand": str(world.kestrel.pk)})
    assert "A word" in page(world.gita, here)
    assert "A word" not in page(world.amara, here)


def test_what_was_tried_stands_beside_the_conversation_and_above_its_composer(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    here = f"/inbox/all-open/{row.pk}/"
    assert 'id="tried-line"' not in page(world.amara, here)
    done = world.amara.post(f"{here}tried/", {"what": "A restart", "outcome": "did_not_help"})
    assert done.status_code == 303
    step = TriedStep.objects.get()
    for path in (here, f"/inbox/all-open/{other.pk}/"):
        html = page(world.edda, path)
        assert html.index('id="tried-line"') < html.index('id="composer"')
        assert "did not help" in html
    world.amara.post(f"{here}tried/", {"step": str(step.pk), "outcome": "helped"})
    step.refresh_from_db()
    assert step.outcome == "helped"
    world.amara.post(f"{here}tried/", {"step": str(step.pk), "withdraw": "1"})
    assert not TriedStep.objects.exists()


@pytest.mark.parametrize("data", [{"what": "A"}, {"outcome": "magic"}, {"step": "x", "outcome": "helped"}])
def test_a_step_that_can_not_be_used_changes_nothing(world: World, data: dict[str, str]) -> None:
    row = world.conversation()
    assert world.amara.post(f"/inbox/all-open/{row.pk}/tried/", data).status_code == 422
    assert not TriedStep.objects.exists()


def test_the_page_says_how_sure_an_address_is_and_leads_to_the_company(world: World) -> None:
    world.conversation()
    describe_customer(world.dalia.row, profile=Profile(company="Tern Travel"), by=world.amara.actor)
    html = page(world.amara, f"/customers/{world.dalia.id}/")
    assert 'href="/customers/?q=Tern+Travel"' in html
    assert world.dalia.address in html
