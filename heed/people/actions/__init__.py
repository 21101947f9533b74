"""Verbs about people: brands, inboxes, teams and agents are set up, customers made. They stand in no log yet."""

import re
from datetime import UTC, datetime
from zoneinfo import available_timezones

from django.db import IntegrityError

from heed.brands.models import Acknowledgement, Brand, Inbox
from heed.brands.queries import is_of_an_inbox
from heed.channels.email.mailboxes import key_of
from heed.eventlog.unit import add, change, lock, lock_many, remove, savepoint, verb
from heed.kernel import clock
from heed.kernel.config import LONGEST_UNDO_SECONDS
from heed.kernel.errors import HeedError, Unusable, require
from heed.kernel.outbound import SmtpUrl
from heed.kernel.secrets import Unsealable, seal, unseal
from heed.kernel.words import CustomerId, Role
from heed.people.models import Agent, Customer, Identity, IdentityKind, InboxTeam, Team, TeamMember
from heed.people.policy import Actor, agent_of, may_begin, may_set_up
from heed.people.queries import customers_by_address

NAME_CHARACTERS = 120
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_CHARACTERS = 60
ADDRESS_CHARACTERS = 254
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LANGUAGE_CHARACTERS = 12


class AlreadyThere(HeedError):
    """The desk has one of this name or address already."""

    code, status = "already_there", 409


def _name(name: str) -> str:
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > NAME_CHARACTERS:
        raise Unusable("name", "too_long" if tidy else "missing")
    return tidy


def _address(address: str) -> str:
    tidy = address.strip().lower()
    local, at, domain = tidy.rpartition("@")
    if not (local and at and domain) or any(c.isspace() or c in "<>,;" for c in tidy):
        raise Unusable("address", "malformed")
    if len(tidy) > ADDRESS_CHARACTERS:
        raise Unusable("address", "too_long")
    return tidy


def _language(code: str) -> str:
    if len(code) > LANGUAGE_CHARACTERS or not LANGUAGE.fullmatch(code):
        raise Unusable("language", "malformed")
    return code


def _zone(name: str) -> str:
    if name not in available_timezones():
        raise Unusable("time_zone", "unknown")
    return name


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


@verb
def add_brand(name: str, *, slug: str, language: str, time_zone: str, by: Actor) -> Brand:
    """Afterwards the desk answers for this brand too, Monday to Friday from 9 to 17; change_hours says otherwise.

    The slug is its short name in addresses, unique. Raises Refused, AlreadyThere, and Unusable for an empty name, a
    slug that is no slug, a language that is no code such as en or pt-br, or a time zone that IANA does not know.
    """
    require(may_set_up(by))
    if not slug or len(slug) > SLUG_CHARACTERS or not SLUG.fullmatch(slug):
        raise Unusable("slug", "malformed")
    if Brand.objects.filter(slug=slug).exists():
        raise AlreadyThere
    hours = {str(weekday): [[9 * 60, 17 * 60]] for weekday in range(5)}
    return add(
        Brand(
            name=_name(name),
            slug=slug,
            language=_language(language),
            time_zone=_zone(time_zone),
            hours=hours,
            holidays=[],
        )
    )


@verb
def change_hours(
    brand: Brand,
    *,
    hours: dict[str, list[list[int]]],
    holidays: list[str],
    first_reply_seconds: int,
    by: Actor,
) -> Brand:
    """Afterwards people are there at these hours: weekday "0" to "6" -> pairs of minutes of the day, brand's wall time.

    Holidays are ISO dates. The first reply is owed within so many seconds of opening hours. Raises Refused, Unusable.
    """
    require(may_set_up(by))
    for weekday, spans in hours.items():
        flat = [minute for span in spans for minute in span]
        pairs = all(len(span) == 2 for span in spans)
        if (
            weekday not in set("0123456")
            or not pairs
            or flat != sorted(set(flat))
            or not all(0 <= m <= 1440 for m in flat)
        ):
            raise Unusable("hours", "malformed")
    try:
        days = sorted(
            {datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date().isoformat() for day in holidays}
        )
    except ValueError:
        raise Unusable("holidays", "malformed") from None
    if first_reply_seconds < 1:
        raise Unusable("first_reply_seconds", "too_small")
    return change(lock(brand), hours=hours, holidays=days, first_reply_seconds=first_reply_seconds)


@verb
def change_signature(brand: Brand, *, signature: str, by: Actor) -> Brand:
    """Afterwards answers of this brand end with these lines. Raises Refused."""
    require(may_set_up(by))
    return change(lock(brand), signature=signature.strip())


@verb
def set_acknowledgement(brand: Brand, *, language: str, text: str, by: Actor) -> None:
    """Afterwards these words acknowledge mails in that language; an empty text brings the built-in words back.

    Raises Refused.
    """
    require(may_set_up(by))
    lock(brand)  # two who set the same language wait for each other
    found = Acknowledgement.objects.filter(brand=brand, language=language).first()
    if not text.strip():
        if found is not None:
            remove(found)
    elif found is None:
        add(Acknowledgement(brand=brand, language=language, text=text.strip()))
    else:
        change(found, text=text.strip())


