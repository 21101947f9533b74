"""The filter language: what a person types to find or sort out conversations, as a small tree. Pure.

    refund "second invoice" from:dalia is:open,waiting -tag:vip before:2026-03 #4821 field:"Order number"=1200

Every term must hold. A word, or a phrase in quotes, stands in a message; its last word may go on (refund*), as the
last one typed always may. A field holds when one of its values does; - before a term says that it must not hold. Any
text can be read: what is no field is a word. The same tree serves search, views, rules and reports; as_text() writes
it down.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from heed.kernel.words import Priority, Status
from heed.language.tokens import words

MOST_CHARACTERS: Final = 1_000
MOST_TERMS: Final = 32
"""What is typed beyond these is left out, and said so."""
FIRST_YEAR: Final = 1970
LONGEST_NUMBER: Final = 18  # digits of a conversation's number


class Field(StrEnum):
    """What a term can ask for by name."""

    FROM = "from"
    TO = "to"
    SUBJECT = "subject"
    IS = "is"
    HAS = "has"
    TAG = "tag"
    TOPIC = "topic"  # with those below it
    FIELD = "field"  # one of the desk's own, with what is noted in it: "Order number=1200"
    ASSIGNEE = "assignee"
    TEAM = "team"
    BRAND = "brand"
    INBOX = "inbox"
    CUSTOMER = "customer"
    COMPANY = "company"
    PRIORITY = "priority"
    LANGUAGE = "language"
    BEFORE = "before"
    AFTER = "after"
    ON = "on"
    OPENED = "opened"
    UPDATED = "updated"  # by its newest message
    DUE = "due"
    SNOOZED = "snoozed"  # until when
    NUMBER = "number"  # written #4821


class Is(StrEnum):
    """States that is: knows beside the statuses."""

    UNASSIGNED = "unassigned"
    MINE = "mine"
    UNREAD = "unread"
    OVERDUE = "overdue"
    FAILED = "failed"  # our last answer did not get through
    SPAM = "spam"
    TRASHED = "trashed"
    RESTRICTED = "restricted"


class Has(StrEnum):
    """What has: knows."""

    ATTACHMENT = "attachment"
    DRAFT = "draft"  # of the reader's own


ME: Final = "me"
NOBODY: Final = "nobody"
DAYS: Final = {"today": 0, "yesterday": -1, "tomorrow": 1}
DATES: Final = (Field.BEFORE, Field.AFTER, Field.ON)
AHEAD: Final = (Field.DUE, Field.SNOOZED)
TIMES: Final = (Field.OPENED, Field.UPDATED, *AHEAD)
"""Fields that are an instant of the conversation: a day, or a length of time from now, back or ahead."""
NEVER: Final = "none"  # no such instant
CHOICES: Final[dict[Field, tuple[str, ...]]] = {
    Field.IS: (*Status, *Is),
    Field.HAS: tuple(Has),
    Field.PRIORITY: tuple(Priority),
}
TEXTS: Final = (Field.FROM, Field.TO, Field.SUBJECT)
"""Fields that are looked up in the words of messages."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand beside each other in a message. goes_on: the last one may be the beginning of a longer one."""

    text: str
    goes_on: bool = False
    is_not: bool = False


@dataclass(frozen=True, slots=True)
class Condition:
    """A field that has one of these values."""

    field: Field
    values: tuple[str, ...]
    is_not: bool = False


Term = Phrase | Condition


class HintKind(StrEnum):
    """Why something typed was not taken as it may have been meant."""

    UNKNOWN_FIELD = "unknown_field"  # taken as a word
    NO_VALUE = "no_value"  # a field with nothing behind it: taken as a word
    UNKNOWN_VALUE = "unknown_value"  # left out
    NO_DATE = "no_date"  # left out
    NO_TIME = "no_time"  # left out
    NO_NUMBER = "no_number"  # left out
    NO_FIELD = "no_field"  # what is no name of a field, or asks for nothing that can be compared: left out
    TOO_LONG = "too_long"  # the end was left out
    OPEN_QUOTE = "open_quote"  # the quotation is taken to end with the text


