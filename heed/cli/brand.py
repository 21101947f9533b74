"""`heed brand`: one more brand, or another time zone, language, hours or days for one that is there."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from heed.brands.hours_text import read_hours
from heed.brands.models import Brand
from heed.brands.queries import acknowledgements_of
from heed.cli.init import slug
from heed.cli.problem import Problem
from heed.cli.setup import plainly
from heed.eventlog.unit import unit
from heed.people.actions import add_brand
from heed.people.actions.brands import Settings, set_up_brand
from heed.people.policy import SYSTEM
from heed.people.queries import brands_to_set_up

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTE = 60


def main(argv: Sequence[str]) -> int:
    """Make a brand, unless it is there; with --change, let one that is there be as told."""
    options = _options(argv)
    short = options.slug or slug(options.name)
    there = next((brand for brand in brands_to_set_up(SYSTEM) if brand.slug == short), None)
    if options.change:
        return _change(there, short, options)
    if there is None:
        language, zone = options.language or "en", options.time_zone or "UTC"
        with plainly(), unit():  # all of it, or nothing
            brand = add_brand(options.name, slug=short, language=language, time_zone=zone, by=SYSTEM)
            _settle(brand, options)
        print(f"The brand {options.name} is made; its short name is {short}.")
        return 0
    asked = (" ".join(options.name.split()), options.language or "en", options.time_zone or "UTC")
    if asked != (there.name, there.language, there.time_zone):
        raise Problem(
            f"the short name {short} is taken by the brand {there.name} ({there.language}, {there.time_zone}), "
            "so nothing was changed. To change it say --change; for another brand say --slug."
        )
    print(f"The brand {there.name} is there already; its short name is {short}.")
    return 0


def _change(there: Brand | None, short: str, options: argparse.Namespace) -> int:
    if there is None:
        raise Problem(f"no brand has the short name {short}, so there is nothing to change.")
    with plainly():
        is_other = _settle(there, options)
    print(f"The brand {there.name} is as told now." if is_other else f"The brand {there.name} is so already.")
    return 0


def _settle(brand: Brand, options: argparse.Namespace) -> bool:
    """Let a brand be as the options say, and as it was where they say nothing. True: something differs."""
    before = _as_it_is(brand)
    minutes, days = options.first_reply_minutes, options.close_after_days
    is_short_name = options.name == brand.slug  # stands for the brand, and is no new name
    wanted = replace(
        before,
        name=before.name if is_short_name else " ".join(options.name.split()),
        language=options.language or before.language,
        time_zone=options.time_zone or before.time_zone,
        hours=before.hours if options.hours is None else _week(options.hours),
        first_reply_seconds=before.first_reply_seconds if minutes is None else minutes * MINUTE,
        close_after_days=before.close_after_days if days is None else days,
        acknowledges={"yes": True, "no": False, None: before.acknowledges}[options.acknowledge],
    )
    set_up_brand(brand, wanted=wanted, by=SYSTEM)
    return wanted != before


def _as_it_is(brand: Brand) -> Settings:
    return Settings(
        name=brand.name,
        language=brand.language,
        time_zone=brand.time_zone,
        hours=brand.hours,
        holidays=brand.holidays,
        first_reply_seconds=brand.first_reply_seconds,
        acknowledges=brand.acknowledges,
        close_after_days=brand.close_after_days,
        signature=brand.signature,
        words={row.language: row.text for row in acknowledgements_of([brand.pk])},
    )


def _week(typed: Sequence[str]) -> dict[str, list[list[int]]]:
    """From mon-fri=9:00-17:00 to the minutes of each weekday; days that are not named are closed. Raises Problem."""
    week: dict[str, list[list[int]]] = {}
    for one in typed:
        days, equals, spans = one.partition("=")
        first, _, last = days.lower().partition("-")
        if not equals or first not in DAYS or (last or first) not in DAYS:
            raise Problem(f"{one} is no day with its hours; they look like mon-fri=9:00-17:00.")
        for day in range(DAYS.index(first), DAYS.index(last or first) + 1):
            week[str(day)] = read_hours(spans)
    return week


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed brand",
        description="Make one more brand, or with --change let one that is there be as told; what is not named stays. "
        "Running it again changes nothing.",
    )
    parser.add_argument(
        "name",
        metavar="NAME",
        help="the name under which the desk answers; with --change also the short name",
    )
    parser.add_argument("--change", action="store_true", help="change the brand that has this short name")
    parser.add_argument(
        "--slug", help="its short name in addresses and commands; else made from the name, as linden-bikes is"
    )
    parser.add_argument("--language", help="such as en or de; of a new brand en")
    parser.add_argument("--time-zone", help="such as Europe/Paris; of a new brand UTC")
    parser.add_argument(
        "--hours",
        nargs="+",
        metavar="DAYS=HOURS",
        help="the whole week, such as mon-thu=9:00-12:30,13:30-17:00 fri=9:00-14:00; days not named are closed. "
        "Of a new brand mon-fri=9:00-17:00",
    )
    parser.add_argument(
        "--first-reply-minutes", type=int, metavar="N", help="in opening hours; of a new brand 480"
    )
    parser.add_argument(
        "--close-after-days", type=int, metavar="N", help="of silence once solved; of a new brand 7"
    )
    parser.add_argument(
        "--acknowledge",
        choices=["yes", "no"],
        help="whether a first mail is answered at once; of a new brand yes",
    )
    return parser.parse_args(argv)
