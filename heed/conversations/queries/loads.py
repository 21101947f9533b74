"""How much somebody is responsible for."""

from django.db.models import Sum

from heed.conversations.models import Count
from heed.kernel.words import Status
from heed.people.policy import Actor, may_manage_people

OWED = (Status.OPEN, Status.WAITING, Status.SNOOZED)


def open_work(actor: Actor, agent: int) -> int:
    """How many conversations that are not done an agent has, by the reader's counts, for admins. One query."""
    if not may_manage_people(actor):
        return 0
    rows = Count.objects.filter(assignee_id=agent, status__in=OWED)
    return rows.aggregate(sum=Sum("number"))["sum"] or 0
