"""Mail leaves through a provider's API: taken, refused, busy; found again by the provider's name for it."""

import sys
from base64 import b64decode
from collections.abc import Iterator
from email.utils import parseaddr
from subprocess import run
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heed.conversations.actions.answering import reply
from heed.conversations.actions.uploads import upload
from heed.conversations.models import Attachment, Conversation, Message
from heed.delivery import work
from heed.delivery.actions.setup import set_provider
from heed.delivery.models import CaughtMail, Delivery
from heed.delivery.queries import by_message_id, by_provider_id
from heed.delivery.servers import WrongServer, way_out
from heed.delivery.tests.api import Api
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs, clock
from heed.kernel.errors import Refused
from heed.kernel.outbound import PROVIDERS, ProviderAccess
from heed.kernel.words import DeliveryState
from heed.testing.world import World

SHOW_LOADED = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "heed.project.settings"
django.setup()
import heed.flow
print([name for name in ("anymail", "requests", "dkim") if name in sys.modules])
"""
BOSS = ("The Boss", "boss@example.net")
TAKEN = {"ErrorCode": 0, "Message": "OK", "MessageID": "b7bc2f4a", "To": "dalia@example.org"}


@pytest.fixture
def api(world: World) -> Iterator[Api]:
    """A provider that Help's mail leaves through: Postmark's manners."""
    work.servers.forget()
    with Api([(200, TAKEN)]) as running:
        access = ProviderAccess.read("postmark", {"server_token": "key-1", "api_url": running.url})
        set_provider(world.help, access=access, by=world.chen.actor)
        yield running
    work.servers.forget()


def sent(world: World, **more: Any) -> Message:
    message = reply(world.conversation(), answer=world.answer(**more), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    return message


def again(world: World) -> None:
    with unit():
        for row in Delivery.objects.filter(due_at__isnull=False):
            change(lock(row), due_at=clock.now(), claimed_until=None)
    for health in work.servers.known.values():
        health.rests_until = 0.0
    world.settle()


def test_an_answer_leaves_through_the_api_with_all_that_a_mail_has(world: World, api: Api) -> None:
    message = sent(world, cc=(BOSS,), bcc=(("", "audit@example.net"),), text="Grüße, und 1 < 2.")
    assert message.state == DeliveryState.SENT
    [asked] = api.asked
    data = asked.data
    assert asked.headers["X-Postmark-Server-Token"] == "key-1"
    assert data["From"] == "Linden Bikes <help@linden.example>"
    assert [parseaddr(data[line])[1] for line in ("To", "Cc", "Bcc")] == [
        "dalia@example.org",
        "boss@example.net",
        "audit@example.net",
    ]
    assert data["Subject"] == "Re: The chain slips"
    assert data["ReplyTo"].startswith("help+h")
    assert data["TextBody"].startswith("Grüße, und 1 < 2.")
    assert "1 &lt; 2" in data["HtmlBody"]
    headers = {header["Name"]: header["Value"] for header in data["Headers"]}
    assert headers["Message-ID"] == f"<{message.message_id}>"
    assert headers["X-PM-KeepID"] == "true"
    assert "In-Reply-To" in headers
    assert data["Metadata"] == {"heed": message.message_id}
    assert (data["TrackOpens"], data["TrackLinks"]) == (False, "None")
    assert not CaughtMail.objects.exists()


def test_files_go_along(world: World, api: Api) -> None:
    attached = upload(
        Attachment(
            blob_id=blobs.put(b"%PDF-1.4"),
            filename="Rechnung März.pdf",
            content_type="application/pdf",
            size=8,
        ),
        by=world.amara.actor,
    )
    sent(world, files=[attached.pk])
    [file] = api.asked[0].data["Attachments"]
    assert (file["Name"], file["ContentType"]) == ("Rechnung März.pdf", "application/pdf")
    assert b64decode(file["Content"]) == b"%PDF-1.4"


def test_a_report_and_an_answer_find_the_message_by_the_providers_name(world: World, api: Api) -> None:
    message = sent(world)
    assert by_provider_id("b7bc2f4a") == message.delivery
    assert by_message_id(f"<{message.message_id}>") == message.delivery
    found = by_message_id("b7bc2f4a@mtasv.net")
    assert found == message.delivery
    world.mail_from(world.dalia, subject="Thanks", headers={"In-Reply-To": "<b7bc2f4a@mtasv.net>"})
    world.settle()
    assert Conversation.objects.get(pk=message.conversation_id).messages.filter(direction="in").count() == 2


def test_a_refused_address_is_failed_for_good(world: World, api: Api) -> None:
    api.answers = [(422, {"ErrorCode": 300, "Message": "Invalid 'To' address: 'dalia@example.org'."})]
    message = sent(world)
    assert message.state == DeliveryState.FAILED
    assert "postmark" in message.trouble


@pytest.mark.parametrize("status", [0, 401, 429, 500, 503])
def test_a_provider_in_trouble_is_asked_again_later(world: World, api: Api, status: int) -> None:
    api.answers = [(status, {"Message": "no"}), (200, TAKEN)]
    message = sent(world)
    assert message.state == DeliveryState.QUEUED
    assert Delivery.objects.get().failures == 1
    again(world)
    message.refresh_from_db()
    assert message.state == DeliveryState.SENT
    ids = [
        header["Value"]
        for asked in api.asked
        for header in asked.data["Headers"]
        if header["Name"] == "Message-ID"
    ]
    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_a_key_that_makes_a_request_count_once_is_sent_where_there_is_one(world: World) -> None:
    with Api([(200, {"id": "r-1"})]) as running:
        access = ProviderAccess.read("resend", {"api_key": "k", "api_url": running.url})
        set_provider(world.help, access=access, by=world.chen.actor)
        message = sent(world)
        assert running.asked[0].headers["Idempotency-Key"] == message.message_id
        assert by_provider_id("r-1") == message.delivery


def test_the_key_lies_sealed_and_is_shown_nowhere(world: World, api: Api) -> None:
    world.help.refresh_from_db()
    assert "key-1" not in world.help.provider
    server = way_out(world.help)
    assert isinstance(server, ProviderAccess)
    assert "key-1" not in repr(server)


def test_without_a_provider_mail_leaves_by_smtp_again(world: World, api: Api) -> None:
    set_provider(world.help, access=None, by=world.chen.actor)
    set_provider(world.help, access=None, by=world.chen.actor)
    assert sent(world).state == DeliveryState.SENT
    assert api.asked == []
    assert CaughtMail.objects.count() == 1


def test_only_admins_choose_a_provider(world: World, api: Api) -> None:
    with pytest.raises(Refused):
        set_provider(world.help, access=None, by=world.edda.actor)
    sent(world)
    assert len(api.asked) == 1


def test_a_provider_sealed_with_another_secret_is_reported_not_bypassed(world: World, api: Api) -> None:
    with unit():
        change(lock(world.help), provider="sealed elsewhere")
    world.help.refresh_from_db()
    with pytest.raises(WrongServer):
        way_out(world.help)
    message = sent(world)
    assert message.state == DeliveryState.QUEUED
    assert not CaughtMail.objects.exists()


@pytest.mark.parametrize("code", PROVIDERS)
def test_each_provider_says_what_it_needs(code: str) -> None:
    needs = PROVIDERS[code].needs
    given_all = {name: "https://api.example/" if name == "api_url" else "x" for name in needs}
    assert ProviderAccess.from_text(ProviderAccess.read(code, given_all).as_text()).code == code
    for missing in needs:
        with pytest.raises(ValueError, match=missing):
            ProviderAccess.read(code, {**given_all, missing: " "})
    with pytest.raises(ValueError, match="surprise"):
        ProviderAccess.read(code, {**given_all, "surprise": "x"})


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12)), st.sampled_from([*PROVIDERS, "other"]))
def test_whatever_is_given_is_taken_or_refused_by_name(options: dict[str, str], code: str) -> None:
    try:
        access = ProviderAccess.read(code, options)
    except ValueError:
        return
    assert ProviderAccess.from_text(access.as_text()) == access


def test_an_api_is_spoken_to_in_the_clear_on_this_machine_alone() -> None:
    for url in ("http://api.example/", "ftp://127.0.0.1/", "//api.example"):
        with pytest.raises(ValueError, match="api_url"):
            ProviderAccess.read("brevo", {"api_key": "x", "api_url": url})


def test_a_desk_without_a_provider_loads_none_of_it() -> None:
    told = run(
        [
            sys.executable,
            "-c",
            SHOW_LOADED,
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


def test_another_provider_takes_over_from_the_next_mail_on(world: World, api: Api) -> None:
    sent(world)
    with Api([(200, {"id": "r-1"})]) as running:
        access = ProviderAccess.read("resend", {"api_key": "k", "api_url": running.url})
        set_provider(world.help, access=access, by=world.chen.actor)
        sent(world)
        assert (len(api.asked), len(running.asked)) == (1, 1)
