"""Each mail becomes one message, however often and whichever way it comes; what differs is kept."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from heed.conversations.models import Conversation, ConversationLink, ConversationTeam, Message, RawMail
from heed.eventlog.due import claim
from heed.intake import work
from heed.intake.letters import open_letter
from heed.intake.models import Receipt
from heed.intake.receipts import raw_of
from heed.intake.recording import record_mail
from heed.intake.tests.letters import HELP, arrives, letter, only_conversation, received
from heed.kernel.words import Direction, Flag, LinkReason, ReceiptState
from heed.people.policy import SYSTEM
from heed.testing.world import World, build

WORKSHOP, KESTREL = "workshop@linden.example", "hello@kestrel.example"


def incoming() -> int:
    return Message.objects.filter(direction=Direction.IN).count()


def test_the_same_mail_twice_is_one_message(world: World) -> None:
    raw = letter("a@x")
    arrives(raw)
    arrives(raw)
    world.settle()
    assert incoming() == 1
    assert RawMail.objects.filter(message__direction=Direction.IN).count() == 1
    assert Receipt.objects.filter(state=ReceiptState.READ).count() == 2


def test_a_copy_that_came_another_way_keeps_its_raw_on_the_message(world: World) -> None:
    raw = letter("a@x")
    received(world, raw)
    received(world, b"Received: from elsewhere by here\r\n" + raw)
    assert incoming() == 1
    assert RawMail.objects.filter(message__direction=Direction.IN).count() == 2


def test_a_known_message_id_with_other_content_is_a_flagged_message_of_its_own(world: World) -> None:
    first = received(world, letter("a@x"))
    second = received(world, letter("a@x", text="Something quite different."))
    assert incoming() == 2
    assert (first.flag, second.flag) == (Flag.NONE, Flag.REUSED_ID)


def test_mails_without_message_id_and_date_are_the_same_only_byte_for_byte(world: World) -> None:
    raw = b"From: dalia@example.org\r\nTo: help@linden.example\r\nSubject: yes\r\n\r\nyes, please\r\n"
    received(world, raw)
    received(world, raw)
    assert incoming() == 1
    received(world, raw.replace(b"Subject: yes", b"Subject: Yes"))
    assert incoming() == 2


@pytest.mark.parametrize("arrival", [(HELP, WORKSHOP), (WORKSHOP, HELP)])
def test_a_mail_to_two_inboxes_of_a_brand_is_one_conversation_of_the_first_that_both_teams_see(
    world: World, arrival: tuple[str, str]
) -> None:
    raw = letter("a@x", to=f"{HELP}, {WORKSHOP}")
    for address in arrival:
        received(world, raw, to=[address])
    conversation = only_conversation()
    assert conversation.inbox == world.help
    assert conversation.team == world.payments
    assert ConversationTeam.objects.get(conversation=conversation).team == world.repairs
    assert world.bruno.get(f"/conversations/{conversation.pk}/").status_code == 302


def test_a_mail_to_two_brands_is_two_linked_conversations_on_one_raw(world: World) -> None:
    received(world, letter("a@x", to=f"{HELP}, {KESTREL}"), to=[HELP, KESTREL])
    here, there = Conversation.objects.order_by("pk")
    assert {here.brand, there.brand} == {world.linden, world.kestrel}
    assert ConversationLink.objects.get(conversation=here).reason == LinkReason.OTHER_BRAND
    assert RawMail.objects.filter(message__direction=Direction.IN).values("sha256").distinct().count() == 1
    assert world.gita.get(f"/conversations/{here.pk}/").status_code == 404


def test_two_brands_are_linked_too_when_the_copies_come_one_after_the_other(world: World) -> None:
    raw = letter("a@x", to=f"{HELP}, {KESTREL}")
    received(world, raw, to=[KESTREL])
    received(world, raw, to=[HELP])
    assert ConversationLink.objects.filter(reason=LinkReason.OTHER_BRAND).count() == 2


def test_a_reply_leaves_a_moved_conversation_to_its_team(world: World) -> None:
    first = received(world, letter("a@x"))
    Conversation.objects.filter(pk=first.conversation_id).update(team=world.repairs)
    received(world, letter("b@x", refers=["a@x"]))
    assert not ConversationTeam.objects.exists()
    Conversation.objects.filter(pk=first.conversation_id).update(team=world.payments)


def test_a_mail_claimed_by_a_worker_that_died_is_read_by_the_next(world: World) -> None:
    arrives(letter("a@x"))
    assert len(claim(Receipt, limit=10, lease_seconds=-1)) == 1
    world.settle()
    assert incoming() == 1


def test_a_mail_that_another_worker_took_over_is_not_read_twice(world: World) -> None:
    arrives(letter("a@x"))
    [stale] = claim(Receipt, limit=10, lease_seconds=-1)
    world.settle()
    work._read([stale])
    assert incoming() == 1


def test_a_reply_whose_mail_another_worker_read_meanwhile_is_decided_upon_again(world: World) -> None:
    """Two workers have the two; the second looked before the first was done, and writes after it."""
    arrives(letter("a@x"))
    arrives(letter("b@x", refers=["a@x"]))
    mail, reply = claim(Receipt, limit=10, lease_seconds=60)
    opened = open_letter(reply, raw_of([reply.pk])[reply.pk])
    known = work.known_of([opened.letter])
    work._read([mail])
    with pytest.raises(IntegrityError):
        record_mail(opened, known=known, by=SYSTEM)
    Receipt.objects.update(claimed_until=None)
    world.settle()
    assert only_conversation().messages.filter(direction=Direction.IN).count() == 2


def test_a_mail_whose_reply_another_worker_read_meanwhile_is_decided_upon_again(world: World) -> None:
    arrives(letter("a@x"))
    arrives(letter("b@x", refers=["a@x"]))
    mail, reply = claim(Receipt, limit=10, lease_seconds=60)
    opened = open_letter(mail, raw_of([mail.pk])[mail.pk])
    known = work.known_of([opened.letter])
    work._read([reply])
    with pytest.raises(IntegrityError):
        record_mail(opened, known=known, by=SYSTEM)
    Receipt.objects.update(claimed_until=None)
    world.settle()
    assert only_conversation().messages.filter(direction=Direction.IN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_message_of_one_mail_and_one_thread_of_replies() -> None:

    build()
    mail = letter("a@x")
    for number in range(8):
        arrives(mail)
        arrives(letter(f"r{number}@x", refers=["a@x"]))

    def run() -> None:
        try:
            while work.step():
                pass
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as workers:
        for done in [workers.submit(run) for _ in range(3)]:
            done.result()
    assert not list(Receipt.objects.exclude(state=ReceiptState.READ).values_list("reason", "detail"))
    assert incoming() == 9
    only_conversation()


def test_an_address_longer_than_any_that_can_be_mailed_to_is_one_customer_however_often_it_writes(
    world: World,
) -> None:
    long = f"Lo <{'lo' * 30}@{'long.' * 45}example>"
    for name in ("a@x", "b@x"):
        received(world, letter(name, sender=long, subject=name), mail_from="dalia@example.org")
    assert incoming() == 2
    assert Conversation.objects.values("customer").distinct().count() == 1
