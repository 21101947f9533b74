"""The page of a round trip: one button, states in words, and never a page that waits for a mail server."""

import socket
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse

from heed.connecting.actions.round_trips import NotSent, Setback, claim_round_trip, note_left, note_not_sent
from heed.delivery.work import servers
from heed.intake.models import RoundTrip
from heed.kernel import clock
from heed.mailboxes.tests.post_office import mailbox
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World

HTMX = {"HX-Request": "true"}


def here(world: World) -> str:
    return f"/settings/mail-health/round-trips/{world.help.pk}/"


def text(answer: HttpResponse) -> str:
    return answer.content.decode()


def taken() -> RoundTrip:
    row = claim_round_trip(by=SYSTEM)
    assert row is not None
    return row


def shown(world: World) -> str:
    return text(world.chen.get(here(world)))


def test_it_is_begun_by_a_button_and_told_step_by_step(world: World) -> None:
    page = shown(world)
    assert "Send a test mail" in page
    assert "every 2s" not in page
    answer = world.chen.post(here(world))
    assert (answer.status_code, answer.headers["Location"]) == (303, here(world))
    assert "It is being sent." in shown(world)
    note_left(taken(), sent_at=clock.now(), host="smtp.linden.example", by=SYSTEM)
    part = text(world.chen.get(here(world), **HTMX))
    assert "smtp.linden.example took it" in part
    assert 'hx-trigger="every 2s"' in part
    assert "<html" not in part
    RoundTrip.objects.update(arrived_at=clock.now() + timedelta(seconds=7), due_at=None, claimed_until=None)
    part = text(world.chen.get(here(world), **HTMX))
    assert "It arrived after 7 seconds. Mail leaves and comes in." in part
    assert "every 2s" not in part
    RoundTrip.objects.update(strayed_to="workshop@linden.example")
    assert "it came to workshop@linden.example" in shown(world)


def test_one_that_does_not_come_says_what_to_look_at(world: World) -> None:
    world.chen.post(here(world))
    note_left(taken(), sent_at=clock.now(), host="smtp.linden.example", by=SYSTEM)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        page = shown(world)
    assert "did not arrive within 10 minutes" in page
    assert "spam folder" in page
    assert "/settings/domains/linden.example/" in page
    assert "Send another test mail" in page


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (NotSent.NO_SERVER, "no server is set"),
        (NotSent.WRONG_SERVER, "Enter its server again"),
        (NotSent.UNREACHABLE, "smtp.linden.example does not answer"),
        (NotSent.LOGIN_REFUSED, "refuses the password, key or log-in"),
        (NotSent.LATER, "asked to wait each time"),
        (NotSent.REFUSED, "refuses mail of help@linden.example"),
    ],
)
def test_each_reason_is_told_in_words(world: World, code: NotSent, words: str) -> None:
    world.chen.post(here(world))
    why = Setback(code, "smtp.linden.example", "<b>said</b>")
    note_not_sent(taken(), why=why, by=SYSTEM)
    page = shown(world)
    assert words in page
    assert "<b>said" not in page
    assert ("&lt;b&gt;said" in page) is (code not in (NotSent.NO_SERVER, NotSent.WRONG_SERVER))


def test_a_server_that_only_asks_to_wait_is_tried_again_by_itself(world: World) -> None:
    world.chen.post(here(world))
    note_not_sent(taken(), why=Setback(NotSent.LATER, "mx.example", "451", is_passing=True), by=SYSTEM)
    page = shown(world)
    assert "mx.example asks to wait" in page
    assert "every 2s" in page


def test_the_page_does_not_wait_for_a_server_that_says_nothing(world: World) -> None:
    servers.forget()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"smtp://127.0.0.1:{silent.getsockname()[1]}"
        set_mail_server(world.help, url=url, by=SYSTEM)
        world.chen.post(here(world))
        assert "It is being sent." in shown(world)
        silent.settimeout(0.2)
        with pytest.raises(TimeoutError):
            silent.accept()


def test_a_mailbox_shows_its_inboxs_round_trip_to_who_may_begin_one(world: World) -> None:
    row = mailbox(world)
    address = f"/settings/mailboxes/{row.pk}/"
    assert here(world) in text(world.chen.get(address))
    assert here(world) not in text(world.edda.get(address))


def test_it_needs_few_queries(world: World) -> None:
    world.chen.post(here(world))
    world.chen.get(here(world))
    with assert_queries(at_most=11):
        world.chen.get(here(world))
