"""Search: which messages hold what is looked for, newest first, and the conversations they belong to.

The words are asked of the engine's full text index, a slice of keys at a time; who may see the conversations, and what
fields ask of them, is asked of the database's ordinary tables. So both engines walk the same way and find the same, and
what a search looks at is bounded however common its words are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from heed.conversations.documents import key_at, message_in, time_in
from heed.conversations.filters import TEXTS, Field, Filter
from heed.conversations.models import Conversation, Message
from heed.conversations.passages import Piece, Sought, are_in, marked, marked_within, passage, score
from heed.conversations.queries.access import visible_to
from heed.conversations.queries.conditions import (
    UNMERGED,
    Reader,
    Spans,
    among_unmerged,
    asks_for_spam,
    asks_for_trash,
    fields_of,
    not_being_purged,
    selective,
    spans_of,
)
from heed.conversations.queries.found_files import InFile, files_with
from heed.conversations.queries.lists import SHOWN
from heed.conversations.queries.search_near import TABLE, near_far_everywhere
from heed.conversations.queries.search_terms import Term, in_fts, in_tsquery
from heed.conversations.sql import Place
from heed.kernel.errors import Unusable
from heed.kernel.turns import end_turn
from heed.kernel.words import CAME_IN, MAILED
from heed.people.queries import names_like

PAGE = 30  # conversations on one page
SLICES = (150, 1_500, 8_000)  # matches looked at, in turn, until a page is full
RANKED_SLICES = (1_650, 8_000)  # the same, until there are enough to compare
LOOKED_BACK = 10_000  # matches of the pages before that are known to be shown
NAMES_LIKE = 5  # names that a word may have been meant for
RANKED = 500  # the newest matches, among which the best come first


class Order(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    BEST = "best"  # among the newest 500 matches


@dataclass(frozen=True, slots=True)
class Hit:
    """A conversation that was found, and where: the newest message of it that fits, or the best one."""

    conversation: Conversation
    subject: Sequence[Piece] = ()
    passage: Sequence[Piece] = ()
    sender: Sequence[Piece] = ()  # of the message found, where something in it is marked
    at: datetime | None = None  # of the message found
    message: int | None = None
    side: int | None = None  # the side conversation in which that message was said
    file: str = ""  # the name of the file of that message in which the passage stands


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found. `after`, given to the same search, leads to the next one; empty: there is none."""

    hits: Sequence[Hit] = ()
    after: str = ""
    back_to: datetime | None = None  # so far back was looked, and there is more: the page may not be full
    ranked_only: bool = False  # only the newest matches were compared with each other
    is_like: bool = False  # nothing is written as it was typed: these have names like it


@dataclass(frozen=True, slots=True)
class _Search:
    """What is looked for, and by whom."""

    terms: tuple[Term, ...]
    spans: tuple[Spans, ...]
    on_messages: Q
    on_conversations: Q  # access, and what fields ask; not whether it was merged
    may_be_spam: bool
    may_be_trashed: bool
    wanted: tuple[Sought, ...] = field(default=())  # what is marked in what was found

    @property
    def positive(self) -> tuple[Term, ...]:
        """What has to be there."""
        return tuple(term for term in self.terms if not term.is_not)

    @property
    def negative(self) -> tuple[Term, ...]:
        """What must not be."""
        return tuple(term for term in self.terms if term.is_not)


LARGEST = (1 << 63) - 1  # key of a document
COLUMNS = {Field.FROM: "names", Field.TO: "names", Field.SUBJECT: "subject"}


def search(
    reader: Reader, filter_: Filter, *, order: Order = Order.NEWEST, after: str = "", limit: int = PAGE
) -> Found:
    """Conversations that fit and that the reader may see, each once, with the passage that fits.

    By the newest message that fits, newest first; or the best first, among the newest 500 matches. Nothing is found by
    a filter without terms. Where nothing is written as it was typed, the newest of people with a name like it. Mostly
    five queries, a bounded number always; names of teams, tags and the like take one for each field. Raises Unusable
    for an `after` that we never gave.
    """
    if not filter_.terms:
        return Found()
    terms = tuple(terms_of(filter_))
    wanted = tuple(one for term in terms if not term.is_not for one in term.sought)
    if not terms and selective(filter_):
        return _by_fields(reader, filter_, after=after, limit=limit)
    asked = _Search(
        terms=terms,
        spans=spans_of(filter_, reader),
        on_messages=direction_of(filter_),
        on_conversations=visible_to(reader.actor)
        & fields_of(filter_, reader)
        & not_being_purged(filter_, reader),
        may_be_spam=asks_for_spam(filter_),
        may_be_trashed=asks_for_trash(filter_, reader),
        wanted=wanted,
    )
    if order is Order.BEST and wanted:
        return _best(asked, after=after, limit=limit)
    found = _newest(asked, after=after, limit=limit)
    if found.hits or found.after or after:
        return found
    alike = _with_names_like(asked)
    return replace(_newest(alike, after="", limit=limit), after="", is_like=True) if alike else found


