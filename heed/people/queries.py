"""Reads about people."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value

from heed.brands.models import Brand, Inbox
from heed.brands.queries import further_addresses, those_of_inboxes
from heed.channels.email.mailboxes import untagged
from heed.eventlog.kinds import AgentChanged, BrandChanged
from heed.eventlog.reader import Event, newest_about
from heed.kernel.errors import NotFound
from heed.kernel.permissions import PRESETS, Permission, Permissions, presets_with, read
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps, together
from heed.kernel.words import ActorKind, BrandId, CircleId, Role, TeamId
from heed.people.models import (
    Agent,
    CircleMember,
    Customer,
    CustomRole,
    Identity,
    IdentityKind,
    InboxTeam,
    NameKey,
    Team,
    TeamMember,
)
from heed.people.policy import (
    NOBODY,
    Actor,
    may_begin,
    may_look_at_brand,
    may_look_at_brands,
    may_manage_people,
    may_run_desk,
    may_set_up_brands,
    may_set_up_mail,
    may_set_up_something,
    may_write_as,
    seen_teams,
    sees_whole_desk,
)
from heed.people.spelling import are_alike, keys_of, may_be_misspelt, slips

HISTORY = 10  # changes of a brand or an agent that their page tells
COLLEAGUES = 50  # on a page
CHOICES = 500  # of a select field
MOST_LIKE = 100  # words compared with one that was typed


TEAM_ROW, CIRCLE_ROW = 0, 1  # what a row of a badge is


@dataclass(frozen=True, slots=True)
class ListTeam:
    """A team whose lists an agent has: their own, or one that they lead."""

    id: TeamId
    name: str
    brand: BrandId
    brand_name: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Badge:
    """Who an agent is to the desk, and the teams whose lists they have, by name."""

    actor: Actor
    teams: Sequence[ListTeam] = ()


@prepared
def _list_teams(
    *, agent: int, of_brands: bool, every: bool, circles: bool
) -> "QuerySet[Team, tuple[int, str, int, str, bool, int]]":
    """An agent's own teams; also the others of the same brands; or every one. With them, last, their circles."""
    joined = TeamMember.objects.filter(agent_id=agent)
    near = (
        Q(brand_id__in=joined.values("team__brand_id")) if of_brands else Q(pk__in=joined.values("team_id"))
    )
    is_own = Exists(joined.filter(team_id=OuterRef("pk")))
    teams = Team.objects.filter(Q() if every else near).values_list(
        "pk", "name", "brand_id", "brand__name", is_own, Value(TEAM_ROW)
    )
    if not circles:
        return teams
    named = CircleMember.objects.filter(Q(agent_id=agent) | Q(team_id__in=joined.values("team_id")))
    return teams.union(
        named.values_list("circle_id", Value(""), Value(0), Value(""), Value(value=False), Value(CIRCLE_ROW)),
        all=True,
    )


def permissions_of(agent: Agent) -> Permissions:
    """What an agent's role allows; one query for a role that this desk made, if it was not read with the agent."""
    return PRESETS[Role(agent.role)] if agent.custom_role is None else read(agent.custom_role.permissions)


def permissions_in(role: Role | CustomRole) -> Permissions:
    """What a role allows."""
    return PRESETS[role] if isinstance(role, Role) else read(role.permissions)


def holding(permission: Permission) -> Q:
    """The condition on agents that their role holds a permission."""
    made_here = Q(custom_role__permissions__contains=f" {permission} ")
    return Q(role__in=presets_with(permission)) | made_here


def badge_of(agent: Agent | None, *, also_off: bool = False) -> Badge:
    """Who an agent is, with their teams and circles: one query, and one for a role of this desk's own.

    That one is spared where the agent was read with the role, as for every page. Nobody for none, and for one who was
    switched off, unless verbs ask what they would be if they came back.
    """
    if agent is None or not (agent.is_active or also_off):
        return Badge(NOBODY)
    held = permissions_of(agent)
    every, of_brands = Permission.SEE_ALL in held, Permission.SEE_LED_TEAMS in held
    rows = _list_teams(
        agent=agent.pk,
        of_brands=of_brands,
        every=every,
        circles=not (every and Permission.SEE_RESTRICTED in held),
    )
    all_teams = sorted(
        (
            ListTeam(TeamId(pk), name, BrandId(brand), of, bool(own))
            for pk, name, brand, of, own, sort in rows
            if sort == TEAM_ROW
        ),
        key=lambda team: (team.name, team.id),
    )
    actor = Actor(
        ActorKind.AGENT,
        agent.pk,
        held,
        teams=frozenset(team.id for team in all_teams if team.is_own),
        brands=frozenset(team.brand for team in all_teams if team.is_own),
        led_teams=frozenset(team.id for team in all_teams) if every or of_brands else frozenset(),
        circles=frozenset(CircleId(row[0]) for row in rows if row[5] == CIRCLE_ROW),
    )
    seen = seen_teams(actor)
    return Badge(actor, [team for team in all_teams if team.id in seen])


