"""Automatic mail names an address for those who want no more of it: one click does it, looking changes nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from heed.channels.email.parse import parse
from heed.conversations.actions.answering import reply
from heed.conversations.models import Conversation, Message
from heed.delivery import mail as composing
from heed.delivery.models import CaughtMail
from heed.eventlog.kinds import AddressResubscribed, AddressUnsubscribed
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Automatic, BrandId
from heed.people.actions.standings import unsubscribe
from heed.people.models import Unsubscription
from heed.testing.world import World
from heed.web.unsubscribing import views

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "config", replace(config, url="https://desk.example"))


@pytest.fixture
def row(world: World) -> Conversation:
    """A conversation whose customer was told that the mail arrived."""
    world.mail_from(world.dalia)
    world.settle()
    return Conversation.objects.get()


def header(name: str) -> str | None:
    raw = bytes(CaughtMail.objects.order_by("-pk")[0].raw)
    found = re.search(rb"(?im)^" + name.encode() + rb": (.*(?:\r\n[ \t].*)*)", raw)
    return None if found is None else found[1].decode().replace("\r\n", "").strip()


def path() -> str:
    link = header("List-Unsubscribe")
    assert link is not None
    assert link.startswith("<https://desk.example/unsubscribe/")
    return link.strip("<>").removeprefix("https://desk.example")


def one_click(client: Client) -> int:
    return client.post(path(), ONE_CLICK, content_type=FORM).status_code


def stranger() -> Client:
    return Client(HTTP_HOST="localhost", enforce_csrf_checks=True)


def acknowledged() -> int:
    return Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT).count()


def write_again(world: World, hours: int = 30) -> None:
    with clock.at(clock.now() + timedelta(hours=hours)):
        world.mail_from(world.dalia, subject=f"Another matter {hours}")
        world.settle()


def test_an_acknowledgement_names_the_address_and_the_one_click(world: World, row: Conversation) -> None:
    assert path()
    assert header("List-Unsubscribe-Post") == ONE_CLICK


def test_what_a_person_writes_names_none(world: World, row: Conversation) -> None:
    reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert header("List-Unsubscribe") is None
    assert header("List-Unsubscribe-Post") is None


def test_a_desk_that_nobody_reaches_by_https_names_none(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(composing, "config", replace(config, url="http://127.0.0.1:8000"))
    world.mail_from(world.dalia)
    world.settle()
    assert parse(bytes(CaughtMail.objects.get().raw)).subject
    assert header("List-Unsubscribe") is None


def test_looking_changes_nothing(world: World, row: Conversation) -> None:
    client = stranger()
    page = client.get(path())
    assert page.status_code == 200
    assert "Linden Bikes writes to d…@example.org by itself" in unescape(page.content.decode())
    assert client.head(path()).status_code == 200
    assert not Unsubscription.objects.exists()


def test_one_click_ends_automatic_mail_of_that_brand_alone(world: World, row: Conversation) -> None:
    write_again(world)
    assert acknowledged() == 2  # as long as nobody asked, there is one for each matter
    assert one_click(stranger()) == 200
    write_again(world, hours=60)
    assert acknowledged() == 2
    with clock.at(clock.now() + timedelta(hours=90)):
        world.mail_from(world.dalia, to=[world.hello.address])
        world.settle()
    assert acknowledged() == 3  # of another brand


def test_what_people_write_still_leaves(world: World, row: Conversation) -> None:
    one_click(stranger())
    reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    assert CaughtMail.objects.order_by("-pk")[0].recipients == [world.dalia.address]


def test_the_button_does_the_same_and_can_be_taken_back(world: World, row: Conversation) -> None:
    client = stranger()
    done = client.post(path())
    assert "No more automatic mail" in done.content.decode()
    assert Unsubscription.objects.count() == 1
    again = client.post(path(), {"again": "1"})
    assert "You will get it again" in again.content.decode()
    assert not Unsubscription.objects.exists()
    assert world.kinds(row)[-2:] == [AddressUnsubscribed.name, AddressResubscribed.name]


def test_clicking_twice_is_one(world: World, row: Conversation) -> None:
    assert (one_click(stranger()), one_click(stranger())) == (200, 200)
    assert Unsubscription.objects.count() == 1
    assert world.kinds(row).count(AddressUnsubscribed.name) == 1


@pytest.mark.parametrize("change", ["x", "", ".", "0.", "é"])
def test_an_address_that_is_not_genuine_does_nothing(world: World, row: Conversation, change: str) -> None:
    token = path().split("/")[-2]
    number, _, signature = token.partition(".")
    guessed = f"{number}.{signature[::-1]}" if not change else f"{change}{token}"
    assert stranger().get(f"/unsubscribe/{guessed}/").status_code == 404
    assert stranger().post(f"/unsubscribe/{guessed}/").status_code == 404
    assert not Unsubscription.objects.exists()


def test_clicking_is_limited_for_one_address_and_for_one_place(
    world: World, row: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "CLICKS_AN_HOUR", 2)
    assert [one_click(stranger()) for _ in range(3)] == [200, 200, 429]
    monkeypatch.setattr(views, "ANSWERS_AN_HOUR", 3)
    assert one_click(stranger()) == 429
    assert stranger().get(path()).status_code == 200


def test_agents_see_it_and_can_undo_it(world: World, row: Conversation) -> None:
    one_click(stranger())
    shown = unescape(world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode())
    assert "They asked for no more automatic mail and get none" in shown
    href = re.search(r'href="(/addresses/\d+/\?conversation=\d+)"', shown)
    assert href is not None
    page = unescape(world.amara.get(href[1]).content.decode())
    assert "Gets no automatic mail of Linden Bikes since" in page
    undo = f"{href[1].partition('?')[0]}resubscribe/"
    assert f'action="{undo}"' in page
    assert world.bruno.post(undo, {"conversation": row.pk}).status_code == 404
    assert world.farid.post(undo, {"conversation": row.pk}).status_code == 404
    assert world.amara.post(undo, {"conversation": row.pk}).status_code == 303
    assert not Unsubscription.objects.exists()
    shown = unescape(world.amara.get(f"/inbox/all-open/{row.pk}/").content.decode())
    assert "You let automatic mail leave to them again" in shown


def test_agents_of_another_brand_are_not_told(world: World, row: Conversation) -> None:
    one_click(stranger())
    standing = Unsubscription.objects.get().standing
    other = world.conversation(inbox=world.hello)
    page = world.gita.get(f"/addresses/{standing.pk}/?conversation={other.pk}")
    assert page.status_code == 200
    assert "Gets no automatic mail" not in page.content.decode()


def test_an_address_is_unsubscribed_whatever_its_case(world: World, row: Conversation) -> None:
    unsubscribe("Dalia@Example.org", brand=BrandId(world.linden.pk), on=None, by=world.amara.actor)
    write_again(world)
    assert acknowledged() == 1
