"""What stands in files is found by the same search as what was written, by those who may see it, on both engines."""

import threading
import time
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from heed.conversations import file_texts
from heed.conversations.actions.answering import add_note, reply
from heed.conversations.actions.file_texts import keep_text
from heed.conversations.actions.uploads import upload
from heed.conversations.filters import read
from heed.conversations.incoming import StoredFile
from heed.conversations.models import Attachment, Conversation, FileText
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import Found, search
from heed.eventlog import due
from heed.eventlog.due import ClaimLost
from heed.eventlog.unit import unit
from heed.files.apart import Words, words_in
from heed.files.tests import samples
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.customer_words import FileTrouble
from heed.kernel.errors import Refused
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

PDF = samples.pdf("Invoice 4711-0815 for a titanium sprocket")


def kept(content: bytes = PDF, name: str = "invoice.pdf", kind: str = "application/pdf") -> StoredFile:
    return StoredFile(blobs.put(content), len(content), name, kind)


def mailed(world: World, *files: StoredFile, text: str = "See the file.", **more: object) -> Conversation:
    row = world.conversation(**more)  # type: ignore[arg-type]  # each test knows its own
    world.writes(row, text=text, files=files)
    return row


def find(who: Colleague, text: str) -> Found:
    return search(Reader(who.actor, ZoneInfo("UTC")), read(text).filter)


def numbers(found: Found) -> list[int]:
    return [hit.conversation.pk for hit in found.hits]


def test_a_word_of_a_pdf_finds_its_conversation_and_says_in_which_file(world: World) -> None:
    row = mailed(world, kept())
    assert find(world.amara, "sprocket ").hits == ()
    world.settle()
    hit = find(world.amara, "titanium spro").hits[0]
    assert (hit.conversation, hit.file) == (row, "invoice.pdf")
    assert [piece.text for piece in hit.passage if piece.is_marked] == ["titanium", "sprocket"]
    assert numbers(find(world.amara, "0815")) == numbers(find(world.amara, "file sprocket ")) == [row.pk]
    assert find(world.amara, '"file invoice"').hits == ()  # no phrase reaches from the mail into the file
    assert find(world.amara, "see ").hits[0].file == ""
    for stranger in (world.bruno, world.gita):
        assert find(stranger, "sprocket ").hits == ()


@pytest.mark.parametrize(
    ("content", "name", "word"),
    [
        ("Ein Würfel".encode(), "note.txt", "wurfel"),
        (samples.docx("Der Würfel"), "a.docx", "würfel "),
        (samples.xlsx(), "sheet.xlsx", "4711 "),
        (samples.odt(), "b.odt", "SATTEL "),
        (samples.pptx(), "talk.pptx", "last "),
    ],
)
def test_words_of_other_files_are_found_too(world: World, content: bytes, name: str, word: str) -> None:
    row = mailed(world, kept(content, name, "application/octet-stream"))
    world.settle()
    assert [(hit.conversation, hit.file) for hit in find(world.amara, word).hits] == [(row, name)]


def test_files_of_ones_own_answers_and_notes_are_read_as_well(world: World) -> None:
    row = world.conversation()
    for text, verb in (("Wheel", "answer"), ("Spoke", "note")):
        content = samples.pdf(f"{text} plan")
        file = Attachment(
            blob_id=blobs.put(content), filename="plan.pdf", content_type="application/pdf", size=len(content)
        )
        number = upload(file, by=world.amara.actor).pk
        if verb == "answer":
            reply(row, answer=world.answer(text="Here.", files=[number]), by=world.amara.actor)
        else:
            add_note(row, text="For you", sent_once="k", files=[number], by=world.amara.actor)
    world.settle()
    assert numbers(find(world.amara, "wheel ")) == numbers(find(world.amara, "spoke ")) == [row.pk]


def test_images_inside_and_what_has_no_words_are_not_read(world: World) -> None:
    png = StoredFile(blobs.put(b"\x89PNG"), 4, "a.png", "image/png")
    inside = StoredFile(blobs.put(PDF), len(PDF), "a.pdf", "application/pdf", is_inline=True)
    mailed(world, png, inside)
    assert not FileText.objects.exists()
    mailed(world, kept())
    assert FileText.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "trouble"),
    [(b"%PDF-1.4 no", FileTrouble.BROKEN), (b"", FileTrouble.BROKEN)],
)
def test_a_broken_file_is_said_to_be_so_and_tried_no_more(
    world: World, content: bytes, trouble: FileTrouble
) -> None:
    mailed(world, kept(content))
    world.settle()
    row = FileText.objects.get()
    assert (row.trouble, row.due_at, row.text) == (trouble, None, "")
    assert file_texts.waiting() == file_texts.step() == 0


def test_what_is_too_large_gone_or_ended_its_worker_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailed(world, kept(PDF + b" "), kept(PDF + b"  ", name="b.pdf"), kept(name="c.pdf"))
    large, gone, deadly = FileText.objects.order_by("pk")
    Attachment.objects.filter(pk=large.pk).update(size=config.file_read_bytes + 1)
    blobs.delete(gone.attachment.blob_id)
    FileText.objects.filter(pk=deadly.pk).update(attempts=file_texts.TRIES)
    file_texts.step()
    assert [row.trouble for row in FileText.objects.order_by("pk")] == [
        FileTrouble.TOO_LARGE,
        FileTrouble.GONE,
        FileTrouble.TOO_MUCH,
    ]