def actor_for(agent: Agent | None) -> Actor:
    """The actor that an agent is, with their teams: one query. Nobody for none or one who was switched off."""
    return badge_of(agent).actor


def actors_for(agent_ids: Iterable[int]) -> dict[int, Actor]:
    """The actors that these agents are now, by id, with their teams; two queries however many there are.

    Agents who were switched off, or do not exist, are left out.
    """
    wanted = sorted(set(agent_ids))
    rows, members, every = asked(_active, agents=wanted), asked(_members, agents=wanted), asked(_every_team)
    together(rows, members, every)
    held = {row.pk: permissions_of(row) for row in rows.value}
    own: dict[int, set[TeamId]] = {}
    for agent, team in members.value:
        if agent in held:
            own.setdefault(agent, set()).add(TeamId(team))
    brand_of = {TeamId(pk): BrandId(brand) for pk, brand in every.value}
    circles = _circles_of(held, own)
    actors = {}
    for pk, permissions in held.items():
        teams = frozenset(own.get(pk, ()))
        brands = frozenset(brand_of[team] for team in teams)
        led = frozenset(
            team
            for team, brand in brand_of.items()
            if Permission.SEE_ALL in permissions
            or (Permission.SEE_LED_TEAMS in permissions and brand in brands)
        )
        actors[pk] = Actor(ActorKind.AGENT, pk, permissions, teams, brands, led, circles[pk])
    return actors


@prepared
def _active(*, agents: Sequence[int]) -> "QuerySet[Agent]":
    return Agent.objects.filter(pk__in=agents, is_active=True).select_related("custom_role")


@prepared
def _members(*, agents: Sequence[int]) -> "QuerySet[TeamMember, tuple[int, int]]":
    return TeamMember.objects.filter(agent_id__in=agents).values_list("agent_id", "team_id")


@prepared
def _every_team() -> "QuerySet[Team, tuple[int, int]]":
    return Team.objects.values_list("pk", "brand_id")


def _circles_of(agents: Iterable[int], own: Mapping[int, Set[TeamId]]) -> dict[int, frozenset[CircleId]]:
    """The circles in which each of these agents, or a team of theirs, is named; one query."""
    teams = {team for some in own.values() for team in some}
    found: dict[int, set[CircleId]] = {agent: set() for agent in agents}
    by_team: dict[int, set[CircleId]] = {}
    for circle, agent, team in _named_in(agents=sorted(agents), teams=sorted(teams)):
        if agent is not None:
            found[agent].add(CircleId(circle))
        else:
            by_team.setdefault(team or 0, set()).add(CircleId(circle))
    for agent, teams_of_one in own.items():
        for team in teams_of_one:
            found[agent] |= by_team.get(team, set())
    return {agent: frozenset(some) for agent, some in found.items()}


@prepared
def _named_in(
    *, agents: Sequence[int], teams: Sequence[int]
) -> "QuerySet[CircleMember, tuple[int, int | None, int | None]]":
    named = CircleMember.objects.filter(Q(agent_id__in=agents) | Q(team_id__in=teams))
    return named.values_list("circle_id", "agent_id", "team_id")


def names_like(word: str, *, limit: int) -> list[str]:
    """For the desk itself: words of customers' names that may have been meant, the likest first.

    None for a word that is a name. What is found with them is shown as far as its reader may see it; they alone are
    not. One query at most.
    """
    if not may_be_misspelt(word):
        return []
    rows = NameKey.objects.filter(key__in=keys_of(word)).order_by("word").values_list("word", flat=True)
    found = list(rows.distinct()[:MOST_LIKE])
    if word in found:
        return []
    return sorted((one for one in found if are_alike(one, word)), key=lambda one: (slips(one, word), one))[
        :limit
    ]


def team_of(inbox: Inbox) -> TeamId | None:
    """The team that gets an inbox's conversations."""
    found = InboxTeam.objects.filter(inbox=inbox).values_list("team_id", flat=True).first()
    return None if found is None else TeamId(found)


def customers_by_address(addresses: Iterable[str]) -> dict[str, int]:
    """Customer ids by normalised address, for those that are known; one query."""
    return dict(_customers_at(addresses=set(addresses)))


