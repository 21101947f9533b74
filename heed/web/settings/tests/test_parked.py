"""What waits for a person: who sees it, one button each, one for all, and the bytes with an audit line."""

from html import unescape

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.actions.state import change_priority
from heed.conversations.models import Message
from heed.delivery.actions import claim
from heed.delivery.actions import park as park_delivery
from heed.eventlog.kinds import ConversationPriorityChanged, MailDownloaded
from heed.eventlog.models import EventRow, ParkedEvent
from heed.eventlog.reader import Consumer
from heed.eventlog.tests.test_reader import ping_pong, read_all
from heed.eventlog.unit import MAX_DEPTH, add, unit
from heed.intake.models import Receipt
from heed.intake.queries import downloads
from heed.intake.receipts import park
from heed.intake.work import move_raw
from heed.kernel import clock
from heed.kernel.errors import NotFound
from heed.kernel.words import DeliveryState, ParkReason, Priority, ReceiptState
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/parked/"


def parked_mail(
    world: World, *, to: str = "help@linden.example", detail: str = "too_deep: limit 20"
) -> Receipt:
    receipt = world.mail_from(world.dalia, to=[to])
    park(receipt, reason=ParkReason.UNREADABLE, detail=detail, by=SYSTEM)
    return Receipt.objects.get(pk=receipt.pk)


def test_rules_that_cause_each_other_without_end_are_told_with_their_chain(unchecked_world: World) -> None:
    world = unchecked_world
    row = world.conversation()
    world.read_log()
    change_priority(row, to=Priority.HIGH, by=SYSTEM)
    read_all([Consumer("two rules", (ConversationPriorityChanged,), ping_pong)])
    chain = [event.id for event in world.events(row) if isinstance(event.data, ConversationPriorityChanged)]
    assert len(chain) == MAX_DEPTH + 1
    page = unescape(world.chen.get(HERE).content.decode())
    assert "two rules" in page
    assert " > ".join(map(str, chain)) in page
    assert f"#{row.pk}" in page


def parked_answer(world: World) -> int:
    row = world.conversation()
    message = reply(row, answer=world.answer(), by=world.amara.actor)
    world.read_log()
    (delivery,) = claim(limit=1, by=SYSTEM)
    park_delivery(delivery, reason=ParkReason.REFUSED, words="550 no such user", by=SYSTEM)
    return message.pk


def parked_event(world: World) -> ParkedEvent:
    """An event that `counts` could not follow, as the reader parks it: its conversation is of Payments."""
    row = world.conversation()
    world.read_log()
    event = EventRow.objects.filter(conversation_id=row.pk).order_by("pk").last()
    assert event is not None
    with unit():
        return add(
            ParkedEvent(
                event_id=event.pk, consumer="counts", error="KeyError at a.py:1 < b.py:2", at=clock.now()
            )
        )


def test_a_mail_that_could_not_be_read_stands_here_with_its_reason(world: World) -> None:
    assert "Nothing waits for you here" in world.edda.get(HERE).content.decode()
    receipt = parked_mail(world)
    page = world.edda.get(HERE).content.decode()
    assert f'id="mail-{receipt.pk}"' in page
    assert world.dalia.address in page
    assert "nested deeper than the limit of 20" in page


@pytest.mark.parametrize(
    ("reason", "detail", "words"),
    [
        (ParkReason.UNREADABLE, "too_deep: limit 20", "nested deeper than the limit of 20"),
        (ParkReason.UNREADABLE, "too_many_parts: limit 200", "more parts than the limit of 200"),
        (
            ParkReason.UNREADABLE,
            "headers_too_large: over 1048576 bytes",
            "headers are larger than the limit of 1.0 MB",
        ),
        (ParkReason.TOO_LARGE, "61000000 bytes, limit 52428800", "larger than the limit of 50.0 MB"),
        (ParkReason.TOO_LARGE, "61000000 bytes", "larger than the limit."),
        (ParkReason.NO_INBOX, "", "no inbox has this address any more"),
        (ParkReason.FAILED, "KeyError at a.py:1 < b.py:2", "(KeyError at a.py:1)"),
    ],
)
def test_each_reason_is_told_in_words(world: World, reason: ParkReason, detail: str, words: str) -> None:
    park(world.mail_from(world.dalia), reason=reason, detail=detail, by=SYSTEM)
    assert words in world.edda.get(HERE).content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("edda", 200), ("chen", 200), ("hugo", 200), ("amara", 404), ("farid", 404), ("nobody", 302)],
)
def test_leads_and_admins_see_what_waits(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get(HERE).status_code == status


def test_a_lead_sees_nothing_of_another_brand(unchecked_world: World) -> None:
    world = unchecked_world
    mail, event, answer = parked_mail(world), parked_event(world), parked_answer(world)
    for who, sees in ((world.edda, True), (world.chen, True), (world.hugo, False)):
        page = who.get(HERE).content.decode()
        for part in (f'id="mail-{mail.pk}"', f'id="event-{event.pk}"', f'id="delivery-{answer}"'):
            assert (part in page) is sees
    for path in (f"mails/{mail.pk}/retry/", f"events/{event.pk}/retry/", f"deliveries/{answer}/retry/"):
        assert world.hugo.post(f"{HERE}{path}").status_code == 404
    assert world.hugo.get(f"{HERE}mails/{mail.pk}/raw/").status_code == 404
    assert world.hugo.post(f"{HERE}mails/retry/").status_code == 303
    assert Receipt.objects.get(pk=mail.pk).state == ReceiptState.PARKED


def test_one_mail_is_tried_again(world: World) -> None:
    receipt, other = parked_mail(world), parked_mail(world)
    answer = world.edda.post(f"{HERE}mails/{receipt.pk}/retry/")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}?retried=1")
    assert Receipt.objects.get(pk=receipt.pk).state == ReceiptState.WAITING
    assert Receipt.objects.get(pk=other.pk).state == ReceiptState.PARKED
    world.settle()
    assert Receipt.objects.get(pk=receipt.pk).state == ReceiptState.READ
    assert "Trying 1 again" in world.edda.get(f"{HERE}?retried=1").content.decode()


