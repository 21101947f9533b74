"""All access is decided here: who may see and do what, for a row (a Scope) and for a query (a Sight)."""

from dataclasses import dataclass, field, replace

from heed.kernel.errors import Refused
from heed.kernel.words import ActorKind, AgentId, BrandId, CustomerId, Role, TeamId

CHANGERS = frozenset({Role.ADMIN, Role.LEAD, Role.AGENT})
LEADERS = frozenset({Role.ADMIN, Role.LEAD})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks, with what decides their access."""

    kind: ActorKind
    id: int | None = None
    role: Role | None = None
    teams: frozenset[TeamId] = frozenset()  # own teams
    brands: frozenset[BrandId] = frozenset()  # brands of those teams
    led_teams: frozenset[TeamId] = frozenset()  # for leads and admins: every team whose lists they see

    @property
    def agent_id(self) -> AgentId | None:
        """The agent's id; None when no agent acts."""
        return AgentId(self.id) if self.kind is ActorKind.AGENT and self.id is not None else None


def agent_of(actor: Actor) -> AgentId:
    """The agent who acts. Raises Refused when it is none."""
    if actor.agent_id is None:
        raise Refused
    return actor.agent_id


SYSTEM = Actor(ActorKind.SYSTEM)
NOBODY = Actor(ActorKind.NOBODY)


@dataclass(frozen=True, slots=True)
class Scope:
    """The facts of a conversation that decide who may see it."""

    brand: BrandId
    team: TeamId | None
    assignee: AgentId | None = None
    customer: CustomerId | None = None
    shared_with: frozenset[TeamId] = frozenset()


@dataclass(frozen=True, slots=True)
class Sight:
    """The same decision as a query filter: everything, or what stands in these teams, brands, or with this agent."""

    everything: bool = False
    agent: AgentId | None = None
    teams: frozenset[TeamId] = field(default_factory=frozenset)  # also through sharing
    brands_without_team: frozenset[BrandId] = field(default_factory=frozenset)


def sight(actor: Actor) -> Sight:
    """What conversations an actor may see, for queries. Agrees with may_see on every scope."""
    if actor.kind is ActorKind.SYSTEM or (actor.kind is ActorKind.AGENT and actor.role is Role.ADMIN):
        return Sight(everything=True)
    if actor.kind is not ActorKind.AGENT or actor.role is None:
        return Sight()
    if actor.role is Role.LEAD:
        return Sight(
            agent=actor.agent_id, teams=actor.teams | actor.led_teams, brands_without_team=actor.brands
        )
    return Sight(agent=actor.agent_id, teams=actor.teams)


def may_see(actor: Actor, scope: Scope) -> bool:
    """Whether a conversation exists for this actor."""
    view = sight(actor)
    return (
        view.everything
        or (scope.assignee is not None and scope.assignee == view.agent)
        or scope.team in view.teams
        or not view.teams.isdisjoint(scope.shared_with)
        or (scope.team is None and scope.brand in view.brands_without_team)
    )


def may_change(actor: Actor, scope: Scope) -> bool:
    """Whether this actor may answer, note, assign and change state."""
    return may_see(actor, scope) and may_change_what_is_seen(actor)


def may_change_what_is_seen(actor: Actor) -> bool:
    """may_change, for a conversation that this actor was let in to see already."""
    return actor.kind is ActorKind.SYSTEM or actor.role in CHANGERS


def may_take(actor: Actor, scope: Scope, *, taker: Actor) -> bool:
    """Whether this actor may make that agent responsible: one who answers, and would see it without being so."""
    without = replace(scope, assignee=None)
    near = may_see(taker, without) or (scope.team is None and scope.brand in taker.brands)
    return near and taker.kind is ActorKind.AGENT and taker.role in CHANGERS and may_change(actor, scope)


def may_write_as(actor: Actor, team: TeamId | None, brand: BrandId) -> bool:
    """Whether this actor may begin a conversation from an inbox of this team and brand."""
    return may_change(actor, Scope(brand, team))


def may_begin(actor: Actor) -> bool:
    """Whether this actor may begin conversations at all; may_write_as says from which inboxes."""
    return actor.kind is ActorKind.SYSTEM or actor.role in CHANGERS


