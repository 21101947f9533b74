"""The real test messages of other projects, scored by the scorer that lies beside them."""

import importlib.util
import json
import os
import time
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from heed.channels.email.inspect import describe
from heed.channels.email.tests.judged import JUDGED

FOLDER = Path(os.environ.get("HEED_TEST_DATA", "/nonexistent")) / "email-fixtures"
needs_fixtures = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="HEED_TEST_DATA names no folder with email-fixtures"
)
# Shares that are to be reached whatever is judged; what is named nowhere must hold in full.
AIMS = {
    "must_parse": 1.0,
    "no_false_bounce": 1.0,
    "is_bounce": 0.97,
    "bounce.status": 0.95,
    "bounce.reason": 0.8,
    "visible_reply": 0.9,
    "from": 0.98,
    "subject": 0.98,
}
FIGURES = 25  # that the scorer knows of these messages, so that none is lost unseen
SAME = {"visible_reply_strict": "visible_reply"}  # the same question, asked more strictly


@pytest.fixture(scope="module")
def scored() -> tuple[Counter[str], dict[str, set[str]]]:
    """How many messages each figure was asked of, and which were missed."""
    spec = importlib.util.spec_from_file_location("score_email", FOLDER / "score_email.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    total: Counter[str] = Counter()
    missed: dict[str, set[str]] = defaultdict(set)
    for line in (FOLDER / "expected.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        raw = (FOLDER / row["raw_path"]).read_bytes()
        started = time.monotonic()
        seen = describe(raw, row["kind"])
        seconds = time.monotonic() - started
        if row["kind"] != "rfc822":
            seen = {**seen, "_raw_text": raw.decode("utf-8", "replace")}
        for name, holds in scorer.check(row["expect"], seen, seconds, raw, row["kind"]).items():
            total[name] += 1
            if not holds:
                missed[SAME.get(name, name)].add(row["id"])
    return total, dict(missed)


def judged() -> dict[str, set[str]]:
    """What we read otherwise, by figure."""
    found: dict[str, set[str]] = defaultdict(set)
    for figures in JUDGED.values():
        for name, ids in figures.items():
            assert not found[name] & set(ids), f"judged twice: {found[name] & set(ids)}"
            found[name] |= set(ids)
    return dict(found)


@needs_fixtures
def test_every_message_holds_but_those_that_are_judged_with_a_reason(scored):
    total, missed = scored
    assert len(total) >= FIGURES
    assert missed == judged()


@needs_fixtures
def test_the_aims_are_reached_with_all_that_is_judged(scored):
    total, missed = scored
    reached = {name: 1 - len(missed.get(name, ())) / total[name] for name in AIMS}
    assert {name: share for name, share in reached.items() if share < AIMS[name]} == {}
