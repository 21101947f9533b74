"""Verbs that say to whom alone a conversation is shown."""

from collections.abc import Iterable, Sequence

from heed.conversations.actions.state import (
    assignee_id,
    be_assigned,
    circle_id,
    hold_conversation,
    is_listed,
    team_id,
)
from heed.conversations.models import Conversation
from heed.conversations.scope import family_of
from heed.eventlog.kinds import ConversationRestricted
from heed.eventlog.unit import change, lock_many, record, verb
from heed.kernel.errors import Unusable
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentId, CircleId, Status, TeamId
from heed.people.actions.circles import MOST_MEMBERS, circle_for, is_named
from heed.people.models import Agent, Team
from heed.people.policy import Actor


def _held(conversation: Conversation, by: Actor) -> tuple[Conversation, list[Conversation]]:
    """The conversation, and with it all that were merged into it: their page and their history are as restricted."""
    family = hold_families([conversation.pk])
    held = hold_conversation(conversation, by, Permission.RESTRICT)
    return held, [held, *(row for row in family.values() if row.pk != held.pk)]


def hold_families(numbers: Iterable[int]) -> dict[int, Conversation]:
    """Inside a verb: these and all that were merged into them, by number, held in the order of their numbers."""
    wanted = list(numbers)
    lock_many(Conversation, sorted(family_of(wanted)))
    return lock_many(Conversation, sorted(family_of(wanted)))  # with what was merged until the first was held


@verb
def restrict(
    conversation: Conversation, *, agents: Sequence[AgentId], teams: Sequence[TeamId], by: Actor
) -> Conversation:
    """Afterwards only these people, whoever is of these teams, and the acting agent see it, wherever it would stand.

    So do its assignee, who stays so only when named, and those whom no circle shuts out; and all of this is so of what
    was merged into it. Records conversation.restricted; nothing when it is restricted so already. Raises NotFound,
    Refused, Merged, Quarantined, Trashed, and Unusable for people or teams that are not of the desk, or more than a
    hundred.
    """
    held, family = _held(conversation, by)
    people = {*agents, *([by.agent_id] if by.agent_id is not None else [])}
    if Agent.objects.filter(pk__in=people, is_active=True).count() != len(people):
        raise Unusable("agents", "unknown_choice")
    if Team.objects.filter(pk__in=teams).count() != len(set(teams)):
        raise Unusable("teams", "unknown_choice")
    if not people and not teams:
        raise Unusable("agents", "missing")
    if len(people) + len(set(teams)) > MOST_MEMBERS:
        raise Unusable("agents", "too_many")
    circle = circle_for(people, teams)
    for row in family:
        _let_go(row, circle)
        _shut(row, to=circle)
    return held


@verb
def open_to_team(conversation: Conversation, *, by: Actor) -> Conversation:
    """Afterwards all who see its team see it again, and what was merged into it.

    Records conversation.restricted; nothing when they do already. Raises NotFound, Refused, Merged, Quarantined,
    Trashed.
    """
    held, family = _held(conversation, by)
    for row in family:
        _shut(row, to=None)
    return held


def shut(rows: Iterable[Conversation], *, to: CircleId | None) -> None:
    """Inside a verb: let only the people of a circle see these, or all again; held already.

    Who is responsible sees a conversation wherever it stands: where the circle changes, only who is named stays so.
    """
    for row in rows:
        if circle_id(row) != to and to is not None:
            _let_go(row, to)
        _shut(row, to=to)


def _let_go(held: Conversation, circle: CircleId) -> None:
    if held.assignee_id is not None and not is_named(held.assignee_id, circle):
        be_assigned(held, to=None)


def _shut(held: Conversation, *, to: CircleId | None) -> None:
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
            is_listed=is_listed(held),
        ),
        on=held.pk,
    )
