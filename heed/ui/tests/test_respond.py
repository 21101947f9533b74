"""One answer: the page, or for HTMX the fragment that the page includes."""

from dataclasses import dataclass

import pytest
from django.test import RequestFactory

from heed.ui.contexts import ErrorContext
from heed.ui.respond import page_or_fragment, variables

CONTEXT = ErrorContext(code="refused", back_href="/inbox/")


@dataclass(frozen=True, slots=True)
class Held:
    """A context with one field."""

    rows: list[int]


@pytest.fixture(autouse=True)
def plain_static_files(settings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def answer(**headers: str):
    request = RequestFactory().get("/", headers=headers)
    return page_or_fragment(request, "heed/refused.html", "heed/_delivery_reason.html", CONTEXT, status=422)


def test_a_browser_gets_the_page_and_htmx_the_fragment():
    assert b"<!doctype html>" in answer().content
    assert b"<!doctype html>" not in answer(**{"HX-Request": "true"}).content


def test_going_back_gets_the_page():
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}

    assert b"<!doctype html>" in answer(**headers).content


def test_caches_are_told_that_the_answer_varies_and_keep_nothing():
    found = answer()

    assert "HX-Request" in found.headers["Vary"]
    assert "no-store" in found.headers["Cache-Control"]
    assert found.status_code == 422


def test_a_context_is_shown_as_it_is_and_not_copied():
    rows = [1]

    assert variables(Held(rows=rows))["rows"] is rows