@dataclass(frozen=True, slots=True)
class Hint:
    """What a person should know about how their text was read."""

    kind: HintKind
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """All of these terms hold."""

    terms: tuple[Term, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """The terms that are words."""
        return tuple(term for term in self.terms if isinstance(term, Phrase))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The terms that are fields."""
        return tuple(term for term in self.terms if isinstance(term, Condition))

    def __str__(self) -> str:
        return " ".join(map(as_text, self.terms))


@dataclass(frozen=True, slots=True)
class Reading:
    """A text as it was read."""

    filter: Filter
    hints: tuple[Hint, ...] = ()


_ITEM: Final = re.compile(
    r"""(?P<minus>-?)
        (?: \#(?P<number>\d+)(?!\S)
          | (?P<field>[A-Za-z_]+):(?P<values>(?:"[^"]*"?|[^\s"])+)
          | (?P<bare>[A-Za-z_]+):(?!\S)
          | "(?P<quoted>[^"]*)(?P<closed>"\*?|$)
          | (?P<word>[^\s"]+)
        )""",
    re.VERBOSE,
)
_VALUE: Final = re.compile(r'"([^"]*)"?|([^,"]+)')
_PIECE: Final = re.compile(r'(?:"[^"]*"?|[^",])+')
_MONTH: Final = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
SCHEMES: Final = frozenset({"http", "https", "mailto", "re", "fwd", "fw", "aw", "wg", "tr", "rv"})
"""What stands before a colon in ordinary text: no field was meant."""


def read(text: str) -> Reading:
    """Read what a person typed. Never raises; takes time in proportion to the text."""
    hints = [Hint(HintKind.TOO_LONG)] if len(text) > MOST_CHARACTERS else []
    text = text[:MOST_CHARACTERS]
    terms: dict[Term, None] = {}
    for item in _ITEM.finditer(text):
        for one in _terms(item, is_last=item.end() == len(text)):
            if isinstance(one, Hint):
                hints.append(one)
                continue
            fits = _cut(one, MOST_TERMS - sum(map(_values_of, terms)))
            if fits is not None:
                terms[fits] = None
            if fits != one:
                hints.append(Hint(HintKind.TOO_LONG))
    return Reading(Filter(tuple(terms)), tuple(dict.fromkeys(hints)))


def _values_of(term: Term) -> int:
    """How much there is to look for: each value of a field costs as much as a word."""
    return len(term.values) if isinstance(term, Condition) else 1


def _cut(term: Term, room: int) -> Term | None:
    """The term, with as many of its values as there is room for."""
    if room <= 0:
        return None
    return replace(term, values=term.values[:room]) if isinstance(term, Condition) else term


def _terms(item: "re.Match[str]", *, is_last: bool) -> Iterator[Term | Hint]:
    is_not = bool(item["minus"])
    if item["number"]:
        number = _number(item["number"])
        yield Condition(Field.NUMBER, (number,), is_not) if isinstance(number, str) else number
    elif item["quoted"] is not None:
        if not item["closed"]:
            yield Hint(HintKind.OPEN_QUOTE)
        yield from _phrase(item["quoted"], goes_on=item["closed"] != '"', is_not=is_not)
    elif item["field"]:
        yield from _field(item, is_not=is_not, is_last=is_last)
    elif item["bare"]:
        if item["bare"].lower() in set(Field):
            yield Hint(HintKind.NO_VALUE, item["bare"].lower())
        yield from _phrase(item["bare"], goes_on=False, is_not=is_not)
    else:
        yield from _phrase(item["word"], goes_on=is_last or item["word"].endswith("*"), is_not=is_not)


def _phrase(text: str, *, goes_on: bool, is_not: bool) -> Iterator[Term]:
    """None for what holds no word, such as a dash."""
    found = words(text)
    if found:
        yield Phrase(" ".join(found), goes_on, is_not)


def _field(item: "re.Match[str]", *, is_not: bool, is_last: bool) -> Iterator[Term | Hint]:
    name, written = item["field"].lower(), item["values"]
    if name not in set(Field):
        if name not in SCHEMES and not written.startswith(("/", "\\")):
            yield Hint(HintKind.UNKNOWN_FIELD, name)
        yield from _phrase(f"{name} {written}", goes_on=is_last, is_not=is_not)
        return
    field = Field(name)
    values = [value for value in _written(field, written) if value]
    if not values:
        yield Hint(HintKind.NO_VALUE, field)
        return
    known: list[str] = []
    for value in values:
        one = _value(field, value)
        if isinstance(one, Hint):
            yield one
        elif one not in known:
            known.append(one)
    if known:
        yield Condition(field, tuple(known), is_not)


def _written(field: Field, values: str) -> list[str]:
    """The values as they were written, without their quotes; a name in quotes and what is noted are one value."""
    if field is Field.FIELD:
        return [" ".join(piece.replace('"', "").split()) for piece in _PIECE.findall(values)]
    return [(quoted or plain).strip() for quoted, plain in _VALUE.findall(values)]


def _value(field: Field, value: str) -> str | Hint:
    """A value as the tree keeps it, or why it can't be taken."""
    low = value.lower()
    if field in CHOICES:
        return low if low in CHOICES[field] else Hint(HintKind.UNKNOWN_VALUE, field, value)
    if field in DATES:
        return low if low in DAYS or span(low) else Hint(HintKind.NO_DATE, field, value)
    if field in TIMES:
        known = low in DAYS or low == NEVER or span(low) or length(low)
        return low if known else Hint(HintKind.NO_TIME, field, value)
    if field is Field.NUMBER:
        return _number(value)
    if field in TEXTS:
        return " ".join(words(value)) or Hint(HintKind.UNKNOWN_VALUE, field, value)
    if field is Field.FIELD:
        noted = noted_in(value)
        return str(noted) if noted else Hint(HintKind.NO_FIELD, field, value)
    return value


@dataclass(frozen=True, slots=True)
class Noted:
    """What is asked of a field of one's own. sign: =, < or >; empty: that something is noted in it."""

    name: str
    sign: str = ""
    value: str = ""

    def __str__(self) -> str:
        return f"{self.name}{self.sign}{self.value}"


SIGNS: Final = ("=", ">", "<")
_NOTED: Final = re.compile(r"([^=<>]+)(?:([=<>])(.*))?", re.DOTALL)


def noted_in(value: str) -> Noted | None:
    """What a value of field: asks for; None for what asks for nothing."""
    found = _NOTED.fullmatch(value)
    if found is None or not words(found[1]):
        return None
    name, sign, given = found[1].strip(), found[2] or "", (found[3] or "").strip()
    return Noted(name, sign, given) if bool(sign) == bool(given) else None


def _number(written: str) -> str | Hint:
    """The beginning of a conversation's number, without zeros before it."""
    digits = written.removeprefix("#")
    short = digits.lstrip("0")[:LONGEST_NUMBER] if digits.isascii() and digits.isdigit() else ""
    return short or Hint(HintKind.NO_NUMBER, Field.NUMBER, written)


def span(value: str, today: date | None = None) -> tuple[date, date] | None:
    """The first day of a date, month, year, today or yesterday, and the first day after it; None for no date.

    Without today's date the two words are none.
    """
    if value in DAYS and today is not None:
        day = today + timedelta(days=DAYS[value])
        return day, day + timedelta(days=1)
    found = _MONTH.fullmatch(value)
    if found is None or not value.isascii():
        return None
    year, month, day_of = (int(part) if part else None for part in found.groups())
    assert year is not None
    try:
        first = date(year, month or 1, day_of or 1)
        if first.year < FIRST_YEAR:
            return None
        if day_of:
            return first, first + timedelta(days=1)
        if month:
            return first, (first + timedelta(days=31)).replace(day=1)
        return first, date(year + 1, 1, 1)
    except (ValueError, OverflowError):
        return None


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time from now; is_beyond: further away than that."""

    time: timedelta
    is_beyond: bool = False


_LENGTH: Final = re.compile(r"(>?)([1-9]\d{0,3})([hdw])")
_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def length(value: str) -> Length | None:
    """4h, 7d, 2w, or >7d for what is further away than seven days; None for no length of time."""
    found = _LENGTH.fullmatch(value)
    if found is None or not value.isascii():
        return None
    return Length(int(found[2]) * _UNITS[found[3]], is_beyond=bool(found[1]))


def as_text(term: Term) -> str:
    """A term as one would type it: read() makes the same term of it, wherever it stands."""
    minus = "-" if term.is_not else ""
    if isinstance(term, Phrase):
        return f'{minus}"{term.text}"{"*" if term.goes_on else ""}'
    if term.field is Field.NUMBER and len(term.values) == 1:
        return f"{minus}#{term.values[0]}"
    return f"{minus}{term.field}:{','.join(map(_quoted, term.values))}"


def _quoted(value: str) -> str:
    return value if re.fullmatch(r'[^\s",]+', value) else f'"{value}"'


def without(filter_: Filter, term: Term) -> Filter:
    """The same without one term: the way back from a search that found nothing."""
    return Filter(tuple(one for one in filter_.terms if one != term))


def texts_of(conditions: Sequence[Condition], *fields: Field) -> tuple[Condition, ...]:
    """Those of these conditions that are about one of the fields."""
    return tuple(one for one in conditions if one.field in fields)
