"""The SQL of the lists: for each team a walk along one index, put together; a page costs the same at any size.

Statuses stand in the SQL as literals and SQLite is told the index, since its planner neither proves a partial index by
a parameter nor knows that the walk ends after a page. PostgreSQL finds the index by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, DateTimeField

from heed.kernel.errors import Unusable
from heed.kernel.steps import Asked, Steps, Text, in_steps
from heed.kernel.words import AgentId, CircleId, Status, TeamId

TABLE = '"conversations_conversation"'  # quoted, so that rows buffered for it are written before
BRANCHES_A_QUERY = 200  # SQLite takes 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the key of its last row. Undated rows, whose due time is null, come after all others."""

    at: datetime | None
    id: int

    def __str__(self) -> str:
        return f"{'' if self.at is None else self.at.astimezone(UTC).isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Read what str() wrote. Raises Unusable."""
        at, tilde, pk = text.partition("~")
        try:
            if not (tilde and pk.isascii() and pk.isdigit() and len(pk) < 19):
                raise ValueError(text)
            instant = datetime.fromisoformat(at) if at else None
            if instant is not None and instant.tzinfo is None:
                raise ValueError(text)
            return cls(instant, int(pk))
        except (ValueError, OverflowError):
            raise Unusable("after", "malformed") from None


@dataclass(frozen=True, slots=True)
class Walk:
    """One list: the index it walks along, its condition (literals only), and the column it is ordered by."""

    index: str
    condition: str
    column: str
    newest_first: bool = False


SHOWN = "merged_into_id IS NULL AND quarantined_at IS NULL AND trashed_at IS NULL"
OF_ALL = "circle_id IS NULL"  # for all who see the team: what is restricted is found by an index of its own
RESTRICTED = "conversation_restricted"
MY_TURN = Walk("conversation_my_turn", f"status = '{Status.OPEN}' AND {SHOWN}", "next_due_at")
UNASSIGNED = Walk(
    "conversation_unassigned",
    f"assignee_id IS NULL AND status = '{Status.OPEN}' AND {SHOWN}",
    "next_due_at",
)
ALL_OPEN = Walk(
    "conversation_all_open",
    f"NOT (status IN ('{Status.SOLVED}', '{Status.CLOSED}')) AND {SHOWN}",
    "next_due_at",
)


QUARANTINE = Walk(
    "conversation_quarantine", "quarantined_at IS NOT NULL", "quarantined_at", newest_first=True
)
# Who has waited longest comes first: that is whom to remind or to close; the index is walked from its end.
WAITING = Walk("conversation_by_status", f"status = '{Status.WAITING}' AND {SHOWN}", "last_message_at")


def by_status(status: Status) -> Walk:
    """The list of all with one status, newest message first."""
    return Walk(
        "conversation_by_status", f"status = '{status}' AND {SHOWN}", "last_message_at", newest_first=True
    )


def not_done() -> str:
    """The ids of all that is open, waiting or snoozed: small indexes as a whole, where no walk along them helps."""
    parts = ((ALL_OPEN.index, OF_ALL), (RESTRICTED, "circle_id IS NOT NULL"))
    return " UNION ALL ".join(
        f"SELECT id FROM {TABLE}{f' INDEXED BY {index}' if connection.vendor == 'sqlite' else ''} "  # noqa: S608 - our own names
        f"WHERE {ALL_OPEN.condition} AND {condition}"
        for index, condition in parts
    )


Branch = tuple[str, list[Any]]
Found = tuple[int, Any, int]  # whether undated, the column as the driver gives it, the id
COLUMNS = (BigIntegerField(), DateTimeField(), BigIntegerField())


@dataclass(frozen=True, slots=True)
class Admitted:
    """To which circles somebody is admitted; None: no circle shuts them out."""

    circles: frozenset[CircleId] | None = frozenset()

    @property
    def anywhere(self) -> bool:
        """Whether there can be anything restricted that they see in a list."""
        return self.circles is None or bool(self.circles)


