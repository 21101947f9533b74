"""What is offered while one writes: saved replies filled in for the conversation, and colleagues to call."""

from typing import Any

import pytest

from heed.answering.actions.saved_replies import Wanted, add_saved_reply, attach_to_reply
from heed.answering.models import SavedReply, SavedReplyFile
from heed.conversations.actions.answering import add_note
from heed.conversations.models import Attachment
from heed.kernel import blobs
from heed.kernel.words import TeamId
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def kept(world: World, **values: Any) -> SavedReply:
    wanted: dict[str, Any] = {"name": "Refund", "texts": {"en": "Dear {{ customer.first_name }}"}}
    wanted |= {"folder": "Money", "team": TeamId(world.payments.pk)}
    return add_saved_reply(world.linden, wanted=Wanted(**wanted | values), by=world.edda.actor)


def asked(who: Colleague, path: str) -> Any:
    answer = who.get(path)
    assert answer.status_code == 200
    return answer.json()  # type: ignore[attr-defined]  # of a test's response


def test_a_reply_comes_filled_in_with_its_folder(world: World) -> None:
    kept(world)
    number = world.conversation().pk
    (told,) = asked(world.amara, f"/conversations/{number}/saved-replies/?q=ref")["replies"]
    assert (told["name"], told["detail"], told["text"], told["files"]) == (
        "Refund",
        "Money",
        "Dear Dalia",
        "",
    )
    assert asked(world.amara, f"/conversations/{number}/saved-replies/?q=zzz") == {"replies": []}


def test_what_is_not_known_asks_for_itself_and_another_language_is_said(world: World) -> None:
    kept(world)
    number = world.conversation(customer=world.jonas).pk
    (told,) = asked(world.amara, f"/conversations/{number}/saved-replies/")["replies"]
    assert told["text"] == "Dear ⟦the customer’s first name⟧"
    assert told["detail"] == "English instead of German"


def test_one_small_answer_in_few_queries(world: World) -> None:
    for name in range(40):
        kept(world, name=f"Refund {name}")
    path = f"/conversations/{world.conversation().pk}/saved-replies/?q=ref"
    world.amara.get(path)
    with assert_queries(at_most=10):
        answer = world.amara.get(path)
    assert len(answer.content) < 4_000


@pytest.mark.parametrize(
    ("who", "status"), [("amara", 200), ("farid", 403), ("bruno", 404), ("gita", 404), ("nobody", 302)]
)
def test_only_who_may_answer_is_offered_anything(world: World, who: str, status: int) -> None:
    row = kept(world)
    number = world.conversation().pk
    for path in (f"/conversations/{number}/saved-replies/", f"/conversations/{number}/mentions/"):
        assert world.colleague(who).get(path).status_code == status
    path = f"/conversations/{number}/saved-replies/{row.pk}/files/"
    assert world.colleague(who).post(path).status_code == status


def test_files_come_as_ones_own(world: World) -> None:
    row = kept(world)
    file = SavedReplyFile(blob_id=blobs.put(b"form"), filename="form.pdf", content_type="x/y", size=4)
    attach_to_reply(row, file=file, by=world.edda.actor)
    number = world.conversation().pk
    (told,) = asked(world.amara, f"/conversations/{number}/saved-replies/")["replies"]
    answer: Any = world.amara.post(told["files"])
    mine = Attachment.objects.get(uploaded_by=world.amara.row)
    assert answer.json() == {"files": [{"id": mine.pk, "name": "form.pdf", "size": 4}]}


def test_a_reply_of_another_brand_gives_no_files_here(world: World) -> None:
    wanted = Wanted(name="Maps", texts={"fr": "Bonjour"})
    theirs = add_saved_reply(world.kestrel, wanted=wanted, by=world.chen.actor)
    number = world.conversation().pk
    path = f"/conversations/{number}/saved-replies/{theirs.pk}/files/"
    assert world.chen.post(path).status_code == 404


def test_colleagues_who_may_see_it_are_offered_by_their_letters(world: World) -> None:
    number = world.conversation().pk
    people = asked(world.amara, f"/conversations/{number}/mentions/?q=")["people"]
    assert [one["name"] for one in people] == ["Payments", "Chen", "Edda", "Farid"]
    assert people[0]["detail"] == "team"
    assert asked(world.amara, f"/conversations/{number}/mentions/?q=bru") == {"people": []}


def test_a_call_is_a_chip_in_the_note_and_a_line_in_ones_mentions(world: World) -> None:
    row = world.conversation(subject="Called here")
    text = "@Edda, not @Bruno; see https://x.example/@Edda <b>@edda</b>"
    add_note(row, text=text, sent_once="", files=(), by=world.amara.actor)
    page = world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode()
    assert page.count('<span class="mention">@Edda</span>') == 1
    assert '<span class="mention">@Bruno' not in page
    assert "&lt;b&gt;" in page
    assert "Called here" in world.edda.get("/inbox/mentions/").content.decode()
    assert "Nobody has called you yet" in world.chen.get("/inbox/mentions/").content.decode()
