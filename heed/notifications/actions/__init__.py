"""Verbs of notifications: somebody is told of something, once; they have read it; what is old is forgotten."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q

from heed.conversations.actions.state import is_listed
from heed.conversations.models import Conversation, SideConversation
from heed.conversations.presence import looking_at
from heed.conversations.scope import scope_of
from heed.eventlog import due
from heed.eventlog.kinds import AgentNotified
from heed.eventlog.unit import add, change, current, lock, lock_many, record, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import require
from heed.kernel.notice_words import NotificationChannel, NotificationKind
from heed.kernel.words import ActorKind, AgentId, Status, TeamId
from heed.notifications.choices import Wanted
from heed.notifications.models import Deadline, Digest, Notification, Push
from heed.notifications.queries import devices_of, members, wanted_by
from heed.notifications.quiet import Quiet
from heed.people.policy import Actor, Scope, agent_of, may_see, may_see_side
from heed.people.queries import actors_for


@dataclass(frozen=True, slots=True)
class News:
    """What happened: of which sort, by which event of the log, when, and whose words it is about."""

    kind: NotificationKind
    event: int
    at: datetime
    message: int | None = None
    colleague: int | None = None  # who did it; they are not told of it
    asked: TeamId | None = None  # the team that it is said to aside: its people see that alone


@verb
def notify(conversation: Conversation, *, news: News, agents: Iterable[int], by: Actor) -> list[Notification]:
    """Afterwards each of these agents is told of the news, who may see the conversation now and was not told before.

    Nobody is told of what they did themselves; who has the conversation before them has read it already. Records
    agent.notified for each of the others. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    wanted = set(agents) - {news.colleague} - _told(news)
    actors = actors_for(wanted) if wanted else {}
    if not actors:
        return []
    scope, choices = scope_of(conversation), wanted_by(actors)
    told = Told(news, looking=looking_at(conversation.pk), devices=devices_of(actors))
    seeing = [agent for agent in sorted(actors) if _may_know(actors[agent], scope, news)]
    return [
        told.tell(conversation, agent, *choices[agent]) for agent in seeing if choices[agent][0].by(news.kind)
    ]


def _may_know(actor: Actor, scope: Scope, news: News) -> bool:
    return may_see(actor, scope) if news.asked is None else may_see_side(actor, scope, news.asked)


@dataclass(frozen=True, slots=True)
class Told:
    """Inside a verb: news on their way to several agents."""

    news: News
    looking: frozenset[int]
    devices: Mapping[int, Sequence[int]]  # by agent

    def tell(self, conversation: Conversation, agent: int, wanted: Wanted, quiet: Quiet) -> Notification:
        """One of them is told, as they want it. Who has it before them has read it already, and is sent nothing."""
        news, channels = self.news, wanted.by(self.news.kind)
        is_news = agent not in self.looking
        by_mail = is_news and NotificationChannel.MAIL in channels
        told = add(
            Notification(
                agent_id=agent,
                conversation=conversation,
                kind=news.kind,
                event=news.event,
                message_id=news.message,
                by_id=news.colleague,
                at=news.at,
                is_shown=NotificationChannel.PAGE in channels,
                read_at=None if is_news else news.at,
                wants_mail=by_mail,
            )
        )
        if by_mail:
            await_digest(agent, quiet)
        if is_news and NotificationChannel.PUSH in channels:
            for device in self.devices.get(agent, ()):
                add(Push(notification=told, device_id=device, due_at=quiet.over_at(clock.now())))
        if is_news:
            record(AgentNotified(agent=AgentId(agent), reason=news.kind))
        return told


def await_digest(agent: int, quiet: Quiet) -> None:
    """Inside a verb: a mail leaves to this agent in a while, unless one is to leave sooner already."""
    found = lock_many(Digest, [agent]).get(agent)
    if found is not None and found.due_at is not None:
        return
    due_at = quiet.over_at(clock.now() + timedelta(minutes=config.digest_minutes))
    if found is None:
        add(Digest(agent_id=agent, due_at=due_at))
    else:
        change(found, due_at=due_at, claimed_until=None, attempts=0)


def _told(news: News) -> set[int]:
    same = Q(kind=news.kind, event=news.event)
    if news.message is not None:
        same |= Q(message_id=news.message)
    return set(Notification.objects.filter(same).values_list("agent_id", flat=True))


@verb
def mark_read(notifications: Sequence[int], *, by: Actor) -> int:
    """Afterwards those of these that the actor was told of are read; how many were not. Others' stay as they are.

    Nothing is recorded. Raises Refused for one who is no agent.
    """
    mine = Notification.objects.filter(agent_id=agent_of(by), pk__in=notifications, read_at__isnull=True)
    return mine.update(read_at=clock.now())


