"""What a conversation of the demo company is made of: steps, each at its time. Data only.

Times are told from the day on which the demo is loaded, in the company's zone:
"44m", "2h10m" ago; "3d 10:40" on the third working day before today; "+3h" from now; "+1d 09:00" on a day to come.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from inspect import cleandoc
from typing import Final
from zoneinfo import ZoneInfo

from heed.demo.files import File
from heed.kernel.words import Priority, Status

ZONE: Final = ZoneInfo("Europe/Berlin")
_SPAN = re.compile(r"(?P<ahead>\+?)(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?")
_DAY = re.compile(r"(?P<ahead>\+?)(?P<days>\d+)d (?P<hour>\d\d):(?P<minute>\d\d)")


class Who(StrEnum):
    """The five who answer, by the word before the @ of their address."""

    GRETA = "greta"
    INES = "ines"
    MARA = "mara"
    TOMAS = "tomas"
    KOFI = "kofi"


class Door(StrEnum):
    """The inboxes, by their address."""

    HELP = "help@northwind.example"
    ACCOUNTS = "accounts@northwind.example"
    BILLING = "billing@northwind.example"
    PLAYFIELD = "hello@playfield.example"


@dataclass(frozen=True, slots=True)
class Step:
    """Something happens at a time."""

    at: str


@dataclass(frozen=True, slots=True)
class Writes(Step):
    """A mail arrives: from the customer, or from `sender`. Html stands beside the text, `headers` are further ones.

    Quotes: the mail program puts our last answer below. Continues: the key of another story, whose last answer it
    answers.
    """

    text: str
    sender: str = ""
    cc: str = ""
    subject: str = ""
    html: str = ""
    files: tuple[File, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    quotes: bool = False
    continues: str = ""


@dataclass(frozen=True, slots=True)
class Replies(Step):
    """An agent answers everybody. Refused: the address that the next server did not take, and its words."""

    by: Who
    text: str
    then: Status = Status.WAITING
    files: tuple[File, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Begins(Step):
    """An agent writes first."""

    by: Who
    text: str
    then: Status = Status.WAITING


@dataclass(frozen=True, slots=True)
class Notes(Step):
    """An agent writes a note for the team."""

    by: Who
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Assigns(Step):
    """An agent makes another one responsible, or themselves."""

    by: Who
    to: Who


@dataclass(frozen=True, slots=True)
class Sorts(Step):
    """An agent gives a priority and tags."""

    by: Who
    priority: Priority | None = None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stands(Step):
    """An agent changes the status; until: of a snooze."""

    by: Who
    to: Status
    until: str = ""


@dataclass(frozen=True, slots=True)
class Reads(Step):
    """An agent looks, and writes nothing."""

    by: Who


@dataclass(frozen=True, slots=True)
class Bounces(Step):
    """The mail server of `address` gives our last answer back, with its words."""

    address: str
    status: str
    words: str


@dataclass(frozen=True, slots=True)
class Breaks(Step):
    """A mail arrives that no program can read."""


@dataclass(frozen=True, slots=True)
class Story:
    """One conversation: which inbox, who asks ("Name <address>"), about what, in which language, step by step."""

    key: str
    door: Door
    customer: str
    subject: str
    language: str
    steps: tuple[Step, ...] = field(default=())


def story(key: str, door: Door, customer: str, subject: str, *steps: Step, language: str) -> Story:
    """A story from its parts, in the order in which they happen."""
    return Story(key, door, customer, subject, language, steps)


def text_of(written: str) -> str:
    """A text as it was meant: an empty line parts paragraphs, whose lines are one; "|" at its end keeps a line."""
    paragraphs = cleandoc(written).split("\n\n")
    return "\n\n".join(
        "\n".join(" ".join(line.split("\n")).strip() for line in paragraph.split("|\n"))
        for paragraph in paragraphs
    )


def instant(told: str, now: datetime) -> datetime:
    """When that is, in UTC, for a demo loaded at `now`. Raises ValueError for a time that can't be read."""
    if day := _DAY.fullmatch(told):
        wall = time(int(day["hour"]), int(day["minute"]), tzinfo=ZONE)
        return _moved(now.astimezone(ZONE), int(day["days"]), ahead=day["ahead"], wall=wall).astimezone(UTC)
    span = _SPAN.fullmatch(told)
    if span is None or not (span["hours"] or span["minutes"]):
        raise ValueError(f"{told!r} is no time of a story")
    length = timedelta(hours=int(span["hours"] or 0), minutes=int(span["minutes"] or 0))
    return now + length if span["ahead"] else now - length


def _moved(today: datetime, days: int, *, ahead: str, wall: time) -> datetime:
    """So many working days back, or so many days ahead."""
    date = today.date()
    if ahead:
        return datetime.combine(date + timedelta(days=days), wall)
    while days:
        date -= timedelta(days=1)
        days -= date.weekday() < 5
    return datetime.combine(date, wall)
