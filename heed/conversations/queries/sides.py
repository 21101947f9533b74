"""Side conversations: beside one conversation; one with what was said in it; those that ask a team of the reader's."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BigIntegerField, Exists, JSONField, Max, OuterRef, Q, QuerySet, Subquery

from heed.conversations import sql
from heed.conversations.models import (
    Attachment,
    Conversation,
    Draft,
    Message,
    RawMail,
    SideConversation,
)
from heed.conversations.queries.access import NO_AGENT, Opened, seen_by, theirs_aside, unshown
from heed.conversations.queries.event_names import Names
from heed.conversations.queries.timelines import ENTRIES, Timeline, by_message
from heed.conversations.sides import QUOTED_MESSAGES, may_be_quoted
from heed.kernel.errors import NotFound
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import SPOKEN, Automatic, Direction, TeamId
from heed.people.models import Team
from heed.people.policy import (
    Actor,
    Sight,
    may_change_what_is_seen,
    may_download_what_is_seen,
    sight,
    teams_asked_for,
)

BESIDE = 50  # shown beside a conversation, the newest first
PAGE = 50  # of those that ask a team


@dataclass(frozen=True, slots=True)
class SideLine:
    """A side conversation in a list, and with whom it is: a team's name, or whom we wrote to."""

    side: SideConversation
    whom: str


@dataclass(frozen=True, slots=True)
class OpenedSide:
    """A side conversation and one who was let in to read it. Only opened_side() makes it."""

    actor: Actor
    side: SideConversation
    row: Conversation
    sees_conversation: bool  # False: of a team that is asked, to whom the thread alone is shown
    newest: int | None  # of its messages by arrival, whatever their dates say and however many there are

    @property
    def may_write(self) -> bool:
        """Whether they may answer there, and say that it is done."""
        return may_change_what_is_seen(self.actor)

    @property
    def opened(self) -> Opened | None:
        """The conversation, for those who may see it."""
        return Opened(self.actor, self.row, None) if self.sees_conversation else None


@dataclass(frozen=True, slots=True)
class SidePage:
    """Side conversations that ask teams of the reader's, the newest first; `after` leads on, empty: there are none."""

    lines: Sequence[SideLine]
    after: str = ""


def _with_first_line(
    rows: "QuerySet[SideConversation, SideConversation]",
) -> "QuerySet[SideConversation, SideConversation]":
    mails = Message.objects.filter(side_id=OuterRef("pk"), direction=Direction.ASIDE_OUT).order_by("pk")
    came = Message.objects.filter(side_id=OuterRef("pk"), direction=Direction.ASIDE_IN).order_by("pk")
    return rows.select_related("team").annotate(
        first_to=Subquery(mails.values("to")[:1], output_field=JSONField()),
        first_from=Subquery(came.values("from_address")[:1]),
    )


def _line(side: SideConversation) -> SideLine:
    if side.team is not None:
        return SideLine(side, side.team.name)
    to = side.first_to or []  # type: ignore[attr-defined]  # annotated
    whom = ", ".join(name or address for name, address in to)
    return SideLine(side, whom or side.first_from or "")  # type: ignore[attr-defined]  # annotated


@prepared
def _beside(*, conversation: int) -> "QuerySet[SideConversation, SideConversation]":
    rows = SideConversation.objects.filter(conversation_id=conversation)
    return _with_first_line(rows).order_by("-last_message_at", "-pk")[:BESIDE]


@in_steps
def sides_of(here: Opened) -> Steps[list[SideLine]]:
    """What stands beside a conversation, the newest first; one query."""
    found = asked(_beside, conversation=here.row.pk)
    yield [found]
    return [_line(side) for side in found.value]


@prepared
def _one(
    *, number: int, view: Sight, teams: Collection[TeamId]
) -> "QuerySet[SideConversation, SideConversation]":
    seen = Conversation.objects.filter(seen_by(view), pk=OuterRef("conversation_id"))
    rows = SideConversation.objects.filter(theirs_aside(teams) | Q(Exists(seen)), pk=number)
    rows = rows.select_related(
        "team", "begun_by", "conversation__brand", "conversation__inbox", "conversation__customer"
    )
    said = Message.objects.filter(side_id=OuterRef("pk")).order_by().values("side_id")
    newest = Subquery(said.annotate(newest=Max("pk")).values("newest"))
    return rows.annotate(sees_conversation=Exists(seen), newest=newest).defer(*unshown("begun_by"))


@in_steps
def opened_side(actor: Actor, number: int) -> Steps[OpenedSide]:
    """The side conversation with this number, for one who may see it. One query.

    Raises NotFound, alike for unknown and unseen.
    """
    if number > BigIntegerField.MAX_BIGINT:
        raise NotFound
    found = asked(_one, number=number, view=sight(actor), teams=teams_asked_for(actor))
    yield [found]
    if not found.value:
        raise NotFound
    side = found.value[0]
    return OpenedSide(actor, side, side.conversation, side.sees_conversation, side.newest)  # type: ignore[attr-defined]  # annotated


