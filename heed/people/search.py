"""Which customers are called so, or have an address like it: asked of the engine's full text index, newest first."""

from collections.abc import Sequence
from typing import Final

from django.db import connection

from heed.language.insides import INSIDE, SHORTEST_PART

TABLE = '"people_search"'  # quoted, so that rows buffered for it are written before
MOST_WORDS: Final = 12  # that are looked for


def matching(words: Sequence[str], *, below: int | None, limit: int) -> list[int]:
    """For the desk itself: customers who have all of these words or parts of words, the newest first. One query.

    Whoever shows them asks which of them their reader knows.
    """
    some = words[:MOST_WORDS]
    if not some:
        return []
    bound, params = ("AND rowid < %s ", [below]) if below is not None else ("", [])
    if connection.vendor == "sqlite":
        condition, asked = "people_search MATCH %s", " AND ".join(map(_fts, some))
    else:
        condition, asked = "document @@ %s::tsquery", " & ".join(map(_lexemes, some))
    sql = f"SELECT rowid FROM {TABLE} WHERE {condition} {bound}ORDER BY rowid DESC LIMIT %s"  # noqa: S608 - our own names
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, *params, limit])
        return [int(row[0]) for row in cursor.fetchall()]


def _fts(word: str) -> str:
    if len(word) < SHORTEST_PART:
        return f'"{word}"'
    return f'("{word}" * OR "{INSIDE}{word}" *)'


def _lexemes(word: str) -> str:
    if len(word) < SHORTEST_PART:
        return f"'{word}'"
    return f"('{word}':* | '{INSIDE}{word}':*)"
