"""What an answer answers, and the address it leaves from unless its writer says otherwise."""

from collections.abc import Sequence

from django.db.models import QuerySet

from heed.brands.models import Inbox
from heed.brands.queries import addresses_of
from heed.channels.email.mailboxes import key_of, untagged
from heed.conversations.models import Conversation, Message
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import Automatic, Direction, Hold


@prepared
def _newest(*, conversation: int, machines: bool) -> "QuerySet[Message, Message]":
    came = Message.objects.filter(conversation_id=conversation, direction=Direction.IN)
    came = came.filter(hold__in=(Hold.NONE, Hold.ADMITTED)).order_by("-at", "-id")
    return (came if machines else came.filter(automatic=Automatic.NO))[:1]


@in_steps
def last_written(conversation: Conversation) -> Steps[Message | None]:
    """What an answer answers: the newest that a person wrote; of machines' mail only where there is no other.

    Never what is held: it would be quoted to people who should not see it. One query.
    """
    by_people = asked(_newest, conversation=conversation.pk, machines=False)
    any_of_them = asked(_newest, conversation=conversation.pk, machines=True)
    yield by_people, any_of_them
    return next(iter((*by_people.value, *any_of_them.value)), None)


def usual_sender(inbox: Inbox, answered: Message | None) -> str:
    """Of an inbox's addresses the one that was written to, else its own; one query where that is another."""
    is_own = answered is None or inbox.address in _written_to(answered)
    return inbox.address if is_own else sender_among(addresses_of(inbox), answered)


def sender_among(addresses: Sequence[str], answered: Message | None) -> str:
    """Of an inbox's addresses, its own first, the one that was written to, else its own."""
    written_to = _written_to(answered) if answered is not None else []
    if addresses[0] in written_to:
        return addresses[0]
    return next((address for address in written_to if address in addresses), addresses[0])


def _written_to(answered: Message) -> list[str]:
    return [untagged(key_of(address)) for _, address in (*answered.to, *answered.cc)]
