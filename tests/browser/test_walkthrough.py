"""What docs/walkthrough.md says is what the desk says, and no step leaves the focus nowhere."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.telling import NOWHERE
from tests.browser.walkthrough import FILE, told_by

pytestmark = pytest.mark.browser


def test_the_walkthrough_is_what_the_desk_says(browser: Browser, tmp_path: Path) -> None:
    told = told_by(browser, tmp_path)

    assert told == FILE.read_text(encoding="utf-8"), "look at what changed; `make walkthrough` writes it anew"
    unnamed = [line for line in told.splitlines() if " “”" in line and "main “”" not in line]
    assert unnamed == [], "something that has the focus has no name"
    assert all("page opens" in line for line in told.splitlines() if NOWHERE in line), "the focus is lost"
