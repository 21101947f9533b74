"""Rows by the hundred thousand: straight to the driver, with executemany on SQLite and COPY on PostgreSQL."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, models

from heed.conversations.documents import document_of
from heed.conversations.models import Message, SearchDocument
from heed.kernel.words import Automatic

FAST_SQLITE = ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-1000000", "foreign_keys=OFF")
SEARCHED_AT_ONCE = 5_000


class Bulk:
    """Writes rows of many tables; whoever uses it promises that they fit together."""

    def __init__(self) -> None:
        """Set the connection up for speed: what is lost at a power cut is made again."""
        connection.ensure_connection()
        self.is_postgres = connection.vendor == "postgresql"
        self._raw = connection.connection
        self._cursor = self._raw.cursor()
        if self.is_postgres:
            self._cursor.execute("SET session_replication_role = replica")  # no foreign keys, no triggers
            self._cursor.execute("SET synchronous_commit = off")
        else:
            for pragma in FAST_SQLITE:
                self._cursor.execute(f"PRAGMA {pragma}").fetchall()

    def write(
        self, model: type[models.Model], columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert rows of a table. Columns: in the order of the rows' values; those not named get their defaults."""
        rest = self._rest(model, columns)
        columns = (*columns, *rest)
        names = ", ".join(f'"{name}"' for name in columns)
        if not rows:
            return
        if rest:
            rows = [(*row, *rest.values()) for row in rows]
        if self.is_postgres:
            with self._cursor.copy(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join("?" * len(columns))
        self._cursor.execute("BEGIN")
        self._cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', rows)
        self._cursor.execute("COMMIT")

    @staticmethod
    def _rest(model: type[models.Model], columns: Sequence[str]) -> dict[str, Any]:
        """What a new row has in columns that are not named. Raises ValueError for one that must be said, or is none."""
        fields = {str(field.column): field for field in model._meta.concrete_fields}
        if unknown := set(columns) - set(fields):
            raise ValueError(f"{model.__name__} has no {unknown}")
        missing = {name: field for name, field in fields.items() if name not in columns}
        if needed := [
            name for name, field in missing.items() if not (field.has_default() or field.null or field.blank)
        ]:
            raise ValueError(f"{model.__name__} needs {needed}")
        return {
            name: field.get_db_prep_save(field.get_default(), connection) for name, field in missing.items()
        }

    def write_search(self, *, after: int) -> None:
        """Insert the search document of every message with a greater key."""
        if self.is_postgres:
            self._cursor.execute("SET session_replication_role = origin")  # its trigger makes the vector
        columns = [str(field.column) for field in SearchDocument._meta.concrete_fields]
        written = ["id", "at", "subject", "from_name", "from_address", "text", "signature"]
        while some := list(
            Message.objects.filter(pk__gt=after).order_by("pk").only(*written, "automatic")[:SEARCHED_AT_ONCE]
        ):
            documents = [
                document_of(message, names=[message.from_name, message.from_address])
                for message in some
                if message.automatic == Automatic.NO
            ]
            rows = [(row.pk, row.subject, row.names, row.text) for row in documents]
            self.write(SearchDocument, columns, rows)
            after = some[-1].pk

    def finish(self, tables: Sequence[type[models.Model]]) -> None:
        """Let keys go on after the last one, and let the planner know what is there; then close."""
        if self.is_postgres:
            for model in tables:
                table, pk = model._meta.db_table, model._meta.pk.column
                if isinstance(model._meta.pk, models.AutoField):
                    self._cursor.execute(
                        f"SELECT setval(pg_get_serial_sequence('{table}', '{pk}'), (SELECT max({pk}) FROM {table}))"
                    )
            self._cursor.execute("VACUUM ANALYZE")
        else:
            self._cursor.execute("PRAGMA journal_mode=WAL").fetchall()
        connection.close()
