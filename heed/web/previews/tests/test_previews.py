"""What is shown of files, what is not, and that nothing of a stranger's runs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from heed.conversations.incoming import StoredFile
from heed.conversations.models import Attachment
from heed.files import turns
from heed.files.tests.samples import nested_pdf, pdf, surrogate_pdf
from heed.files.turns import AT_ONCE
from heed.kernel import blobs
from heed.testing.world import World

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
TABLE = "Name;Betrag\n<script>alert(1)</script>;12 €\n".encode()


def sent(world: World, content: bytes, name: str, content_type: str) -> Attachment:
    """A file that a customer sent."""
    file = StoredFile(blobs.put(content), len(content), name, content_type)
    message = world.writes(world.conversation(), files=(file,))
    return message.attachments.get()


def shown(world: World, file: Attachment) -> str:
    answer = world.amara.get(f"/attachments/{file.pk}/preview/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_table_is_shown_by_its_beginning_and_as_words(world: World) -> None:
    page = shown(world, sent(world, TABLE + b"x" * 50_000, "sums.csv", "text/csv"))
    assert "12 €" in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert "This is the beginning" in page
    assert "x" * 30_000 not in page


def test_pages_of_a_pdf_are_pictures_with_their_sizes(world: World) -> None:
    file = sent(world, pdf("One", "Two"), "leaflet.pdf", "application/pdf")
    page = shown(world, file)
    assert f'src="/attachments/{file.pk}/pages/1/" width="1000" height="1334"' in page
    drawn = world.amara.get(f"/attachments/{file.pk}/pages/1/")
    assert (drawn.status_code, drawn.headers["Content-Type"]) == (200, "image/png")
    assert "sandbox" in drawn.headers["Content-Security-Policy"]
    assert world.amara.get(f"/attachments/{file.pk}/pages/2/").status_code == 424
    assert world.amara.get(f"/attachments/{file.pk}/pages/20/").status_code == 404
    assert world.gita.get(f"/attachments/{file.pk}/pages/0/").status_code == 404


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (b"%PDF-1.7 broken", "a.pdf", "application/pdf"),
        (nested_pdf(3_000), "b.pdf", "application/pdf"),
        (b"<html><script>alert(1)</script>", "c.html", "text/html"),
        (b"<svg onload='alert(1)'/>", "d.svg", "image/svg+xml"),
        (b"MZ" + b"\0" * 200, "e.exe", "application/pdf"),
    ],
)
def test_what_cannot_be_shown_is_said_and_can_be_kept(
    world: World, content: bytes, name: str, content_type: str
) -> None:
    file = sent(world, content, name, content_type)
    page = shown(world, file)
    assert "be shown" in page
    assert f'href="/attachments/{file.pk}/" download' in page
    assert "alert(1)" not in page
    assert world.amara.get(f"/attachments/{file.pk}/pages/0/").status_code in (404, 424)


def test_an_image_is_shown_when_it_is_one(world: World) -> None:
    file = sent(world, PNG, "photo.png", "image/png")
    assert f'src="/attachments/{file.pk}/?inline=1"' in shown(world, file)
    assert "?inline=1" not in shown(world, sent(world, b"no image", "photo.png", "image/png"))


def test_the_conversation_leads_to_the_preview_and_past_it(world: World) -> None:
    file = sent(world, TABLE, "sums.csv", "text/csv")
    assert file.message is not None
    text = world.amara.get(f"/inbox/all-open/{file.message.conversation_id}/").content.decode()
    assert f'href="/attachments/{file.pk}/preview/"' in text
    assert f'class="attachment-keep" href="/attachments/{file.pk}/" download' in text


def test_half_characters_of_a_pdf_that_has_no_pages_to_draw_are_shown_as_words(world: World) -> None:
    content = surrogate_pdf().replace(b"/MediaBox [0 0 300 200]", b"/MediaBox [0 0 .30 20]")
    assert "hello" in shown(world, sent(world, content, "half.pdf", "application/pdf"))


@contextmanager
def all_turns_taken() -> Iterator[None]:
    """As while two files take all the time that they get."""
    for _ in range(2):
        assert AT_ONCE.acquire(timeout=30)
    try:
        yield
    finally:
        AT_ONCE.release(2)


def test_who_waits_for_the_files_of_others_is_told_so_and_holds_no_thread(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT_SECONDS", 0.01)
    drawn = sent(world, pdf("One"), "leaflet.pdf", "application/pdf")
    read = sent(world, TABLE, "sums.csv", "text/csv")
    with all_turns_taken():
        for file in (drawn, read):
            answer = world.amara.get(f"/attachments/{file.pk}/preview/")
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
            assert "load this page again" in answer.content.decode()
            assert f'href="/attachments/{file.pk}/" download' in answer.content.decode()
        picture = world.amara.get(f"/attachments/{drawn.pk}/pages/0/")
        assert (picture.status_code, picture.headers["Retry-After"]) == (503, "5")
    assert "12 €" in shown(world, read)
    assert world.amara.get(f"/attachments/{drawn.pk}/pages/0/").status_code == 200
