"""Who is told of what happened: called by a note, asked aside, made responsible, answered; and when of what is due."""

import threading
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace
from datetime import timedelta
from typing import Final

from heed.conversations.models import Conversation
from heed.eventlog.kinds import (
    AnswerKept,
    AsideReceived,
    AsideSaid,
    ConversationAbsorbed,
    ConversationAssigned,
    ConversationDueChanged,
    ConversationOpened,
    ConversationReleased,
    ConversationSplit,
    MentionAdded,
    MessageReceived,
)
from heed.eventlog.reader import Event, has_followed
from heed.eventlog.unit import current, lock_many
from heed.kernel.config import config
from heed.kernel.notice_words import NotificationKind
from heed.kernel.words import ActorKind, Automatic, ConversationId, Origin
from heed.notifications.actions import News, follow_messages, keep_deadline, notify
from heed.notifications.models import Deadline
from heed.notifications.queries import members
from heed.people.policy import SYSTEM

HEARS: Final = (
    MentionAdded,
    ConversationOpened,
    ConversationAssigned,
    ConversationDueChanged,
    MessageReceived,
    AsideReceived,
    AnswerKept,
    AsideSaid,
    ConversationAbsorbed,
    ConversationReleased,
    ConversationSplit,
)

CHANGES_DUE: Final = (ConversationAssigned, ConversationDueChanged)


class _Asked(threading.local):
    """Whose deadlines a unit of the reader has asked for: what of them it doesn't know is not there."""

    unit: object = None
    numbers: Set[int] = frozenset()


_asked = _Asked()


def prepare(events: Sequence[Event]) -> None:
    """Hold the conversations of a whole batch, and when they are told of: a query each, none where others hold them."""
    wanted = {event.conversation_id for event in events if event.origin is Origin.LIVE}
    lock_many(Conversation, sorted(number for number in wanted if number is not None))
    due = {event.conversation_id for event in events if isinstance(event.data, CHANGES_DUE)}
    _asked.unit, _asked.numbers = current(), {number for number in due & wanted if number is not None}
    lock_many(Deadline, sorted(_asked.numbers))


def on_event(event: Event) -> None:
    """Imported history is news to nobody."""
    number = event.conversation_id
    if event.origin is not Origin.LIVE or number is None:
        return
    match event.data:
        case MentionAdded(message=message, agent=agent, team=team):
            called = [agent] if agent is not None else [] if team is None else members(team)
            _notify(number, _news(event, NotificationKind.MENTION, message), called)
        case ConversationOpened(assignee=agent) if agent is not None:
            _notify(number, _news(event, NotificationKind.ASSIGNMENT), [agent])
        case ConversationAssigned(current=current):
            if current is not None:
                _notify(number, _news(event, NotificationKind.ASSIGNMENT), [current])
            _keep_deadline(number, event)
        case ConversationDueChanged():
            _keep_deadline(number, event)
        case MessageReceived(automatic=Automatic.NO, customer=customer, message=message):
            if customer is not None:
                _tell_responsible(number, _news(event, NotificationKind.REPLY, message))
        case (
            AsideReceived(automatic=Automatic.NO, message=message)
            | AsideSaid(is_answer=True, message=message)
        ):
            _tell_responsible(number, _news(event, NotificationKind.REPLY, message))
        case AsideSaid(message=message, team=team):
            news = replace(_news(event, NotificationKind.ASKED, message), asked=team)
            _notify(number, news, members(team))
        case AnswerKept(agent=agent, message=message):
            _notify(number, _news(event, NotificationKind.KEPT, message), [agent])
        case ConversationAbsorbed(other=other) | ConversationReleased(other=other):
            follow_messages([number, other], by=SYSTEM)
        case ConversationSplit(part=part):
            follow_messages([number, part], by=SYSTEM)


def _news(event: Event, kind: NotificationKind, message: int | None = None) -> News:
    colleague = event.actor_id if event.actor_kind is ActorKind.AGENT else None
    return News(kind, event=event.id, at=event.at, message=message, colleague=colleague)


def _conversation(number: ConversationId) -> Conversation | None:
    """The conversation as it stands now; None for one that stands in no list."""
    found = lock_many(Conversation, [number]).get(number)
    is_away = found is None or found.quarantined_at is not None or found.trashed_at is not None
    return None if is_away else found


def _notify(number: ConversationId, news: News, agents: Iterable[int]) -> None:
    conversation = _conversation(number)
    if conversation is not None:
        notify(conversation, news=news, agents=agents, by=SYSTEM)


def _tell_responsible(number: ConversationId, news: News) -> None:
    """Whoever is responsible, and was so by then: what went back to its team is news to nobody alone."""
    conversation = _conversation(number)
    if conversation is None or conversation.assignee_id is None:
        return
    if not has_followed(number, news.event, ConversationAssigned):
        notify(conversation, news=news, agents=[conversation.assignee_id], by=SYSTEM)


def _keep_deadline(number: ConversationId, event: Event) -> None:
    conversation = lock_many(Conversation, [number]).get(number)
    if conversation is not None:
        ahead = timedelta(minutes=config.due_soon_minutes)
        is_held = _asked.unit is current() and number in _asked.numbers
        keep_deadline(conversation, event=event.id, ahead=ahead, by=SYSTEM, is_held=is_held)
