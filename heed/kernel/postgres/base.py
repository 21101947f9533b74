"""PostgreSQL as Django has it, with short ways for what every page does hundreds of times.

A page's reads are statements of many kilobytes whose text does not change. psycopg looks for the places of their values
each time, since it keeps no statement over four kilobytes; and Django makes each time of day of a text in Python.
Together that was an eighth of what a desk under work did. What these ways don't know goes psycopg's and Django's own.

psycopg also gives each whole number the smallest type that holds it, and the server keeps a plan for each combination
of types: a read with fifty numbers was planned anew nearly each time. Here a number has one type, whatever its size.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import BaseTzLoader
from psycopg import _queries
from psycopg.adapt import AdaptersMap, PyFormat
from psycopg.types.numeric import Int4, Int4Dumper, IntDumper

STATEMENTS: Final = 256  # kept; heed.kernel.steps keeps half as many
READS: Final = ("SELECT", "WITH")  # writes name each of their rows: their text hardly comes again
SEVERAL: Final = "WITH"  # planning one takes up to ten times as long as running it
UTC_ENDS: Final = b"+00"
INTEGERS: Final = 2**31  # below it, and not below its negative


@lru_cache(maxsize=STATEMENTS)
def _converted(statement: str, encoding: str) -> Any:
    return _queries._query2pg_nocache(statement.encode(encoding), encoding)


class Statement(_queries.PostgresQuery):
    """A statement on its way to the server; reads are read for the places of their values only once."""

    __slots__ = ()

    def convert(self, query: Any, vars: Any) -> None:
        """Have the statement in the server's form, and its values."""
        if type(query) is str and vars is not None and query.startswith(READS):
            self.query, self._want_formats, self._order, self._parts = _converted(query, self._tx.encoding)
            self.dump(vars)
        else:
            super().convert(query, vars)


class Cursor(base.ServerBindingCursor):
    """Django's cursor that keeps values apart from the statement."""

    _query_cls = Statement

    def execute(self, query: Any, params: Any = None, *, prepare: bool | None = None, **more: Any) -> Any:
        """As psycopg's; reads of several parts are planned once a connection, from the first time on."""
        if prepare is None and type(query) is str and query.startswith(SEVERAL):
            prepare = True
        return super().execute(query, params, prepare=prepare, **more)  # type: ignore[misc]  # Django's has no types


class WholeDumper(IntDumper):
    """Whole numbers as `integer`, which the server takes wherever it wants one; only larger ones as psycopg does."""

    _integer: Final = Int4Dumper(Int4)

    def get_key(self, obj: int, format: PyFormat) -> Any:
        """What psycopg keeps the way of writing it under."""
        return Int4 if -INTEGERS <= obj < INTEGERS else super().get_key(obj, format)

    def upgrade(self, obj: int, format: PyFormat) -> Any:
        """What writes this number."""
        return self._integer if -INTEGERS <= obj < INTEGERS else super().upgrade(obj, format)


class TimeLoader(BaseTzLoader):  # type: ignore[misc]  # Django's has no types
    """Times as PostgreSQL writes them in UTC, "2026-11-24 09:30:00.5+00"; all else is psycopg's to read."""

    def load(self, data: Any) -> datetime:
        """The moment, in UTC. Raises psycopg.DataError for one that Python has not."""
        written = bytes(data)
        if written.endswith(UTC_ENDS):
            try:
                return datetime.fromisoformat(written.decode("ascii"))
            except ValueError:
                pass
        read: datetime = super().load(data)
        return read


class DatabaseWrapper(base.DatabaseWrapper):
    """The connection, which knows the short ways."""

    def get_connection_params(self) -> dict[str, Any]:
        """What psycopg is told when it connects."""
        params = super().get_connection_params()
        context = AdaptersMap(params["context"])
        context.register_dumper(int, WholeDumper)
        context.register_loader("timestamptz", type("Loader", (TimeLoader,), {"timezone": self.timezone}))
        return {**params, "context": context, "cursor_factory": Cursor}
