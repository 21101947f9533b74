"""Verbs that set up people: brands, inboxes, teams and agents are added, customers made.

What becomes of brands and agents afterwards: brands.py, agents.py.
"""

import re

from django.conf import settings
from django.db import IntegrityError

from heed.brands.models import Brand, Inbox
from heed.brands.queries import is_of_an_inbox
from heed.channels.email.mailboxes import key_of
from heed.eventlog.unit import add, change, lock, lock_many, remove, savepoint, verb
from heed.kernel import clock
from heed.kernel.config import LONGEST_UNDO_SECONDS
from heed.kernel.errors import HeedError, Unusable, require
from heed.kernel.outbound import SmtpUrl
from heed.kernel.secrets import Unsealable, seal, unseal
from heed.kernel.words import CustomerId, Deed, Density, Role, Setting, TeamId
from heed.people.actions.circles import circles_naming
from heed.people.checked import address_of, language_of, name_of, zone_of
from heed.people.demands import settle_demand
from heed.people.models import (
    Agent,
    Customer,
    CustomRole,
    Identity,
    IdentityKind,
    InboxTeam,
    Team,
    TeamMember,
)
from heed.people.noting import note_inbox, note_setting
from heed.people.policy import (
    Actor,
    agent_of,
    may_begin,
    may_give_role,
    may_give_team,
    may_manage_people,
    may_set_up_brands,
    may_set_up_mail,
    may_take_team,
)
from heed.people.queries import customers_by_address, permissions_in

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_CHARACTERS = 60


class AlreadyThere(HeedError):
    """The desk has one of this name or address already."""

    code, status = "already_there", 409


def _server(url: str) -> str:
    tidy = url.strip()
    try:
        if tidy:
            SmtpUrl.read(tidy)
    except ValueError:
        raise Unusable("url", "malformed") from None  # without the cause: it may quote the password
    return tidy


def _is_sealed(url: str, sealed: str) -> bool:
    """Whether this is what was sealed, which looks different each time."""
    try:
        return url == (unseal(sealed) if sealed else "")
    except Unsealable:
        return False


def parts_of(role: Role | CustomRole) -> tuple[Role, CustomRole | None]:
    """How a role stands in an agent's row. Raises Unusable for a custom role that is not said."""
    if role is Role.CUSTOM:
        raise Unusable("role", "unknown_choice")
    return (role, None) if isinstance(role, Role) else (Role.CUSTOM, role)


@verb
def add_brand(name: str, *, slug: str, language: str, time_zone: str, by: Actor) -> Brand:
    """Afterwards the desk answers for this brand too, Monday to Friday from 9 to 17; change_hours says otherwise.

    The slug is its short name in addresses, unique. Raises Refused, AlreadyThere, and Unusable for an empty name, a
    slug that is no slug, a language that is no code such as en or pt-br, or a time zone that IANA does not know.
    """
    require(may_set_up_brands(by))
    if not slug or len(slug) > SLUG_CHARACTERS or not SLUG.fullmatch(slug):
        raise Unusable("slug", "malformed")
    if Brand.objects.filter(slug=slug).exists():
        raise AlreadyThere
    hours = {str(weekday): [[9 * 60, 17 * 60]] for weekday in range(5)}
    brand = add(
        Brand(
            name=name_of(name),
            slug=slug,
            language=language_of(language),
            time_zone=zone_of(time_zone),
            hours=hours,
            holidays=[],
        )
    )
    note_setting(Setting.BRAND, Deed.ADDED, number=brand.pk, brand=brand.pk)
    return brand


@verb
def add_inbox(brand: Brand, *, name: str, address: str, by: Actor) -> Inbox:
    """Afterwards mail to this address is the brand's; only admins see it until route_inbox names a team.

    Raises Refused, AlreadyThere, and Unusable for an empty name or a malformed address.
    """
    require(may_set_up_mail(by))
    tidy = address_of(address)
    if is_of_an_inbox(tidy) or Agent.objects.filter(email=tidy).exists():
        raise AlreadyThere
    inbox = add(Inbox(brand=brand, name=name_of(name), address=tidy))
    note_inbox(Setting.INBOX, inbox, Deed.ADDED)
    return inbox


@verb
def route_inbox(inbox: Inbox, *, team: Team, by: Actor) -> None:
    """Afterwards new conversations of this inbox are the team's. Raises Refused, also for other brands' teams."""
    require(may_set_up_mail(by) and team.brand_id == inbox.brand_id)
    row = lock_many(InboxTeam, [inbox.pk]).get(inbox.pk)
    if row is not None and row.team_id == team.pk:
        return
    if row is None:
        add(InboxTeam(inbox=inbox, team=team))
    else:
        change(row, team=team)
    note_inbox(Setting.INBOX_TEAM, inbox)


@verb
def set_mail_server(inbox: Inbox, *, url: str, by: Actor) -> Inbox:
    """Afterwards the inbox's mail leaves through this server; an empty address brings HEED_SMTP_URL back.

    The address, smtp[s]://[user:password@]host[:port], is kept sealed. Raises Refused, and Unusable (url: malformed).
    """
    require(may_set_up_mail(by))
    tidy = _server(url)
    inbox = lock(inbox)
    if _is_sealed(tidy, inbox.smtp_url):
        return inbox
    note_inbox(Setting.MAIL_SERVER, inbox)
    return change(inbox, smtp_url=seal(tidy) if tidy else "", server_bytes=None)


