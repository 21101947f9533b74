"""Texts with a form: kept beside their words in answers, notes and drafts, with the images of their writer."""

import pytest

from heed.conversations.actions.answering import TEXT_CHARACTERS, Wait, add_note, reply
from heed.conversations.actions.holding import take_back
from heed.conversations.actions.labels import DRAFT_CHARACTERS, Beside, save_draft
from heed.conversations.actions.merging import merge
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Draft
from heed.conversations.richtext import (
    HTML_CHARACTERS,
    content_id,
    files_in,
    form_of,
    formed,
    joined,
    says_the_same,
)
from heed.kernel import blobs, clock
from heed.kernel.errors import Unusable
from heed.kernel.words import HeldFor
from heed.testing.world import Colleague, World

PIXEL = b"\x89PNG\r\n\x1a\n" + bytes(40)


def image(who: Colleague, content: bytes = PIXEL) -> Attachment:
    file = Attachment(
        blob_id=blobs.put(content),
        filename="bell.png",
        content_type="image/png",
        size=len(content),
        is_inline=True,
    )
    return upload(file, by=who.actor)


def shown(file: Attachment) -> str:
    return f'<p>See <img src="cid:{content_id(file.pk)}" alt="bell.png"></p>'


def test_an_answer_keeps_its_form_and_its_words_are_made_of_it(world: World) -> None:
    row = world.conversation()
    answer = world.answer(
        text="something else", html="<p>It is <b onclick=x>yours</b>.</p><script>1</script>"
    )
    message = reply(row, answer=answer, by=world.amara.actor)
    assert message.text == "It is yours."
    assert form_of(message.html) == "<p>It is <strong>yours</strong>.</p>"
    plain = reply(row, answer=world.answer(html="<p>Only words</p>"), by=world.amara.actor)
    assert (plain.text, plain.html) == ("Only words", "")


def test_images_go_with_the_answer_but_only_the_writers_own(world: World) -> None:
    row = world.conversation()
    mine, hers = image(world.amara), image(world.edda, PIXEL + b"2")
    message = reply(row, answer=world.answer(html=shown(mine) + shown(hers)), by=world.amara.actor)
    assert files_in(form_of(message.html)) == [mine.pk]
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.message_id, mine.content_id, mine.is_inline) == (message.pk, content_id(mine.pk), True)
    assert hers.message_id is None


def test_a_note_has_a_form_too(world: World) -> None:
    note = add_note(
        world.conversation(),
        text="",
        html="<ul><li>one</li></ul>",
        sent_once="a",
        files=(),
        by=world.amara.actor,
    )
    assert (note.text, form_of(note.html)) == ("- one", "<ul><li>one</li></ul>")


def test_a_draft_keeps_form_and_files_of_its_writer(world: World) -> None:
    row, mine, hers = world.conversation(), image(world.amara), image(world.edda, PIXEL + b"2")
    save_draft(row, kind="out", text="", beside=Beside(shown(mine), [hers.pk, mine.pk]), by=world.amara.actor)
    draft = Draft.objects.get(conversation=row)
    assert (draft.text, draft.html, draft.files) == ("See [bell.png]", shown(mine), [mine.pk])
    save_draft(row, kind="out", text="plain now", beside=Beside("", ()), by=world.amara.actor)
    draft.refresh_from_db()
    assert (draft.text, draft.html, draft.files) == ("plain now", "", [])
    save_draft(row, kind="out", text="", beside=Beside("", [mine.pk]), by=world.amara.actor)
    assert Draft.objects.get(conversation=row).files == [mine.pk]  # a file alone is worth keeping


def test_undo_brings_the_form_and_its_images_back_above_what_was_begun(world: World) -> None:
    row, mine = world.conversation(), image(world.amara)
    wait = Wait(clock.now(), HeldFor.UNDO)
    message = reply(row, answer=world.answer(html=shown(mine), wait=wait), by=world.amara.actor)
    take_back(message, begun="Next", begun_html="<p><b>Next</b></p>", by=world.amara.actor)
    draft = Draft.objects.get(conversation=row)
    assert draft.html == f"{shown(mine)}<p><strong>Next</strong></p>"
    assert draft.text == "See [bell.png]\n\nNext"
    assert draft.files == [mine.pk]
    again = reply(row, answer=world.answer(html=draft.html), by=world.amara.actor)
    assert files_in(form_of(again.html)) == [mine.pk]


def test_merged_drafts_keep_both_forms(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    save_draft(one, kind="out", text="", beside=Beside("<p><b>One</b></p>"), by=world.amara.actor)
    save_draft(two, kind="out", text="Two", by=world.amara.actor)
    merge(one, into=two, by=world.amara.actor)
    draft = Draft.objects.get(conversation=two)
    assert (draft.text, draft.html) == ("Two\n\nOne", "<p>Two</p><p><strong>One</strong></p>")


def test_forms_are_the_same_when_they_are_read_again() -> None:
    text, html = formed("", "<p>a <b>b</b></p>")
    assert formed(text, html) == (text, html)
    assert joined(("a", ""), ("", "")) == ("a", "")
    assert says_the_same("See [x]", shown_as(1), "See", "<p>See</p>")
    assert not says_the_same("a", "", "b", "")


def shown_as(number: int) -> str:
    return f'<p>See <img src="cid:{content_id(number)}" alt="x"></p>'


def test_a_form_that_is_too_long_is_refused_and_never_cut(world: World) -> None:
    row, too_long = world.conversation(), "<p><b>a</b></p>" + "<p>b &amp; c</p>" * (HTML_CHARACTERS // 16)
    just = "<p><b>a</b></p><p>" + "b" * (TEXT_CHARACTERS - 100) + "</p><p>the end</p>"
    for doing in (
        lambda: reply(row, answer=world.answer(html=too_long), by=world.amara.actor),
        lambda: add_note(row, text="", html=too_long, sent_once="", files=(), by=world.amara.actor),
        lambda: save_draft(row, kind="out", text="", beside=Beside(too_long), by=world.amara.actor),
        lambda: save_draft(row, kind="out", text="x" * (DRAFT_CHARACTERS + 1), by=world.amara.actor),
        lambda: formed("", "<p>" + "&" * 40_000 + "b" * 300_000 + "</p>"),  # longer once it is written out
    ):
        with pytest.raises(Unusable) as caught:
            doing()
        assert (caught.value.field, caught.value.reason) == ("text", "too_long")
    assert not Draft.objects.exists()
    save_draft(row, kind="out", text="", beside=Beside(just), by=world.amara.actor)
    assert Draft.objects.get().html.endswith("<p>the end</p>")
    assert reply(row, answer=world.answer(html=just), by=world.amara.actor).text.endswith("the end")
