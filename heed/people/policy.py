"""All access is decided here: who may see and do what, for a row (a Scope) and for a query (a Sight)."""

from dataclasses import dataclass, field, replace
from functools import lru_cache

from heed.kernel.errors import Refused
from heed.kernel.permissions import Permission, Permissions
from heed.kernel.words import ActorKind, AgentId, BrandId, CircleId, CustomerId, TeamId


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks, with what decides their access."""

    kind: ActorKind
    id: int | None = None
    permissions: Permissions = frozenset()  # of their role, built in or made here
    teams: frozenset[TeamId] = frozenset()  # own teams
    brands: frozenset[BrandId] = frozenset()  # brands of those teams
    led_teams: frozenset[TeamId] = frozenset()  # for those who see more than their own: every team they see
    circles: frozenset[CircleId] = frozenset()  # in which they, or a team of theirs, are named

    @property
    def agent_id(self) -> AgentId | None:
        """The agent's id; None when no agent acts."""
        return AgentId(self.id) if self.kind is ActorKind.AGENT and self.id is not None else None

    def holds(self, *permissions: Permission) -> bool:
        """Whether they hold any of these permissions. The desk itself holds all."""
        return self.kind is ActorKind.SYSTEM or not self.permissions.isdisjoint(permissions)


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
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class Sight:
    """The same decision as a query filter: everything, or what stands in these teams, brands, or with this agent.

    What is restricted to a circle is not among them, but for those whom no circle shuts out: they see it all the same.
    In one's own circles, and where one is responsible, one sees it wherever it stands.
    """

    everything: bool = False
    agent: AgentId | None = None
    teams: frozenset[TeamId] = field(default_factory=frozenset)  # also through sharing
    brands_without_team: frozenset[BrandId] = field(default_factory=frozenset)
    circles: frozenset[CircleId] = field(default_factory=frozenset)
    in_all_circles: bool = False


def seen_teams(actor: Actor) -> frozenset[TeamId]:
    """The teams whose conversations an actor sees, and whose lists they have."""
    if actor.kind is not ActorKind.AGENT:
        return frozenset()
    own = actor.teams if actor.holds(Permission.SEE_OWN_TEAMS) else frozenset[TeamId]()
    return own | actor.led_teams


@lru_cache(maxsize=1_000)
def sight(actor: Actor) -> Sight:
    """What conversations an actor may see, for queries. Agrees with may_see on every scope.

    An actor is all that is asked for: the live stream asks the same of fifty of them for each conversation.
    """
    if actor.kind is ActorKind.SYSTEM:
        return Sight(everything=True, in_all_circles=True)
    if actor.kind is not ActorKind.AGENT:
        return Sight()
    in_all = actor.holds(Permission.SEE_RESTRICTED)
    # Nobody is named one by one whom no circle shuts out; and who sees everything already needs no other words for it.
    circles = frozenset[CircleId]() if in_all and sees_whole_desk(actor) else actor.circles
    if sees_whole_desk(actor):
        agent = None if in_all else actor.agent_id
        return Sight(everything=True, agent=agent, circles=circles, in_all_circles=in_all)
    return Sight(
        agent=actor.agent_id,
        teams=seen_teams(actor),
        brands_without_team=actor.brands if actor.holds(Permission.SEE_LED_TEAMS) else frozenset(),
        circles=circles,
        in_all_circles=in_all,
    )


def may_see(actor: Actor, scope: Scope) -> bool:
    """Whether a conversation exists for this actor."""
    view = sight(actor)
    if (scope.assignee is not None and scope.assignee == view.agent) or scope.circle in view.circles:
        return True
    stands_in_view = (
        view.everything
        or scope.team in view.teams
        or not view.teams.isdisjoint(scope.shared_with)
        or (scope.team is None and scope.brand in view.brands_without_team)
    )
    return stands_in_view and (scope.circle is None or view.in_all_circles)


def sees_whole_desk(actor: Actor) -> bool:
    """Whether this actor sees the conversations of every team, and of none."""
    return actor.holds(Permission.SEE_ALL)


def sees_everything(actor: Actor) -> bool:
    """Whether no conversation of the desk is hidden from this actor."""
    return sees_whole_desk(actor) and actor.holds(Permission.SEE_RESTRICTED)


def may_change(actor: Actor, scope: Scope, what: Permission = Permission.ANSWER) -> bool:
    """Whether this actor may do this to a conversation: answer, and change its state, if nothing else is said."""
    return may_see(actor, scope) and may_change_what_is_seen(actor, what)


def may_change_what_is_seen(actor: Actor, what: Permission = Permission.ANSWER) -> bool:
    """may_change, for a conversation that this actor was let in to see already."""
    return actor.holds(what)


def teams_asked_for(actor: Actor) -> frozenset[TeamId]:
    """The teams whose side conversations an actor sees, also of conversations that they may not see."""
    return seen_teams(actor)


