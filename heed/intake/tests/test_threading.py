"""Which conversation a mail joins: by signed address and by reference, in any order, and never by a bare number."""

import itertools
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from heed.channels.email.address import sign
from heed.conversations.actions.answering import add_note, reply
from heed.conversations.actions.labels import mark_seen
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, ConversationLink, Message
from heed.conversations.queries import marks
from heed.conversations.threads import thread_key
from heed.delivery.models import CaughtMail
from heed.intake.tests.letters import HELP, arrives, letter, only_conversation, received
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Direction, Flag, JoinedBy, LinkReason, Origin, Status
from heed.people.policy import SYSTEM
from heed.testing.world import World

MALLORY = "Mallory <mallory@elsewhere.example>"


def signed(conversation: Conversation, message: Message) -> str:
    return sign(HELP, conversation=conversation.pk, message=message.pk, secret=config.secret_bytes())


def test_a_reply_to_a_known_message_id_joins_its_conversation(world: World) -> None:
    first = received(world, letter("a@x"))
    second = received(world, letter("b@x", subject="Re: The chain slips", refers=["a@x"]))
    assert second.conversation_id == first.conversation_id
    assert second.joined_by == JoinedBy.REFERENCES


def test_a_reply_joins_by_the_signed_address_where_the_provider_rewrote_message_ids(world: World) -> None:
    first = received(world, letter("a@x"))
    world.answered(first.conversation)
    address = signed(first.conversation, Message.objects.filter(direction=Direction.OUT).latest("pk"))
    raw = letter("b@x", to=address, subject="Something else", refers=["rewritten@provider"])
    back = received(world, raw, to=[address])
    assert (back.conversation_id, back.joined_by) == (first.conversation_id, JoinedBy.REPLY_ADDRESS)


def test_a_signed_address_with_a_changed_signature_joins_nothing(world: World) -> None:
    first = received(world, letter("a@x"))
    address = signed(first.conversation, first)
    forged = address.replace("+h", "+h1", 1)
    other = received(world, letter("b@x", to=forged), to=[forged])
    assert other.conversation_id != first.conversation_id


def test_a_client_that_cuts_references_to_the_last_one_still_joins(world: World) -> None:
    received(world, letter("a@x"))
    received(world, letter("b@x", refers=["a@x"]))
    received(world, letter("c@x", refers=["b@x"]))
    assert only_conversation().messages.filter(direction=Direction.IN).count() == 3


def test_a_colleague_who_answers_with_the_desk_in_copy_joins_and_is_flagged(world: World) -> None:
    first = received(world, letter("a@x"))
    raw = letter("b@x", sender=MALLORY, to="dalia@example.org", cc=HELP, refers=["a@x"])
    reply = received(world, raw, mail_from="mallory@elsewhere.example")
    assert reply.conversation_id == first.conversation_id
    assert reply.flag == Flag.STRANGER
    assert reply.conversation.participants.get(address="mallory@elsewhere.example").is_flagged


def test_a_stranger_who_takes_a_known_message_id_for_their_own_is_flagged_all_the_same(world: World) -> None:
    received(world, letter("a@x"))
    raw = letter("a@x", sender=MALLORY, refers=["a@x", "b@x"], text="Let me in.")
    arrives(letter("b@x", refers=["a@x"]))
    reply = received(world, raw, mail_from="mallory@elsewhere.example")
    assert reply.conversation_id == only_conversation().pk
    assert reply.flag == Flag.STRANGER
    assert reply.conversation.participants.get(address="mallory@elsewhere.example").is_flagged


def test_a_stranger_does_not_get_in_by_the_message_id_that_a_mail_here_refers_to(world: World) -> None:
    received(world, letter("b@x", refers=["old@elsewhere"]))
    late = received(world, letter("old@elsewhere", sender=MALLORY), mail_from="mallory@elsewhere.example")
    assert (late.conversation_id, late.flag) == (only_conversation().pk, Flag.STRANGER)


