"""Consumer: what somebody was responsible for who left, or only looks on now, goes back to its teams, unassigned.

So does what a customer writes to somebody who is not there: away for long, off, off shift, on leave.

Not what is closed: that is over, and says who did it. What is merged, in the quarantine or in the trash follows when
it comes back.
"""

from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet

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
from heed.eventlog.unit import lock_many
from heed.kernel.config import config
from heed.kernel.permissions import Permission
from heed.kernel.words import Absence, AgentChange, Automatic, ConversationId, Origin, RoleChange, Status
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
    match event.data:
        case MessageReceived(customer=customer, automatic=Automatic.NO) if number is not None:
            if customer is not None and event.origin is Origin.LIVE and _is_assigned(number):
                _give_back_if_nobody_is_there(number, event)
            return
        case AgentChanged(agent=agent, change=AgentChange.SWITCHED_OFF):
            wanted = Q(assignee=agent)
        case AgentChanged(agent=agent, change=AgentChange.ROLE):
            wanted = Q(assignee__in=_who_only_look_on().filter(pk=agent))
        case RoleChanged(role=role, change=RoleChange.TAKEN, permission=Permission.ANSWER):
            wanted = Q(assignee__in=_who_only_look_on().filter(custom_role_id=role))
        case ConversationUnmerged() | ConversationUnquarantined() | ConversationRestored() if (
            number is not None
        ):
            wanted = Q(pk=number, assignee__is_active=False)
        case _:
            return
    for conversation in _assigned(wanted):
        is_gone = conversation.assignee is not None and not conversation.assignee.is_active
        assign(conversation, to=None, by=SYSTEM, why=Absence.SWITCHED_OFF if is_gone else None)


def _assigned(wanted: Q) -> "QuerySet[Conversation, Conversation]":
    """What is not closed and has an assignee, of the wanted, with its assignee."""
    theirs = Conversation.objects.filter(LISTED, wanted, assignee__isnull=False)
    return theirs.exclude(status=Status.CLOSED).select_related("assignee").order_by("pk")


def _is_assigned(number: ConversationId) -> bool:
    """Whether somebody answers for it: nearly no mail's conversation, and the batch holds its row already."""
    row = lock_many(Conversation, [number]).get(number)
    return row is not None and row.assignee_id is not None


def _give_back_if_nobody_is_there(number: ConversationId, event: Event) -> None:
    """Whether somebody is there is asked as of the moment at which it came."""
    for conversation in _assigned(Q(pk=number)):
        assert conversation.assignee is not None
        why = absence(conversation.assignee, event.at, away_after=timedelta(minutes=config.away_minutes))
        if why is not None:
            assign(conversation, to=None, why=why, by=SYSTEM)


def _who_only_look_on() -> "QuerySet[Agent, Agent]":
    """Those whose role lets nobody be answered, as it stands now."""
    return Agent.objects.exclude(holding(Permission.ANSWER))
