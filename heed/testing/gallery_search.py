"""Samples of the search page: found, nothing, not yet, read otherwise than meant, long and right-to-left."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from heed.conversations.filters import CHOICES, Field
from heed.conversations.passages import Piece
from heed.testing.gallery_people import DANIEL, INES, NOUR, PETRA
from heed.ui.contexts import NavContext, Person
from heed.web.search.contexts import FoundContext, FoundRow, HintLine, SearchPage, WithoutLine

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichenverleihungsurkunde"


def _pieces(text: str) -> list[Piece]:
    """A text whose marked parts stand between asterisks."""
    return [Piece(part, is_marked=bool(place % 2)) for place, part in enumerate(text.split("*")) if part]


def rows(now: datetime) -> list[FoundRow]:
    """Of all sorts."""
    first = FoundRow(
        number=4821,
        href="/conversations/4821/",
        customer=DANIEL,
        subject=_pieces("*Refund* for the second invoice"),
        at=now - timedelta(minutes=24),
        status="open",
        passage=_pieces(
            "… charged twice for the same order, so please *refund* the second payment of 24,90. …"
        ),
    )
    return [
        replace(first, number=48, href="/conversations/48/", is_by_number=True, passage=()),
        first,
        replace(
            first,
            number=4710,
            href="/conversations/4710/",
            customer=PETRA,
            subject=_pieces("Rechnung vom November"),
            subject_lang="de",
            at=now - timedelta(days=3),
            status="waiting",
            sender=_pieces("Petra Kessler petra@*kessler*.example"),
            passage=_pieces("Guten Tag, die Rück­erstattung ist noch nicht da. …"),
        ),
        replace(
            first,
            number=3999,
            href="/conversations/3999/",
            customer=NOUR,
            subject=_pieces("*استرداد* المبلغ"),
            subject_lang="ar",
            at=now - timedelta(days=40),
            status="closed",
            passage=_pieces("مرحباً، أرجو *استرداد* المبلغ الذي دفعته مرتين الشهر الماضي، شكراً لكم. …"),
        ),
        replace(
            first,
            number=1204117,
            href="/conversations/1204117/",
            customer=Person(name=LONG, address=f"{LONG}@example.org", lang="de"),
            subject=_pieces(f"*{LONG}* {LONG}"),
            at=now - timedelta(days=900),
            status="snoozed",
            passage=_pieces(f"… {LONG}{LONG} *{LONG}* {LONG} …"),
        ),
        replace(first, number=12, href="/conversations/12/", customer=INES, subject=(), status="solved"),
    ]


def found(now: datetime) -> FoundContext:
    """With rows, and more of them."""
    return FoundContext(
        code="found",
        text="refund",
        newest_href="/search/?q=refund",
        best_href="/search/?q=refund&order=best",
        rows=rows(now),
        next_href="/search/?q=refund&after=1",
    )


def pages(now: datetime, nav: NavContext) -> Sequence[tuple[str, str, SearchPage]]:
    """The page in each of its states."""
    some = found(now)
    hints = [
        HintLine(kind="unknown_field", field="form"),
        HintLine(kind="unknown_value", field="is", value="opne", choices=CHOICES[Field.IS]),
        HintLine(kind="no_date", field="before", value="soon"),
        HintLine(kind="no_time", field="due", value="soon"),
        HintLine(kind="open_quote"),
    ]
    nothing = FoundContext(
        code="none",
        text=f"refnud is:solved {LONG}",
        without=[WithoutLine(term=term, href="/search/?q=x") for term in ("refnud", "is:solved", LONG)],
        has_short_word=True,
    )
    states = {
        "search": FoundContext(code="start"),
        "search-found": some,
        "search-best": replace(some, order="best", ranked_only=True, next_href=""),
        "search-hints": replace(some, text='form:dalia is:opne before:soon "ref', hints=hints),
        "search-none": nothing,
        "search-further": replace(
            some, code="further", rows=[], back_to=now - timedelta(days=400), text="from:nobody"
        ),
        "search-back": replace(some, back_to=now - timedelta(days=400)),
        "search-like": replace(some, text="kesler", is_like=True, rows=rows(now)[2:3], next_href=""),
        "search-right-to-left": replace(some, text="استرداد"),
    }
    return [(name, "search/page.html", SearchPage(nav=nav, found=state)) for name, state in states.items()]
