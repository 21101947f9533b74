"""Samples of the settings of people and teams: in order, invited, switched off, filled in wrongly, very long."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.kernel.words import BUILT_IN, AgentChange, Role
from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.people.contexts import (
    AgentLine,
    InviteForm,
    Member,
    PeoplePage,
    PersonContext,
    PersonPage,
    PersonRow,
    TeamChoice,
    TeamContext,
    TeamPage,
    TeamRow,
    TeamsPage,
)
from heed.web.you.contexts import YouPage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HERE = "/settings/people/1/"
LONG = "Maximiliane-Alexandra von und zu Hohenstein-Wittgenstein-Oettingen"
ROLES = [Option(value=role, label=role, is_chosen=role is Role.AGENT) for role in BUILT_IN]
TEAMS = [
    TeamChoice(id=1, name="Payments", brand="Northwind Wallet", is_joined=True),
    TeamChoice(id=2, name=LONG, brand="Playfield"),
]


def _person(now: datetime) -> PersonContext:
    return PersonContext(
        href=HERE,
        name="Inés Prado",
        typed_name="Inés Prado",
        address="ines@northwind.example",
        state="here",
        is_me=False,
        joined_at=now - timedelta(days=90),
        roles=ROLES,
        teams=TEAMS,
        open=12,
        link_days=3,
        changes=[
            AgentLine(
                change=change, at=now - timedelta(hours=hours), role="lead", who="Mara" if hours % 2 else ""
            )
            for hours, change in enumerate(AgentChange, 1)
        ],
    )


def _people(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    row = PersonRow(
        name="Mara Oduya",
        href=HERE,
        address="mara@northwind.example",
        role="admin",
        state="here",
        teams=["Accounts", "Payments"],
        is_me=True,
    )
    rows = [
        row,
        replace(row, name="Tomás Ruiz", role="agent", state="invited", is_me=False, teams=()),
        replace(
            row, name=LONG, address=f"{LONG.replace(' ', '.')}@northwind.example", state="off", is_me=False
        ),
    ]
    invite = InviteForm(roles=ROLES, teams=TEAMS)
    wrong = replace(
        invite,
        name=LONG * 3,
        address="ines",
        errors=[
            FieldError(field="name", code="too_long", value="120"),
            FieldError(field="address", code="no_login_address"),
            FieldError(field="role", code="unknown_choice"),
        ],
    )
    listed = "people/list.html"
    return [
        (
            "people",
            listed,
            PeoplePage(nav=nav, people=rows, invite=invite, next_href="/settings/people/?after=x"),
        ),
        ("people-wrong", listed, PeoplePage(nav=nav, people=rows[:1], invite=replace(wrong, teams=()))),
    ]


def pages(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Every page of people and teams in every state that is drawn."""
    one, here = "people/one.html", _person(now)
    link = "https://desk.northwind.example/accounts/password/reset/key/1z-cabc12-0123456789abcdef0123456789abcdef/"
    states = {
        "person": replace(here, notice="saved"),
        "person-me": replace(here, is_me=True, open=0),
        "person-invited": replace(here, state="invited", notice="invited", open=0, changes=()),
        "person-link": replace(here, state="invited", link=link),
        "person-off": replace(here, state="off", notice="off", open=0),
        "person-on": replace(here, state="invited", notice="on"),
        "person-wrong": replace(
            here,
            name=LONG,
            typed_name="",
            errors=[
                FieldError(field="name", code="required"),
                FieldError(field="role", code="refused"),
                FieldError(field="off", code="last_admin"),
            ],
        ),
    }
    brands = [
        Option(value="1", label="Northwind Wallet"),
        Option(value="2", label="Playfield", is_chosen=True),
    ]
    row = TeamRow(name="Payments", href="/settings/teams/1/", brand="Northwind Wallet", members=4)
    team = TeamContext(
        href="/settings/teams/1/",
        name="Payments",
        typed_name="Payments",
        brand="Northwind Wallet",
        members=[
            Member(id=1, name="Mara Oduya", href=HERE, role="admin", state="here"),
            Member(id=2, name=LONG, href=HERE, role="agent", state="off"),
        ],
        others=[Option(value="3", label="Inés Prado"), Option(value="4", label=LONG)],
        inboxes=["help@northwind.example", "kasse@northwind.example"],
        is_saved=True,
    )
    taken = [FieldError(field="team", code="team_taken")]
    return [
        *_people(now, nav),
        *((name, one, PersonPage(nav=nav, person=person)) for name, person in states.items()),
        (
            "teams",
            "people/teams.html",
            TeamsPage(nav=nav, teams=[row, replace(row, name=LONG, members=0)], brands=brands),
        ),
        (
            "teams-none",
            "people/teams.html",
            TeamsPage(nav=nav, teams=(), brands=brands, typed_name="Payments", errors=taken),
        ),
        ("team", "people/team.html", TeamPage(nav=nav, team=team)),
        (
            "team-empty",
            "people/team.html",
            TeamPage(
                nav=nav,
                team=replace(team, members=(), others=(), inboxes=(), is_saved=False, errors=taken),
            ),
        ),
    ]


def you(nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """The reader's own page, saved, and with a long name and a zone that is gone."""
    page = YouPage(
        nav=nav,
        name="Mara Oduya",
        address="mara@northwind.example",
        role="lead",
        teams=["Accounts", "Payments"],
        time_zones=[Option(value="Europe/Berlin", is_chosen=True), Option(value="UTC")],
        languages=[Option(value="ar", label="العربيّة"), Option(value="de", label="Deutsch", is_chosen=True)],
        is_saved=True,
    )
    gone = [FieldError(field="time_zone", code="unknown_choice")]
    return [
        ("you", "you/page.html", page),
        ("you-wrong", "you/page.html", replace(page, name=LONG, teams=(), is_saved=False, errors=gone)),
    ]
