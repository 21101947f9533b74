"""Which rows a mail causes: mails are read one at a time, and after each every table is asked what is new."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, models

from bench.inside.mail import keep_all, ordinary_worker, settle
from bench.mails import make
from heed.conversations.documents import document_of, key_of
from heed.conversations.models import Message, SearchDocument
from heed.intake.models import Receipt, ReceiptPart
from heed.kernel import clock

Row = tuple[Any, ...]
RECEPTION = (Receipt, ReceiptPart)


def record(*, number: int, seed: int, addresses: Sequence[str], to: str) -> dict[str, float]:
    """Run so many mails one by one; write the inserts that each caused to a file. Gives rows a mail, by table.

    The file holds the statements and, for each mail, its bytes and the rows of each statement: reception's own rows,
    which are there before a worker begins, apart from all others.
    """
    worker = ordinary_worker()
    tables = [
        _Table(model) for model in apps.get_models() if model._meta.managed and not model._meta.auto_created
    ]
    tables.append(_SearchTable(SearchDocument))
    tables.sort(key=lambda table: table.depth)
    for table in tables:
        table.new()
    mails = []
    for mail in make(number, recipients=tuple(addresses), now=clock.now(), seed=seed):
        keep_all([mail])
        received = _new(tables)
        settle(worker)
        mails.append((mail.raw, received, _new(tables)))
    used = [table for table in tables if table.found]
    Path(to).write_bytes(pickle.dumps(({table.name: table.insert for table in used}, mails)))
    connection.close()
    return {table.name: table.found / number for table in used}


def _new(tables: Sequence["_Table"]) -> list[tuple[str, list[Row]]]:
    return [(table.name, rows) for table in tables if (rows := table.new())]


class _Table:
    """A table, and how far it has been looked at."""

    def __init__(self, model: type[models.Model]) -> None:
        self.model, self.name = model, model._meta.db_table
        self.columns = [field.column for field in model._meta.concrete_fields]
        self.found = -1  # before the first look: what is there already is none of a mail's
        self.last: Any = None
        self.seen: set[Any] | None = None  # for keys that do not rise
        pk = model._meta.pk
        if isinstance(pk, models.CharField):
            self.seen = set()
        names = ", ".join(f'"{name}"' for name in self.columns)
        mark = "%s" if connection.vendor == "postgresql" else "?"
        marks = ", ".join([mark] * len(self.columns))
        self.insert = f'INSERT INTO "{self.name}" ({names}) VALUES ({marks})'
        self._read = ", ".join(self._readable(field) for field in model._meta.concrete_fields)
        self._key = pk.column

    @property
    def depth(self) -> tuple[int, str]:
        """Tables that others point to come first."""
        return (_depth(self.model, ()), self.name)

    def new(self) -> list[Row]:
        """The rows that came since the last look, as the driver gives and takes them."""
        with connection.cursor() as cursor:
            if self.seen is None:
                sql = f'SELECT {self._read} FROM "{self.name}"'
                if self.last is None:
                    cursor.execute(f'SELECT max("{self._key}") FROM "{self.name}"')
                    self.last, rows = cursor.fetchone()[0] or 0, []
                else:
                    cursor.execute(f'{sql} WHERE "{self._key}" > %s ORDER BY "{self._key}"', [self.last])
                    rows = cursor.fetchall()
                if rows:
                    self.last = rows[-1][self.columns.index(self._key)]
            else:
                cursor.execute(f'SELECT {self._read} FROM "{self.name}"')
                key = self.columns.index(self._key)
                rows = [row for row in cursor.fetchall() if row[key] not in self.seen]
                self.seen.update(row[key] for row in rows)
        if self.found < 0:
            self.found, rows = 0, []
        self.found += len(rows)
        return [self._row(row) for row in rows]

    def _readable(self, field: "models.Field[Any, Any]") -> str:
        is_json = isinstance(field, models.JSONField) and connection.vendor == "postgresql"
        return f'"{field.column}"::text' if is_json else f'"{field.column}"'

    def _row(self, row: Row) -> Row:
        return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)


class _SearchTable(_Table):
    """The search document: neither engine gives its texts back, so they are made of its message again."""

    def new(self) -> list[Row]:
        """The documents of messages that came since the last look."""
        known, self.last = self.last or 0, Message.objects.aggregate(last=models.Max("pk"))["last"] or 0
        if self.found < 0:
            self.found = 0
            return []
        came = list(Message.objects.filter(pk__gt=known).order_by("pk"))
        there = set(SearchDocument.objects.filter(pk__in=map(key_of, came)).values_list("pk", flat=True))
        rows = [self._row_of(message) for message in came if key_of(message) in there]
        self.found += len(rows)
        return rows

    def _row_of(self, message: Message) -> Row:
        document = document_of(message, names=[message.from_name, message.from_address])
        return tuple(getattr(document, field.attname) for field in self.model._meta.concrete_fields)


def _depth(model: type[models.Model], above: tuple[type[models.Model], ...]) -> int:
    parents = {
        field.related_model
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and isinstance(field.related_model, type)
    } - {model, *above}
    return 1 + max((_depth(parent, (*above, model)) for parent in parents), default=0)