def test_all_mails_are_tried_again_and_the_fragment_says_how_many(world: World) -> None:
    for _ in range(3):
        parked_mail(world)
    page = world.edda.post(f"{HERE}mails/retry/", None, **{"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Trying 3 again" in page
    assert not Receipt.objects.filter(state=ReceiptState.PARKED).exists()


def test_trying_again_twice_does_nothing_more(world: World) -> None:
    receipt = parked_mail(world)
    world.edda.post(f"{HERE}mails/{receipt.pk}/retry/")
    assert world.edda.post(f"{HERE}mails/{receipt.pk}/retry/").status_code == 404


@pytest.mark.parametrize("moved", [False, True])
def test_a_parked_mail_is_downloaded_byte_for_byte_and_that_is_on_record(world: World, moved: bool) -> None:
    receipt = parked_mail(world)
    raw = b"".join(bytes(part.content) for part in receipt.parts.order_by("number"))
    if moved:
        assert move_raw() == 1
    answer = world.edda.get(f"{HERE}mails/{receipt.pk}/raw/")
    assert b"".join(answer.streaming_content) == raw  # type: ignore[attr-defined]  # a file
    assert answer.headers["Content-Type"] == "message/rfc822"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    told = EventRow.objects.get(kind=MailDownloaded.name)
    assert (told.actor_id, told.data["receipt"]) == (world.edda.row.pk, receipt.pk)


def test_who_took_a_parked_mail_stands_on_its_row(world: World) -> None:
    receipt, other = parked_mail(world), parked_mail(world)
    assert "Taken by" not in world.edda.get(HERE).content.decode()
    for who in (world.edda, world.chen):
        who.get(f"{HERE}mails/{receipt.pk}/raw/")
    page = world.edda.get(HERE).content.decode()
    row, rest = page[page.index(f'id="mail-{receipt.pk}"') :], page[page.index(f'id="mail-{other.pk}"') :]
    assert "Taken by Chen at" in row
    assert page.count("Taken by") == 1
    assert "Taken by" not in rest[: rest.index(f'id="mail-{receipt.pk}"')]
    with assert_queries(at_most=22):
        world.edda.get(HERE)
    assert downloads(world.edda.actor, []) == {}
    with pytest.raises(NotFound):
        downloads(world.amara.actor, [receipt])


def test_a_message_that_was_given_up_is_sent_again(world: World) -> None:
    pk = parked_answer(world)
    page = world.edda.get(HERE).content.decode()
    assert f'id="delivery-{pk}"' in page
    assert world.dalia.address in page
    world.edda.post(f"{HERE}deliveries/{pk}/retry/")
    world.settle()
    row = Message.objects.get(pk=pk)
    assert row.state == DeliveryState.SENT
    assert f'id="delivery-{pk}"' not in world.edda.get(HERE).content.decode()


def test_all_messages_that_were_given_up_are_sent_again(world: World) -> None:
    keys = [parked_answer(world) for _ in range(2)]
    world.edda.post(f"{HERE}deliveries/retry/")
    world.settle()
    assert {Message.objects.get(pk=pk).state for pk in keys} == {DeliveryState.SENT}


def test_an_event_that_a_part_could_not_follow_is_handed_to_it_again(unchecked_world: World) -> None:
    world = unchecked_world
    event = parked_event(world)
    page = world.edda.get(HERE).content.decode()
    assert "KeyError at a.py:1" in page
    assert "b.py" not in page
    world.edda.post(f"{HERE}events/{event.pk}/retry/")
    assert not ParkedEvent.objects.exists()
    parked_event(world)
    world.edda.post(f"{HERE}events/retry/")
    assert not ParkedEvent.objects.exists()


def test_older_mails_stand_on_the_next_page(world: World) -> None:
    receipts = [parked_mail(world) for _ in range(52)]
    first = world.edda.get(HERE).content.decode()
    assert "52 are kept" in first
    assert f'id="mail-{receipts[0].pk}"' not in first
    second = world.edda.get(f"{HERE}?mails={receipts[2].pk}").content.decode()
    assert f'id="mail-{receipts[0].pk}"' in second
    assert f'id="mail-{receipts[2].pk}"' not in second
    assert world.edda.get(f"{HERE}?mails=x").status_code == 422


def test_the_page_needs_few_queries(unchecked_world: World) -> None:
    world = unchecked_world
    for _ in range(5):
        parked_mail(world)
        parked_answer(world)
        parked_event(world)
    edda, chen = world.edda.client, world.chen.client
    with assert_queries(at_most=17):
        edda.get(HERE)
    with assert_queries(at_most=15):
        chen.get(HERE)
