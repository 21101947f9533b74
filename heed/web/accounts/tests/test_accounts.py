"""Logging in: the right password, slow guessing, and no way for others to make an account."""

import logging

import pytest
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heed.people.actions.agents import switch_off
from heed.people.models import Tries
from heed.people.policy import SYSTEM
from heed.testing.world import World
from heed.web.accounts.mail import AccountMail


def log_in(client: Client, password: str, address: str = "amara@desk.example") -> int:
    return client.post("/accounts/login/", {"login": address, "password": password}).status_code


def test_the_form_tells_password_managers_what_is_what(world: World) -> None:
    page = world.nobody.get("/accounts/login/").content.decode()
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_the_right_password_leads_to_my_turn(world: World) -> None:
    password = world.amara.may_log_in()
    client = Client(HTTP_HOST="localhost")
    assert log_in(client, "wrong") == 200
    assert client.get("/inbox/my-turn/").status_code == 302
    answer = client.post("/accounts/login/", {"login": "Amara@desk.example", "password": password})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/inbox/my-turn/")
    assert client.get("/inbox/my-turn/").status_code == 200


def test_log_in_leads_nowhere_else(world: World) -> None:
    password = world.amara.may_log_in()
    posted = {"login": "amara@desk.example", "password": password, "next": "https://evil.example/"}
    answer = Client(HTTP_HOST="localhost").post("/accounts/login/", posted)
    assert answer.headers["Location"] == "/inbox/my-turn/"


def test_guessing_one_agents_password_is_stopped_even_for_the_right_one(world: World) -> None:
    password = world.amara.may_log_in()
    client = Client(HTTP_HOST="localhost")
    for _ in range(5):
        assert log_in(client, "wrong") == 200
    assert log_in(client, password) == 200
    assert client.get("/inbox/my-turn/").status_code == 302


def test_guessing_for_many_agents_from_one_place_is_stopped(world: World) -> None:
    client = Client(HTTP_HOST="localhost")
    told = [log_in(client, "wrong", f"a{number}@desk.example") for number in range(31)]
    assert told[-1] == 429
    page = client.post("/accounts/login/", {"login": "a@desk.example", "password": "x"})
    assert "Too many tries" in page.content.decode()


def test_wrong_passwords_are_counted_where_every_process_sees_them(world: World) -> None:
    assert isinstance(caches["default"], DatabaseCache)
    client = Client(HTTP_HOST="localhost")
    log_in(client, "wrong")
    kept = set(Tries.objects.values_list("cache_key", flat=True))
    assert any("login_failed" in key for key in kept)
    assert "amara" not in str(kept)


def test_reading_a_page_writes_nothing_about_limits(world: World) -> None:
    row = world.conversation()
    with CaptureQueriesContext(connection) as captured:
        world.amara.get(f"/inbox/all-open/{row.pk}/")
        world.amara.get("/inbox/my-turn/")
        Client(HTTP_HOST="localhost").get("/accounts/login/")
    assert captured.captured_queries
    assert [one["sql"] for one in captured.captured_queries if "people_tries" in one["sql"]] == []


def test_who_was_switched_off_is_out_at_once(world: World) -> None:
    assert world.amara.get("/inbox/my-turn/").status_code == 200
    switch_off(world.amara.row, by=SYSTEM)
    assert world.amara.get("/inbox/my-turn/").status_code == 302


def test_nobody_makes_an_account(world: World) -> None:
    posted = {"email": "new@desk.example", "password1": "long enough words", "password2": "long enough words"}
    world.nobody.post("/accounts/signup/", posted)
    assert "new@desk.example" not in world.chen.get("/accounts/signup/").content.decode()
    assert log_in(Client(HTTP_HOST="localhost"), "long enough words", "new@desk.example") == 200


def test_a_new_password_is_mailed_and_strangers_learn_nothing(
    world: World, mailoutbox: list[EmailMessage]
) -> None:
    world.amara.may_log_in()
    unknown = world.nobody.client.post("/accounts/password/reset/", {"email": "who@desk.example"})
    assert mailoutbox == []
    known = world.nobody.client.post("/accounts/password/reset/", {"email": "amara@desk.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    (mail,) = mailoutbox
    assert mail.to == ["amara@desk.example"]
    words = str(mail.body)
    path = words[words.index("/accounts/password/reset/key/") :].split()[0]
    client = Client(HTTP_HOST="localhost")
    form = client.get(path, follow=True)
    assert form.status_code == 200
    set_here = form.redirect_chain[-1][0]
    client.post(set_here, {"password1": "walks in the park", "password2": "walks in the park"})
    assert log_in(Client(HTTP_HOST="localhost"), "walks in the park") == 302


def test_without_a_mail_server_its_words_stand_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    mail = EmailMessage("A link", "Open this", "heed@desk.example", ["amara@desk.example"])
    with caplog.at_level(logging.WARNING, "heed.web.accounts.mail"):
        assert AccountMail().send_messages([mail]) == 1
    assert "HEED_SMTP_URL" in caplog.text
    assert "Open this" in caplog.text


def test_a_session_ends_with_the_browser_unless_one_asks_to_stay(world: World) -> None:
    password = world.amara.may_log_in()
    for extra, is_kept in (({}, False), ({"remember": "on"}, True)):
        client = Client(HTTP_HOST="localhost")
        client.post("/accounts/login/", {"login": "amara@desk.example", "password": password, **extra})
        cookie = client.cookies["sessionid"]
        assert bool(cookie["max-age"]) is is_kept
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
