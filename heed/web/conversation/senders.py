"""Which addresses a message of ours may leave from: a choice only where an inbox has several."""

from collections.abc import Sequence

from heed.brands.queries import addresses_of
from heed.conversations.models import Conversation, Message
from heed.conversations.senders import last_written, sender_among
from heed.kernel.steps import Steps, in_steps
from heed.ui.contexts import Option


@in_steps
def sender_options(
    conversation: Conversation, *, chosen: str, answered: Message | None = None
) -> Steps[Sequence[Option]]:
    """The inbox's addresses with the one chosen, else the one that was written to; none where there is one alone.

    One query; where there is a choice, one more to know what is answered.
    """
    further = addresses_of.later(conversation.inbox)
    yield [further]
    addresses = further.value
    if len(addresses) == 1:
        return ()
    if chosen not in addresses and answered is None:
        last = last_written.later(conversation)
        yield [last]
        answered = last.value
    if chosen not in addresses:
        chosen = sender_among(addresses, answered)
    return [Option(value=address, is_chosen=address == chosen) for address in addresses]
