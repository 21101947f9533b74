"""A customer's mail that an agent passes on becomes the customer's conversation; nobody else's forward does."""

from datetime import UTC, datetime, timedelta

import pytest

from heed.conversations.models import Attachment, Conversation, Message, Participant
from heed.eventlog.kinds import NoteAdded
from heed.eventlog.reader import read_after
from heed.intake.tests.letters import arrives, letter, received
from heed.intake.tests.test_senders import AGENT_PASSED, set_to
from heed.kernel import blobs, clock
from heed.kernel.words import Because, Confidence, Direction, Flag, Priority
from heed.people.models import Customer
from heed.testing.world import World

MX = "mx.linden.example"
AMARA = "Amara <amara@desk.example>"
WORDS = "Where is my bicycle?\n\nIt was to come on Friday."


@pytest.fixture(autouse=True)
def trusted(monkeypatch) -> None:
    set_to(monkeypatch, trusted_authserv=MX)


def passed_on(
    *, sender: str = "Nadia Karim <nadia@example.net>", note: str = "Please look after this one.", **how: str
) -> bytes:
    when = clock.now() - timedelta(hours=3)
    head = f"From: {sender}\nDate: {when:%d.%m.%Y %H:%M}\nSubject: My bicycle\nTo: {AMARA}"
    text = f"{note}\n\n---------- Forwarded message ---------\n{head}\n\n{WORDS}\n\n-- \nNadia Karim\nExample Street 1"
    more = how.get("more", AGENT_PASSED)
    return letter(
        how.get("message_id", "fw@desk.example"),
        sender=how.get("by", AMARA),
        subject="Fwd: My bicycle",
        text=text,
        more=more,
    )


def forwarded(world: World, raw: bytes) -> Message:
    return received(world, raw, mail_from="amara@desk.example")


def notes() -> list[Message]:
    return list(Message.objects.filter(direction=Direction.NOTE))


def test_what_an_agent_passes_on_is_the_customers_conversation(world: World) -> None:
    message = forwarded(world, passed_on())
    conversation = message.conversation
    nadia = Customer.objects.get(identities__value="nadia@example.net")
    assert (message.from_name, message.from_address) == ("Nadia Karim", "nadia@example.net")
    assert (message.customer, message.agent, message.forwarded_by) == (nadia, None, world.amara.row)
    assert (conversation.customer, conversation.subject) == (nadia, "My bicycle")
    assert conversation.priority == Priority.NORMAL
    assert message.text == WORDS
    assert "Example Street 1" in message.signature
    assert timedelta(hours=2, minutes=58) < message.received_at - message.at < timedelta(hours=3, minutes=2)
    assert (message.confidence, message.because) == (Confidence.UNKNOWN, Because.FORWARDED)
    assert nadia.name == "Nadia Karim"
    world.check()


def test_the_agents_own_words_are_a_note_and_no_customer_ever_reads_them(world: World) -> None:
    message = forwarded(world, passed_on())
    [note] = notes()
    assert (note.text, note.agent, note.conversation) == (
        "Please look after this one.",
        world.amara.row,
        message.conversation,
    )
    assert "Please look" not in message.text + message.quoted + message.html
    said = [event.data for event in read_after(0, limit=500) if isinstance(event.data, NoteAdded)]
    assert [kind.message for kind in said] == [note.pk]
    page = world.amara.get(f"/inbox/all-open/{message.conversation_id}/").content.decode()
    assert "Please look after this one." in page
    assert "Where is my bicycle?" in page


def test_without_words_of_their_own_there_is_no_note(world: World) -> None:
    message = forwarded(world, passed_on(note=""))
    assert message.text == WORDS
    assert notes() == []


def test_answers_go_to_the_customer_alone_and_no_machine_answers_first(world: World) -> None:
    message = forwarded(world, passed_on())
    people = Participant.objects.filter(conversation=message.conversation)
    assert [who.address for who in people] == ["nadia@example.net"]
    assert not Message.objects.filter(direction=Direction.OUT).exists()


def test_the_customer_who_answers_finds_their_conversation(world: World) -> None:
    message = forwarded(world, passed_on())
    answer = received(
        world,
        letter("more@example.net", sender="Nadia Karim <nadia@example.net>", refers=["fw@desk.example"]),
    )
    assert answer.conversation_id == message.conversation_id