def claimed(world: World) -> FileText:
    mailed(world, kept())
    return due.claim(FileText, limit=1, lease_seconds=60)[0]


def test_what_is_kept_twice_is_kept_once(world: World) -> None:
    row = claimed(world)
    size = world.log_size()
    keep_text(row, words=Words("titanium sprocket"), by=SYSTEM)
    with pytest.raises(ClaimLost):
        keep_text(row, words=Words("another"), by=SYSTEM)
    assert (FileText.objects.get().text, world.log_size()) == ("titanium sprocket", size)


def test_only_the_desk_itself_keeps_texts(world: World) -> None:
    row = claimed(world)
    for who in (world.chen, world.nobody):
        with pytest.raises(Refused):
            keep_text(row, words=Words("x"), by=who.actor)
    assert FileText.objects.get().text == ""


def test_a_claim_that_ran_out_keeps_nothing(world: World) -> None:
    row = claimed(world)
    with time_machine.travel(clock.now().timestamp() + 61, tick=False):
        again = due.claim(FileText, limit=1, lease_seconds=60)[0]
        with pytest.raises(ClaimLost):
            keep_text(row, words=Words("late"), by=SYSTEM)
        keep_text(again, words=Words("in time"), by=SYSTEM)
    assert FileText.objects.get().text == "in time"


def test_a_file_without_words_leaves_what_is_found_as_it_was(world: World) -> None:
    row = claimed(world)
    keep_text(row, words=Words(trouble=FileTrouble.LOCKED), by=SYSTEM)
    assert (FileText.objects.get().trouble, FileText.objects.get().due_at) == (FileTrouble.LOCKED, None)
    assert len(find(world.amara, "see file ").hits) == 1


def test_a_search_asks_one_query_more_where_files_are_shown(world: World) -> None:
    for _ in range(3):
        mailed(world, kept())
    world.settle()
    reader, asked = Reader(world.chen.actor, ZoneInfo("UTC")), read("sprocket ").filter
    with assert_queries(at_most=6):
        assert len(search(reader, asked).hits) == 3


def test_parts_of_addresses_and_of_long_numbers_are_found(world: World) -> None:
    row = world.conversation(text="My frame is DE8812345678 since May.", subject="Grüße")
    assert world.dalia.address == "dalia@example.org"
    for text in ("alia", "dalia@exam", "xamp ", "1234567", "5678", "881234"):
        assert numbers(find(world.amara, text)) == [row.pk], text
    assert find(world.amara, "rame ").hits == ()  # words of a text are not found from within
    assert find(world.amara, "1243").hits == ()
    sender = find(world.amara, "alia").hits[0].sender
    assert any(piece.is_marked and piece.text == "dalia" for piece in sender)


def test_a_file_that_no_database_takes_leaves_the_others_of_its_batch_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = mailed(world, kept(samples.surrogate_pdf(), "half.pdf"), kept())
    untidy = kept(samples.pdf("untidy"), "untidy.pdf")
    mailed(world, untidy)
    monkeypatch.setattr(
        file_texts,
        "words_in",
        lambda content, kind, *, bounds: (
            Words("\ud83d") if b"untidy" in content else words_in(content, kind, bounds=bounds)
        ),
    )
    world.settle()
    assert numbers(find(world.amara, "sprocket ")) == numbers(find(world.amara, "hello ")) == [row.pk]
    assert [kept.trouble for kept in FileText.objects.order_by("pk")] == ["", "", FileTrouble.BROKEN]
    assert file_texts.waiting() == 0


def test_a_file_that_is_deleted_while_it_waits_is_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = mailed(world, kept(PDF + b" ", "gone.pdf"), kept())
    gone = FileText.objects.order_by("pk")[0].attachment
    claim = due.claim

    def claimed_and_deleted(*args: object, **kwargs: object) -> list[FileText]:
        found: list[FileText] = claim(*args, **kwargs)  # type: ignore[arg-type]  # as it is called
        gone.delete()
        return found

    monkeypatch.setattr(due, "claim", claimed_and_deleted)
    assert file_texts.step() == 2
    assert numbers(find(world.amara, "sprocket ")) == [row.pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_read_files_of_one_message_keep_the_words_of_both(unchecked_world: World) -> None:
    world = unchecked_world
    row = mailed(world, kept(), kept(PDF + b" ", "b.pdf"))
    world.read_log()
    one, two = due.claim(FileText, limit=2, lease_seconds=60)

    def keep_the_other() -> None:
        try:
            keep_text(two, words=Words("saddle"), by=SYSTEM)
        finally:
            connection.close()

    other = threading.Thread(target=keep_the_other)
    with unit():
        keep_text(one, words=Words("titanium"), by=SYSTEM)
        other.start()
        time.sleep(0.3)
        assert other.is_alive()  # it waits for the first
    other.join(10)
    assert numbers(find(world.amara, "titanium ")) == numbers(find(world.amara, "saddle ")) == [row.pk]
