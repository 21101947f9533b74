"""Real mails of other projects, and Heed's own corpus, as letters to the desk."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from tests.journeys.company import HELP
from tests.journeys.desk import PROJECT
from tests.journeys.letters import Letter
from tests.journeys.sameness import on_the_wire

CORPUS = PROJECT / "heed" / "channels" / "email" / "tests" / "corpus"
SENDER = "post@elsewhere.example"


def corpus() -> Iterator[Letter]:
    """The project's own mails."""
    for path in sorted(CORPUS.glob("*.eml")):
        yield _letter(f"corpus {path.name}", path)


def fixtures() -> Iterator[Letter]:
    """Every fixture of kind rfc822 in the folder that HEED_TEST_DATA names; none without it."""
    folder = Path(os.environ.get("HEED_TEST_DATA") or "/nonexistent") / "email-fixtures"
    listed = folder / "expected.jsonl"
    for line in listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else ():
        row = json.loads(line)
        if row["kind"] == "rfc822":
            yield _letter(f"fixture {row['id']}", folder / row["raw_path"])


def _letter(name: str, path: Path) -> Letter:
    return Letter(name, on_the_wire(path.read_bytes()), SENDER, (HELP,))
