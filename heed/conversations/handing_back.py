"""Consumer: what somebody was responsible for who left, or only looks on now, goes back to its teams, unassigned.

Not what is closed: that is over, and says who did it. What is merged, in the quarantine or in the trash follows when
it comes back.
"""

from typing import Final

from django.db.models import QuerySet

from heed.conversations.actions.state import assign
from heed.conversations.models import LISTED, Conversation
from heed.eventlog.kinds import (
    AgentChanged,
    ConversationRestored,
    ConversationUnmerged,
    ConversationUnquarantined,
    RoleChanged,
)
from heed.eventlog.reader import Event
from heed.kernel.permissions import Permission
from heed.kernel.words import AgentChange, RoleChange, Status
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.people.queries import holding

HEARS: Final = (
    AgentChanged,
    RoleChanged,
    ConversationUnmerged,
    ConversationUnquarantined,
    ConversationRestored,
)


def on_event(event: Event) -> None:
    """Unassign everything of one who was switched off, or made a viewer."""
    number = event.conversation_id
    theirs = Conversation.objects.filter(LISTED, assignee__isnull=False).exclude(status=Status.CLOSED)
    match event.data:
        case AgentChanged(agent=agent, change=AgentChange.SWITCHED_OFF):
            found = theirs.filter(assignee_id=agent)
        case AgentChanged(agent=agent, change=AgentChange.ROLE):
            found = theirs.filter(assignee__in=_who_only_look_on().filter(pk=agent))
        case RoleChanged(role=role, change=RoleChange.TAKEN, permission=Permission.ANSWER):
            found = theirs.filter(assignee__in=_who_only_look_on().filter(custom_role_id=role))
        case ConversationUnmerged() | ConversationUnquarantined() | ConversationRestored() if (
            number is not None
        ):
            found = theirs.filter(pk=number, assignee__is_active=False)
        case _:
            return
    for conversation in found.order_by("pk"):
        assign(conversation, to=None, by=SYSTEM)


def _who_only_look_on() -> "QuerySet[Agent, Agent]":
    """Those whose role lets nobody be answered, as it stands now."""
    return Agent.objects.exclude(holding(Permission.ANSWER))
