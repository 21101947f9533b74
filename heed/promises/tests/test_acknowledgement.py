"""Everybody who writes is told at once when a person will answer; robots and loops are told nothing."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from heed.brands.models import Brand
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, Message, Timer
from heed.intake.tests.letters import letter, received
from heed.kernel import clock
from heed.kernel.words import Automatic, DeliveryState, Direction, Origin, Status, WordsFor
from heed.people.actions import customer_of
from heed.people.actions.brands import change_hours, set_acknowledgement
from heed.people.policy import SYSTEM
from heed.testing.world import World


def acknowledgements() -> list[Message]:
    return list(
        Message.objects.filter(direction=Direction.OUT, automatic=Automatic.ACKNOWLEDGEMENT).order_by("pk")
    )


def test_a_first_mail_is_acknowledged_with_the_reference_and_an_honest_time(world: World) -> None:
    conversation = received(world, letter("a@x")).conversation
    [sent] = acknowledgements()
    assert sent.to == [["Dalia Haddad", "dalia@example.org"]]
    assert f"#{conversation.pk}" in sent.text
    assert "Linden Bikes" in sent.text
    assert conversation.next_due_at is not None
    assert sent.state == DeliveryState.SENT


def test_it_speaks_the_customers_language_in_the_brands_words_where_it_has_them(world: World) -> None:
    set_acknowledgement(world.linden, language="de", text="Servus {name?}, {reference}: {when}.", by=SYSTEM)
    german = "Guten Tag, meine Zahlung ist seit gestern nicht angekommen. Können Sie mir bitte helfen?"
    received(world, letter("a@x", text=german))
    assert acknowledgements()[0].text.startswith("Servus")
    french = "Bonjour, mon paiement est bloqué depuis hier et je ne sais pas quoi faire. Merci de votre aide."
    received(world, letter("b@x", sender="ines@example.net", text=french), mail_from="ines@example.net")
    assert "Bonjour" in acknowledgements()[1].text


def test_outside_opening_hours_it_has_words_of_its_own_where_there_are_some(world: World) -> None:
    week = {str(day): [[0, 1440]] for day in range(7)}
    zone = ZoneInfo(world.linden.time_zone)
    today = clock.now().astimezone(zone).date().isoformat()
    set_acknowledgement(world.linden, language="en", text="Open. {when}", by=SYSTEM)
    set_acknowledgement(world.linden, language="en", text="Shut. {when}", by=SYSTEM, hours=WordsFor.CLOSED)
    english = (
        "Hello, my payment has not arrived since yesterday, and I do not know what to do. Please help me."
    )
    for holidays, begins in (([], "Open."), ([today], "Shut.")):
        change_hours(world.linden, hours=week, holidays=holidays, first_reply_seconds=3600, by=SYSTEM)
        sender = f"{begins.strip('.').lower()}@example.net"
        received(world, letter(f"{begins}@x", sender=sender, text=english), mail_from=sender)
        assert acknowledgements()[-1].text.startswith(begins)
    set_acknowledgement(world.linden, language="en", text="", by=SYSTEM, hours=WordsFor.CLOSED)
    received(world, letter("c@x", sender="c@example.net", text=english), mail_from="c@example.net")
    assert acknowledgements()[-1].text.startswith("Open."), "at every hour, without words for this one"


def test_a_reply_is_not_acknowledged_again(world: World) -> None:
    received(world, letter("a@x"))
    received(world, letter("b@x", refers=["a@x"]))
    assert len(acknowledgements()) == 1


@pytest.mark.parametrize(
    "more",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated",
        "Precedence: bulk",
        "List-Id: <news.example.org>",
        "X-Auto-Response-Suppress: All",
        "X-Heed-Loop: 1",
    ],
)
def test_automatic_mail_and_lists_are_never_acknowledged(world: World, more: str) -> None:
    received(world, letter("a@x", more=more))
    assert not acknowledgements()


def test_a_mail_with_an_empty_envelope_sender_is_never_acknowledged(world: World) -> None:
    received(world, letter("a@x"), mail_from="")
    assert not acknowledgements()


def test_mail_first_seen_over_a_day_after_its_date_is_not_acknowledged_but_owed_an_answer(
    world: World,
) -> None:
    conversation = received(world, letter("a@x", date=clock.now() - timedelta(hours=25))).conversation
    assert not acknowledgements()
    assert conversation.next_due_at is not None


def test_imported_history_is_not_acknowledged(world: World) -> None:
    received(world, letter("a@x"), origin=Origin.IMPORT)
    assert not acknowledgements()


def test_a_brand_that_does_not_acknowledge_stays_silent(world: World) -> None:
    Brand.objects.filter(pk=world.linden.pk).update(acknowledges=False)
    received(world, letter("a@x"))
    assert not acknowledgements()


def test_two_desks_that_answer_each_other_with_changing_addresses_stop_after_two_mails(world: World) -> None:
    for number in range(12):
        sender = f"robot+{number}@desk.example.org" if number % 2 else f"robot{number}@desk.example.org"
        received(world, letter(f"{number}@x", sender=sender, subject=f"Case {number}"), mail_from=sender)
    assert len(acknowledgements()) == 2


def test_ten_senders_of_one_domain_in_an_hour_make_the_domain_one_counterpart(world: World) -> None:
    with time_machine.travel(clock.now() - timedelta(days=2)):  # whom we knew before today
        for name in [
            "anna",
            "bela",
            "cora",
            "dora",
            "emil",
            "fina",
            "gero",
            "hana",
            "ilka",
            "jana",
            "kira",
            "lena",
        ]:
            customer_of(f"{name}@robots.example.org", name=name, by=world.amara.actor)
    names = ["anna", "bela", "cora", "dora", "emil", "fina", "gero", "hana", "ilka", "jana", "kira", "lena"]
    for name in names:
        sender = f"{name}@robots.example.org"
        received(world, letter(f"{name}@x", sender=sender, subject=f"About {name}"), mail_from=sender)
    assert len(acknowledgements()) == 10
    for name in names:
        sender = f"{name}@gmail.com"
        received(world, letter(f"{name}@y", sender=sender, subject=f"About {name}"), mail_from=sender)
    assert len(acknowledgements()) == 10 + len(names)


def test_the_customer_is_owed_an_answer_within_opening_hours_until_an_agent_gives_it(world: World) -> None:
    conversation = received(world, letter("a@x")).conversation
    due = conversation.next_due_at
    assert due is not None
    assert due > clock.now()
    received(world, letter("b@x", refers=["a@x"]))
    assert world.reload(conversation).next_due_at == due  # the first mail's time stands
    world.answered(conversation)
    world.settle()
    assert world.reload(conversation).next_due_at is None
    received(world, letter("c@x", refers=["a@x"]))
    assert world.reload(conversation).next_due_at is not None


@pytest.mark.parametrize("status", [Status.OPEN, Status.WAITING, Status.SNOOZED, Status.SOLVED])
def test_an_out_of_office_changes_no_status_no_clock_and_no_timer(world: World, status: Status) -> None:
    def standing(row: Conversation) -> tuple[object, ...]:
        now = world.reload(row)
        timers = Timer.objects.filter(conversation=row).order_by("kind").values_list("kind", "due_at")
        return (now.status, now.next_due_at, now.snoozed_until, *timers)

    conversation = received(world, letter("a@x")).conversation
    if status in (Status.WAITING, Status.SOLVED):
        world.answered(conversation)
    if status is not Status.OPEN and world.reload(conversation).status != status:
        until = {"until": clock.now() + timedelta(days=2)} if status is Status.SNOOZED else {}
        change_status(conversation, to=status, by=SYSTEM, **until)
    world.settle()
    before = standing(conversation)
    assert before[0] == status
    robot = "Auto-Submitted: auto-replied"
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        away = received(world, letter("b@x", refers=["a@x"], more=robot, subject="Out of office"))
        assert away.conversation_id == conversation.pk
        assert standing(conversation) == before
        person = received(world, letter("c@x", refers=["a@x"], text="And one thing more."))
        assert person.conversation_id == conversation.pk
        assert status is Status.OPEN or standing(conversation) != before  # a person's mail is heard


def test_an_out_of_office_neither_opens_nor_stops_the_clock_nor_is_answered(world: World) -> None:
    conversation = received(world, letter("a@x")).conversation
    world.answered(conversation)
    world.settle()
    before = world.reload(conversation)
    received(
        world, letter("b@x", refers=["a@x"], more="Auto-Submitted: auto-replied", subject="Out of office")
    )
    after = world.reload(conversation)
    assert (after.status, after.next_due_at) == (before.status, before.next_due_at)
    assert Conversation.objects.count() == 1
    assert len(acknowledgements()) == 1
