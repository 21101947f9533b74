"""One Chromium and one running desk for all tests of this folder."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import started_chromium
from tests.browser.desk import PATIENCE, Office, opened_office
from tools.databases import ready_database

expect.set_options(timeout=PATIENCE)

LONGEST = ("test_every_page.py", "test_walkthrough.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files whose one test takes as long as many: at the end, a worker would wait for the other."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A Chromium; tests open contexts in it, each as a browser of its own."""
    with started_chromium(chromium) as started:
        yield started


@pytest.fixture(scope="session")
def office_database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database for the running desk, on the engine that this run tests."""
    with ready_database(tmp_path_factory.mktemp("office")) as url:
        yield url


@pytest.fixture(scope="session")
def whole_office(
    browser: Browser, office_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """A desk that runs, with its company in it."""
    with opened_office(browser, office_database, tmp_path_factory.mktemp("office")) as office:
        yield office


@pytest.fixture
def office(whole_office: Office) -> Iterator[Office]:
    """The desk, for one test. Afterwards no script failed and nothing broke the content policy."""
    whole_office.wrong.clear()
    yield whole_office
    whole_office.tidy()
    whole_office.hands.do("end_all")
    assert whole_office.wrong == []
