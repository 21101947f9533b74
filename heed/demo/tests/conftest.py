"""The demo company, loaded once for all tests that only look at it; each test's own changes are rolled back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from heed.demo import load
from heed.kernel import clock
from heed.kernel.config import Config

LOADED_AT = datetime(2026, 11, 17, 8, 29, tzinfo=UTC)  # a Tuesday


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An empty HEED_HOME for the files of the demo."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Config, "folder", property(lambda self: folder))
        yield folder


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same for one test."""
    monkeypatch.setattr(Config, "folder", property(lambda self: tmp_path))
    return tmp_path


@pytest.fixture(scope="module")
def company(home: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """The demo company is loaded, at this instant; it is gone after the module's last test."""
    around = transaction.atomic()
    around._from_testcase = True  # type: ignore[attr-defined]  # as TestCase does, so that units are durable inside
    with django_db_blocker.unblock(), around:
        with clock.at(LOADED_AT):
            assert load.load() is True
        with django_db_blocker.block():
            yield LOADED_AT
        transaction.set_rollback(True)


@pytest.fixture
def loaded(company: datetime, db: None) -> Iterator[datetime]:
    """The demo company is loaded, and it is this late."""
    with clock.at(company):
        yield company