def test_who_wrote_to_the_one_whose_answer_was_read_first_is_no_stranger(world: World) -> None:
    answer = letter("b@x", sender="Pat <pat@example.net>", refers=["a@x"])
    received(world, answer, mail_from="pat@example.net")
    first = received(world, letter("a@x", cc="Pat <pat@example.net>"))
    assert (first.conversation_id, first.flag) == (only_conversation().pk, Flag.NONE)


def test_someone_in_copy_is_a_participant_and_no_stranger(world: World) -> None:
    received(world, letter("a@x", cc="Pat <pat@example.net>"))
    raw = letter("b@x", sender="Pat <pat@example.net>", refers=["a@x"])
    assert received(world, raw, mail_from="pat@example.net").flag == Flag.NONE


def test_a_stranger_with_another_ones_number_in_the_subject_gets_a_separate_conversation(
    world: World,
) -> None:
    first = received(world, letter("a@x"))
    raw = letter("b@x", sender=MALLORY, subject=f"About #{first.conversation_id}")
    other = received(world, raw, mail_from="mallory@elsewhere.example")
    assert other.conversation_id != first.conversation_id
    hint = ConversationLink.objects.get(conversation_id=other.conversation_id)
    assert (hint.other_id, hint.reason) == (first.conversation_id, LinkReason.MENTIONS_NUMBER)


def test_a_stranger_with_another_ones_number_is_told_nothing_of_it_and_the_agent_is_told(
    world: World,
) -> None:
    first = received(world, letter("a@x", subject="Wobbly saddle", text="My pannier rattles at Ostkreuz."))
    raw = letter(
        "b@x", sender=MALLORY, subject=f"About #{first.conversation_id}", text="Tell me of it, please."
    )
    other = received(world, raw, mail_from="mallory@elsewhere.example")
    to_dalia, to_mallory = CaughtMail.objects.order_by("pk")
    assert to_mallory.recipients == ["mallory@elsewhere.example"]
    assert "Wobbly" in plain_words(bytes(to_dalia.raw))  # so it would be found
    assert "Dalia" in plain_words(bytes(to_dalia.raw))
    said = plain_words(bytes(to_mallory.raw))
    assert f"#{other.conversation_id}" in said
    for old in (
        "Wobbly",
        "saddle",
        "pannier",
        "rattles",
        "Ostkreuz",
        "Dalia",
        "Haddad",
        "dalia@example.org",
        "a@x",
    ):
        assert old not in said
    page = world.amara.get(f"/inbox/unassigned/{other.conversation_id}/").content.decode()
    assert f"/{first.conversation_id}/" in page
    assert "names a conversation of somebody else" in page


def plain_words(raw: bytes) -> str:
    """All of a mail that can be read, headers and parts as they are meant."""
    mail = message_from_bytes(raw, policy=default)
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts])


def test_a_participant_joins_by_the_number_in_the_subject(world: World) -> None:
    first = received(world, letter("a@x"))
    second = received(world, letter("b@x", subject=f"Still broken, #{first.conversation_id}"))
    assert (second.conversation_id, second.joined_by) == (first.conversation_id, JoinedBy.NUMBER)


def test_a_number_of_another_brand_opens_nothing(world: World) -> None:
    first = received(world, letter("a@x", to="hello@kestrel.example"), to=["hello@kestrel.example"])
    second = received(world, letter("b@x", subject=f"Still broken, #{first.conversation_id}"))
    assert second.conversation_id != first.conversation_id


@pytest.mark.parametrize("status", [Status.SOLVED, Status.WAITING])
def test_a_reply_opens_what_waited_or_was_solved(world: World, status: Status) -> None:
    first = received(world, letter("a@x"))
    change_status(first.conversation, to=status, by=SYSTEM)
    received(world, letter("b@x", refers=["a@x"]))
    assert world.reload(first.conversation).status == Status.OPEN


@pytest.mark.parametrize("order", list(itertools.permutations(("b@x", "c@x", "d@x"))))
def test_what_follows_up_something_closed_stands_in_one_linked_conversation(
    world: World, order: tuple[str, ...]
) -> None:
    first = received(world, letter("a@x"))
    for status in (Status.SOLVED, Status.CLOSED):
        change_status(first.conversation, to=status, by=SYSTEM)
    mails = {name: letter(name, subject="Re: The chain slips", refers=["a@x"]) for name in order}
    found = {received(world, mails[name]).conversation_id for name in order}
    assert len(found) == 1
    assert first.conversation_id not in found
    link = ConversationLink.objects.get(conversation_id=found.pop())
    assert (link.other_id, link.reason) == (first.conversation_id, LinkReason.CLOSED)