def test_a_forward_that_comes_twice_is_one(world: World) -> None:
    raw = passed_on()
    first = forwarded(world, raw)
    assert forwarded(world, raw).pk == first.pk
    assert len(notes()) == 1
    assert Conversation.objects.count() == 1


def test_a_customer_who_forwards_stays_the_one_who_wrote(world: World) -> None:
    raw = passed_on(by="Dalia Haddad <dalia@example.org>", more="")
    message = received(world, raw)
    assert message.from_address == "dalia@example.org"
    assert message.forwarded_by is None
    assert not Customer.objects.filter(identities__value="nadia@example.net").exists()
    assert "Please look after this one." in message.text


def test_who_only_claims_to_be_an_agent_passes_nothing_on(world: World) -> None:
    message = forwarded(world, passed_on(more=""))
    assert (message.flag, message.forwarded_by, message.customer) == (Flag.FORGED, None, None)
    assert message.from_address == "amara@desk.example"
    assert not Customer.objects.filter(identities__value="nadia@example.net").exists()


@pytest.mark.parametrize("sender", ["Bruno <bruno@desk.example>", "Help <help@linden.example>"])
def test_mail_of_our_own_that_an_agent_passes_on_stays_the_agents(world: World, sender: str) -> None:
    message = forwarded(world, passed_on(sender=sender))
    assert (message.agent, message.forwarded_by, message.customer) == (world.amara.row, None, None)


def test_a_forward_to_somebody_outside_with_the_desk_in_copy_is_a_mail_of_ours(world: World) -> None:
    raw = passed_on().replace(
        b"To: help@linden.example", b"To: parts@maker.example\r\nCc: help@linden.example", 1
    )
    arrives(raw, mail_from="amara@desk.example")
    world.settle()
    assert Message.objects.get().direction == Direction.OUT
    assert not Message.objects.filter(forwarded_by__isnull=False).exists()
    assert not Customer.objects.filter(identities__value="nadia@example.net").exists()


def attached() -> bytes:
    original = letter(
        "first@example.net",
        sender="Nadia Karim <nadia@example.net>",
        to="amara@desk.example",
        subject="My bicycle",
        date=datetime(2026, 1, 2, 9, tzinfo=UTC),
        more="MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=c",
        text=f"--c\r\n\r\n{WORDS}\r\n--c\r\nContent-Type: image/png; name=wheel.png\r\n\r\nnot really\r\n--c--",
    ).decode()
    body = f"--b\r\n\r\nFor you.\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n{original}\r\n--b--"
    more = f"{AGENT_PASSED}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b"
    return letter("fw@desk.example", sender=AMARA, subject="My bicycle", text=body, more=more)


def test_an_attached_mail_comes_with_its_files_and_is_joined_by_its_own_id(world: World) -> None:
    message = forwarded(world, attached())
    assert (message.from_address, message.text) == ("nadia@example.net", WORDS)
    [file] = Attachment.objects.filter(message=message)
    assert file.filename == "wheel.png"
    assert blobs.read(file.blob_id) == b"not really"
    assert [note.text for note in notes()] == ["For you."]
    later = letter("b@example.net", sender="Nadia Karim <nadia@example.net>", refers=["first@example.net"])
    assert received(world, later).conversation_id == message.conversation_id


def test_a_date_too_far_back_is_a_slip_and_the_forwards_own_counts(world: World) -> None:
    raw = passed_on().replace(b"Date: ", b"X: ", 1).replace(b"\nDate: ", b"\nDate: 01.01.2001 10:00 or ", 1)
    message = forwarded(world, raw)
    assert message.from_address == "nadia@example.net"
    assert message.received_at - message.at < timedelta(minutes=5)


def test_the_page_says_who_passed_it_on_and_folds_the_signature_away(world: World) -> None:
    message = forwarded(world, passed_on())
    page = world.amara.get(f"/inbox/all-open/{message.conversation_id}/").content.decode()
    assert "Amara passed this on." in page
    before, _, folded = page.partition('<details class="quoted signature">')
    assert "Example Street 1" not in before
    assert "Example Street 1" in folded
    whole = world.amara.get(f"/messages/{message.pk}/text/").content.decode()
    assert "Example Street 1" in whole
