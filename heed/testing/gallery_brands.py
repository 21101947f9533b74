"""Samples of the settings of brands: in order, filled in wrongly, silent, never open, and for a lead who looks."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.ui.contexts import FieldError, NavContext, Option
from heed.web.brands.contexts import (
    BrandForm,
    BrandPage,
    BrandRow,
    BrandsPage,
    ChangeLine,
    DayLine,
    DaysLine,
    MailPreview,
    PreviewContext,
    WordsField,
)

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

HERE = "/settings/brands/1/"
LONG = "Northwind Wallet for very small and very large companies of the northern counties"
ENGLISH = (
    "Hello Dana Novak,\n\nyour message has arrived as #4821. A person will answer you on Monday 30 November"
    " by 11:00 (Europe/Berlin).\n\nNorthwind Wallet"
)
ARABIC = "مرحبًا Dana Novak،\n\nوصلت رسالتكم، ورقمها المرجعي #4821."


def form() -> BrandForm:
    """A brand with words in three languages, one of them without the time."""
    week = ["9:00–12:30, 13:30–17:00"] * 4 + ["9:00–14:00", "", ""]
    return BrandForm(
        href=HERE,
        preview_href=f"{HERE}preview/",
        may_change=True,
        name="Northwind Wallet",
        languages=[Option(value="en", is_chosen=True), Option(value="de")],
        time_zones=[Option(value="Europe/Berlin", is_chosen=True), Option(value="UTC")],
        days=[DayLine(weekday=day, spans=spans) for day, spans in enumerate(week)],
        holidays="2026-12-25\n2026-12-26",
        first_reply="4",
        unit="hours",
        acknowledges=True,
        words=[
            WordsField(language="en", text="Hello {name?},", is_built_in=True),
            WordsField(language="ar", text="مرحبًا {name?}، {reference}", is_built_in=True),
            WordsField(language="fi"),
        ],
        more_languages=[Option(value="pt"), Option(value="sv")],
        signature="Northwind Wallet\nCanal Street 4",
        close_after_days="7",
        preview=PreviewContext(
            sender="Northwind Wallet",
            address="help@northwind.example",
            mails=[
                MailPreview(language="en", text=ENGLISH, is_own=True),
                MailPreview(language="ar", text=ARABIC, is_own=True, lacks=["when"]),
                MailPreview(language="fi", text=ENGLISH, is_own=False),
            ],
        ),
    )


def pages(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, "DataclassInstance"]]:
    """Every page of brands in every state that is drawn."""
    listed, one = "brands/list.html", "brands/one.html"
    row = BrandRow(
        name="Northwind Wallet",
        href=HERE,
        language="en",
        time_zone="Europe/Berlin",
        days=[
            DaysLine(first=0, last=3, spans="9:00–12:30, 13:30–17:00"),
            DaysLine(first=4, last=4, spans="9:00–14:00"),
        ],
    )
    wrong = replace(
        form(),
        name=LONG * 2,
        days=[DayLine(weekday=day, spans="22:00–6:00" if day == 2 else "9-17") for day in range(7)],
        errors=[
            FieldError(field="name", code="too_long", value="120"),
            FieldError(field="hours-2", code="backwards"),
            FieldError(field="holidays", code="no_date"),
            FieldError(field="first_reply", code="out_of_bounds", value="1000"),
            FieldError(field="words-en", code="too_long", value="5000"),
            FieldError(field="close_after_days", code="required"),
        ],
        preview=PreviewContext(trouble="errors"),
    )
    changes = [
        ChangeLine(part=part, at=now - timedelta(hours=number), who="Mara Oduya" if number % 3 else "")
        for number, part in enumerate(
            (
                "hours",
                "acknowledgement",
                "name",
                "language",
                "time_zone",
                "first_reply",
                "signature",
                "closing",
            ),
            1,
        )
    ]
    never = replace(form(), preview=PreviewContext(trouble="never_open"), is_saved=True)
    silent = replace(form(), acknowledges=False, preview=PreviewContext(trouble="off"), may_change=False)
    return [
        (
            "brands",
            listed,
            BrandsPage(nav=nav, brands=[row, replace(row, name=LONG, days=(), acknowledges=False)]),
        ),
        ("brands-none", listed, BrandsPage(nav=nav)),
        ("brand", one, BrandPage(nav=nav, form=form(), changes=changes)),
        ("brand-wrong", one, BrandPage(nav=nav, form=wrong)),
        ("brand-never-open", one, BrandPage(nav=nav, form=never)),
        ("brand-lead", one, BrandPage(nav=nav, form=silent, changes=changes)),
    ]
