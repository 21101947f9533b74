"""Two machines that answer each other stop after two mails, whatever the other one changes from mail to mail."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.message import Message as Mail
from random import Random

import pytest
import time_machine

from heed.conversations.models import Message
from heed.delivery.models import CaughtMail
from heed.intake.tests.letters import HELP, letter, received
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Automatic, Direction
from heed.promises import acknowledge
from heed.promises.acknowledge import BURST_MAILS
from heed.promises.counterparts import counterpart_of, text_key
from heed.testing.world import World

TEMPLATE = (
    "Dear customer, thank you for contacting us. Your request was received and has the number {number}. "
    "One of our colleagues will answer within two working days. Please do not answer this message."
)


def acknowledgements() -> int:
    return Message.objects.filter(direction=Direction.OUT, automatic=Automatic.ACKNOWLEDGEMENT).count()


def word(random: Random) -> str:
    return "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(9))


Answer = Callable[[Random, int], tuple[str, str, str]]  # sender, Message-ID, text


def other_local_part(random: Random, number: int) -> tuple[str, str, str]:
    sender = f"{word(random)}@desk.example"
    return sender, f"{word(random)}@{word(random)}.invalid.example", " ".join(word(random) for _ in range(20))


def other_subdomain(random: Random, number: int) -> tuple[str, str, str]:
    sender = f"{word(random)}@{word(random)}.desk.co.uk"
    return sender, f"{word(random)}@{word(random)}.invalid.example", " ".join(word(random) for _ in range(20))


def other_domain_of_one_host(random: Random, number: int) -> tuple[str, str, str]:
    sender = f"{word(random)}@{word(random)}.example"
    return sender, f"{word(random)}@node{number}.robots.net", " ".join(word(random) for _ in range(20))


def other_domain_and_host_with_one_template(random: Random, number: int) -> tuple[str, str, str]:
    sender = f"{word(random)}@{word(random)}.example"
    return sender, f"{word(random)}@{word(random)}.example", TEMPLATE.format(number=f"[AB-{number}]")


def a_public_provider_with_one_template(random: Random, number: int) -> tuple[str, str, str]:
    return f"{word(random)}@gmail.com", f"{word(random)}@mail.gmail.com", TEMPLATE.format(number=number)


def one_domain_with_one_template(random: Random, number: int) -> tuple[str, str, str]:
    return f"{word(random)}@desk.example", f"{word(random)}@desk.example", TEMPLATE.format(number=number)


# Known again by its words: two. Where every word is new too, it could be that many people, until an hour has ten.
WAYS: tuple[tuple[Answer, int], ...] = (
    (one_domain_with_one_template, 2),
    (other_domain_and_host_with_one_template, 2),
    (a_public_provider_with_one_template, 2),
    (other_local_part, BURST_MAILS),
    (other_subdomain, BURST_MAILS),
    (other_domain_of_one_host, BURST_MAILS),
)


@pytest.mark.parametrize(("way", "most"), WAYS, ids=lambda way: getattr(way, "__name__", str(way)))
def test_a_robot_that_answers_each_mail_of_ours_under_another_name_is_stopped(
    world: World, way: Answer, most: int
) -> None:
    random = Random("robots")
    rounds = 0
    while acknowledgements() == rounds and rounds < 2 * BURST_MAILS:  # it answers what it got, and only that
        rounds += 1
        sender, message_id, text = way(random, rounds)
        mail = letter(message_id, sender=sender, subject=f"{word(random)} {word(random)}", text=text)
        received(world, mail, mail_from=sender)
    assert acknowledgements() == most
    for number in range(5):  # and nothing later on that day
        with time_machine.travel(clock.now() + timedelta(hours=4 * number + 1)):
            sender, message_id, text = way(random, 50 + number)
            received(world, letter(message_id, sender=sender, text=text), mail_from=sender)
    assert acknowledgements() == most


def answer_of_the_other_desk(got: Mail, number: int) -> bytes:
    """Another desk answers our mail with one of its own, a new matter each time, and believes no header of ours."""
    subject = f"Your request {number * 7919} has been received"
    return letter(f"{number}.mail@tracker.example", sender=f"case-{number * 31}@tracker.example", subject=subject,
                  to=str(got["From"]), text=TEMPLATE.format(number=f"T-{number}"))  # fmt: skip


def test_two_desks_answering_each_other_stop_after_two_mails(world: World) -> None:
    received(
        world, letter("0@tracker.example", sender="case-0@tracker.example"), mail_from="case@tracker.example"
    )
    heard = 0
    for number in range(1, 20):
        ours = list(CaughtMail.objects.order_by("pk"))
        if len(ours) == heard:
            break
        heard = len(ours)
        got = message_from_bytes(bytes(ours[-1].raw))
        assert HELP in str(got["From"])
        received(world, answer_of_the_other_desk(got, number), mail_from="case@tracker.example")
    assert acknowledgements() == heard == 2


def test_an_answer_to_our_signed_address_joins_and_is_answered_by_no_machine(world: World) -> None:
    received(
        world, letter("0@tracker.example", sender="case-0@tracker.example"), mail_from="case@tracker.example"
    )
    got = message_from_bytes(bytes(CaughtMail.objects.get().raw))
    reply_to = str(got["Reply-To"]).partition("<")[2].rstrip(">") or str(got["Reply-To"])
    for number in range(3):
        raw = letter(f"{number}@x", sender=f"{number}@tracker.example", to=reply_to, subject=f"New {number}")
        received(world, raw, to=[reply_to], mail_from="case@tracker.example")
    assert acknowledgements() == 1


@pytest.mark.parametrize("header", ["X-Heed-Loop", "X-Loop"])
def test_our_own_mail_that_comes_back_by_way_of_others_is_answered_by_no_machine(
    world: World, header: str
) -> None:
    received(world, letter("0@x"))
    got = message_from_bytes(bytes(CaughtMail.objects.get().raw))
    loop = str(got["X-Heed-Loop"])
    assert loop != "None"
    raw = letter(
        "f@forwarder.example", sender="anyone@forwarder.example", more=f"{header}: {loop}", text=str(got)
    )
    received(world, raw, mail_from="anyone@forwarder.example")
    assert acknowledgements() == 1


def test_colleagues_who_write_at_once_are_all_told_when_they_will_hear(world: World) -> None:
    random = Random("colleagues")
    for number in range(
        BURST_MAILS - 1
    ):  # what they use is down, and they have written to nobody here before
        sender, message_id, text = other_local_part(random, number)
        received(world, letter(message_id, sender=sender, subject=word(random), text=text), mail_from=sender)
    assert acknowledgements() == BURST_MAILS - 1


def test_newcomers_of_one_domain_who_write_slowly_stop_at_the_limit_of_a_day(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acknowledge, "config", replace(config, acknowledgements_a_domain=12))
    random = Random("slow")
    for number in range(14):
        with time_machine.travel(clock.now() + timedelta(minutes=45 * number)):
            sender, message_id, text = other_local_part(random, number)
            received(
                world, letter(message_id, sender=sender, subject=word(random), text=text), mail_from=sender
            )
    assert acknowledgements() == 12


def test_strangers_of_a_public_provider_are_not_taken_for_one(world: World) -> None:
    random = Random("people")
    for number in range(6):
        sender = f"{word(random)}@gmail.com"
        text = " ".join(word(random) for _ in range(20))
        received(world, letter(f"{number}@mail.gmail.com", sender=sender, text=text), mail_from=sender)
    assert acknowledgements() == 6


def test_a_template_is_known_by_its_words_whatever_it_fills_in() -> None:
    one = text_key(TEMPLATE.format(number="[AB-12]"), "Order 12")
    assert one
    assert one == text_key(TEMPLATE.format(number="cd/99x"), "Something else")
    assert one == text_key(f"Order lost\n{TEMPLATE.format(number=4)}", "Re: Order lost")
    assert one != text_key(TEMPLATE.replace("working", "rainy"), "Order 12")
    assert text_key("Please call me back", "") == ""


def test_the_registered_domain_is_what_somebody_registered() -> None:
    for address, domain in (("r@a.b.desk.co.uk", "desk.co.uk"), ("r@x.desk.example", "desk.example")):
        one = counterpart_of(address=address, message_id="", subject="", text="", is_newcomer=True)
        assert one.domain == domain
    many = counterpart_of(
        address="a@gmail.com", message_id="b@ismtpd.sendgrid.net", subject="", text="", is_newcomer=True
    )
    assert (many.domain, many.host) == ("", "")