def may_purge(actor: Actor) -> bool:
    """Whether this actor may remove for good what lies in the trash: of conversations that they may see."""
    return actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMIN


def may_unsubscribe(actor: Actor) -> bool:
    """Whether this actor may say that an address wants no automatic mail, or wants it again.

    A customer is one who proved, by the address that only a mail to them names, that they got it.
    """
    return actor.kind is ActorKind.CUSTOMER or may_begin(actor)


def may_change_customers(actor: Actor) -> bool:
    """Whether this actor may write down what is known of customers whom they know, and say who is who."""
    return may_begin(actor)


def may_rewrite_note(actor: Actor, author: AgentId) -> bool:
    """Whether this actor may change the words of a note about a customer: its author may."""
    return may_begin(actor) and actor.agent_id == author


def may_erase_note(actor: Actor, author: AgentId) -> bool:
    """Whether this actor may erase a note about a customer: its author may, and who leads."""
    return may_rewrite_note(actor, author) or (may_begin(actor) and may_run_desk(actor))


def may_download_raw(actor: Actor, scope: Scope) -> bool:
    """Whether this actor may take a mail's exact bytes."""
    return may_see(actor, scope) and may_run_desk(actor)


def may_run_desk(actor: Actor) -> bool:
    """Whether this actor sees what is parked and may try it again."""
    return actor.kind is ActorKind.SYSTEM or actor.role in LEADERS


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where something that agents keep for reuse stands: private to one of them, of a team, or of a whole brand."""

    brand: BrandId
    team: TeamId | None = None
    owner: AgentId | None = None


def may_use(actor: Actor, shelf: Shelf) -> bool:
    """Whether this actor finds what stands there: its owner alone; else who answers in that team, or that brand."""
    if shelf.owner is not None:
        return shelf.owner == actor.agent_id and may_begin(actor)
    if actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMIN:
        return True
    is_near = (
        shelf.brand in actor.brands if shelf.team is None else shelf.team in actor.teams | actor.led_teams
    )
    return is_near and may_begin(actor)


def may_keep(actor: Actor, shelf: Shelf) -> bool:
    """Whether this actor may put something there and change it: for a whole brand its leads, and admins."""
    return may_use(actor, shelf) and (
        shelf.owner is not None or shelf.team is not None or may_run_desk(actor)
    )


def is_of_the_desk(actor: Actor) -> bool:
    """Whether this is an agent, who has a page of their own."""
    return actor.agent_id is not None


def may_block(actor: Actor, brand: BrandId) -> bool:
    """Whether this actor may say whose mail to a brand goes to the quarantine."""
    return actor.kind is ActorKind.SYSTEM or (
        actor.role in CHANGERS and (actor.role is Role.ADMIN or brand in actor.brands)
    )


def may_look_at_brand(actor: Actor, brand: BrandId) -> bool:
    """Whether this actor sees how a brand is set up: its leads do, and admins, who may change it."""
    return may_set_up(actor) or (actor.role is Role.LEAD and brand in actor.brands)


def may_set_up(actor: Actor) -> bool:
    """Whether this actor may set up brands, inboxes, teams and agents."""
    return actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMIN


def may_see_view(actor: Actor, *, owner: AgentId, team: TeamId | None) -> bool:
    """Whether a view that somebody made is in this actor's menu: theirs, or shared with a team whose lists they have.

    What a view shows is decided conversation by conversation, for whoever looks.
    """
    return actor.agent_id == owner or (team is not None and team in actor.teams | actor.led_teams)


def may_change_view(actor: Actor, *, owner: AgentId, team: TeamId | None) -> bool:
    """Whether this actor may change, share or delete a view: one's own; a team's also whoever leads the team."""
    if team is None:
        return actor.agent_id == owner
    return may_share_view(actor, team) and (actor.agent_id == owner or team in actor.led_teams)


def may_share_view(actor: Actor, team: TeamId) -> bool:
    """Whether this actor may put a view into a team's menu: who answers for the team."""
    return actor.role in CHANGERS and team in actor.teams | actor.led_teams
