"""Every page and fragment is drawn from the gallery, in every state, without a request or database."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import html5lib
import pytest
import time_machine
from django.template.loader import render_to_string
from django.utils import timezone

from heed.testing import gallery
from heed.ui.respond import variables

NOW = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)
EVERYTHING = [*gallery.pages(NOW), *gallery.fragments(NOW)]
FOREIGN = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//""")
SPRITE = re.compile(r"icons\.svg#([a-z]+)")


@pytest.fixture(autouse=True)
def plain_static_files(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def draw(template: str, context: Any) -> str:
    with time_machine.travel(NOW, tick=False), timezone.override("Europe/Berlin"):
        return render_to_string(template, variables(context))


every_state = pytest.mark.parametrize(
    ("template", "context"), [one[1:] for one in EVERYTHING], ids=[one[0] for one in EVERYTHING]
)


class MergeRule(HTMLParser):
    """Finds children of data-merge elements that live changes could not find again."""

    VOID = frozenset({"meta", "link", "input", "img", "br", "use"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.nameless: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if self.open and self.open[-1][1] and "id" not in names:
            self.nameless.append(tag)
        if tag not in self.VOID:
            self.open.append((tag, "data-merge" in names))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without children."""

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            if self.open.pop()[0] == tag:
                return


@every_state
def test_every_page_is_drawn_in_every_state(template: str, context: Any) -> None:
    drawn = draw(template, context)

    assert drawn.strip()
    assert "{{" not in drawn
    assert "{%" not in drawn


@every_state
def test_nothing_comes_from_elsewhere_and_no_id_stands_twice(template: str, context: Any) -> None:
    drawn = draw(template, context)
    ids = re.findall(r'\sid="([^"]+)"', drawn)

    assert not FOREIGN.findall(drawn.replace('href="https://bank.example', ""))
    assert sorted(ids) == sorted(set(ids))


@every_state
def test_whatever_merges_can_be_found_again(template: str, context: Any) -> None:
    rule = MergeRule()
    rule.feed(draw(template, context))

    assert rule.nameless == []


@pytest.mark.parametrize(
    ("template", "context"),
    [one[1:] for one in gallery.pages(NOW)],
    ids=[one[0] for one in gallery.pages(NOW)],
)
def test_every_page_is_html_that_needs_no_mending(template: str, context: Any) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(draw(template, context))

    assert [code for _, code, _ in parser.errors] == []


def test_every_icon_stands_in_the_sprite() -> None:
    with open("heed/ui/static/heed/icons.svg") as sprite:
        there = set(re.findall(r'<symbol id="([a-z]+)"', sprite.read()))
    used = {name for _, template, context in EVERYTHING for name in SPRITE.findall(draw(template, context))}

    assert used <= there


def test_a_customers_markup_stays_text() -> None:
    page = "conversation/page.html"
    assert "Transfer stuck" in draw(page, gallery.with_subject(NOW, "Transfer stuck"))

    nasty = draw(page, gallery.with_subject(NOW, '"><script>alert(1)</script>'))

    assert "<script>alert" not in nasty
    assert "&lt;script&gt;alert" in nasty
