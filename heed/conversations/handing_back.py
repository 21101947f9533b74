"""Consumer: what somebody was responsible for who left, or only looks on now, goes back to its teams, unassigned.

So does what a customer writes to somebody who is not there: away for long, off, off shift, on leave.

Not what is closed: that is over, and says who did it. What is merged, in the quarantine or in the trash follows when
it comes back.
"""

from datetime import timedelta
from typing import Final

from django.db.models import QuerySet

from heed.conversations.actions.state import assign
from heed.conversations.models import LISTED, Conversation
from heed.eventlog.kinds import (
    AgentChanged,
    ConversationRestored,
    ConversationUnmerged,
    ConversationUnquarantined,
    MessageReceived,
    RoleChanged,
)
from heed.eventlog.reader import Event
from heed.kernel.config import config
from heed.kernel.permissions import Permission
from heed.kernel.words import Absence, AgentChange, Automatic, Origin, RoleChange, Status
from heed.people.absence import absence
from heed.people.models import Agent
from heed.people.policy import SYSTEM
from heed.people.queries import holding

HEARS: Final = (
    AgentChanged,
    RoleChanged,
    MessageReceived,
    ConversationUnmerged,
    ConversationUnquarantined,
    ConversationRestored,
)


def on_event(event: Event) -> None:
    """Unassign everything of one who was switched off, or made a viewer."""
    number = event.conversation_id
    theirs = Conversation.objects.filter(LISTED, assignee__isnull=False).exclude(status=Status.CLOSED)
    match event.data:
        case MessageReceived(customer=customer, automatic=Automatic.NO) if number is not None:
            if customer is not None and event.origin is Origin.LIVE:
                _give_back_if_nobody_is_there(theirs.filter(pk=number), event)
            return
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
    for conversation in found.select_related("assignee").order_by("pk"):
        is_gone = conversation.assignee is not None and not conversation.assignee.is_active
        assign(conversation, to=None, by=SYSTEM, why=Absence.SWITCHED_OFF if is_gone else None)


def _give_back_if_nobody_is_there(found: "QuerySet[Conversation, Conversation]", event: Event) -> None:
    """Whether somebody is there is asked as of the moment at which it came."""
    for conversation in found.select_related("assignee"):
        assert conversation.assignee is not None
        why = absence(conversation.assignee, event.at, away_after=timedelta(minutes=config.away_minutes))
        if why is not None:
            assign(conversation, to=None, why=why, by=SYSTEM)


def _who_only_look_on() -> "QuerySet[Agent, Agent]":
    """Those whose role lets nobody be answered, as it stands now."""
    return Agent.objects.exclude(holding(Permission.ANSWER))
