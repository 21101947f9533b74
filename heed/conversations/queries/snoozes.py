"""What sleeps and comes back to its agent."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from heed.conversations.models import LISTED, Conversation
from heed.kernel.words import Status
from heed.people.policy import Actor


@dataclass(frozen=True, slots=True)
class Asleep:
    """How many conversations come back to an agent, and when the first does (None: there is none)."""

    number: int = 0
    back_at: datetime | None = None


def asleep(actor: Actor) -> Asleep:
    """The snoozed conversations that this agent is responsible for; one query."""
    if actor.agent_id is None:
        return Asleep()
    mine = Conversation.objects.filter(LISTED, assignee_id=actor.agent_id, status=Status.SNOOZED)
    found = mine.aggregate(number=Count("pk"), back_at=Min("snoozed_until"))
    return Asleep(found["number"], found["back_at"])