@prepared
def _customers_at(*, addresses: Set[str]) -> "QuerySet[Identity, tuple[str, int]]":
    found = Identity.objects.filter(kind=IdentityKind.EMAIL, value__in=addresses)
    return found.values_list("value", "customer_id")


def agents_by_address(addresses: Iterable[str]) -> dict[str, int]:
    """Agent ids by normalised address, for those that are agents; one query."""
    return dict(_agents_at(addresses=set(addresses)))


@prepared
def _agents_at(*, addresses: Set[str]) -> "QuerySet[Agent, tuple[str, int]]":
    return Agent.objects.filter(email__in=addresses).values_list("email", "pk")


@in_steps
def own_inboxes(addresses: Iterable[str]) -> Steps[frozenset[str]]:
    """Those of these normalised addresses that are inboxes of ours, with or without a +tag; one query."""
    wanted = set(addresses)
    found = those_of_inboxes.later(wanted | {untagged(address) for address in wanted})
    yield [found]
    ours = found.value
    return frozenset(address for address in wanted if address in ours or untagged(address) in ours)


@dataclass(frozen=True, slots=True)
class Desk:
    """An inbox that an agent may write from, its further addresses, and the team that gets its conversations."""

    inbox: Inbox
    team: Team | None
    further: Sequence[str] = ()


def inboxes_to_write_from(actor: Actor) -> list[Desk]:
    """The inboxes that this actor may begin a conversation in, own teams first; three queries."""
    if not may_begin(actor):
        return []
    routes = {row.inbox_id: row.team for row in InboxTeam.objects.select_related("team")}
    inboxes = list(Inbox.objects.select_related("brand").order_by("pk"))
    further = further_addresses(inbox.pk for inbox in inboxes)
    desks = [Desk(inbox, routes.get(inbox.pk), further.get(inbox.pk, ())) for inbox in inboxes]
    return sorted(
        (
            desk
            for desk in desks
            if may_write_as(actor, TeamId(desk.team.pk) if desk.team else None, BrandId(desk.inbox.brand_id))
        ),
        key=lambda desk: desk.team is None or TeamId(desk.team.pk) not in actor.teams,
    )


def inboxes_led(actor: Actor) -> frozenset[str]:
    """The addresses of the inboxes whose teams this lead or admin has lists of; one query."""
    found = InboxTeam.objects.filter(team_id__in=seen_teams(actor))
    return frozenset(found.values_list("inbox__address", flat=True)) if may_run_desk(actor) else frozenset()


def addresses_of(actor: Actor, customer: Customer) -> list[str]:
    """A customer's addresses, oldest first, for one who may begin conversations; none for others. One query."""
    found = Identity.objects.filter(customer=customer, kind=IdentityKind.EMAIL).order_by("pk")
    return list(found.values_list("value", flat=True)) if may_begin(actor) else []


def customer(actor: Actor, customer_id: int) -> Customer | None:
    """A customer, for one who may begin conversations; None for an unknown one, and for others. One query."""
    return Customer.objects.filter(pk=customer_id).first() if may_begin(actor) else None


def brands_to_set_up(actor: Actor) -> list[Brand]:
    """Every brand by its short name, for one who may set up; none for others. One query."""
    return list(Brand.objects.order_by("slug")) if may_set_up_something(actor) else []


def brands_to_look_at(actor: Actor) -> list[Brand]:
    """The brands whose settings this actor sees, by name. One query."""
    if not may_look_at_brands(actor):
        return []
    rows = Brand.objects.order_by("name", "pk")
    return list(
        rows if may_set_up_brands(actor) or sees_whole_desk(actor) else rows.filter(pk__in=actor.brands)
    )


def brand_to_look_at(actor: Actor, number: int) -> Brand:
    """A brand whose settings this actor sees. Raises NotFound; one query."""
    found = Brand.objects.filter(pk=number).first() if may_look_at_brand(actor, BrandId(number)) else None
    if found is None:
        raise NotFound
    return found


def brand_history(actor: Actor, brand: Brand, *, limit: int = HISTORY) -> list[Event]:
    """What was changed of a brand lately, newest first, for one who sees its settings. One query."""
    if not may_look_at_brand(actor, BrandId(brand.pk)):
        return []
    return newest_about(BrandChanged, limit=limit, brand=brand.pk)


def teams_to_set_up(actor: Actor) -> list[Team]:
    """Every team with its brand, by the names of both, for one who may set up; none for others. One query."""
    teams = Team.objects.select_related("brand").order_by("brand__slug", "name")
    return list(teams) if may_set_up_something(actor) else []


def inbox_to_set_up(actor: Actor, address: str) -> Inbox | None:
    """The inbox with this address and its brand, for one who may set up; None for others. One query."""
    found = Inbox.objects.select_related("brand").filter(address=address.strip().lower())
    return found.first() if may_set_up_mail(actor) else None


