"""One's own security by its pages: asked once more before a change, an app by its code, sessions that end."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from heed.kernel import clock
from heed.kernel.words import Role
from heed.people.actions.agents import switch_off
from heed.people.actions.factors import add_code_app, demand_second_factor, make_recovery_codes
from heed.people.models import Agent, AgentSession
from heed.testing.queries import assert_queries
from heed.testing.world import World

HERE = "/settings/you/security/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def code(secret: str = SECRET) -> str:
    """What an app shows now."""
    return str(format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1])))


def browser(user_agent: str = FIREFOX) -> Client:
    return Client(HTTP_HOST="localhost", HTTP_USER_AGENT=user_agent)


def log_in(client: Client, password: str, who: str = "amara") -> str:
    """Fill in the form; where it leads."""
    answer = client.post("/accounts/login/", {"login": f"{who}@desk.example", "password": password})
    return str(answer.headers.get("Location", ""))


def prove(client: Client, password: str, leads_to: str = HERE) -> str:
    answer = client.post("/accounts/reauthenticate/", {"password": password, "next": leads_to})
    return str(answer.headers.get("Location", answer.status_code))


@pytest.mark.parametrize(("who", "status"), [("amara", 200), ("farid", 200), ("chen", 200), ("nobody", 302)])
def test_everybody_of_the_desk_has_the_page(world: World, who: str, status: int) -> None:
    assert world.colleague(who).get(HERE).status_code == status
    if status == 200:
        with assert_queries(at_most=12):
            world.colleague(who).get(HERE)


def test_a_change_asks_once_more_who_it_is(world: World) -> None:
    password, client = world.amara.may_log_in(), browser()
    log_in(client, password)
    for path in ("app/", "passkey/"):
        answer = client.get(f"{HERE}{path}")
        assert (
            answer.headers["Location"]
            == f"/accounts/reauthenticate/?next={HERE.replace('/', '%2F')}{path.replace('/', '%2F')}"
        )
    for path in ("codes/", "1/remove/"):
        assert client.post(f"{HERE}{path}").headers["Location"].startswith("/accounts/reauthenticate/")
    assert prove(client, "wrong") == "200"
    assert prove(client, password, f"{HERE}app/") == f"{HERE}app/"
    assert client.get(f"{HERE}app/").status_code == 200


def test_an_app_is_added_by_a_code_and_asked_for_at_log_in(world: World) -> None:
    password, client = world.amara.may_log_in(), browser()
    log_in(client, password)
    prove(client, password)
    page = client.get(f"{HERE}app/").content.decode()
    found = re.search(r'class="key-letters">([A-Z2-7 ]+)<', page)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert secret not in str(dict(client.session)), "the session keeps it sealed"
    refused = client.post(f"{HERE}app/", {"code": "000000"})
    assert (refused.status_code, "not the code" in refused.content.decode()) == (422, True)
    made = client.post(f"{HERE}app/", {"code": code(secret)}).content.decode()
    codes = re.findall(r"<li><code>(\d{8})</code>", made)
    assert len(codes) == 10
    assert codes[0] not in client.get(HERE).content.decode(), "shown this once"

    other = browser()
    assert log_in(other, password) == "/accounts/second-factor/"
    assert other.get("/inbox/my-turn/").status_code == 302
    assert other.post("/accounts/second-factor/", {"code": "12345678"}).status_code == 200
    assert other.post("/accounts/second-factor/", {"code": codes[0]}).headers["Location"] == "/inbox/my-turn/"
    assert other.get("/inbox/my-turn/").status_code == 200
    third = browser()
    log_in(third, password)
    assert third.post("/accounts/second-factor/", {"code": codes[0]}).status_code == 200, "good once"


def test_guessing_codes_is_stopped_even_for_the_right_one(world: World) -> None:
    password, client = world.amara.may_log_in(), browser()
    add_code_app(SECRET, by=world.amara.actor)
    log_in(client, password)
    for _ in range(6):
        client.post("/accounts/second-factor/", {"code": "000000"})
    client.post("/accounts/second-factor/", {"code": code()})
    assert client.get("/inbox/my-turn/").status_code == 302


def test_who_was_switched_off_gets_no_further_with_a_code(world: World) -> None:
    password, client = world.amara.may_log_in(), browser()
    add_code_app(SECRET, by=world.amara.actor)
    log_in(client, password)
    switch_off(world.amara.row, by=world.chen.actor)
    client.post("/accounts/second-factor/", {"code": code()})
    assert client.get("/inbox/my-turn/").status_code == 302


def test_a_code_of_the_app_proves_once_more_who_it_is(world: World) -> None:
    password, client = world.amara.may_log_in(), browser()
    add_code_app(SECRET, by=world.amara.actor)
    codes = make_recovery_codes(by=world.amara.actor)
    log_in(client, password)
    client.post("/accounts/second-factor/", {"code": codes[0]})
    page = client.get("/accounts/reauthenticate/").content.decode()
    assert "/accounts/reauthenticate/code/" in page
    answer = client.post("/accounts/reauthenticate/code/", {"code": codes[1], "next": f"{HERE}passkey/"})
    assert answer.headers["Location"] == f"{HERE}passkey/"
    assert "data-options" in client.get(f"{HERE}passkey/").content.decode()
    assert client.post(f"{HERE}passkey/", {"name": "Key", "credential": "{}"}).status_code == 422
    number = Authenticator.objects.get(type="totp").pk
    assert client.post(f"{HERE}{number}/remove/").headers["Location"] == f"{HERE}?done=removed"
    assert not Authenticator.objects.exists()


def test_sessions_are_listed_and_ended(world: World) -> None:
    password, here, there = world.amara.may_log_in(), browser(), browser("curl/8")
    log_in(here, password)
    log_in(there, password)
    page = here.get(HERE).content.decode()
    assert "Firefox on Linux" in page
    assert "Unknown browser" in page
    assert page.count("this one") == 1
    row = AgentSession.objects.get(browser="")
    assert here.post(f"{HERE}sessions/{row.pk}/end/").status_code == 303
    assert there.get("/inbox/my-turn/").status_code == 302
    assert here.get("/inbox/my-turn/").status_code == 200
    third = browser()
    log_in(third, password)
    assert here.post(f"{HERE}sessions/end/").status_code == 303
    assert (third.get("/inbox/my-turn/").status_code, here.get("/inbox/my-turn/").status_code) == (302, 200)
    here.post("/accounts/logout/")
    assert not AgentSession.objects.exists()


def test_when_a_browser_was_seen_is_noted_now_and_then(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    password, client = world.amara.may_log_in(), browser()
    log_in(client, password)
    begun = AgentSession.objects.get().seen_at
    client.get("/inbox/my-turn/")
    assert AgentSession.objects.get().seen_at == begun
    later = clock.now() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "now", lambda: later)
    client.get("/inbox/my-turn/")
    assert AgentSession.objects.get().seen_at == later


def test_a_session_from_before_sessions_were_noted_is_listed_and_ended_too(world: World) -> None:
    here, old = browser(), browser("curl/8")
    for client in (here, old):
        client.force_login(world.amara.row)  # which notes nothing, as a former version's log-in
        assert client.get("/inbox/my-turn/").status_code == 200
        assert client.get("/inbox/my-turn/").status_code == 200
    assert sorted(AgentSession.objects.values_list("browser", flat=True)) == ["", "Firefox"]
    assert here.get(HERE).content.decode().count("this one") == 1
    here.post(f"{HERE}sessions/end/")
    assert (old.get("/inbox/my-turn/").status_code, here.get("/inbox/my-turn/").status_code) == (302, 200)


def test_a_new_password_ends_the_others(world: World) -> None:
    password, here, there = world.amara.may_log_in(), browser(), browser()
    log_in(here, password)
    log_in(there, password)
    new = "sings in the attic"
    answer = here.post(
        "/accounts/password/change/", {"oldpassword": password, "password1": new, "password2": new}
    )
    assert answer.status_code == 302
    assert there.get("/inbox/my-turn/").status_code == 302
    assert here.get("/inbox/my-turn/").status_code == 200
    assert AgentSession.objects.count() == 1


def test_of_whom_it_is_overdue_finds_nothing_but_the_way_to_it(world: World) -> None:
    demand_second_factor([Role.AGENT], grace_days=0, by=world.chen.actor)
    Agent.objects.filter(pk=world.amara.row.pk).update(second_factor_due_at=clock.now())
    for path in ("/inbox/my-turn/", "/settings/you/", "/search/"):
        answer = world.amara.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (302, HERE)
    assert world.amara.get("/menu/", **{"HX-Request": "true"}).headers["HX-Redirect"] == HERE
    page = world.amara.get(HERE).content.decode()
    assert "asks for a second factor" in page
    for shown in ("Payments", "My turn", "/views/new/", "/search/"):
        assert shown not in page
    for shown in ("/accounts/logout/", 'data-open="menu"'):
        assert shown in page
    assert world.edda.get("/inbox/my-turn/").status_code == 200
    assert log_in(browser(), world.gita.may_log_in(), "gita") == HERE, "told at each log-in"
    add_code_app(SECRET, by=world.amara.actor)
    assert world.amara.get("/inbox/my-turn/").status_code == 200
