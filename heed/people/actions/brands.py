"""Verbs about a brand: its name, hours, words and days. Each part that says something else stands in the log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from heed.brands.models import Acknowledgement, Brand
from heed.eventlog.kinds import BrandChanged
from heed.eventlog.unit import add, change, lock, record, remove, verb
from heed.kernel.errors import Unusable, require
from heed.kernel.words import BrandId, BrandPart, WordsFor
from heed.language.acknowledgements import unknown_variables
from heed.people.checked import language_of, name_of, zone_of
from heed.people.policy import Actor, may_set_up_brands

MINUTES_A_DAY: Final = 1440
HOLIDAYS: Final = 1_000  # days
LONGEST_FIRST_REPLY_SECONDS: Final = 1_000 * 3_600
LONGEST_UNTIL_CLOSED_DAYS: Final = 365
SIGNATURE_CHARACTERS: Final = 2_000
ACKNOWLEDGEMENT_CHARACTERS: Final = 5_000

Hours = Mapping[str, Sequence[Sequence[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All that a brand's page sets at once. words: by language; an empty text brings the built-in words back."""

    name: str
    language: str
    time_zone: str
    hours: Hours
    holidays: Sequence[str]
    first_reply_seconds: int
    acknowledges: bool
    close_after_days: int
    signature: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


@verb
def set_up_brand(brand: Brand, *, wanted: Settings, by: Actor) -> Brand:
    """Afterwards the brand is as wanted, all of it or nothing. Records brand.changed for each part that differs.

    Raises Refused, and Unusable for the first field that can't be used.
    """
    change_brand(brand, name=wanted.name, language=wanted.language, time_zone=wanted.time_zone, by=by)
    change_hours(
        brand,
        hours=wanted.hours,
        holidays=wanted.holidays,
        first_reply_seconds=wanted.first_reply_seconds,
        by=by,
    )
    (start_acknowledging if wanted.acknowledges else stop_acknowledging)(brand, by=by)
    for language, text in wanted.words.items():
        set_acknowledgement(brand, language=language, text=text, by=by)
    change_signature(brand, signature=wanted.signature, by=by)
    return close_after(brand, days=wanted.close_after_days, by=by)


@verb
def change_brand(brand: Brand, *, name: str, language: str, time_zone: str, by: Actor) -> Brand:
    """Afterwards the brand is called so, writes so where a customer's language is unknown, and lives in this zone.

    Its hours keep their times on the wall; what customers were told stays. Records brand.changed for each part
    that differs. Raises Refused, and Unusable (name, language, time_zone).
    """
    require(may_set_up_brands(by))
    return _settle(
        lock(brand),
        {
            BrandPart.NAME: {"name": name_of(name)},
            BrandPart.LANGUAGE: {"language": language_of(language)},
            BrandPart.TIME_ZONE: {"time_zone": zone_of(time_zone)},
        },
    )


@verb
def change_hours(
    brand: Brand,
    *,
    hours: Hours,
    holidays: Sequence[str],
    first_reply_seconds: int,
    by: Actor,
) -> Brand:
    """Afterwards people are there at these hours: weekday "0" to "6" -> pairs of minutes of the day, brand's wall time.

    Holidays are ISO dates. The first reply is owed within so many seconds of opening hours; what customers were told
    stays. Records brand.changed for each part that differs. Raises Refused, Unusable.
    """
    require(may_set_up_brands(by))
    for weekday, spans in hours.items():
        _check_day(weekday, spans)
    if not 1 <= first_reply_seconds <= LONGEST_FIRST_REPLY_SECONDS:
        raise Unusable("first_reply_seconds", "too_small" if first_reply_seconds < 1 else "too_long")
    kept = {weekday: [list(span) for span in spans] for weekday, spans in hours.items()}
    return _settle(
        lock(brand),
        {
            BrandPart.HOURS: {"hours": kept, "holidays": _days(holidays)},
            BrandPart.FIRST_REPLY: {"first_reply_seconds": first_reply_seconds},
        },
    )


