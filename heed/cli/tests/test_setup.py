"""Commands that set up a desk: each does one thing, says it in one sentence, and is safe to run twice."""

import pytest
from django.test import Client
from pytest_django import Settings

from heed.brands.models import Brand, Inbox
from heed.cli.main import main
from heed.delivery.servers import server_of, way_out
from heed.kernel.outbound import ProviderAccess, SmtpUrl
from heed.kernel.words import Role
from heed.people.actions.factors import add_passkey
from heed.people.demands import has_factor
from heed.people.models import Agent, InboxTeam, Team, TeamMember
from heed.people.queries import actor_for, team_of

pytestmark = pytest.mark.django_db
Capture = pytest.CaptureFixture[str]
PASSWORD = "quiet brown river"
SERVER = "smtp://desk:hunter2@mail.tern.example"


@pytest.fixture(autouse=True)
def desk(monkeypatch: pytest.MonkeyPatch, capsys: Capture, settings: Settings) -> None:
    """What `heed init` leaves: Linden Bikes with one inbox, the team Support and one admin."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # for speed alone
    monkeypatch.setenv("HEED_ADMIN_PASSWORD", PASSWORD)
    monkeypatch.setenv("HEED_AGENT_PASSWORD", PASSWORD)
    monkeypatch.setenv("HEED_INBOX_SMTP_URL", SERVER)
    words = ["--brand", "Linden Bikes", "--inbox", "help@linden.example", "--admin", "ana@linden.example"]
    assert main(["init", *words]) == 0
    capsys.readouterr()


def run(capsys: Capture, line: str) -> tuple[int, str]:
    """The exit code, and the one sentence that was said; none of them holds a secret."""
    code = main(line.split())
    printed = capsys.readouterr()
    said = printed.err if code else printed.out
    assert len(said.splitlines()) == 1
    assert not printed.err or not printed.out
    assert PASSWORD not in said
    assert "hunter2" not in said
    return code, said


def everything() -> list[object]:
    models = (Brand, Inbox, Team, TeamMember, Agent, InboxTeam)
    return [row for model in models for row in model.objects.order_by("pk").values()]


def second_brand() -> None:
    assert main(["brand", "Tern", "--language", "de", "--time-zone", "Europe/Berlin"]) == 0
    assert main(["team", "Support", "--brand", "tern"]) == 0
    assert main(["team", "Sales", "--brand", "tern"]) == 0
    assert main(["inbox", "hallo@tern.example", "--brand", "tern", "--team", "Support"]) == 0


def test_a_company_grows_by_a_brand_a_team_an_inbox_and_an_agent(capsys: Capture) -> None:
    second_brand()
    capsys.readouterr()
    code, said = run(capsys, "agent Ivo@tern.example --name Ivo --role lead --team Sales tern/Support")
    assert code == 0
    assert "ivo@tern.example" in said
    tern = Brand.objects.get(slug="tern")
    assert (tern.name, tern.language, tern.time_zone) == ("Tern", "de", "Europe/Berlin")
    inbox = Inbox.objects.get(address="hallo@tern.example")
    assert (inbox.brand_id, inbox.name) == (tern.pk, "Tern")
    assert team_of(inbox) == Team.objects.get(brand=tern, name="Support").pk
    ivo = Agent.objects.get(email="ivo@tern.example")
    assert ivo.role == Role.LEAD
    assert set(TeamMember.objects.filter(agent=ivo).values_list("team__name", "team__brand__slug")) == {
        ("Sales", "tern"),
        ("Support", "tern"),
    }
    assert Client().login(email="ivo@tern.example", password=PASSWORD)


@pytest.mark.parametrize(
    "line",
    [
        "brand Tern --language de --time-zone Europe/Berlin",
        "team Sales --brand tern",
        "inbox HALLO@tern.example --brand tern --team Support",
        "inbox hallo@tern.example --brand tern",
        "agent ana@linden.example --name Ana --role admin --team linden-bikes/Support",
    ],
)
def test_what_is_there_already_is_said_and_stays(line: str, capsys: Capture) -> None:
    second_brand()
    capsys.readouterr()
    before = everything()
    code, said = run(capsys, line)
    assert code == 0
    assert "already" in said
    assert everything() == before


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("brand Tern --language fr", "taken by the brand Tern (de"),
        ("brand tern --change --language xx-", "language can't be used"),
        ("brand tern --change --hours mon=nine", "hours can't be used"),
        ("brand tern --change --hours weekdays=9-17", "mon-fri=9:00-17:00"),
        ("brand tern --change --close-after-days 400", "close_after_days can't be used"),
        ("brand kea --change --language de", "nothing to change"),
        ("brand Kea --hours mon=17-9", "hours can't be used"),
        ("brand Kea --language deutsch-und-mehr", "language can't be used"),
        ("brand Kea --time-zone Mars/Base", "time_zone can't be used"),
        ("team Sales --brand nord", "linden-bikes, tern"),
        ("inbox help@linden.example --brand tern", "inbox of Linden Bikes already"),
        ("inbox ana@linden.example --brand tern", "already"),
        ("inbox nowhere --brand tern", "address can't be used"),
        ("inbox new@tern.example --brand tern --team Nobody", "tern/Sales"),
        ("inbox new@tern.example --brand tern --team linden-bikes/Support", "of another brand"),
        (
            "agent ivo@tern.example --name Ivo --role agent --team Support",
            "linden-bikes/Support, tern/Support",
        ),
        ("agent ivo@tern.example --name Ivo --role agent --team Sales Nobody", "no team is called Nobody"),
        ("agent help@linden.example --name Ivo --role agent --team Sales", "already"),
        ("agent ana@linden.example --name Ana --role viewer --team Sales", "is Ana, admin, already"),
        ("agent ana@linden.example --role viewer", "the only admin"),
        ("agent ana@linden.example --off", "the only admin"),
        ("agent ivo@linden.example --off", "nobody logs in with"),
        ("agent ivo@linden.example --role lead", "say --name and --role"),
        ("agent ana@linden.example --leave Nowhere", "no team is called Nowhere"),
        ("inbox-server nobody@tern.example", "no inbox has the address"),
    ],
)
def test_what_can_t_be_done_changes_nothing(line: str, reason: str, capsys: Capture) -> None:
    second_brand()
    capsys.readouterr()
    before = everything()
    code, said = run(capsys, line)
    assert code == 1
    assert reason in said
    assert everything() == before


def test_a_brand_that_is_there_gets_other_hours_and_keeps_the_rest(capsys: Capture) -> None:
    line = (
        "brand linden-bikes --change --time-zone Asia/Tokyo --hours mon-thu=9-12,13-17 sat=10:00-14:00 "
        "--first-reply-minutes 90 --close-after-days 14 --acknowledge no"
    )
    for expected in ("as told now", "so already"):
        code, said = run(capsys, line)
        assert (code, expected in said) == (0, True)
    row = Brand.objects.get(slug="linden-bikes")
    assert (row.name, row.language, row.time_zone) == ("Linden Bikes", "en", "Asia/Tokyo")
    day = [[540, 720], [780, 1020]]
    assert row.hours == {"0": day, "1": day, "2": day, "3": day, "5": [[600, 840]]}
    assert (row.first_reply_seconds, row.close_after_days, row.acknowledges) == (5400, 14, False)


def test_a_new_brand_has_the_hours_that_it_is_made_with(capsys: Capture) -> None:
    assert run(capsys, "brand Tern --time-zone Europe/Berlin --hours mon-sun=0-24")[0] == 0
    row = Brand.objects.get(slug="tern")
    assert row.hours == {str(day): [[0, 1440]] for day in range(7)}
    assert (row.first_reply_seconds, row.acknowledges) == (8 * 3600, True)


def test_an_inbox_that_is_there_gets_another_team(capsys: Capture) -> None:
    second_brand()
    capsys.readouterr()
    code, said = run(capsys, "inbox hallo@tern.example --brand tern --team Sales")
    assert (code, "go to the team Sales now" in said) == (0, True)
    assert team_of(Inbox.objects.get(address="hallo@tern.example")) == Team.objects.get(name="Sales").pk


def test_an_agent_who_is_there_joins_teams_and_keeps_the_password(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    second_brand()
    capsys.readouterr()
    monkeypatch.setenv("HEED_AGENT_PASSWORD", "another green hill")
    code, said = run(capsys, "agent ana@linden.example --name Ana --role admin --team Sales")
    assert (code, "tern/Sales" in said) == (0, True)
    ana = Agent.objects.get()
    assert {row.team.name for row in TeamMember.objects.filter(agent=ana)} == {"Support", "Sales"}
    assert ana.check_password(PASSWORD)


def test_an_agent_who_is_there_gets_another_role_and_other_teams(capsys: Capture) -> None:
    second_brand()
    run_quietly = main(
        ["agent", "ivo@linden.example", "--name", "Ivo", "--role", "agent", "--team", "linden-bikes/Support"]
    )
    assert run_quietly == 0
    capsys.readouterr()
    line = "agent ivo@linden.example --role lead --team Sales --leave linden-bikes/Support"
    code, said = run(capsys, line)
    assert (code, said.strip()) == (
        0,
        "Ivo is lead now, and is of tern/Sales now too, and left linden-bikes/Support.",
    )
    code, said = run(capsys, line)
    assert (code, "already" in said) == (0, True)
    ivo = Agent.objects.get(email="ivo@linden.example")
    assert ivo.role == Role.LEAD
    assert [row.team.name for row in TeamMember.objects.filter(agent=ivo)] == ["Sales"]


def test_an_agent_is_switched_off_and_on_again(capsys: Capture) -> None:
    assert main(["agent", "ivo@linden.example", "--name", "Ivo", "--role", "agent", "--team", "Support"]) == 0
    capsys.readouterr()
    for expected in ("sees nothing any more", "already"):
        code, said = run(capsys, "agent ivo@linden.example --off")
        assert (code, expected in said) == (0, True)
    assert not Client().login(email="ivo@linden.example", password=PASSWORD)
    for expected in ("of the desk again", "already"):
        code, said = run(capsys, "agent ivo@linden.example --on")
        assert (code, expected in said) == (0, True)
    ivo = Agent.objects.get(email="ivo@linden.example")
    assert (ivo.is_active, ivo.has_usable_password()) == (True, False)


def test_an_agent_who_was_switched_off_stays_so(capsys: Capture) -> None:
    Agent.objects.update(is_active=False)
    code, said = run(capsys, "agent ana@linden.example --name Ana --role admin")
    assert (code, "switched off" in said) == (1, True)


@pytest.mark.parametrize(("password", "reason"), [("short", "too short"), ("", "HEED_AGENT_PASSWORD")])
def test_an_agent_needs_a_good_password(
    password: str, reason: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_AGENT_PASSWORD", password)
    code, said = run(capsys, "agent ivo@linden.example --name Ivo --role agent --team Support")
    assert code == 1
    assert reason in said
    assert Agent.objects.count() == 1


def test_brands_whose_names_look_the_same_in_addresses_get_a_slug(capsys: Capture) -> None:
    assert run(capsys, "brand 北京")[0] == 0
    code, said = run(capsys, "brand 上海")
    assert (code, "--slug" in said) == (1, True)
    assert run(capsys, "brand 上海 --slug shanghai")[0] == 0
    assert Brand.objects.get(slug="shanghai").name == "上海"


def test_an_inbox_gets_a_server_of_its_own_and_gives_it_back(capsys: Capture) -> None:
    line = "inbox-server Help@linden.example"
    code, said = run(capsys, line)
    assert (code, "mail.tern.example:25" in said, "from now on" in said) == (0, True, True)
    inbox = Inbox.objects.get()
    assert server_of(inbox) == SmtpUrl.read(SERVER)
    assert "hunter2" not in inbox.smtp_url
    code, said = run(capsys, line)
    assert (code, "already" in said) == (0, True)
    assert Inbox.objects.get().smtp_url == inbox.smtp_url
    for expected in (False, True):
        code, said = run(capsys, f"{line} --default")
        assert (code, "already" in said) == (0, expected)
        assert Inbox.objects.get().smtp_url == ""


@pytest.mark.parametrize(
    ("url", "reason"),
    [("imap://u:hunter2@h", "this is no smtp"), ("smtp://u:hunter2#@h", "%23"), ("", "HEED_INBOX_SMTP_URL")],
)
def test_a_server_that_is_none_changes_nothing(
    url: str, reason: str, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_INBOX_SMTP_URL", url)
    code, said = run(capsys, "inbox-server help@linden.example")
    assert code == 1
    assert reason in said
    assert Inbox.objects.get().smtp_url == ""


def test_an_inbox_sends_through_a_provider_and_back(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_INBOX_PROVIDER", "server_token=hunter2")
    code, said = run(capsys, "inbox-server help@linden.example --provider postmark")
    assert (code, said.strip()) == (0, "Mail of help@linden.example leaves through postmark from now on.")
    way = way_out(Inbox.objects.get())
    assert isinstance(way, ProviderAccess)
    assert way.options == (("server_token", "hunter2"),)
    code, said = run(capsys, "inbox-server help@linden.example --provider resend")
    assert code == 1
    assert "api_key" in said
    main(["inbox-server", "help@linden.example", "--default"])
    assert "leaves through no provider any more" in capsys.readouterr().out
    assert Inbox.objects.get().provider == ""


def test_an_only_admin_who_lost_their_second_factor_gets_in_again(capsys: Capture) -> None:
    ana = Agent.objects.get(email="ana@linden.example")
    add_passkey("Key", credential={}, by=actor_for(ana))
    code, said = run(capsys, "agent ana@linden.example --reset-second-factor")
    assert (code, "no second factor any more" in said) == (0, True)
    assert not has_factor(ana)
    _, said = run(capsys, "agent ana@linden.example --reset-second-factor")
    assert "is so already" in said
    code, said = run(capsys, "agent zoe@linden.example --reset-second-factor")
    assert (code == 0, "nobody logs in with" in said) == (False, True)
