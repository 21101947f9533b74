"""Verbs on whose conversations they are."""

from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Conversation
from heed.eventlog.kinds import ConversationCustomerChanged
from heed.eventlog.unit import change, record, verb
from heed.kernel.errors import Unusable
from heed.kernel.words import CustomerId
from heed.people.models import Customer
from heed.people.policy import Actor


@verb
def change_customer(conversation: Conversation, *, to: CustomerId | None, by: Actor) -> Conversation:
    """Afterwards the conversation is this customer's, or nobody's. Messages stay whose they are.

    Records conversation.customer_changed; nothing when it was so before. Raises NotFound, Refused, Merged, and Unusable
    for a customer who does not exist.
    """
    held = hold_conversation(conversation, by)
    if held.customer_id == to:
        return held
    if to is not None and not Customer.objects.filter(pk=to).exists():
        raise Unusable("customer", "unknown")
    previous = None if held.customer_id is None else CustomerId(held.customer_id)
    change(held, customer_id=to)
    record(ConversationCustomerChanged(previous=previous, current=to), on=held.pk)
    return held
