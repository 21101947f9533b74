"""How much somebody is responsible for."""

from django.db.models import Sum

from heed.conversations.models import Count
from heed.kernel.words import Status
from heed.people.policy import Actor, may_manage_people, sees_everything

OWED = (Status.OPEN, Status.WAITING, Status.SNOOZED)


def open_work(actor: Actor, agent: int) -> int | None:
    """How many conversations that are not done an agent has, for one who manages people. One query.

    None for a reader who may not see them all: how much there is of what they do not see is not told.
    """
    if not (may_manage_people(actor) and sees_everything(actor)):
        return None
    rows = Count.objects.filter(assignee_id=agent, status__in=OWED)
    return rows.aggregate(sum=Sum("number"))["sum"] or 0