def _restricted(
    walk: Walk, owners: Sequence[int | None], admitted: Admitted, bounds: Branch, limit: int
) -> Branch:
    """What is restricted in all these teams together: it is little, and sorted after it was found by its circle."""
    sql, params = bounds
    undated = int(sql.startswith(f"{walk.column} IS NULL"))
    hint = f" INDEXED BY {RESTRICTED}" if connection.vendor == "sqlite" else ""
    teams = [owner for owner in owners if owner is not None]
    inside = [f"team_id IN ({_places(teams)})"] if teams else []
    inside += ["team_id IS NULL"] if None in owners else []
    circles = sorted(admitted.circles or ())
    named = "" if admitted.circles is None else f" AND circle_id IN ({_places(circles)})"
    text = (
        f"SELECT * FROM (SELECT {undated} AS undated, {walk.column} AS at, id FROM {TABLE}{hint} "  # noqa: S608 - our own names
        f"WHERE circle_id IS NOT NULL{named} AND ({' OR '.join(inside)}) AND {walk.condition} AND {sql} "
        f"ORDER BY {_order(walk)} LIMIT %s) AS part"
    )
    return text, [*circles, *teams, *params, limit]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def _order(walk: Walk) -> str:
    """For undated rows too: PostgreSQL then walks the index."""
    way = "DESC" if walk.newest_first else "ASC"
    return f"{walk.column} {way}, id {way}"


def _branch(walk: Walk, owner: str, owner_id: int | None, bounds: Branch, limit: int) -> Branch:
    sql, params = bounds
    undated = int(sql.startswith(f"{walk.column} IS NULL"))
    hint = f" INDEXED BY {walk.index}" if connection.vendor == "sqlite" else ""
    mine = f"{owner} IS NULL" if owner_id is None else f"{owner} = %s"
    if owner == "team_id":
        mine += f" AND {OF_ALL}"
    text = (
        f"SELECT * FROM (SELECT {undated} AS undated, {walk.column} AS at, id FROM {TABLE}{hint} "  # noqa: S608 - our own names
        f"WHERE {mine} AND {walk.condition} AND {sql} ORDER BY {_order(walk)} LIMIT %s) AS part"
    )
    return text, [*([] if owner_id is None else [owner_id]), *params, limit]


def _bounds(walk: Walk, after: Place | None) -> Iterable[Branch]:
    """The stretches of the index that the page may hold: what has a time, then what has none."""
    column, at = walk.column, None
    if after is not None and after.at is not None:
        at = connection.ops.adapt_datetimefield_value(after.at)
    if column != "next_due_at":
        beyond = "<" if walk.newest_first else ">"
        yield (
            (f"({column}, id) {beyond} (%s, %s)", [at, after.id]) if after else (f"{column} IS NOT NULL", [])
        )
        return
    if after is None:
        yield f"{column} IS NOT NULL", []
        yield f"{column} IS NULL", []
    elif at is not None:
        yield f"({column}, id) > (%s, %s)", [at, after.id]
        yield f"{column} IS NULL", []
    else:
        yield f"{column} IS NULL AND id > %s", [after.id]


@in_steps
def ids(
    walks: Sequence[Walk],
    *,
    owners: Iterable[TeamId | AgentId | None],
    owner: str,
    after: str,
    limit: int,
    admitted: Admitted,
) -> Steps[list[int]]:
    """Ids of the next `limit` rows of all owners' walks together, in order; owner is team_id or assignee_id.

    Of teams also what is restricted, as far as one is admitted; of an assignee whatever is theirs.
    """
    place = Place.read(after) if after else None
    whose = sorted(owners, key=lambda one: (one is None, one or 0))
    stretches = [(walk, bounds) for walk in walks for bounds in _bounds(walk, place)]
    branches = [_branch(walk, owner, who, bounds, limit) for who in whose for walk, bounds in stretches]
    if owner == "team_id" and whose and admitted.anywhere:
        branches += [_restricted(walk, whose, admitted, bounds, limit) for walk, bounds in stretches]
    newest = walks[0].newest_first
    order = "at DESC, id DESC" if newest else "undated, at, id"
    parts: list[Asked[Found]] = []
    for start in range(0, len(branches), BRANCHES_A_QUERY):
        some = branches[start : start + BRANCHES_A_QUERY]
        text = f"{' UNION ALL '.join(part for part, _ in some)} ORDER BY {order} LIMIT %s"
        parts.append(Asked(Text(text, COLUMNS), [value for _, params in some for value in params] + [limit]))
    yield parts
    found = [(int(undated), at, int(pk)) for part in parts for undated, at, pk in part.value]
    if len(branches) > BRANCHES_A_QUERY:
        found = _in_order(found, newest=newest)
    return [pk for _, _, pk in found[:limit]]


def _in_order(found: list[Found], *, newest: bool) -> list[Found]:
    return sorted((row for row in found if not row[0]), reverse=newest) + sorted(
        row for row in found if row[0]
    )
