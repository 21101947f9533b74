"""Reads about mentions: whom a note may call, whom one does call, and where somebody was called."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from heed.conversations.mentioning import Callee
from heed.conversations.models import LISTED, Conversation, Mention
from heed.conversations.queries.access import visible_to
from heed.conversations.queries.lists import PAGE, SHOWN, Page
from heed.conversations.scope import scope_of
from heed.kernel.errors import require_visible
from heed.kernel.permissions import PRESETS
from heed.kernel.steps import Steps, in_steps
from heed.kernel.words import ActorKind, BrandId, CircleId, Role, TeamId
from heed.language.tokens import words
from heed.people.models import Agent, CircleMember, Team
from heed.people.policy import Actor, may_see
from heed.people.queries import actors_for

NAMES = 5_000  # of colleagues that are looked through
OFFERED = 8  # for a few letters


def mentionable(actor: Actor, row: Conversation, *, among: Iterable[Callee] | None = None) -> list[Callee]:
    """The agents and teams that may see a conversation, teams first, by name; `among`: of these. Eight queries at most.

    Raises NotFound for one who may not see it.
    """
    scope = scope_of(row)
    require_visible(may_see(actor, scope))
    wanted = everybody(row) if among is None else list(among)
    actors = actors_for(one.id for one in wanted if one.kind == "agent")
    named = _named_teams(scope.circle)
    members = {
        one.id: _member(TeamId(one.id), BrandId(row.brand_id), scope.circle if one.id in named else None)
        for one in wanted
        if one.kind == "team"
    }
    return [
        one
        for one in wanted
        if may_see(members[one.id] if one.kind == "team" else actors.get(one.id, NO_ONE), scope)
    ]


def _named_teams(circle: CircleId | None) -> frozenset[int]:
    """The teams to which something is restricted; no query for what is not."""
    if circle is None:
        return frozenset()
    named = CircleMember.objects.filter(circle_id=circle, team__isnull=False)
    return frozenset(named.values_list("team_id", flat=True))


NO_ONE = Actor(ActorKind.NOBODY)


def _member(team: TeamId, brand: BrandId, circle: CircleId | None) -> Actor:
    """Anybody who is of a team, and so in a circle that names it: it may see what all its members may."""
    circles = frozenset[CircleId]() if circle is None else frozenset({circle})
    held = PRESETS[Role.VIEWER]
    return Actor(ActorKind.AGENT, None, held, frozenset({team}), frozenset({brand}), circles=circles)


def everybody(row: Conversation) -> list[Callee]:
    """The names of all colleagues and of the brand's teams, whatever they may see: for mentionable to choose of."""
    teams = Team.objects.filter(brand_id=row.brand_id).order_by("name", "pk").values_list("pk", "name")
    agents = Agent.objects.filter(is_active=True).order_by("name", "pk").values_list("pk", "name")
    return [
        *(Callee("team", pk, name) for pk, name in teams[:NAMES]),
        *(Callee("agent", pk, name) for pk, name in agents[:NAMES]),
    ]


def offered(actor: Actor, row: Conversation, *, typed: str) -> list[Callee]:
    """Whom one may mean who has typed these letters: each begins a word of the name; never oneself. Eight queries."""
    asked = words(typed)
    near = [
        one
        for one in everybody(row)
        if all(any(word.startswith(letters) for word in words(one.name)) for letters in asked)
        and (one.kind, one.id) != ("agent", actor.agent_id)
    ]
    return mentionable(actor, row, among=near)[:OFFERED]


@in_steps
def mentions(actor: Actor, *, after: str = "", limit: int = PAGE) -> Steps[Page[Conversation]]:
    """Where a note calls this agent, or a team of theirs, the newest call first; two queries.

    Each conversation once, and only while they may see it.
    """
    yield ()  # two reads of its own, after what others ask at this moment
    if actor.agent_id is None:
        return Page(())
    mine = Q(agent_id=actor.agent_id) | Q(team_id__in=actor.teams)
    newer = Mention.objects.filter(
        mine, message__conversation_id=OuterRef("message__conversation_id"), pk__gt=OuterRef("pk")
    )
    here = Conversation.objects.filter(LISTED, visible_to(actor), pk=OuterRef("message__conversation_id"))
    rows = Mention.objects.filter(mine, ~Exists(newer), Exists(here))
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found = list(rows.order_by("-pk").values_list("pk", "message__conversation_id")[: limit + 1])
    known = Conversation.objects.select_related(*SHOWN).in_bulk(number for _, number in found[:limit])
    page = [known[number] for _, number in found[:limit] if number in known]
    return Page(page, str(found[limit - 1][0]) if len(found) > limit else "")
