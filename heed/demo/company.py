"""Who is who in the demo company: brands, their hours and words, teams, agents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from heed.brands.models import Brand, Inbox
from heed.demo.content.words import ACKNOWLEDGEMENTS, SIGNATURES
from heed.demo.story import ZONE, Door, Who
from heed.eventlog.unit import change, lock, unit
from heed.kernel.words import Role
from heed.people.actions import (
    add_agent,
    add_brand,
    add_inbox,
    add_team,
    join_team,
    route_inbox,
)
from heed.people.actions.brands import change_hours, change_signature, set_acknowledgement
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM

WALLET: Final = "northwind-wallet"
PLAYFIELD: Final = "playfield"

Hours = Mapping[int, tuple[int, int]]
HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Person:
    """An agent: name, role, teams."""

    name: str
    role: Role
    teams: tuple[str, ...]


PAYMENTS, ACCOUNTS, PLAYERS = "Payments", "Accounts", "Players"

PEOPLE: Final[Mapping[Who, Person]] = {
    Who.GRETA: Person("Greta Holm", Role.ADMIN, (ACCOUNTS,)),
    Who.INES: Person("Inés Navarro", Role.LEAD, (PAYMENTS, ACCOUNTS, PLAYERS)),
    Who.MARA: Person("Mara Oduya", Role.AGENT, (PAYMENTS, PLAYERS)),
    Who.TOMAS: Person("Tomás Ruiz", Role.AGENT, (PAYMENTS, ACCOUNTS)),
    Who.KOFI: Person("Kofi Mensah", Role.VIEWER, (PAYMENTS, PLAYERS)),
}
"""The admin first, then by role; Mara is the one whose turn it is."""


@dataclass(frozen=True, slots=True)
class _Brand:
    name: str
    slug: str
    hours: Hours  # weekday -> first and last minute of the day
    first_reply_hours: int


# People who wait for money write at night too; a game studio has office hours.
_BRANDS: Final = (
    _Brand("Northwind Wallet", WALLET, dict.fromkeys(range(7), (0, 24 * 60)), 2),
    _Brand("Playfield", PLAYFIELD, {**dict.fromkeys(range(5), (9 * 60, 19 * 60)), 5: (10 * 60, 16 * 60)}, 8),
)
_TEAMS: Final = ((PAYMENTS, WALLET), (ACCOUNTS, WALLET), (PLAYERS, PLAYFIELD))
_INBOXES: Final = (
    (Door.HELP, "Help", PAYMENTS),
    (Door.ACCOUNTS, "Accounts", ACCOUNTS),
    (Door.BILLING, "Billing", PAYMENTS),
    (Door.PLAYFIELD, "Hello", PLAYERS),
)


def email_of(who: Who) -> str:
    """The address that an agent logs in with."""
    return f"{who}@northwind.example"


def is_there() -> bool:
    """Whether this desk has the demo company, or part of it."""
    return Brand.objects.filter(slug=WALLET).exists()


def is_empty() -> bool:
    """Whether this desk has nobody and nothing yet."""
    return not (Brand.objects.exists() or Agent.objects.exists())


def found(passwords: Mapping[Who, str], now: datetime) -> None:
    """Afterwards brands, inboxes, teams and agents are there: all of them, or none."""
    with unit():
        brands = {spec.slug: _brand(spec, now) for spec in _BRANDS}
        teams = {name: add_team(brands[slug], name=name, by=SYSTEM) for name, slug in _TEAMS}
        for door, name, team in _INBOXES:
            brand = brands[WALLET if door is not Door.PLAYFIELD else PLAYFIELD]
            inbox = add_inbox(brand, name=name, address=door, by=SYSTEM)
            route_inbox(inbox, team=teams[team], by=SYSTEM)
        for who, person in PEOPLE.items():
            _agent(who, person, passwords[who], teams)


def _brand(spec: _Brand, now: datetime) -> Brand:
    brand = add_brand(spec.name, slug=spec.slug, language="en", time_zone=ZONE.key, by=SYSTEM)
    brand = change_hours(
        brand,
        hours={str(day): [list(span)] for day, span in spec.hours.items()},
        holidays=[
            f"{year}-{day}" for year in (now.year, now.year + 1) for day in ("01-01", "12-25", "12-26")
        ],
        first_reply_seconds=spec.first_reply_hours * HOUR,
        by=SYSTEM,
    )
    for language, text in ACKNOWLEDGEMENTS[spec.slug].items():
        set_acknowledgement(brand, language=language, text=text, by=SYSTEM)
    return change_signature(brand, signature=SIGNATURES[spec.slug], by=SYSTEM)


def _agent(who: Who, person: Person, password: str, teams: Mapping[str, Team]) -> None:
    agent = add_agent(person.name, email=email_of(who), password=password, role=person.role, by=SYSTEM)
    change(lock(agent), time_zone=ZONE.key)
    for name in person.teams:
        join_team(teams[name], agent=agent, by=SYSTEM)


def agents() -> dict[Who, Agent]:
    """The five, by who they are; one query."""
    rows = {agent.email: agent for agent in Agent.objects.filter(email__in=map(email_of, Who))}
    return {who: rows[email_of(who)] for who in Who}


def inboxes() -> dict[Door, Inbox]:
    """The inboxes by address; one query."""
    rows = {inbox.address: inbox for inbox in Inbox.objects.select_related("brand")}
    return {door: rows[door] for door in Door}