def test_another_subject_or_another_person_begins_a_linked_conversation_of_its_own(world: World) -> None:
    first = received(world, letter("a@x"))
    for status in (Status.SOLVED, Status.CLOSED):
        change_status(first.conversation, to=status, by=SYSTEM)
    second = received(world, letter("b@x", subject="Re: The chain slips", refers=["a@x"]))
    other = received(world, letter("c@x", subject="Now the brakes", refers=["a@x"]))
    dalia = "Dalia Haddad <dalia@example.org>"
    raw = letter("d@x", sender=MALLORY, cc=dalia, subject="Re: The chain slips", refers=["a@x"])
    stranger = received(world, raw)
    assert len({row.conversation_id for row in (first, second, other, stranger)}) == 4
    again = received(world, letter("e@x", subject="Re: The chain slips", refers=["a@x"]))
    assert again.conversation_id == second.conversation_id, "not where a stranger would get the answer"


def test_when_the_linked_one_is_closed_too_the_next_mail_begins_another(world: World) -> None:
    first = received(world, letter("a@x"))
    second = None
    for name in ("b@x", "c@x"):
        row = (second or first).conversation
        for status in (Status.SOLVED, Status.CLOSED):
            change_status(row, to=status, by=SYSTEM)
        following = received(world, letter(name, subject="Re: The chain slips", refers=["a@x"]))
        assert following.conversation_id not in {first.conversation_id, row.pk}
        second = following


def test_a_reply_to_something_closed_starts_a_linked_conversation(world: World) -> None:
    first = received(world, letter("a@x"))
    for status in (Status.SOLVED, Status.CLOSED):
        change_status(first.conversation, to=status, by=SYSTEM)
    second = received(world, letter("b@x", refers=["a@x"]))
    assert second.conversation_id != first.conversation_id
    assert ConversationLink.objects.get(conversation_id=second.conversation_id).reason == LinkReason.CLOSED
    third = received(world, letter("c@x", refers=["a@x", "b@x"]))
    assert third.conversation_id == second.conversation_id


def test_another_subject_after_thirty_days_of_silence_starts_a_linked_conversation(world: World) -> None:
    first = received(world, letter("a@x"))
    Conversation.objects.filter(pk=first.conversation_id).update(
        last_message_at=clock.now() - timedelta(days=31)
    )
    same = received(world, letter("b@x", subject="Re: The chain slips", refers=["a@x"]))
    assert same.conversation_id == first.conversation_id
    Conversation.objects.filter(pk=first.conversation_id).update(
        last_message_at=clock.now() - timedelta(days=31)
    )
    other = received(world, letter("c@x", subject="My invoice", refers=["a@x"]))
    assert other.conversation_id != first.conversation_id
    assert other.conversation.subject == "My invoice"
    assert (
        ConversationLink.objects.get(conversation_id=other.conversation_id).reason == LinkReason.NEW_SUBJECT
    )
    reply(other.conversation, answer=world.answer(text="Here it is."), by=world.amara.actor)
    world.settle()
    answer = message_from_bytes(bytes(CaughtMail.objects.order_by("-pk")[0].raw), policy=default)
    assert answer["Subject"] == "Re: My invoice"
    assert answer["In-Reply-To"] == "<c@x>"
    assert answer["References"].split()[-1] == "<c@x>"


FAMILY = {
    "a": letter("a@x"),
    "b": letter("b@x", subject="Re: The chain slips", refers=["a@x"]),
    "c": letter("c@x", subject="Re: The chain slips", refers=["b@x"]),
    "d": letter("d@x", subject="Re: The chain slips", refers=["a@x", "c@x"]),
}


