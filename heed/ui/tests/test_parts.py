"""A part that says the same is drawn once for a moment; another one is never taken for it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template.loader import get_template
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from heed.kernel import clock
from heed.testing import gallery
from heed.ui import parts

ROW = "inbox/_row.html"


@pytest.fixture(autouse=True)
def none_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_parts", parts.Parts())


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that were drawn, in their order."""
    names: list[str] = []
    draw = get_template

    def counted(name: str) -> object:
        names.append(name)
        return draw(name)

    monkeypatch.setattr(parts, "get_template", counted)
    return names


def test_a_row_is_drawn_once_for_all_who_see_the_same(drawn: list[str]) -> None:
    with clock.at(now := clock.now()):
        [row, other, *_] = gallery.rows(now)
        first, again = (parts.part(ROW, row=replace(row), bulk_href="") for _ in range(2))
        assert first == again
        assert drawn == [ROW]
        assert parts.part(ROW, row=other, bulk_href="") != first
        assert drawn == [ROW, ROW]


def test_whatever_differs_is_drawn_anew() -> None:
    with clock.at(now := clock.now()):
        row = gallery.rows(now)[0]
        plain = parts.part(ROW, row=row, bulk_href="")
        assert "unread" in parts.part(ROW, row=replace(row, is_unread=True), bulk_href="")
        assert "checkbox" in parts.part(ROW, row=row, bulk_href="/inbox/my-turn/bulk/")
        assert "unread" not in plain
        assert "checkbox" not in plain
        with translation.override("de"):
            assert parts.part(ROW, row=row, bulk_href="") != plain
        with timezone.override(ZoneInfo("Asia/Tokyo")):
            assert parts.part(ROW, row=row, bulk_href="") != plain


def test_what_was_drawn_is_forgotten_after_a_moment(drawn: list[str]) -> None:
    row = gallery.rows(now := clock.now())[0]
    for later in (0, parts.KEPT_SECONDS, 2 * parts.KEPT_SECONDS):
        with clock.at(now + timedelta(seconds=later)):
            assert parts.part(ROW, row=row, bulk_href="")
    assert drawn == [ROW, ROW, ROW]


def test_no_more_is_kept_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST", 3)
    kept = parts.Parts()
    made: list[int] = []

    def draw(number: int) -> Callable[[], SafeString]:
        def now() -> SafeString:
            made.append(number)
            return SafeString(str(number))

        return now

    with clock.at(clock.now()):
        for number in (1, 2, 3, 1, 4, 1):
            assert kept.get(number, draw(number)) == str(number)
    assert made == [1, 2, 3, 1, 4]


def test_what_is_drawn_is_escaped(drawn: list[str]) -> None:
    row = replace(gallery.rows(clock.now())[0], subject="<b>bold</b>")
    assert "&lt;b&gt;bold" in parts.part(ROW, row=row, bulk_href="")
    assert drawn == [ROW]
