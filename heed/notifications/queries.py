"""What an agent was told: as a list, and how much of it is unread. Only what they may see at the moment of asking."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Substr

from heed.conversations.models import Message
from heed.conversations.queries import Page
from heed.conversations.queries.access import seen_by, theirs_aside
from heed.kernel.notice_words import NotificationKind
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import TeamId
from heed.notifications.choices import Wanted, read
from heed.notifications.models import UNREAD, Notification, NotificationChoice, PushDevice
from heed.notifications.quiet import Quiet
from heed.people.models import Agent, TeamMember
from heed.people.policy import Actor, Sight, agent_of, sight, teams_asked_for
from heed.people.queries import actor_for

PAGE: Final = 40
COUNTED_TO: Final = 99  # unread ones are counted up to here
TEXT_CHARACTERS: Final = 240  # of what was written, beside a notification
HERE: Final = Q(conversation__quarantined_at__isnull=True, conversation__trashed_at__isnull=True)


@dataclass(frozen=True, slots=True)
class Unread:
    """The conversations of unread notifications, one each, up to one more than COUNTED_TO; the newest up_to."""

    conversations: Sequence[int] = ()
    up_to: int = 0

    @property
    def number(self) -> int:
        """How many there are."""
        return len(self.conversations)

    def without(self, conversation: int) -> "Unread":
        """The same when what is about this conversation was read."""
        return Unread([one for one in self.conversations if one != conversation], self.up_to)


NONE: Final = Unread()


def _open_to(view: Sight, teams: Collection[TeamId]) -> Q:
    """The condition on notifications: of what one may see, or is asked aside without seeing more than that."""
    seen = HERE & seen_by(view, "conversation__")
    return seen | Q(kind=NotificationKind.ASKED) & theirs_aside(teams, "message__side__")


@prepared
def _unread(
    *, view: Sight, teams: Collection[TeamId], agent: int, limit: Limit
) -> "QuerySet[Notification, tuple[int, int]]":
    rows = Notification.objects.filter(UNREAD, _open_to(view, teams), agent_id=agent)
    return rows.order_by("-pk").values_list("pk", "conversation_id")[:limit]


@in_steps
def unread(actor: Actor) -> Steps[Unread]:
    """What the actor was told and has not read; one query."""
    if actor.agent_id is None:
        return NONE
    view, teams = sight(actor), teams_asked_for(actor)
    found = asked(_unread, view=view, teams=teams, agent=actor.agent_id, limit=Limit(COUNTED_TO + 1))
    yield [found]
    return Unread([number for _, number in found.value], max((pk for pk, _ in found.value), default=0))


@prepared
def _unread_about(*, agent: int, conversation: int) -> "QuerySet[Notification, int]":
    rows = Notification.objects.filter(agent_id=agent, conversation_id=conversation, read_at__isnull=True)
    return rows.values_list("pk", flat=True)[:1]


@in_steps
def is_unread_about(actor: Actor, number: int) -> Steps[bool]:
    """Whether the actor was told something of this conversation that they have not read; one query."""
    if actor.agent_id is None:
        return False
    found = asked(_unread_about, agent=actor.agent_id, conversation=number)
    yield [found]
    return bool(found.value)


def is_unread_aside(actor: Actor, side: int) -> bool:
    """Whether the actor was asked something in this side conversation that they have not read; one query."""
    if actor.agent_id is None:
        return False
    kind = NotificationKind.ASKED
    rows = Notification.objects.filter(agent_id=actor.agent_id, kind=kind, read_at__isnull=True)
    return rows.filter(message__side_id=side).exists()


@dataclass(frozen=True, slots=True)
class Said:
    """A notification, with who wrote what it is about and how that begins; empty where it stands elsewhere by now."""

    row: Notification
    from_name: str = ""
    from_address: str = ""
    words: str = ""
    side: int | None = None  # that it stands in
    side_subject: str | None = None

    @property
    def is_aside(self) -> bool:
        """Whether it is about a side conversation, whose reader may know nothing else of the conversation."""
        return self.row.kind == NotificationKind.ASKED

    @property
    def subject(self) -> str:
        """Of what it is about."""
        return (self.side_subject or "") if self.is_aside else self.row.conversation.subject

    @property
    def href(self) -> str:
        """Where that stands."""
        if self.is_aside:
            return f"/sides/{self.side}/" if self.side else "/sides/"
        return f"/conversations/{self.row.conversation_id}/"


def notifications(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Said]:
    """What the actor was told, newest first, a page at a time; two queries."""
    if actor.agent_id is None:
        return Page(())
    seen = _open_to(sight(actor), teams_asked_for(actor))
    rows = Notification.objects.filter(seen, agent_id=actor.agent_id, is_shown=True)
    if after.isascii() and after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    rows = rows.select_related("conversation__customer", "conversation__brand", "by").order_by("-pk")
    found = list(rows[: limit + 1])
    page = Page(found[:limit], str(found[limit - 1].pk) if len(found) > limit else "")
    return Page(said_of(page.rows), page.after)


def said_of(rows: Sequence[Notification]) -> list[Said]:
    """With what was written, for notifications that their reader was let in to see; one query."""
    messages = Message.objects.filter(pk__in={row.message_id for row in rows if row.message_id is not None})
    words = Substr("text", 1, TEXT_CHARACTERS)
    found = messages.values_list(
        "pk", "conversation_id", "from_name", "from_address", words, "side_id", "side__subject"
    )
    known = {(pk, place): rest for pk, place, *rest in found}
    return [Said(row, *known.get((row.message_id, row.conversation_id), ())) for row in rows]


def members(team: int) -> list[int]:
    """For the desk itself: who is of a team. One query."""
    return list(TeamMember.objects.filter(team_id=team).values_list("agent_id", flat=True))


def wanted_by(agents: Iterable[int]) -> dict[int, tuple[Wanted, Quiet]]:
    """For the desk itself: what these agents want, and when it is quiet where they are. Two queries."""
    rows = NotificationChoice.objects.in_bulk(set(agents))
    zones = Agent.objects.filter(pk__in=set(agents)).values_list("pk", "time_zone")
    return {
        pk: (_wanted(rows[pk]), _quiet(rows[pk], zone)) if pk in rows else (Wanted(), Quiet(zone))
        for pk, zone in zones
    }


def wanted_of(actor: Actor) -> Wanted:
    """What the acting agent wants. Raises Refused for one who is no agent; one query."""
    found = NotificationChoice.objects.filter(pk=agent_of(actor)).first()
    return Wanted() if found is None else _wanted(found)


def _wanted(row: NotificationChoice) -> Wanted:
    return Wanted(read(row.channels), row.quiet_from, row.quiet_to, row.quiet_days, row.has_push_text)


def _quiet(row: NotificationChoice, zone: str) -> Quiet:
    return Quiet(zone, row.quiet_from, row.quiet_to, row.quiet_days)


def seen_among(agent: Agent, rows: Sequence[Notification]) -> list[Notification]:
    """For the desk itself: those of an agent's notifications that they may see now; two queries."""
    actor = actor_for(agent)
    if actor.agent_id is None or not rows:
        return []
    condition = _open_to(sight(actor), teams_asked_for(actor))
    seen = Notification.objects.filter(condition, agent_id=actor.agent_id, pk__in=[row.pk for row in rows])
    numbers = set(seen.values_list("pk", flat=True))
    return [row for row in rows if row.pk in numbers]


def devices_of(agents: Iterable[int]) -> dict[int, list[int]]:
    """For the desk itself: the devices on which these agents are told, by agent. One query."""
    found: dict[int, list[int]] = {}
    rows = PushDevice.objects.filter(agent_id__in=set(agents)).order_by("pk").values_list("agent_id", "pk")
    for agent, device in rows:
        found.setdefault(agent, []).append(device)
    return found


def devices(actor: Actor) -> list[PushDevice]:
    """The acting agent's own devices, oldest first. Raises Refused for one who is no agent; one query."""
    return list(PushDevice.objects.filter(agent_id=agent_of(actor)).order_by("pk"))