def inboxes_to_set_up(actor: Actor) -> list[Inbox]:
    """Every inbox with its brand, by address, for one who may set up; none for others. One query."""
    return list(Inbox.objects.select_related("brand").order_by("address")) if may_set_up_mail(actor) else []


def inbox_numbered(actor: Actor, number: int) -> Inbox:
    """One inbox with its brand and further addresses; two queries. Raises NotFound, also for one who may not set up."""
    rows = Inbox.objects.select_related("brand").prefetch_related("addresses")
    found = rows.filter(pk=number).first() if may_set_up_mail(actor) else None
    if found is None:
        raise NotFound
    return found


def agent_to_set_up(actor: Actor, address: str) -> Agent | None:
    """Who logs in with this address, also when switched off, for one who may set up; None for others. One query."""
    found = Agent.objects.filter(email=address.strip().lower())
    return found.first() if may_manage_people(actor) else None


def teams_joined(actor: Actor, agent: Agent) -> frozenset[TeamId]:
    """The teams an agent is of, for one who may set up; none for others. One query."""
    found = TeamMember.objects.filter(agent=agent).values_list("team_id", flat=True)
    return frozenset(TeamId(team) for team in found) if may_manage_people(actor) else frozenset()


def brands_written_for(actor: Actor) -> list[Brand]:
    """The brands that an agent writes answers for, by name: all for one who may set up. One query."""
    if not may_begin(actor):
        return []
    rows = Brand.objects.order_by("name", "pk")
    return list(rows if sees_whole_desk(actor) else rows.filter(pk__in=actor.brands))


@dataclass(frozen=True, slots=True)
class Colleagues:
    """A part of those who are, or were, of the desk, by address. after: leads to the next part; empty: none."""

    rows: Sequence[Agent]
    after: str = ""


def colleagues(actor: Actor, *, after: str = "", limit: int = COLLEAGUES) -> Colleagues:
    """Everybody by address with their teams, also those switched off, for one who may set up. Three queries."""
    if not may_manage_people(actor):
        return Colleagues(())
    rows = (
        Agent.objects.order_by("email").select_related("custom_role").prefetch_related("teammember_set__team")
    )
    found = list((rows.filter(email__gt=after) if after else rows)[: limit + 1])
    return Colleagues(found[:limit], found[limit - 1].email if len(found) > limit else "")


def colleague(actor: Actor, number: int) -> Agent:
    """One of the desk, also when switched off. Raises NotFound for an unknown one, and for others; one query."""
    rows = Agent.objects.select_related("custom_role").filter(pk=number)
    found = rows.first() if may_manage_people(actor) else None
    if found is None:
        raise NotFound
    return found


def agent_history(actor: Actor, agent: Agent, *, limit: int = HISTORY) -> list[Event]:
    """What became of an agent lately, newest first, for one who may set up. One query."""
    return newest_about(AgentChanged, limit=limit, agent=agent.pk) if may_manage_people(actor) else []


def team_to_set_up(actor: Actor, number: int) -> Team:
    """A team with its brand. Raises NotFound for an unknown one, and for one who may not set up; one query."""
    found = (
        Team.objects.select_related("brand").filter(pk=number).first() if may_manage_people(actor) else None
    )
    if found is None:
        raise NotFound
    return found


def sizes_of_teams(actor: Actor) -> dict[int, int]:
    """How many people each team has, by its id, for one who may set up. One query."""
    rows = (
        TeamMember.objects.filter(agent__is_active=True).values_list("team_id").annotate(number=Count("pk"))
    )
    return dict(rows) if may_manage_people(actor) else {}


def members(actor: Actor, team: Team) -> list[Agent]:
    """Who is of a team, by name, for one who may set up. One query."""
    rows = Agent.objects.filter(teammember__team=team).select_related("custom_role")
    return list(rows.order_by("name", "pk")) if may_manage_people(actor) else []


def not_members(actor: Actor, team: Team) -> list[Agent]:
    """Who is of the desk and not of a team, by name, for one who may set up. One query."""
    rows = Agent.objects.filter(is_active=True).exclude(teammember__team=team).order_by("name", "pk")
    return list(rows[:CHOICES]) if may_manage_people(actor) else []


def inboxes_of(actor: Actor, team: Team) -> list[str]:
    """The addresses whose conversations a team gets, for one who may set up. One query."""
    rows = InboxTeam.objects.filter(team=team).order_by("inbox__address")
    return list(rows.values_list("inbox__address", flat=True)) if may_manage_people(actor) else []
