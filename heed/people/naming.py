"""Due work of people: how the names of new customers are written is learnt, a little after they came."""

from datetime import timedelta

from django.db.models import QuerySet

from heed.kernel import clock
from heed.people.actions.names import learn_names
from heed.people.models import Customer, NameMark
from heed.people.policy import SYSTEM

BATCH = 200
REST = timedelta(
    seconds=10
)  # so that whoever was recorded at the same time is there too, whatever commits first


def _new() -> "QuerySet[Customer]":
    known = NameMark.objects.values_list("customer", flat=True).first() or 0
    return Customer.objects.filter(pk__gt=known, created_at__lte=clock.now() - REST).order_by("pk")


def step() -> int:
    """Learn the next names; how many customers were looked at."""
    some = list(_new()[:BATCH])
    if some:
        learn_names(some, by=SYSTEM)
    return len(some)


def waiting() -> int:
    """How many customers' names are to be learnt."""
    return _new().count()
