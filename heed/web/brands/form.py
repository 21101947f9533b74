"""A brand's form: what stands in it, what was typed, and what the verbs take; or all that is wrong, field by field."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final, TypeVar

from django.http import QueryDict

from heed.brands.hours_text import hours_text, read_hours
from heed.brands.models import Acknowledgement, Brand
from heed.kernel.errors import Unusable
from heed.kernel.words import WordsFor
from heed.language.acknowledgements import unknown_variables
from heed.people.actions.brands import (
    ACKNOWLEDGEMENT_CHARACTERS,
    HOLIDAYS,
    LONGEST_FIRST_REPLY_SECONDS,
    LONGEST_UNTIL_CLOSED_DAYS,
    SIGNATURE_CHARACTERS,
    Settings,
)
from heed.people.checked import LANGUAGE, NAME_CHARACTERS, language_of, name_of, zone_of
from heed.ui.contexts import FieldError

T = TypeVar("T")
UNITS: Final = {"minutes": 60, "hours": 3_600}
WORDS: Final = "words-"
_NUMBER: Final = re.compile(r"[0-9]{1,6}")
_LONGEST_TYPED: Final = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """A brand's settings as text, as a form holds them."""

    name: str
    language: str
    time_zone: str
    days: tuple[str, ...]
    holidays: str
    first_reply: str
    unit: str
    acknowledges: bool
    words: tuple[tuple[str, str], ...]
    signature: str
    close_after_days: str

    def with_language(self, code: str) -> "Typed":
        """The same with room for words in one more language."""
        known = {language for language, _ in self.words}
        is_new = code not in known and LANGUAGE.fullmatch(code)
        return replace(self, words=(*self.words, (code, ""))) if is_new else self


def as_it_stands(brand: Brand, words: Iterable[Acknowledgement]) -> Typed:
    """What the form of a brand holds at first; its own language comes first."""
    seconds = brand.first_reply_seconds
    unit = "hours" if seconds % UNITS["hours"] == 0 else "minutes"
    own = {row.language: row.text for row in words if row.hours == WordsFor.ANY}
    others = sorted(set(own) - {brand.language})
    return Typed(
        name=brand.name,
        language=brand.language,
        time_zone=brand.time_zone,
        days=tuple(hours_text(brand.hours.get(str(weekday), ())) for weekday in range(7)),
        holidays="\n".join(brand.holidays),
        first_reply=str(-(-seconds // UNITS[unit])),
        unit=unit,
        acknowledges=brand.acknowledges,
        words=tuple((code, own.get(code, "")) for code in (brand.language, *others)),
        signature=brand.signature,
        close_after_days=str(brand.close_after_days),
    )


def as_typed(post: QueryDict) -> Typed:
    """What came back from the form; of anything much longer than it could be, the beginning."""

    def typed(name: str) -> str:
        return post.get(name, "")[:_LONGEST_TYPED].replace("\r\n", "\n")

    codes = [name.removeprefix(WORDS) for name in post if name.startswith(WORDS)]
    return Typed(
        name=typed("name"),
        language=typed("language"),
        time_zone=typed("time_zone"),
        days=tuple(typed(f"hours-{weekday}") for weekday in range(7)),
        holidays=typed("holidays"),
        first_reply=typed("first_reply"),
        unit=typed("unit"),
        acknowledges="acknowledges" in post,
        words=tuple((code, typed(f"{WORDS}{code}")) for code in codes if LANGUAGE.fullmatch(code)),
        signature=typed("signature"),
        close_after_days=typed("close_after_days"),
    )


@dataclass(slots=True)
class _Reading:
    """Fields read one after the other; what can't be right is kept, and the next field is read all the same."""

    errors: list[FieldError]

    def take(self, field: str, read: Callable[[], T], *, otherwise: T, limit: int = 0) -> T:
        """What a field says; otherwise, with an error kept, something that nobody will use."""
        try:
            return read()
        except Unusable as error:
            code = "required" if error.reason == "missing" else error.reason
            self.errors.append(FieldError(field=field, code=code, value=str(limit)))
            return otherwise

    def text(self, field: str, typed: str, limit: int) -> str:
        """A text of limited length."""
        return self.take(field, lambda: _text(field, typed, limit), otherwise="", limit=limit)

    def words(self, field: str, typed: str, limit: int) -> str:
        """Words with variables, each of which stands for something."""
        unknown = unknown_variables(typed)
        if unknown:
            self.errors.append(FieldError(field=field, code="unknown_variable", value=unknown[0]))
        return self.text(field, typed, limit)

    def number(self, field: str, typed: str, most: int) -> int:
        """A whole number from one on."""
        return self.take(field, lambda: _number(field, typed, most), otherwise=1, limit=most)


def settings_of(typed: Typed) -> Settings | list[FieldError]:
    """What the verbs take; or everything that can't be right."""
    form = _Reading([])
    unit = UNITS.get(typed.unit, UNITS["hours"])
    days: dict[str, list[list[int]]] = {
        str(day): form.take(f"hours-{day}", partial(read_hours, text), otherwise=[])
        for day, text in enumerate(typed.days)
    }
    found = Settings(
        name=form.take("name", lambda: name_of(typed.name), otherwise="", limit=NAME_CHARACTERS),
        language=form.take("language", lambda: language_of(typed.language), otherwise=""),
        time_zone=form.take("time_zone", lambda: zone_of(typed.time_zone), otherwise=""),
        hours={day: spans for day, spans in days.items() if spans},
        holidays=form.take("holidays", lambda: _holidays(typed.holidays), otherwise=[], limit=HOLIDAYS),
        first_reply_seconds=unit
        * form.number("first_reply", typed.first_reply, LONGEST_FIRST_REPLY_SECONDS // unit),
        acknowledges=typed.acknowledges,
        words={
            code: form.words(f"{WORDS}{code}", text, ACKNOWLEDGEMENT_CHARACTERS) for code, text in typed.words
        },
        signature=form.text("signature", typed.signature, SIGNATURE_CHARACTERS),
        close_after_days=form.number("close_after_days", typed.close_after_days, LONGEST_UNTIL_CLOSED_DAYS),
    )
    return form.errors or found


def _text(field: str, typed: str, limit: int) -> str:
    if len(typed.strip()) > limit:
        raise Unusable(field, "too_long")
    return typed


def _number(field: str, typed: str, most: int) -> int:
    tidy = typed.strip()
    if not tidy:
        raise Unusable(field, "missing")
    if not _NUMBER.fullmatch(tidy) or not 1 <= int(tidy) <= most:
        raise Unusable(field, "out_of_bounds")
    return int(tidy)


def _holidays(typed: str) -> list[str]:
    days = [day for day in re.split(r"[\s,;]+", typed) if day]
    if len(days) > HOLIDAYS:
        raise Unusable("holidays", "too_many_days")
    try:
        return sorted({date.fromisoformat(day).isoformat() for day in days})
    except ValueError:
        raise Unusable("holidays", "no_date") from None
