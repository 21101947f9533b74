"""Verbs that say to whom alone a conversation is shown."""

from collections.abc import Sequence

from heed.conversations.actions.state import (
    assign,
    assignee_id,
    circle_id,
    hold_conversation,
    team_id,
)
from heed.conversations.models import LISTED, Conversation
from heed.eventlog.kinds import ConversationRestricted
from heed.eventlog.unit import change, record, verb
from heed.kernel.errors import Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentId, CircleId, Status, TeamId
from heed.people.actions.circles import MOST_MEMBERS, circle_for
from heed.people.models import Agent, Team
from heed.people.policy import SYSTEM, Actor


def _held(conversation: Conversation, by: Actor) -> Conversation:
    return hold_conversation(conversation, by, Permission.RESTRICT)


@verb
def restrict(
    conversation: Conversation, *, agents: Sequence[AgentId], teams: Sequence[TeamId], by: Actor
) -> Conversation:
    """Afterwards only these people, whoever is of these teams, and the acting agent see it, wherever it would stand.

    So do its assignee, who stays so only when named, and those whom no circle shuts out. Records
    conversation.restricted; nothing when it is restricted so already. Raises NotFound, Refused, Merged, Quarantined,
    Trashed, and Unusable for people or teams that are not of the desk, or more than a hundred.
    """
    held = _held(conversation, by)
    people = {*agents, *([by.agent_id] if by.agent_id is not None else [])}
    if Agent.objects.filter(pk__in=people, is_active=True).count() != len(people):
        raise Unusable("agents", "unknown_choice")
    if Team.objects.filter(pk__in=teams).count() != len(set(teams)):
        raise Unusable("teams", "unknown_choice")
    if not people and not teams:
        raise Unusable("agents", "missing")
    if len(people) + len(set(teams)) > MOST_MEMBERS:
        raise Unusable("agents", "too_many")
    if held.assignee_id is not None and not _is_named(held.assignee_id, people, teams):
        assign(held, to=None, by=SYSTEM)
    shut(held, to=circle_for(people, teams))
    return held


@verb
def open_to_team(conversation: Conversation, *, by: Actor) -> Conversation:
    """Afterwards all who see its team see it again. Records conversation.restricted; nothing when they do already.

    Raises NotFound, Refused, Merged, Quarantined, Trashed.
    """
    held = _held(conversation, by)
    shut(held, to=None)
    return held


def _is_named(agent: int, people: set[AgentId], teams: Sequence[TeamId]) -> bool:
    return agent in people or Team.objects.filter(pk__in=teams, teammember__agent_id=agent).exists()


def shut(held: Conversation, *, to: CircleId | None) -> None:
    """Inside a verb: let only the people of a circle see it, or all again; held already."""
    previous = circle_id(held)
    if previous == to:
        return
    change(held, circle_id=to)
    record(
        ConversationRestricted(
            previous=previous,
            current=to,
            team=team_id(held),
            assignee=assignee_id(held),
            status=Status(held.status),
            is_listed=Conversation.objects.filter(LISTED, pk=held.pk).exists(),
        ),
        on=held.pk,
    )