def _with_names_like(asked: _Search) -> _Search | None:
    """The same search for names like those that may be misspelt; None when there are none. A query for each word."""
    terms = []
    for term in asked.terms:
        names = [] if term.is_not or term.column == "subject" else _names_like(term.sought)
        terms.append(
            Term("names", tuple(Sought((name,), goes_on=False) for name in names), is_not=False)
            if names
            else term
        )
    if tuple(terms) == asked.terms:
        return None
    wanted = tuple(one for term in terms if not term.is_not for one in term.sought)
    return replace(asked, terms=tuple(terms), wanted=wanted)


def _names_like(sought: Sequence[Sought]) -> list[str]:
    return [
        name for one in sought if len(one.words) == 1 for name in names_like(one.words[0], limit=NAMES_LIKE)
    ]


def numbered(reader: Reader, filter_: Filter) -> Conversation | None:
    """The conversation whose number is all that was typed, if the reader may see it; one query at most."""
    alone = filter_.phrases[0].text if len(filter_.terms) == len(filter_.phrases) == 1 else ""
    if not (alone.isascii() and alone.isdigit() and len(alone) < 19) or filter_.phrases[0].is_not:
        return None
    seen = Conversation.objects.filter(visible_to(reader.actor), pk=int(alone), trashed_at__isnull=True)
    return seen.select_related(*SHOWN).first()


def terms_of(filter_: Filter) -> Iterator[Term]:
    """What a filter looks for in the words of messages."""
    for phrase in filter_.phrases:
        yield Term(None, (Sought.of(phrase.text, goes_on=phrase.goes_on),), phrase.is_not)
    for one in filter_.conditions:
        if one.field in TEXTS:
            sought = tuple(Sought.of(value, goes_on=True) for value in one.values)
            yield Term(COLUMNS[one.field], sought, one.is_not)


def direction_of(filter_: Filter) -> Q:
    """Names are of who wrote to us, or of whom we wrote to: which of them is the way that the message went."""
    fields = {one.field for one in filter_.conditions if not one.is_not} & {Field.FROM, Field.TO}
    if fields == {Field.FROM}:
        return Q(direction__in=CAME_IN)
    return Q(direction__in=MAILED) if fields == {Field.TO} else Q()


# The index ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Bounds:
    """A condition on keys, in SQL, with its values."""

    parts: list[str] = field(default_factory=list)
    params: list[Any] = field(default_factory=list)

    def add(self, part: str, *params: int) -> None:
        """One more that has to hold."""
        self.parts.append(part)
        self.params += params

    @property
    def sql(self) -> str:
        """All of them."""
        return " AND ".join(self.parts) or "true"


def _keys(asked: _Search, *, below: int | None, limit: int) -> list[int]:
    """The keys of the next matches, newest first; without words to look for those of all messages."""
    bounds = _bounds(asked)
    if below is not None:
        bounds.add("rowid < %s", below)
    return _read(asked.terms, bounds, "DESC", limit)


def _keys_from(asked: _Search, *, low: int, high: int | None, terms: Sequence[Term], limit: int) -> list[int]:
    """The keys of matches from one key on, oldest first; up to another key."""
    bounds = _bounds(asked)
    bounds.add("rowid >= %s", low)
    if high is not None:
        bounds.add("rowid <= %s", high)
    return _read(terms, bounds, "ASC", limit)


def _read(terms: Sequence[Term], bounds: _Bounds, way: str, limit: int) -> list[int]:
    order = f"ORDER BY rowid {way} LIMIT %s"
    if all(term.is_not for term in terms):
        sql, params = f"SELECT rowid FROM {TABLE} WHERE {bounds.sql} {order}", [*bounds.params, limit]  # noqa: S608 - our own names
    elif connection.vendor == "sqlite":
        sql = f"SELECT rowid FROM {TABLE} WHERE conversations_search MATCH %s AND {bounds.sql} {order}"  # noqa: S608 - our own names
        params = [in_fts(terms), *bounds.params, limit]
    else:
        sql, params = near_far_everywhere(in_tsquery(terms), (bounds.sql, bounds.params), way, limit)
    end_turn()  # the index works without our interpreter: others are not to wait for common words
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [int(row[0]) for row in cursor.fetchall()]


