"""How tests start Chromium: once in a run; each test opens contexts in it, each as a browser of its own."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

WITHOUT_TOOLBARS = Path(__file__).with_name("chromium.sh")


def own_chromium() -> str:
    """The Chromium of this machine, for what runs outside pytest. Ends the program where there is none."""
    found = os.environ.get("HEED_CHROMIUM") or shutil.which("chromium")
    if found is None:
        raise SystemExit("No Chromium found: name one in HEED_CHROMIUM")
    return found


@contextmanager
def started_chromium(program: str) -> Iterator[Browser]:
    """The Chromium at this path, running."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=WITHOUT_TOOLBARS,
            args=["--no-sandbox"],
            env={**os.environ, "HEED_CHROMIUM": program},
        )
        yield browser
        browser.close()
