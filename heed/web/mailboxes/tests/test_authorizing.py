"""Asking a provider to let the desk in: a link that leads there, and the door that one comes back through."""

import re
from collections.abc import Iterator
from html import unescape

import pytest

from heed.delivery.servers import server_of
from heed.delivery.tests.sink import Sink
from heed.kernel.mail_words import MailProvider
from heed.mailboxes.account import Account
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.models import Mailbox
from heed.mailboxes.tests.post_office import handling
from heed.mailboxes.tests.token_server import TokenServer, google_here
from heed.mailboxes.tokens import begin_authorization
from heed.people.policy import SYSTEM
from heed.testing.world import World

HERE = "/settings/mailboxes/"
FORM = {
    "address": "help@gmail.com",
    "host": "imap.gmail.com",
    "user_name": "help@gmail.com",
    "provider": "google",
    "folders": "INBOX",
    "work_from_on": "2026-11-01",
    "sends": "keep",
}


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenServer]:
    """Stands where Google is."""
    with google_here(monkeypatch) as server:
        yield server


def resting(world: World) -> Mailbox:
    account = Account("imap.gmail.com", "help@gmail.com", provider=MailProvider.GOOGLE)
    return add_mailbox(world.help, account=account, handling=handling(), password="", by=SYSTEM)


def test_one_goes_to_the_provider_and_comes_back_let_in(world: World, google: TokenServer) -> None:
    row = resting(world)
    assert "Waits for its provider" in world.chen.get(f"{HERE}{row.pk}/").content.decode()
    page = world.chen.post(f"{HERE}{row.pk}/authorize/").content.decode()
    found = re.search(rf'href="({re.escape(google.url)}/ask[^"]+)"', page)
    assert found is not None
    back = google.consent(unescape(found[1]))
    answer = world.chen.get(f"{HERE}authorized/?state={back['state']}&code={back['code']}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}{row.pk}/?saved=1")
    row.refresh_from_db()
    assert row.is_enabled
    again = world.chen.get(f"{HERE}authorized/?state={back['state']}&code={back['code']}")
    assert again.status_code == 409


def test_a_provider_that_says_no_and_a_state_that_nobody_knows(world: World, google: TokenServer) -> None:
    row = resting(world)
    assert world.chen.get(f"{HERE}authorized/?error=access_denied&state=x").status_code == 409
    assert world.chen.get(f"{HERE}authorized/?code=x&state=x").status_code == 409
    assert world.edda.get(f"{HERE}authorized/?code=x&state=x").status_code == 404
    row.refresh_from_db()
    assert not row.is_enabled


def test_a_known_provider_is_offered_where_the_desk_has_an_application(
    world: World, google: TokenServer
) -> None:
    page = world.chen.get(f"{HERE}add/?address=help@gmail.com").content.decode()
    assert 'name="provider" value="google"' in page
    form = {**FORM, "inbox": f"inbox:{world.help.pk}"}
    assert world.chen.post(f"{HERE}add/", form).status_code == 303
    row = Mailbox.objects.get()
    assert (row.provider, row.password, row.is_enabled) == ("google", "", False)


def test_without_an_application_nobody_is_sent_anywhere(world: World) -> None:
    row = resting(world)
    page = world.chen.get(f"{HERE}{row.pk}/").content.decode()
    assert "Log in at the provider" not in page
    assert 'name="provider"' not in world.chen.get(f"{HERE}add/?address=help@gmail.com").content.decode()
    assert world.chen.post(f"{HERE}{row.pk}/authorize/").status_code == 409


def test_one_leave_is_for_fetching_and_for_sending(world: World, google: TokenServer) -> None:
    page = world.chen.get(f"{HERE}add/?address=help@gmail.com").content.decode()
    assert 'value="smtp.gmail.com"' in page
    with Sink(tokens=google.access) as sink:
        form = {
            **FORM,
            "inbox": f"inbox:{world.help.pk}",
            "host": "127.0.0.1",
            "port": "1",
            "security": "tls",
            "user_name": "help",
            "sends": "server",
            "send_host": "127.0.0.1",
            "send_port": str(sink.port),
            "send_security": "plain",
            "send_user": "help",
        }
        early = world.chen.post(f"{HERE}try/", form, **{"HX-Request": "true"}).content.decode()
        assert "127.0.0.1 is there. Whether it lets the desk in shows once you have" in early
        assert world.chen.post(f"{HERE}add/", form).status_code == 303
        row = Mailbox.objects.get()
        begun = begin_authorization(row, return_to="http://here.example/", by=world.chen.actor)
        back = google.consent(begun)
        world.chen.get(f"{HERE}authorized/?state={back['state']}&code={back['code']}")
        world.help.refresh_from_db()
        server = server_of(world.help)
        assert server is not None
        assert (server.user, server.password, server.by_token) == ("help", None, True)
        known = {**form, "sends": "keep", "folders": "INBOX"}
        tried = world.chen.post(f"{HERE}{row.pk}/try/", known, **{"HX-Request": "true"}).content.decode()
        assert "Works: the server would take our mail." in tried
        google.take_back()
        lost = world.chen.post(f"{HERE}{row.pk}/try/", known, **{"HX-Request": "true"}).content.decode()
        assert "The provider no longer lets the desk in" in lost
        assert sink.mails == []