@verb
def mark_read_up_to(number: int, *, by: Actor) -> int:
    """Afterwards the actor has read all that they were told up to this notification; how many they had not.

    What they are told meanwhile stays unread. Nothing is recorded. Raises Refused for one who is no agent.
    """
    mine = Notification.objects.filter(agent_id=agent_of(by), pk__lte=number, read_at__isnull=True)
    return mine.update(read_at=clock.now())


@verb
def mark_read_about(conversation: Conversation, *, by: Actor) -> int:
    """Afterwards the actor, who has looked at the conversation, has read what they were told of it; how many.

    Nothing is recorded. Raises Refused for one who is no agent.
    """
    mine = Notification.objects.filter(
        agent_id=agent_of(by), conversation_id=conversation.pk, read_at__isnull=True
    )
    return mine.update(read_at=clock.now())


@verb
def mark_read_aside(side: SideConversation, *, by: Actor) -> int:
    """Afterwards the actor, who has looked at the side conversation, has read what they were asked there; how many.

    Nothing is recorded. Raises Refused for one who is no agent.
    """
    mine = Notification.objects.filter(
        agent_id=agent_of(by), kind=NotificationKind.ASKED, message__side_id=side.pk, read_at__isnull=True
    )
    return mine.update(read_at=clock.now())


def _known(number: int) -> Deadline | None:
    """The deadline that this unit holds or has added: one that is new costs no query."""
    found = current().known.get(Deadline, {}).get(number)
    assert found is None or isinstance(found, Deadline)
    return found


@verb
def keep_deadline(
    conversation: Conversation, *, event: int, ahead: timedelta, by: Actor, is_held: bool = False
) -> Deadline | None:
    """Afterwards whoever is responsible by then, else the team, is told `ahead` of the time when it is due.

    Of what is due sooner than that, when half of the time is over. None: nothing is due. Nothing is recorded. Refused
    for people. `is_held`: this unit has asked for its deadline already, and there is none that it doesn't know.
    """
    require(by.kind is ActorKind.SYSTEM)
    held, now = lock(conversation), clock.now()
    found = _known(held.pk) if is_held else lock_many(Deadline, [held.pk]).get(held.pk)
    promised = held.next_due_at
    if promised is None or promised <= now:
        return found if found is None else change(found, due_at=None, claimed_until=None)
    due_at = max(promised - ahead, now + (promised - now) / 2)
    if found is not None and found.promised_at == promised:
        event = found.event
    values = {"promised_at": promised, "event": event, "due_at": due_at, "claimed_until": None, "attempts": 0}
    if found is None:
        return add(Deadline(conversation=held, **values))
    return change(found, **values)


@verb
def tell_deadline(deadline: Deadline, *, by: Actor) -> None:
    """Afterwards whoever is responsible, else the team, was told that it is due soon, if it still is.

    Nobody is told of one promise twice. Records as notify does. Refused for people. Raises ClaimLost.
    """
    require(by.kind is ActorKind.SYSTEM)
    conversation = lock(Conversation(pk=deadline.conversation_id))
    held = due.hold(deadline)
    change(held, due_at=None, claimed_until=None)
    is_owed = conversation.status == Status.OPEN and conversation.next_due_at == held.promised_at
    if is_owed and is_listed(conversation):
        kind, agents = _whom(conversation)
        notify(
            conversation,
            news=News(kind, event=held.event, at=clock.now()),
            agents=agents - _knowing(held),
            by=by,
        )


def _whom(conversation: Conversation) -> tuple[NotificationKind, set[int]]:
    """Who is told that an answer is due soon, and as what."""
    if conversation.assignee_id is not None:
        return NotificationKind.DUE_SOON, {conversation.assignee_id}
    team = conversation.team_id
    return NotificationKind.TEAM_DUE, set() if team is None else set(members(team))


def _knowing(deadline: Deadline) -> set[int]:
    """Who was told of this promise, whoever was responsible then."""
    kinds = (NotificationKind.DUE_SOON, NotificationKind.TEAM_DUE)
    told = Notification.objects.filter(conversation_id=deadline.pk, kind__in=kinds, event=deadline.event)
    return set(told.values_list("agent_id", flat=True))


@verb
def follow_messages(conversations: Sequence[int], *, by: Actor) -> int:
    """Afterwards what was told of messages that moved between these conversations is about where they stand now.

    Returns how many. Nothing is recorded. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    moved = Notification.objects.filter(
        conversation_id__in=conversations, message__conversation_id__in=conversations
    ).exclude(conversation_id=F("message__conversation_id"))
    places = dict(moved.values_list("pk", "message__conversation_id"))
    for number, place in places.items():
        Notification.objects.filter(pk=number).update(conversation_id=place)
    return len(places)


@verb
def forget_notifications(numbers: Sequence[int], *, by: Actor) -> int:
    """Afterwards these notifications are gone; how many there were. Records nothing. Refused for people."""
    require(by.kind is ActorKind.SYSTEM)
    return Notification.objects.filter(pk__in=numbers).delete()[0]