def _bounds(asked: _Search) -> _Bounds:
    """When the messages that are looked for were written."""
    bounds = _Bounds()
    for spans in asked.spans:
        parts, params = [], []
        for one in spans.spans:
            ends = [(sign, at) for sign, at in ((">=", one.since), ("<", one.until)) if at is not None]
            parts.append(" AND ".join(f"rowid {sign} %s" for sign, _ in ends))
            params += [key_at(at) for _, at in ends]
        either = f"({') OR ('.join(parts)})" if len(parts) > 1 else parts[0]
        bounds.add(f"NOT ({either})" if spans.is_not else f"({either})", *params)
    return bounds


# The walk ----------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Walk:
    """Matches that may be seen, newest first, as (key, conversation); how far it looked."""

    asked: _Search
    below: int | None
    slices: Sequence[int]
    last: int | None = None  # the key it has looked at last
    is_done: bool = False  # there is nothing further back

    def __iter__(self) -> Iterator[tuple[int, int]]:
        place = self.below
        for size in self.slices:
            keys = _keys(self.asked, below=place, limit=size)
            for key, conversation in _seen(self.asked, keys):
                self.last = key
                yield key, conversation
            if len(keys) < size:
                self.is_done = True
                return
            self.last = place = keys[-1]


def _seen(asked: _Search, keys: Sequence[int]) -> list[tuple[int, int]]:
    """Those of these matches that fit altogether and that the reader may see, in their order."""
    if not keys:
        return []
    unwanted: set[int] = set()
    if asked.negative and not asked.positive:  # the index can't be asked for what is not there
        against = [Term(term.column, term.sought, is_not=False) for term in asked.negative]
        for term in against:
            unwanted.update(_keys_from(asked, low=keys[-1], high=keys[0], terms=[term], limit=len(keys)))
    by_message = {message_in(key): key for key in keys if key not in unwanted}
    rows = Message.objects.filter(asked.on_messages, pk__in=list(by_message)).values_list(
        "pk", "conversation_id"
    )
    found = {by_message[pk]: conversation for pk, conversation in rows}
    # Whether it is listed is looked at here: asked in SQL, it makes SQLite walk an index of all that are.
    told = Conversation.objects.filter(asked.on_conversations, pk__in=set(found.values()))
    shown = {
        number
        for number, merged_into, trashed_at, quarantined_at in told.values_list(
            "pk", "merged_into", "trashed_at", "quarantined_at"
        )
        if merged_into is None
        and (trashed_at is None or asked.may_be_trashed)
        and (quarantined_at is None or asked.may_be_spam)
    }
    return [(key, found[key]) for key in keys if found.get(key) in shown]


def _newest(asked: _Search, *, after: str, limit: int) -> Found:
    below = _read_key(after) if after else None
    walk = _Walk(asked, below, SLICES)
    shown = _shown_before(asked, below) if below is not None else set()
    hits: dict[int, int] = {}
    for key, conversation in walk:
        if conversation in shown or conversation in hits:
            continue
        if len(hits) == limit:
            return Found(_hits(asked, hits), str(list(hits.values())[-1]))
        hits[conversation] = key
    if walk.is_done or walk.last is None:
        return Found(_hits(asked, hits))
    return Found(_hits(asked, hits), str(walk.last), back_to=time_in(walk.last))


def _read_key(after: str) -> int:
    if not (after.isascii() and after.isdigit() and len(after) < 20 and int(after) <= LARGEST):
        raise Unusable("after", "malformed")
    return int(after)


def _shown_before(asked: _Search, below: int) -> set[int]:
    """The conversations of the matches above, nearest first: they stand on a page before this one."""
    keys = _keys_from(asked, low=below, high=None, terms=asked.terms, limit=LOOKED_BACK)
    return {conversation for _, conversation in _seen(asked, keys[::-1])}


def _best(asked: _Search, *, after: str, limit: int) -> Found:
    """The best of the newest matches. `after`: the newest of them when the first page was made, score and key."""
    anchor, place = _read_rank(after) if after else (None, None)
    pairs = []
    walk = _Walk(asked, None if anchor is None else min(anchor + 1, LARGEST), RANKED_SLICES)
    for pair in walk:
        pairs.append(pair)
        if len(pairs) == RANKED:
            break
    if not pairs:
        return Found()
    texts = _texts([key for key, _ in pairs])
    best: dict[int, tuple[int, int]] = {}
    for key, conversation in pairs:
        rank = (_rank(asked, texts.get(message_in(key))), key)
        if conversation not in best or rank > best[conversation]:
            best[conversation] = rank
    ranked = sorted(best.items(), key=lambda item: item[1], reverse=True)
    rest = [item for item in ranked if place is None or item[1] < place]
    page = rest[:limit]
    more = len(rest) > limit
    newest = anchor if anchor is not None else pairs[0][0]
    return Found(
        _hits(asked, {conversation: key for conversation, (_, key) in page}, texts),
        f"{newest}.{page[-1][1][0]}.{page[-1][1][1]}" if more else "",
        ranked_only=len(pairs) == RANKED,
    )