@verb
def add_team(brand: Brand, *, name: str, by: Actor) -> Team:
    """Afterwards the brand has this team, with nobody in it yet. Raises Refused, AlreadyThere, Unusable."""
    require(may_manage_people(by))
    tidy = name_of(name)
    if Team.objects.filter(brand=brand, name=tidy).exists():
        raise AlreadyThere
    team = add(Team(brand=brand, name=tidy))
    note_setting(Setting.TEAM, Deed.ADDED, number=team.pk, brand=brand.pk)
    return team


@verb
def add_agent(name: str, *, email: str, password: str | None, role: Role | CustomRole, by: Actor) -> Agent:
    """Afterwards this person can log in with the address; with no password only after one was set.

    The password is not judged here: doors check it with Django's validators. Raises Refused, also for a role that
    allows what the acting agent may not, AlreadyThere (an agent or an inbox has the address), Unusable.
    """
    code, custom = parts_of(role)
    require(may_manage_people(by) and may_give_role(by, permissions_in(role)))
    tidy = address_of(email)
    if Agent.objects.filter(email=tidy).exists() or is_of_an_inbox(tidy):
        raise AlreadyThere
    agent = Agent(email=tidy, name=name_of(name), role=code, custom_role=custom, joined_at=clock.now())
    agent.set_password(password)
    add(agent)
    settle_demand(agent)
    note_setting(Setting.AGENT, Deed.ADDED, number=agent.pk)
    return agent


@verb
def choose_undo_seconds(seconds: int | None, *, by: Actor) -> Agent:
    """Afterwards the acting agent's answers wait so long, 0 to 60 seconds, to be taken back; None: as the desk says.

    Raises Refused for one who writes no answers, and Unusable.
    """
    agent = agent_of(by)
    require(may_begin(by))
    if seconds is not None and not 0 <= seconds <= LONGEST_UNDO_SECONDS:
        raise Unusable("undo_seconds", "too_long" if seconds > 0 else "too_small")
    held = lock(Agent(pk=agent))
    if held.undo_seconds == seconds:
        return held
    note_setting(Setting.UNDO_SECONDS, number=agent)
    return change(held, undo_seconds=seconds)


@verb
def choose_time_zone(zone: str, *, by: Actor) -> Agent:
    """Afterwards the acting agent reads times in this zone. Raises Refused for one who is no agent, and Unusable."""
    held, tidy = lock(Agent(pk=agent_of(by))), zone_of(zone)
    if held.time_zone == tidy:
        return held
    note_setting(Setting.TIME_ZONE, number=held.pk)
    return change(held, time_zone=tidy)


@verb
def choose_language(code: str, *, by: Actor) -> Agent:
    """Afterwards the acting agent reads pages in this language; empty: in the one that their browser asks for.

    Raises Refused for one who is no agent, and Unusable for a language that has no catalogue.
    """
    held = lock(Agent(pk=agent_of(by)))
    if code and code not in dict(settings.LANGUAGES):
        raise Unusable("language", "unknown")
    if held.language == code:
        return held
    note_setting(Setting.LANGUAGE, number=held.pk)
    return change(held, language=code)


@verb
def choose_density(density: Density, *, by: Actor) -> Agent:
    """Afterwards the acting agent's lists take so much room a row. Raises Refused for one who is no agent."""
    agent = agent_of(by)
    return change(lock(Agent(pk=agent)), density=density)


@verb
def join_team(team: Team, *, agent: Agent, by: Actor) -> None:
    """Afterwards the agent is of the team and sees its conversations, once.

    Raises Refused, also for a team that is shown conversations, its own or restricted ones, which the acting agent may
    not see.
    """
    require(may_give_team(by, TeamId(team.pk), circles=circles_naming(team)))
    lock(agent)  # two who add the same agent wait for each other
    if not TeamMember.objects.filter(team=team, agent=agent).exists():
        add(TeamMember(team=team, agent=agent))
        note_setting(Setting.TEAM_MEMBERS, Deed.ADDED, number=team.pk, brand=team.brand_id)


@verb
def leave_team(team: Team, *, agent: Agent, by: Actor) -> None:
    """Afterwards the agent is not of the team; what is assigned to them stays theirs.

    Raises Refused, also for a team whose conversations the acting agent may not see.
    """
    require(may_take_team(by, TeamId(team.pk)))
    lock(agent)
    found = TeamMember.objects.filter(team=team, agent=agent).first()
    if found is not None:
        remove(found)
        note_setting(Setting.TEAM_MEMBERS, Deed.REMOVED, number=team.pk, brand=team.brand_id)


@verb
def customer_of(address: str, *, name: str, by: Actor) -> CustomerId:
    """Afterwards this address belongs to a customer: the one who had it, unchanged, or a new one of this name.

    Two who ask at once get the same. Raises Refused, and Unusable for a malformed address.
    """
    require(may_begin(by))
    key = key_of(address_of(address))
    known = customers_by_address([key])
    if key not in known:
        try:
            with savepoint():
                customer = add(Customer(name=" ".join(name.split())[:200], created_at=clock.now()))
                add(Identity(customer=customer, kind=IdentityKind.EMAIL, value=key))
            return CustomerId(customer.pk)
        except IntegrityError:  # somebody else was faster
            known = customers_by_address([key])
    return CustomerId(known[key])