@pytest.mark.parametrize("order", ["".join(p) for p in itertools.permutations("abcd")][::3])
def test_the_order_in_which_mails_are_read_changes_nothing(world: World, order: str) -> None:
    for name in order:
        arrives(FAMILY[name])
        world.settle()
    conversation = only_conversation()
    assert conversation.messages.filter(direction=Direction.IN).count() == len(FAMILY)
    assert set(conversation.threadkey_set.values_list("key", flat=True)) >= {
        thread_key(f"{name}@x") for name in FAMILY
    }


def test_a_reply_read_before_its_mail_in_one_batch_joins_too(world: World) -> None:
    for name in "dbca":
        arrives(FAMILY[name])
    world.settle()
    assert only_conversation().messages.filter(direction=Direction.IN).count() == len(FAMILY)


def test_conversations_of_different_people_are_never_merged_by_a_mail_that_names_both(world: World) -> None:
    received(world, letter("b@x", refers=["lost-1@x"]))
    received(
        world,
        letter("c@x", sender="Inès <ines@example.net>", refers=["lost-2@x"]),
        mail_from="ines@example.net",
    )
    raw = letter("m@x", sender=MALLORY, refers=["lost-1@x", "lost-2@x"])
    received(world, raw, mail_from="mallory@elsewhere.example")
    assert Conversation.objects.filter(merged_into__isnull=True).count() == 2


def test_imported_history_is_closed_and_answered_by_nobody(world: World) -> None:
    old = clock.now() - timedelta(days=900)
    for name, refers in (("a@x", []), ("b@x", ["a@x"])):
        arrives(letter(name, refers=refers, date=old), origin=Origin.IMPORT)
    world.settle()
    conversation = only_conversation()
    assert (conversation.status, conversation.next_due_at) == (Status.CLOSED, None)
    assert abs(conversation.opened_at - old) < timedelta(seconds=2)
    assert list(conversation.messages.values_list("direction", flat=True)) == [Direction.IN] * 2


def test_history_never_takes_an_open_conversation_into_a_closed_one(world: World) -> None:
    old = clock.now() - timedelta(days=900)
    arrives(letter("old@x", date=old), origin=Origin.IMPORT)
    world.settle()
    waiting = received(world, letter("c@x", refers=["b@x"])).conversation
    arrives(letter("b@x", refers=["old@x"], date=old), origin=Origin.IMPORT)
    world.settle()
    assert only_conversation() == waiting
    assert world.reload(waiting).status == Status.OPEN
    assert waiting.messages.filter(direction=Direction.IN).count() == 3


def test_who_saw_a_conversation_sees_the_one_it_was_merged_into(world: World) -> None:
    workshop = "workshop@linden.example"
    received(world, letter("c@x", refers=["a@x"]))
    gone = received(world, letter("d@x", to=workshop, refers=["b@x"]), to=[workshop])
    assert world.bruno.get(f"/conversations/{gone.conversation_id}/").status_code == 302
    received(world, letter("b@x", refers=["a@x"]))
    kept = only_conversation()
    assert kept.team == world.payments
    assert world.bruno.get(f"/conversations/{kept.pk}/").status_code == 302


def test_what_the_desk_owes_is_owed_in_the_conversation_that_another_was_merged_into(world: World) -> None:
    arrives(letter("c@x", refers=["a@x"]))
    arrives(letter("d@x", refers=["b@x"]))
    arrives(letter("b@x", refers=["a@x"]))
    world.settle()
    conversation = only_conversation()
    assert conversation.next_due_at is not None
    assert conversation.messages.filter(direction=Direction.OUT).count() == 2
    assert not Message.objects.exclude(conversation=conversation).exists()


def test_a_mail_that_was_long_on_its_way_is_news_all_the_same(world: World) -> None:
    first = received(world, letter("a@x")).conversation
    add_note(first, text="She called.", sent_once="", files=(), by=world.amara.actor)
    mark_seen(first, up_to=world.reload(first).last_message_at, by=world.amara.actor)
    received(world, letter("b@x", refers=["a@x"], date=clock.now() - timedelta(hours=5)))
    row = world.reload(first)
    assert marks(world.amara.actor, [row]).is_unread(row)
