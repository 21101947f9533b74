"""The trash with invented people: full, for those who may only look, empty, and after something was done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.testing.gallery_people import INES
from heed.ui.contexts import NavContext, Person
from heed.web.trash.contexts import Deleted, TrashContext, TrashPage

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Sample = tuple[str, str, "DataclassInstance"]
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3


def _row(number: int, now: datetime, **more: object) -> Deleted:
    values = {
        "number": number,
        "href": f"/conversations/{number}/",
        "subject": "You have won",
        "customer": Person(name="Dalia Haddad"),
        "at": now - timedelta(hours=number % 7),
        "brand": "Northwind Wallet",
        "by": INES,
        "until": now + timedelta(days=30 - number % 7),
    }
    return Deleted(**(values | more))  # type: ignore[arg-type]  # what a test wants of it


def pages(now: datetime, nav: NavContext) -> Sequence[Sample]:
    """Each state of the page."""
    rows = [
        _row(4821, now, by=Person(name="Noor", is_me=True)),
        _row(4822, now, subject=WORD, customer=Person(name=WORD)),
        _row(
            4823,
            now,
            subject="لم يصل الطرد بعد",
            subject_lang="ar",
            customer=Person(name="ليلى حداد", lang="ar"),
        ),
        _row(4824, now, subject="", by=None, until=None),
    ]
    full = {"href": "/trash/", "days": 30, "rows": rows, "may_change": True, "next_href": "/trash/?after=x"}
    states = {
        "trash": TrashContext(**full, may_purge=True),  # type: ignore[arg-type]  # one set of values for several
        "trash-looked-at": TrashContext(href="/trash/", days=30, rows=rows),
        "trash-empty": TrashContext(href="/trash/", days=30, may_change=True, may_purge=True),
        "trash-done": TrashContext(
            **full,  # type: ignore[arg-type]  # as above
            may_purge=True,
            done="purged",
            done_count=3,
            left="still_leaving",
        ),
    }
    return [(name, "trash/page.html", TrashPage(nav=nav, trash=found)) for name, found in states.items()]
