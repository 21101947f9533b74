"""What an agent answers was no spam: heard here, learnt later."""

from heed.conversations.models import Conversation
from heed.eventlog.kinds import MessageQueued
from heed.eventlog.reader import Event
from heed.eventlog.unit import lock_many
from heed.kernel.words import Automatic, Origin
from heed.people.policy import SYSTEM
from heed.triage.actions.spam import note_answered

HEARS = (MessageQueued,)


def on_event(event: Event) -> None:
    """The first answer that a person writes in a conversation decides about what came before it."""
    match event.data:
        case MessageQueued(automatic=Automatic.NO, first_reply=True) if event.origin is Origin.LIVE:
            assert event.conversation_id is not None
            found = lock_many(Conversation, [event.conversation_id])[event.conversation_id]
            note_answered(found, at=event.at, by=SYSTEM)