def may_see_side(actor: Actor, scope: Scope, asked: TeamId | None) -> bool:
    """Whether a side conversation exists for this actor: `scope` is of its conversation, `asked` the team here.

    Who sees the conversation does; and of one that is not restricted, who sees what stands in the team that is asked.
    They see the thread alone: the conversation only where another rule lets them.
    """
    is_asked = asked is not None and asked in teams_asked_for(actor) and scope.circle is None
    return is_asked or may_see(actor, scope)


def may_write_aside(actor: Actor, scope: Scope, asked: TeamId | None) -> bool:
    """Whether this actor may write in a side conversation, and say that it is done."""
    return may_see_side(actor, scope, asked) and may_change_what_is_seen(actor)


def may_ask(actor: Actor, scope: Scope, *, team: TeamId, brand: BrandId) -> bool:
    """Whether this actor may ask that team of that brand: of the same brand, and of nothing that is restricted."""
    is_other = team != scope.team and brand == scope.brand
    return is_other and scope.circle is None and may_change(actor, scope)


def may_take(actor: Actor, scope: Scope, *, taker: Actor) -> bool:
    """Whether this actor may make that agent responsible: one who answers, and would see it without being so.

    To become responsible oneself is part of answering.
    """
    without = replace(scope, assignee=None)
    of_brand = scope.team is None and scope.circle is None and scope.brand in taker.brands
    near = may_see(taker, without) or of_brand
    able = taker.kind is ActorKind.AGENT and taker.holds(Permission.ANSWER)
    return near and able and may_change(actor, scope, right_to_assign(actor, taker.agent_id))


def right_to_assign(actor: Actor, to: AgentId | None) -> Permission:
    """The right that it takes to make somebody responsible."""
    is_own = to is not None and to == actor.agent_id
    return Permission.ANSWER if is_own else Permission.ASSIGN


OF_CONVERSATIONS = (
    Permission.ANSWER,
    Permission.ASSIGN,
    Permission.MERGE,
    Permission.SPAM,
    Permission.DELETE,
)
"""The rights of which each allows something that can be done to many conversations at once."""


def may_change_many(actor: Actor) -> bool:
    """Whether this actor may do anything to many conversations at once; may_change says what, and to which."""
    return actor.agent_id is not None and actor.holds(*OF_CONVERSATIONS)


def may_restrict(actor: Actor, scope: Scope) -> bool:
    """Whether this actor may say to whom alone a conversation is shown, or show it to all of its team again."""
    return may_change(actor, scope, Permission.RESTRICT)


def may_write_as(actor: Actor, team: TeamId | None, brand: BrandId) -> bool:
    """Whether this actor may begin a conversation from an inbox of this team and brand."""
    return may_change(actor, Scope(brand, team))


def may_begin(actor: Actor) -> bool:
    """Whether this actor may begin conversations at all; may_write_as says from which inboxes."""
    return actor.holds(Permission.ANSWER)


def may_purge(actor: Actor) -> bool:
    """Whether this actor may remove for good what lies in the trash: of conversations that they may see."""
    return actor.holds(Permission.PURGE)


def may_look_into_trash(actor: Actor) -> bool:
    """Whether this actor may look for what lies in the trash: who puts things there, and of what they may see."""
    return actor.holds(Permission.DELETE, Permission.PURGE)


def may_take_out_of_trash(actor: Actor) -> bool:
    """Whether this actor may put into the trash, and take out of it, conversations that they may see."""
    return actor.holds(Permission.DELETE)


def may_unsubscribe(actor: Actor) -> bool:
    """Whether this actor may say that an address wants no automatic mail, or wants it again.

    A customer is one who proved, by the address that only a mail to them names, that they got it.
    """
    return actor.kind is ActorKind.CUSTOMER or may_begin(actor)


def may_change_customers(actor: Actor) -> bool:
    """Whether this actor may write down what is known of customers whom they know, and say who is who."""
    return actor.holds(Permission.CHANGE_CUSTOMERS)


def may_rewrite_note(actor: Actor, author: AgentId) -> bool:
    """Whether this actor may change the words of a note about a customer: its author may."""
    return may_begin(actor) and actor.agent_id == author


def may_erase_note(actor: Actor, author: AgentId) -> bool:
    """Whether this actor may erase a note about a customer: its author may, and who leads."""
    return may_rewrite_note(actor, author) or (may_begin(actor) and may_run_desk(actor))


def may_download_raw(actor: Actor, scope: Scope) -> bool:
    """Whether this actor may take a mail's exact bytes."""
    return may_change(actor, scope, Permission.DOWNLOAD_RAW)


def may_download_what_is_seen(actor: Actor) -> bool:
    """may_download_raw, for a conversation that this actor was let in to see already."""
    return actor.holds(Permission.DOWNLOAD_RAW)


def may_take_away(actor: Actor) -> bool:
    """Whether this actor may print and export a conversation that they were let in to see."""
    return actor.holds(Permission.EXPORT)


def may_run_desk(actor: Actor) -> bool:
    """Whether this actor sees what is parked and may try it again."""
    return actor.holds(Permission.RUN_DESK)


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
    if sees_whole_desk(actor):
        return may_begin(actor)
    is_near = shelf.brand in actor.brands if shelf.team is None else shelf.team in seen_teams(actor)
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
    return actor.holds(Permission.SPAM) and (sees_whole_desk(actor) or brand in actor.brands)


