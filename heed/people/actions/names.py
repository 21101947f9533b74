"""The verb that learns how customers' names are written, for those who type them almost right."""

from collections.abc import Sequence

from heed.eventlog.unit import add, change, lock_many, verb
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.language.tokens import words
from heed.people.models import Customer, NameKey, NameMark
from heed.people.policy import Actor
from heed.people.spelling import keys_of, may_be_misspelt


@verb
def learn_names(customers: Sequence[Customer], *, by: Actor) -> None:
    """Afterwards the words of these customers' names are known, each once, and learning goes on after the last of them.

    Names are learnt in the order of customers; those from before the mark are known already, and nothing happens.
    Raises Refused for everybody but the desk itself.
    """
    require(by.kind is ActorKind.SYSTEM)
    mark = lock_many(NameMark, [NameMark.ONLY]).get(NameMark.ONLY) or add(
        NameMark(pk=NameMark.ONLY, customer=0)
    )
    new = [customer for customer in customers if customer.pk > mark.customer]
    if not new:
        return
    told = {word for customer in new for word in words(customer.name) if may_be_misspelt(word)}
    told -= set(NameKey.objects.filter(key__in=told, word__in=told).values_list("word", flat=True))
    for word in sorted(told):
        for key in sorted(keys_of(word)):
            add(NameKey(key=key, word=word))
    change(mark, customer=max(customer.pk for customer in new))
