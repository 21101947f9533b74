"""What an answer answers, and the address it leaves from unless its writer says otherwise."""

from heed.brands.models import Inbox
from heed.brands.queries import addresses_of
from heed.channels.email.mailboxes import key_of, untagged
from heed.conversations.models import Conversation, Message
from heed.kernel.words import Automatic, Direction, Hold


def last_written(conversation: Conversation) -> Message | None:
    """What an answer answers: the newest that a person wrote; of machines' mail only where there is no other.

    Never what is held: it would be quoted to people who should not see it. At most two queries.
    """
    came = conversation.messages.filter(direction=Direction.IN, hold__in=(Hold.NONE, Hold.ADMITTED))
    came = came.order_by("-at", "-id")
    return came.filter(automatic=Automatic.NO).first() or came.first()


def usual_sender(inbox: Inbox, answered: Message | None) -> str:
    """Of an inbox's addresses the one that was written to, else its own; one query where that is another."""
    own = inbox.address
    lines = () if answered is None else (*answered.to, *answered.cc)
    written_to = [untagged(key_of(address)) for _, address in lines]
    if not written_to or own in written_to:
        return own
    further = set(addresses_of(inbox))
    return next((address for address in written_to if address in further), own)