def may_look_at_brands(actor: Actor) -> bool:
    """Whether this actor sees how some brands are set up; may_look_at_brand says which."""
    return actor.holds(Permission.RUN_DESK, Permission.SET_UP_BRANDS)


def may_look_at_brand(actor: Actor, brand: BrandId) -> bool:
    """Whether this actor sees how a brand is set up: those who run it do, and those who may change it."""
    runs = actor.holds(Permission.RUN_DESK) and (sees_whole_desk(actor) or brand in actor.brands)
    return runs or may_set_up_brands(actor)


def may_look_at_mail(actor: Actor) -> bool:
    """Whether this actor sees how mail comes in and out: of their teams' inboxes, or of all who may set it up."""
    return actor.holds(Permission.RUN_DESK, Permission.SET_UP_MAIL)


def looks_at_all_mail(actor: Actor) -> bool:
    """Whether this actor sees so of every inbox."""
    return may_set_up_mail(actor) or (actor.holds(Permission.RUN_DESK) and sees_whole_desk(actor))


def may_set_up_brands(actor: Actor) -> bool:
    """Whether this actor may add brands and change what they say and when they are open."""
    return actor.holds(Permission.SET_UP_BRANDS)


def may_set_up_mail(actor: Actor) -> bool:
    """Whether this actor may set up inboxes, mailboxes, ways out, domains and hooks."""
    return actor.holds(Permission.SET_UP_MAIL)


def may_manage_people(actor: Actor) -> bool:
    """Whether this actor may set up agents and teams; may_give_role and may_give_team say with which rights."""
    return actor.holds(Permission.MANAGE_PEOPLE)


def may_decide_about(actor: Actor, person: Actor) -> bool:
    """Whether this actor may let somebody in or out, by a link or without a second factor, and send them on leave.

    Whoever could set another's password acts as them: so they need every right, team and circle of that person.
    """
    teams = person.teams | seen_teams(person)
    return (
        may_manage_people(actor)
        and may_give_role(actor, person.permissions)
        and (sees_whole_desk(actor) or teams <= seen_teams(actor))
        and is_let_into(actor, person.circles)
    )


def is_let_into(actor: Actor, circles: frozenset[CircleId]) -> bool:
    """Whether no circle of these shuts this actor out, wherever what is restricted to it stands."""
    return sees_everything(actor) or circles <= actor.circles


def may_say_when_one_works(actor: Actor, person: Actor) -> bool:
    """Whether this actor may say when an agent works and what they know: their own, and whom they decide about."""
    is_own = person.agent_id is not None and person.agent_id == actor.agent_id
    return is_own or may_decide_about(actor, person)


def may_manage_roles(actor: Actor) -> bool:
    """Whether this actor may make roles and say what they allow; may_give_role says what."""
    return actor.holds(Permission.MANAGE_ROLES)


def may_give_role(actor: Actor, permissions: Permissions) -> bool:
    """Whether this actor may give these rights, or take them away: nobody decides about a right that they lack."""
    return actor.kind is ActorKind.SYSTEM or permissions <= actor.permissions


def may_give_team(actor: Actor, team: TeamId, *, circles: frozenset[CircleId]) -> bool:
    """Whether this actor may let somebody join a team: those who see what it would show them.

    Circles: those that name the team, and let in whoever joins it.
    """
    return may_take_team(actor, team) and is_let_into(actor, circles)


def may_take_team(actor: Actor, team: TeamId) -> bool:
    """Whether this actor may let somebody leave a team: those who see what it shows."""
    return may_manage_people(actor) and (sees_whole_desk(actor) or team in seen_teams(actor))


def may_set_up(actor: Actor) -> bool:
    """Whether this actor may set up what has no right of its own, such as rules for mail storms and topics."""
    return actor.holds(Permission.SET_UP_RULES)


def may_set_up_something(actor: Actor) -> bool:
    """Whether this actor may set up anything: what several settings pages offer to choose from."""
    return actor.holds(
        Permission.SET_UP_RULES,
        Permission.SET_UP_BRANDS,
        Permission.SET_UP_MAIL,
        Permission.MANAGE_PEOPLE,
        Permission.MANAGE_ROLES,
    )


def may_see_view(actor: Actor, *, owner: AgentId, team: TeamId | None) -> bool:
    """Whether a view that somebody made is in this actor's menu: theirs, or shared with a team whose lists they have.

    What a view shows is decided conversation by conversation, for whoever looks.
    """
    return actor.agent_id == owner or (team is not None and team in seen_teams(actor))


def may_change_view(actor: Actor, *, owner: AgentId, team: TeamId | None) -> bool:
    """Whether this actor may change, share or delete a view: one's own; a team's also who manages them."""
    if team is None:
        return actor.agent_id == owner
    return may_share_view(actor, team) and (actor.agent_id == owner or actor.holds(Permission.MANAGE_VIEWS))


def may_share_view(actor: Actor, team: TeamId) -> bool:
    """Whether this actor may put a view into a team's menu: who answers for the team."""
    return may_begin(actor) and team in seen_teams(actor)