def _check_day(weekday: str, spans: Sequence[Sequence[int]]) -> None:
    flat = [minute for span in spans for minute in span]
    pairs = all(len(span) == 2 for span in spans)
    rises = flat == sorted(set(flat)) and all(0 <= minute <= MINUTES_A_DAY for minute in flat)
    if weekday not in set("0123456") or not pairs or not rises:
        raise Unusable("hours", "malformed")


def _days(holidays: Sequence[str]) -> list[str]:
    if len(holidays) > HOLIDAYS:
        raise Unusable("holidays", "too_many")
    try:
        days = {datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=UTC).date() for day in holidays}
    except ValueError:
        raise Unusable("holidays", "malformed") from None
    return [day.isoformat() for day in sorted(days)]


@verb
def change_signature(brand: Brand, *, signature: str, by: Actor) -> Brand:
    """Afterwards answers of this brand end with these lines. Records brand.changed. Raises Refused, Unusable."""
    require(may_set_up_brands(by))
    tidy = signature.strip()
    if len(tidy) > SIGNATURE_CHARACTERS:
        raise Unusable("signature", "too_long")
    return _settle(lock(brand), {BrandPart.SIGNATURE: {"signature": tidy}})


@verb
def set_acknowledgement(
    brand: Brand, *, language: str, text: str, by: Actor, hours: WordsFor = WordsFor.ANY
) -> None:
    """Afterwards these words acknowledge mails in that language; an empty text brings the built-in words back.

    Those for what comes outside opening hours serve then alone; without them the others do. Records brand.changed when
    they differ. Raises Refused, Unusable, also for a variable that stands for nothing.
    """
    require(may_set_up_brands(by))
    tidy, code = text.strip(), language_of(language)
    if len(tidy) > ACKNOWLEDGEMENT_CHARACTERS:
        raise Unusable("acknowledgement", "too_long")
    if unknown_variables(tidy):
        raise Unusable("acknowledgement", "unknown_variable")
    lock(brand)  # two who set the same language wait for each other
    found = Acknowledgement.objects.filter(brand=brand, language=code, hours=hours).first()
    if tidy == (found.text if found else ""):
        return
    if found is None:
        add(Acknowledgement(brand=brand, language=code, hours=hours, text=tidy))
    elif tidy:
        change(found, text=tidy)
    else:
        remove(found)
    record(BrandChanged(brand=BrandId(brand.pk), part=BrandPart.ACKNOWLEDGEMENT))


@verb
def start_acknowledging(brand: Brand, *, by: Actor) -> Brand:
    """Afterwards a first mail is answered automatically, while the hours allow to say when. Records brand.changed.

    Raises Refused.
    """
    require(may_set_up_brands(by))
    return _settle(lock(brand), {BrandPart.ACKNOWLEDGEMENT: {"acknowledges": True}})


@verb
def stop_acknowledging(brand: Brand, *, by: Actor) -> Brand:
    """Afterwards nobody gets an automatic answer from this brand. Records brand.changed. Raises Refused."""
    require(may_set_up_brands(by))
    return _settle(lock(brand), {BrandPart.ACKNOWLEDGEMENT: {"acknowledges": False}})


@verb
def close_after(brand: Brand, *, days: int, by: Actor) -> Brand:
    """Afterwards what is solved from now on closes after so many days of silence; what was solved keeps its day.

    Records brand.changed. Raises Refused, Unusable.
    """
    require(may_set_up_brands(by))
    if not 1 <= days <= LONGEST_UNTIL_CLOSED_DAYS:
        raise Unusable("close_after_days", "too_small" if days < 1 else "too_long")
    return _settle(lock(brand), {BrandPart.CLOSING: {"close_after_days": days}})


def _settle(brand: Brand, wanted: Mapping[BrandPart, Mapping[str, object]]) -> Brand:
    """Change what differs, and record each part of it."""
    for part, values in wanted.items():
        if any(getattr(brand, name) != value for name, value in values.items()):
            brand = change(brand, **values)
            record(BrandChanged(brand=BrandId(brand.pk), part=part))
    return brand
