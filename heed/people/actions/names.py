"""The verb that learns new customers: what search finds them by, also for those who type a name almost right."""

from collections.abc import Sequence

from heed.eventlog.unit import add, change, lock_many, verb
from heed.kernel.errors import require
from heed.kernel.words import ActorKind
from heed.people.actions.documents import learn_words, write_documents
from heed.people.models import Customer, NameMark
from heed.people.policy import Actor


@verb
def learn_names(customers: Sequence[Customer], *, by: Actor) -> None:
    """Afterwards search finds these customers, and knows the words of their names; learning goes on after the last.

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
    learn_words(new)
    write_documents(new)
    change(mark, customer=max(customer.pk for customer in new))
