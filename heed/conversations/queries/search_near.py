"""The statement that finds words on PostgreSQL, nearest first, however common they are."""

from collections.abc import Sequence
from typing import Any

TABLE = '"conversations_search"'  # quoted, so that rows buffered for it are written before

# PostgreSQL can't read its word index in the order of keys: it fetches and sorts every match, a second for
# a tenth of a million. So the nearest documents are looked through one by one; where they show that the word is common,
# as many further ones as it takes. Only a rarer word is asked of the index, and only if there is more to look through.
NEAR = 3_000
COMMON = 75  # of the nearest, from where walking on takes less than all matches do
NEAR_FAR_EVERYWHERE = """
WITH near AS MATERIALIZED (
    SELECT rowid FROM (SELECT rowid, document FROM {table} WHERE {bounds} {order}) AS documents
    WHERE document @@ %s::tsquery {order}
),
further AS MATERIALIZED (
    SELECT CASE WHEN count(*) >= %s AND count(*) < %s THEN %s / count(*) ELSE 0 END AS documents FROM near
),
far AS MATERIALIZED (
    SELECT rowid FROM (
        SELECT rowid, document FROM {table} WHERE {bounds} {by} OFFSET %s LIMIT (SELECT documents FROM further)
    ) AS documents
    WHERE document @@ %s::tsquery {order}
),
everywhere AS MATERIALIZED (
    SELECT rowid FROM {table} WHERE document @@ %s::tsquery AND {bounds}
    AND (SELECT count(*) FROM near) + (SELECT count(*) FROM far) < %s
    AND EXISTS (SELECT FROM {table} WHERE {bounds} {by} OFFSET %s + (SELECT documents FROM further) LIMIT 1)
)
SELECT rowid FROM near UNION SELECT rowid FROM far UNION SELECT rowid FROM everywhere {order}
"""


def near_far_everywhere(
    asks: str, bounds: tuple[str, Sequence[Any]], way: str, limit: int
) -> tuple[str, list[Any]]:
    """The statement, and its values. Bounds: a condition on keys, with its values."""
    where, within = bounds
    by, enough = f"ORDER BY rowid {way}", limit * NEAR * 3 // 2
    sql = NEAR_FAR_EVERYWHERE.format(table=TABLE, bounds=where, by=by, order=f"{by} LIMIT %s")
    params = [*within, NEAR, asks, limit, COMMON, limit, enough, *within, NEAR, asks, limit]
    return sql, [*params, asks, *within, limit, *within, NEAR, limit]
