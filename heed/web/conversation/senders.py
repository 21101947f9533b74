"""Which addresses a message of ours may leave from: a choice only where an inbox has several."""

from collections.abc import Sequence

from heed.brands.queries import addresses_of
from heed.conversations.models import Conversation, Message
from heed.conversations.senders import last_written, usual_sender
from heed.ui.contexts import Option


def sender_options(
    conversation: Conversation, *, chosen: str, answered: Message | None = None
) -> Sequence[Option]:
    """The inbox's addresses with the one chosen, else the one that was written to; none where there is one alone.

    One query; where there is a choice, at most three more to know what is answered.
    """
    addresses = addresses_of(conversation.inbox)
    if len(addresses) == 1:
        return ()
    if chosen not in addresses:
        chosen = usual_sender(conversation.inbox, answered or last_written(conversation))
    return [Option(value=address, is_chosen=address == chosen) for address in addresses]
