"""`heed init` makes an empty desk: all of it, or nothing."""

import pytest
from django.test import Client

from heed.brands.models import Brand, Inbox
from heed.cli.init import slug
from heed.cli.main import main
from heed.kernel.words import Role
from heed.people.models import Agent, InboxTeam, TeamMember

pytestmark = pytest.mark.django_db
Capture = pytest.CaptureFixture[str]
WORDS = [
    "init",
    "--brand",
    "Nørd & Söhne",
    "--inbox",
    "Help@Nord.example",
    "--admin",
    "ana.brun@nord.example",
]


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("HEED_ADMIN_PASSWORD", "quiet brown river")
    return "quiet brown river"


def test_afterwards_an_admin_can_log_in_and_mail_has_a_place(password: str) -> None:
    assert main(WORDS) == 0
    admin = Agent.objects.get()
    assert (admin.email, admin.name, admin.role) == ("ana.brun@nord.example", "Ana Brun", Role.ADMIN)
    inbox = Inbox.objects.get()
    assert (inbox.address, inbox.brand.name, inbox.brand.slug) == (
        "help@nord.example",
        "Nørd & Söhne",
        "n-rd-sohne",
    )
    team = InboxTeam.objects.get(inbox=inbox).team
    assert TeamMember.objects.get(agent=admin).team_id == team.pk
    assert Client().login(email="ana.brun@nord.example", password=password)


def test_a_desk_that_has_it_already_stays_as_it_is(capsys: Capture) -> None:
    assert main(WORDS) == 0
    assert main([*WORDS[:2], "Other", *WORDS[3:]]) == 1
    assert "nothing was changed" in capsys.readouterr().err
    assert [brand.name for brand in Brand.objects.all()] == ["Nørd & Söhne"]


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--inbox", "nowhere", "address"),
        ("--admin", "nobody", "address"),
        ("--time-zone", "Mars/Base", "time_zone"),
    ],
)
def test_what_can_t_be_used_makes_nothing(option: str, value: str, said: str, capsys: Capture) -> None:
    assert main([*WORDS, option, value]) == 1
    assert said in capsys.readouterr().err
    assert not Brand.objects.exists()


def test_a_weak_password_makes_nothing(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setenv("HEED_ADMIN_PASSWORD", "short")
    assert main(WORDS) == 1
    assert "too short" in capsys.readouterr().err
    assert not Agent.objects.exists()


def test_without_a_terminal_and_without_a_password_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.delenv("HEED_ADMIN_PASSWORD")
    assert main(WORDS) == 1
    assert "HEED_ADMIN_PASSWORD" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "short"), [("Linden Bikes", "linden-bikes"), ("北京", "desk"), ("É" * 90, "e" * 60)]
)
def test_a_brand_gets_a_short_name(name: str, short: str) -> None:
    assert slug(name) == short