@prepared
def _said(*, side: int, at: datetime | None, pk: int | None, limit: Limit) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(side_id=side).select_related("agent", "customer")
    rows = rows.defer(*unshown("agent"))
    if at is not None:
        rows = rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk), at__lte=at)
    return rows.order_by("-at", "-id")[:limit]


@prepared
def _files(*, messages: Sequence[int]) -> "QuerySet[Attachment, Attachment]":
    return Attachment.objects.filter(message_id__in=messages).order_by("pk")


@prepared
def _raws(*, messages: Sequence[int]) -> "QuerySet[RawMail, tuple[int, str]]":
    return RawMail.objects.filter(message_id__in=messages).order_by("-pk").values_list("message_id", "sha256")


@in_steps
def side_timeline(here: OpenedSide, *, before: str = "", limit: int = ENTRIES) -> Steps[Timeline]:
    """The newest `limit` messages before an earlier part's `before`, oldest first, with their files. Two queries."""
    place = sql.Place.read(before) if before else None
    said = asked(
        _said,
        side=here.side.pk,
        at=place.at if place else None,
        pk=place.id if place else None,
        limit=Limit(limit + 1),
    )
    yield [said]
    taken = said.value[:limit]
    numbers = [message.pk for message in taken]
    takes = here.sees_conversation and may_download_what_is_seen(here.actor)
    files, raws = asked(_files, messages=numbers), asked(_raws, messages=numbers if takes else [])
    yield files, raws
    is_more = len(said.value) > limit
    return Timeline(
        entries=taken[::-1],
        names=Names(),
        files=by_message(files.value),
        raws=dict(raws.value),
        before=str(sql.Place(taken[-1].at, taken[-1].pk)) if is_more else "",
        is_part=bool(before),
    )


@prepared
def _draft(*, side: int, agent: int) -> "QuerySet[Draft, Draft]":
    return Draft.objects.filter(side_id=side, agent_id=agent)


@in_steps
def side_draft(here: OpenedSide) -> Steps[Draft | None]:
    """What this agent took back in a side conversation, to go on with; one query."""
    found = asked(_draft, side=here.side.pk, agent=here.actor.agent_id or NO_AGENT)
    yield [found]
    return next(iter(found.value), None)


@prepared
def _of_team(
    *, teams: Collection[TeamId], is_done: bool, at: datetime | None, pk: int | None, limit: Limit
) -> "QuerySet[SideConversation, SideConversation]":
    rows = SideConversation.objects.filter(theirs_aside(teams), done_at__isnull=not is_done)
    if at is not None:
        rows = rows.filter(Q(last_message_at__lt=at) | Q(last_message_at=at, pk__lt=pk))
    return rows.select_related("team").order_by("-last_message_at", "-pk")[:limit]


@in_steps
def asking_my_teams(actor: Actor, *, is_done: bool, after: str = "", limit: int = PAGE) -> Steps[SidePage]:
    """Those that ask teams that the actor is of, the newest first; each team's first page, in one query."""
    place = sql.Place.read(after) if after else None
    asks = [
        asked(
            _of_team,
            teams=[team],
            is_done=is_done,
            at=place.at if place else None,
            pk=place.id if place else None,
            limit=Limit(limit + 1),
        )
        for team in sorted(actor.teams & teams_asked_for(actor))
    ]
    yield asks
    rows = sorted(
        (row for one in asks for row in one.value),
        key=lambda row: (row.last_message_at, row.pk),
        reverse=True,
    )
    taken = rows[:limit]
    last = str(sql.Place(taken[-1].last_message_at, taken[-1].pk)) if len(rows) > limit else ""
    return SidePage([SideLine(row, row.team.name if row.team else "") for row in taken], last)


@prepared
def _teams(*, brand: int) -> "QuerySet[Team, Team]":
    return Team.objects.filter(brand_id=brand).order_by("name")


def teams_to_ask(here: Opened) -> list[Team]:
    """The teams that a side conversation may ask here; one query, none where nothing may be asked."""
    if here.row.circle_id is not None:
        return []
    return [team for team in _teams(brand=here.row.brand_id) if team.pk != here.row.team_id]


@prepared
def _first_line(*, side: int) -> "QuerySet[SideConversation, SideConversation]":
    return _with_first_line(SideConversation.objects.filter(pk=side))


@in_steps
def first_line(here: OpenedSide) -> Steps[str]:
    """With whom it is; one query."""
    found = asked(_first_line, side=here.side.pk)
    yield [found]
    return _line(found.value[0]).whom if found.value else ""


def quotable(here: Opened) -> list[tuple[Message, list[Attachment]]]:
    """The newest messages that a side conversation may quote, the newest first, with their files; two queries."""
    said = Message.objects.filter(
        conversation_id=here.row.pk, direction__in=sorted(SPOKEN), automatic=Automatic.NO
    )
    rows = list(said.select_related("agent").order_by("-at", "-pk")[:QUOTED_MESSAGES])
    taken = [row for row in rows if may_be_quoted(row)]
    files = by_message(_files(messages=[row.pk for row in taken]))
    return [(row, list(files.get(row.pk, ()))) for row in taken]
