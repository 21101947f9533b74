"""What a sent message causes in a mailbox: a copy is due in its Sent folder, where somebody wishes so."""

import threading
from collections.abc import Mapping, Sequence

from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import AsideSent, MessageSent
from heed.eventlog.reader import Event
from heed.eventlog.unit import add, lock_many
from heed.kernel.words import Automatic, Origin
from heed.mailboxes.models import Filing
from heed.mailboxes.queries import filed_for

HEARS = (MessageSent, AsideSent)


class _Prepared(threading.local):
    mailboxes: Mapping[int, int] = {}


_prepared = _Prepared()


def prepare(events: Sequence[Event]) -> None:
    """Read which inboxes' answers are filed; one query when there is any message of ours, and mostly no more."""
    _prepared.mailboxes = filed_for()
    if _prepared.mailboxes:
        lock_many(Filing, sorted({e.data.message for e in events if isinstance(e.data, HEARS)}))


def on_event(event: Event) -> None:
    """Let what a person of ours wrote be filed, once; automatic answers are not."""
    if event.origin is not Origin.LIVE or event.conversation_id is None or not _prepared.mailboxes:
        return
    match event.data:
        case MessageSent(message=message, automatic=Automatic.NO) | AsideSent(message=message):
            if lock_many(Filing, [message]):
                return
            row = lock_many(Message, [message])[message]
            conversation = lock_many(Conversation, [row.conversation_id])[row.conversation_id]
            found = _prepared.mailboxes.get(conversation.inbox_id)
            if found is not None:
                add(Filing(message_id=message, mailbox_id=found, due_at=event.at))
