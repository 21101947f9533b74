"""What a whole filter asks of conversations, words included: for lists, which show conversations and not passages.

What is looked for stands in one message: its words, whom it is from, its day. What must not be there stands in none.
"""

from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from heed.conversations.documents import message_in
from heed.conversations.filters import Filter
from heed.conversations.models import Message
from heed.conversations.queries.access import visible_to
from heed.conversations.queries.conditions import (
    UNMERGED,
    Reader,
    Span,
    Spans,
    among_unmerged,
    asks_for_open,
    asks_for_spam,
    asks_for_trash,
    spans_of,
)
from heed.conversations.queries.search import direction_of, terms_of
from heed.conversations.queries.search_near import TABLE
from heed.conversations.queries.search_terms import in_fts, in_tsquery
from heed.conversations.sql import not_done

NEWEST_MATCHES = 10_000
"""Messages that hold the words of a filter, the newest of them: a list looks no further back."""
_KEY = message_in((1 << 63) - 1)  # the part of a document's key that is its message's


def chosen(filter_: Filter, reader: Reader) -> Q:
    """The condition on conversations that a filter is, for this reader: only what they may see.

    Names are looked up here, a query for each sort of names that was not asked for before. Merged ones and
    the trash are not chosen, spam and what lies in the trash only when it is asked for.
    """
    found = visible_to(reader.actor) & Q(UNMERGED) & among_unmerged(filter_, reader)
    if asks_for_open(filter_) and not (asks_for_spam(filter_) or asks_for_trash(filter_, reader)):
        found &= Q(pk__in=RawSQL(not_done(), []))  # noqa: S611 - without values
    terms = list(terms_of(filter_))
    spans = spans_of(filter_, reader)
    wanted = [term for term in terms if not term.is_not]
    unwanted = [term for term in terms if term.is_not]
    on_one = _written(one for one in spans if not one.is_not)
    if wanted:
        found &= Q(pk__in=_holding(in_fts(wanted), in_tsquery(wanted), on_one & direction_of(filter_)))
    elif on_one:
        found &= Q(Exists(Message.objects.filter(on_one, conversation_id=OuterRef("pk"))))
    for term in unwanted:
        against = [type(term)(term.column, term.sought, is_not=False)]
        found &= ~Q(pk__in=_holding(in_fts(against), in_tsquery(against), Q()))
    for one in spans:
        if one.is_not:
            near = Message.objects.filter(_either(one.spans), conversation_id=OuterRef("pk"))
            found &= ~Q(Exists(near))
    return found


def _holding(fts: str, tsquery: str, beside: Q) -> object:
    """The conversations of the newest messages that hold these words."""
    if connection.vendor == "sqlite":
        match, asked = "conversations_search MATCH %s", fts
    else:
        match, asked = "document @@ %s::tsquery", tsquery
    sql = f"SELECT rowid & {_KEY} FROM {TABLE} WHERE {match} ORDER BY rowid DESC LIMIT {NEWEST_MATCHES}"  # noqa: S608 - our own names and numbers
    return Message.objects.filter(beside, pk__in=RawSQL(sql, [asked])).values("conversation_id")  # noqa: S611 - with parameters


def _written(spans: Iterable[Spans]) -> Q:
    """Messages that were written in one of each."""
    found = Q()
    for one in spans:
        found &= _either(one.spans)
    return found


def _either(spans: Sequence[Span]) -> Q:
    found = Q()
    for one in spans:
        bounds = {"at__gte": one.since, "at__lt": one.until}
        found |= Q(**{name: at for name, at in bounds.items() if at is not None})
    return found
