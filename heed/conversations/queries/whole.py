"""A whole conversation, a page in memory: for paper, and for those who take it with them."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from typing import Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Length

from heed.conversations.models import Attachment, Message, RawMail
from heed.conversations.queries.access import Opened
from heed.kernel.prepared import Limit, prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import DeliveryState, Direction, Hold

PAGE: Final = 100
PAGE_CHARACTERS: Final = 4_000_000  # of a page in memory, whose messages may be as long as their writers like
WITH_CUSTOMER: Final = frozenset({Direction.IN, Direction.OUT})
"""What customers and we said to each other; but for what is kept from customers, as a stranger's mail is."""
EVERYTHING: Final = frozenset(Direction)
"""Also that, our notes, and what was said to others outside."""
LET_IN: Final = (Hold.NONE, Hold.ADMITTED)


@dataclass(frozen=True, slots=True)
class Whole:
    """A message with its files and the hashes of the mails it came or left in."""

    message: Message
    files: Sequence[Attachment]
    raws: Sequence[str]


def _of(
    conversation: int, directions: Collection[str], holds: Collection[str]
) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(conversation_id=conversation, direction__in=directions, hold__in=holds)
    return rows.exclude(state=DeliveryState.HELD).order_by("-at", "-pk")


def _before(
    rows: "QuerySet[Message, Message]", at: datetime | None, pk: int | None
) -> "QuerySet[Message, Message]":
    return rows if at is None else rows.filter(Q(at__lt=at) | Q(at=at, pk__lt=pk))


@prepared
def _said(
    *,
    conversation: int,
    directions: Collection[str],
    holds: Collection[str],
    at: datetime | None,
    pk: int | None,
    limit: Limit,
) -> "QuerySet[Message, Message]":
    rows = _of(conversation, directions, holds).select_related("agent", "customer", "side").defer("html")
    return _before(rows, at, pk)[:limit]


@prepared
def _lengths(
    *,
    conversation: int,
    directions: Collection[str],
    holds: Collection[str],
    at: datetime | None,
    pk: int | None,
    limit: Limit,
) -> "QuerySet[Message, int]":
    rows = _before(_of(conversation, directions, holds), at, pk)
    length = Length("text") + Length("signature") + Length("quoted")
    return rows.annotate(length=length).values_list("length", flat=True)[:limit]


@prepared
def _files(*, messages: Sequence[int]) -> "QuerySet[Attachment, Attachment]":
    return Attachment.objects.filter(message_id__in=messages).order_by("pk")


@prepared
def _raws(*, messages: Sequence[int]) -> "QuerySet[RawMail, tuple[int, str]]":
    return RawMail.objects.filter(message_id__in=messages).order_by("pk").values_list("message_id", "sha256")


def _holds(directions: Collection[Direction]) -> Collection[str]:
    return tuple(Hold) if directions == EVERYTHING else LET_IN


def _that_fit(
    here: Opened,
    directions: Collection[Direction],
    *,
    limit: int,
    characters: int,
    before: Message | None = None,
) -> tuple[int, bool]:
    """How many of the newest before one are read at once, and whether there are others. One query.

    How long they are is asked before any is read: whoever writes to us says how long, and all are in memory at once.
    """
    lengths = _lengths(
        conversation=here.row.pk,
        directions=sorted(directions),
        holds=_holds(directions),
        at=before.at if before else None,
        pk=before.pk if before else None,
        limit=Limit(limit + 1),
    )
    room = sum(total <= characters for total in accumulate(lengths[:limit]))
    fit = max(room, min(len(lengths), 1))  # one always
    return fit, len(lengths) > fit


def for_paper(
    here: Opened, directions: Collection[Direction], *, limit: int, characters: int
) -> tuple[list[Whole], bool]:
    """The newest messages of these directions that fit, newest first, and whether others are left out. Four queries."""
    fit, is_more = _that_fit(here, directions, limit=limit, characters=characters)
    return page_of_whole(here, directions, limit=fit) if fit else [], is_more


@in_steps
def page_of_whole(
    here: Opened, directions: Collection[Direction], *, before: Message | None = None, limit: int = PAGE
) -> Steps[list[Whole]]:
    """The newest messages of these directions before one, newest first; what has not left is not said. Two queries."""
    said = asked(
        _said,
        conversation=here.row.pk,
        directions=sorted(directions),
        holds=_holds(directions),
        at=before.at if before else None,
        pk=before.pk if before else None,
        limit=Limit(limit),
    )
    yield [said]
    numbers = [message.pk for message in said.value]
    files, raws = asked(_files, messages=numbers), asked(_raws, messages=numbers)
    yield files, raws
    return [
        Whole(
            message,
            [file for file in files.value if file.message_id == message.pk],
            [sha256 for key, sha256 in raws.value if key == message.pk],
        )
        for message in said.value
    ]


def whole(
    here: Opened, directions: Collection[Direction], *, page: int = PAGE, characters: int = PAGE_CHARACTERS
) -> Iterator[Whole]:
    """All messages of these directions, newest first, for one who was let in; three queries a page that fits."""
    before, is_more = None, True
    while is_more:
        fit, is_more = _that_fit(here, directions, limit=page, characters=characters, before=before)
        found = page_of_whole(here, directions, before=before, limit=fit) if fit else []
        if not found:
            return
        yield from found
        before = found[-1].message
