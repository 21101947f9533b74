"""Files of drafts are kept for those who may send them; a draft that was sent is none any more."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from heed.conversations import richtext
from heed.conversations.actions.answering import reply
from heed.conversations.models import Attachment, Draft
from heed.conversations.richtext import HTML_CHARACTERS
from heed.testing.world import World


def test_a_file_for_a_draft_is_kept_and_called_by_its_id(world: World) -> None:
    row = world.conversation()
    file = SimpleUploadedFile("plan.txt", b"by hand")
    answer = world.amara.post("/drafts/", {"conversation": row.pk, "kind": "reply", "files": file})

    kept = Attachment.objects.get(uploaded_by=world.amara.row)
    assert answer.json() == {"files": [{"id": kept.pk, "name": "plan.txt", "size": 7}]}  # type: ignore[attr-defined]  # of a test's response
    assert not Draft.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("farid", 403), ("bruno", 404), ("nobody", 302)])
def test_who_may_not_answer_keeps_no_file(world: World, who: str, status: int) -> None:
    row = world.conversation()
    file = SimpleUploadedFile("plan.txt", b"by hand")
    posted = {"conversation": row.pk, "kind": "reply", "files": file}
    assert world.colleague(who).post("/drafts/", posted).status_code == status
    assert not Attachment.objects.exists()


def test_a_draft_that_arrives_after_it_was_sent_is_forgotten(world: World) -> None:
    row = world.conversation()
    reply(row, answer=world.answer(text="Done.", sent_once="k1"), by=world.amara.actor)
    posted = {"conversation": row.pk, "kind": "reply", "key": "k1"}
    world.amara.post("/drafts/", {**posted, "text": "Done."})
    assert not Draft.objects.exists()

    world.amara.post("/drafts/", {**posted, "text": "Done. And one more thing."})
    assert Draft.objects.get().text == "Done. And one more thing."


def test_other_words_with_the_key_of_a_sent_form_come_back_unsent(world: World) -> None:
    row = world.conversation()
    posted = {"text": "Done.", "to": world.dalia.address, "key": "k2", "kind": "reply", "send": "1"}
    href = f"/inbox/unassigned/{row.pk}/reply/"
    assert world.amara.post(href, posted).status_code == 303
    again = world.amara.post(href, {**posted, "text": "Done. And one more thing."})

    assert again.status_code == 409
    assert "And one more thing." in again.content.decode()
    assert 'value="k2"' not in again.content.decode()
    assert row.messages.filter(agent=world.amara.row).count() == 1


def test_what_was_begun_of_the_other_kind_stays_with_its_files(world: World) -> None:
    row = world.conversation()
    posted = {
        "text": "Done.",
        "note": "For us.",
        "note_files": SimpleUploadedFile("plan.txt", b"by hand"),
        "to": world.dalia.address,
        "key": "k3",
        "kind": "reply",
        "send": "1",
    }
    page = world.amara.post(f"/inbox/unassigned/{row.pk}/reply/", posted).content.decode()

    assert "plan.txt" in page
    assert Draft.objects.get().text == "For us."
    sent = row.messages.get(agent=world.amara.row)
    assert (sent.text, sent.attachments.count()) == ("Done.", 0)


LONG = "<p>" + "<b>a</b> " * (HTML_CHARACTERS // 9) + "</p><p>the very end</p>"


def test_what_is_too_long_is_refused_so_that_the_browser_keeps_its_copy(world: World) -> None:
    row = world.conversation()
    posted = {"conversation": row.pk, "kind": "reply", "text": "a", "html": LONG}
    for long, limit in ((posted, HTML_CHARACTERS), ({**posted, "text": "a" * 200_001, "html": ""}, 200_000)):
        answer = world.amara.post("/drafts/", long)
        assert answer.status_code == 422
        assert answer.json() == {"code": "too_long", "limit": limit}  # type: ignore[attr-defined]  # of a test's response
    assert not Draft.objects.exists()


@pytest.mark.parametrize("button", ["send", "draft"])
@pytest.mark.parametrize(("kind", "text", "html"), [("reply", "text", "html"), ("note", "note", "note_html")])
def test_a_form_that_is_too_long_comes_back_whole_and_says_so(
    world: World, kind: str, text: str, html: str, button: str
) -> None:
    row = world.conversation()
    posted = {"kind": kind, text: "a\nthe very end", html: LONG, "to": world.dalia.address, button: "1"}
    answer = world.amara.post(f"/inbox/unassigned/{row.pk}/reply/", posted)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"At most {HTML_CHARACTERS} characters fit" in page
    assert "&lt;p&gt;the very end&lt;/p&gt;" in page
    assert not Draft.objects.exists()
    assert not row.messages.filter(agent=world.amara.row).exists()


def test_rights_are_asked_before_anything_is_read(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row, read = world.conversation(), list[str]()
    monkeypatch.setattr(richtext, "written", read.append)
    posted = {"conversation": row.pk, "kind": "reply", "text": "a", "html": "<p><b>a</b></p>"}
    assert world.farid.post("/drafts/", posted).status_code == 403
    assert world.farid.post("/drafts/", {**posted, "kind": "note"}).status_code == 403
    assert world.farid.post(f"/inbox/unassigned/{row.pk}/reply/", posted).status_code == 403
    assert read == []