def _read_rank(after: str) -> tuple[int, tuple[int, int]]:
    parts = [_read_key(part) for part in after.split(".")]
    if len(parts) != 3:
        raise Unusable("after", "malformed")
    return parts[0], (parts[1], parts[2])


TEXT_OF = (
    "subject",
    "from_name",
    "from_address",
    "to",
    "cc",
    "text",
    "signature",
    "direction",
    "at",
    "side_id",
)
Texts = dict[int, dict[str, Any]]


def _texts(keys: Sequence[int]) -> Texts:
    rows = Message.objects.filter(pk__in=[message_in(key) for key in keys]).values("pk", *TEXT_OF)
    return {row["pk"]: row for row in rows}


def _names(row: dict[str, Any]) -> str:
    if row["direction"] in CAME_IN:
        return f"{row['from_name']} {row['from_address']}".strip()
    return ", ".join(" ".join(filter(None, one)) for one in (*row["to"], *row["cc"]))


def _said(row: dict[str, Any]) -> str:
    return f"{row['text']}\n{row['signature']}".strip()


def _rank(asked: _Search, row: dict[str, Any] | None) -> int:
    if row is None:
        return 0
    return score(asked.wanted, subject=row["subject"], names=_names(row), text=_said(row))


def _hits(asked: _Search, found: dict[int, int], known: Texts | None = None) -> tuple[Hit, ...]:
    """The hits of these conversations, each with the key of a match; three queries at most."""
    if not found:
        return ()
    rows = Conversation.objects.filter(pk__in=list(found)).select_related(*SHOWN).in_bulk()
    texts = _texts(list(found.values())) if known is None else known
    shown = [texts[pk] for key in found.values() if (pk := message_in(key)) in texts]
    files = files_with(asked.wanted, _unsaid(asked, shown))
    return tuple(
        _hit(rows[number], asked.wanted, texts.get(message_in(key)), files.get(message_in(key)))
        for number, key in found.items()
        if number in rows
    )


def _unsaid(asked: _Search, texts: Sequence[dict[str, Any]]) -> list[int]:
    """The messages in whose own words not all of it stands."""
    return [row["pk"] for row in texts if not are_in(asked.wanted, row["subject"], _names(row), _said(row))]


def _hit(
    row: Conversation,
    wanted: Sequence[Sought],
    message: dict[str, Any] | None,
    file: InFile | None = None,
) -> Hit:
    if message is None:
        return Hit(row, marked(row.subject, wanted))
    sender = marked_within(_names(message), wanted) if wanted else []
    return Hit(
        conversation=row,
        subject=marked(row.subject, wanted),
        passage=file.passage if file else passage(_said(message), wanted),
        sender=sender if any(piece.is_marked for piece in sender) else (),
        at=message["at"],
        message=message["pk"],
        side=message["side_id"],
        file=file.name if file else "",
    )


def _by_fields(reader: Reader, filter_: Filter, *, after: str, limit: int) -> Found:
    """Conversations that one field alone leads to, such as a number or a tag, the newest message first; one query."""
    rows = Conversation.objects.filter(visible_to(reader.actor), Q(UNMERGED), among_unmerged(filter_, reader))
    for spans in spans_of(filter_, reader):
        written = Q()
        for one in spans.spans:
            bounds = {"at__gte": one.since, "at__lt": one.until}
            written |= Q(**{name: at for name, at in bounds.items() if at is not None})
        near = Exists(Message.objects.filter(written, conversation_id=OuterRef("pk")))
        rows = rows.exclude(near) if spans.is_not else rows.filter(near)
    if after:
        place = Place.read(after)
        if place.at is None:
            raise Unusable("after", "malformed")
        rows = rows.filter(Q(last_message_at__lt=place.at) | Q(last_message_at=place.at, pk__lt=place.id))
    found = list(rows.order_by("-last_message_at", "-pk").select_related(*SHOWN)[: limit + 1])
    page = found[:limit]
    last = str(Place(page[-1].last_message_at, page[-1].pk)) if len(found) > limit else ""
    return Found(tuple(_hit(row, (), None) for row in page), last)