@verb
def add_inbox(brand: Brand, *, name: str, address: str, by: Actor) -> Inbox:
    """Afterwards mail to this address is the brand's; only admins see it until route_inbox names a team.

    Raises Refused, AlreadyThere, and Unusable for an empty name or a malformed address.
    """
    require(may_set_up(by))
    tidy = _address(address)
    if is_of_an_inbox(tidy) or Agent.objects.filter(email=tidy).exists():
        raise AlreadyThere
    return add(Inbox(brand=brand, name=_name(name), address=tidy))


@verb
def route_inbox(inbox: Inbox, *, team: Team, by: Actor) -> None:
    """Afterwards new conversations of this inbox are the team's. Raises Refused, also for other brands' teams."""
    require(may_set_up(by) and team.brand_id == inbox.brand_id)
    row = lock_many(InboxTeam, [inbox.pk]).get(inbox.pk)
    if row is None:
        add(InboxTeam(inbox=inbox, team=team))
    elif row.team_id != team.pk:
        change(row, team=team)


@verb
def set_mail_server(inbox: Inbox, *, url: str, by: Actor) -> Inbox:
    """Afterwards the inbox's mail leaves through this server; an empty address brings HEED_SMTP_URL back.

    The address, smtp[s]://[user:password@]host[:port], is kept sealed. Raises Refused, and Unusable (url: malformed).
    """
    require(may_set_up(by))
    tidy = _server(url)
    inbox = lock(inbox)
    if _is_sealed(tidy, inbox.smtp_url):
        return inbox
    return change(inbox, smtp_url=seal(tidy) if tidy else "", server_bytes=None)


@verb
def add_team(brand: Brand, *, name: str, by: Actor) -> Team:
    """Afterwards the brand has this team, with nobody in it yet. Raises Refused, AlreadyThere, Unusable."""
    require(may_set_up(by))
    tidy = _name(name)
    if Team.objects.filter(brand=brand, name=tidy).exists():
        raise AlreadyThere
    return add(Team(brand=brand, name=tidy))


@verb
def add_agent(name: str, *, email: str, password: str | None, role: Role, by: Actor) -> Agent:
    """Afterwards this person can log in with the address; with no password only after one was set.

    The password is not judged here: doors check it with Django's validators. Raises Refused, AlreadyThere (an agent or
    an inbox has the address), Unusable.
    """
    require(may_set_up(by))
    tidy = _address(email)
    if Agent.objects.filter(email=tidy).exists() or is_of_an_inbox(tidy):
        raise AlreadyThere
    agent = Agent(email=tidy, name=_name(name), role=role, joined_at=clock.now())
    agent.set_password(password)
    return add(agent)


@verb
def change_role(agent: Agent, *, to: Role, by: Actor) -> Agent:
    """Afterwards the agent has this role. Raises Refused, also for taking one's own right to set up."""
    require(may_set_up(by) and not (by.agent_id == agent.pk and to is not Role.ADMIN))
    return change(lock(agent), role=to)


@verb
def choose_undo_seconds(seconds: int | None, *, by: Actor) -> Agent:
    """Afterwards the acting agent's answers wait so long, 0 to 60 seconds, to be taken back; None: as the desk says.

    Raises Refused for one who writes no answers, and Unusable.
    """
    agent = agent_of(by)
    require(may_begin(by))
    if seconds is not None and not 0 <= seconds <= LONGEST_UNDO_SECONDS:
        raise Unusable("undo_seconds", "too_long" if seconds > 0 else "too_small")
    return change(lock(Agent(pk=agent)), undo_seconds=seconds)


@verb
def switch_off(agent: Agent, *, by: Actor) -> Agent:
    """Afterwards this agent can't log in and sees nothing; what they wrote stays. Raises Refused, also for oneself."""
    require(may_set_up(by) and by.agent_id != agent.pk)
    return change(lock(agent), is_active=False)


@verb
def join_team(team: Team, *, agent: Agent, by: Actor) -> None:
    """Afterwards the agent is of the team and sees its conversations, once. Raises Refused."""
    require(may_set_up(by))
    lock(agent)  # two who add the same agent wait for each other
    if not TeamMember.objects.filter(team=team, agent=agent).exists():
        add(TeamMember(team=team, agent=agent))


@verb
def leave_team(team: Team, *, agent: Agent, by: Actor) -> None:
    """Afterwards the agent is not of the team; what is assigned to them stays theirs. Raises Refused."""
    require(may_set_up(by))
    lock(agent)
    found = TeamMember.objects.filter(team=team, agent=agent).first()
    if found is not None:
        remove(found)


@verb
def customer_of(address: str, *, name: str, by: Actor) -> CustomerId:
    """Afterwards this address belongs to a customer: the one who had it, unchanged, or a new one of this name.

    Two who ask at once get the same. Raises Refused, and Unusable for a malformed address.
    """
    require(may_begin(by))
    key = key_of(_address(address))
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
