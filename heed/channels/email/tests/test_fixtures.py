"""The real test messages of other projects, scored by the scorer that lies beside them."""

import importlib.util
import json
import os
import time
from collections import Counter
from pathlib import Path

import pytest

from heed.channels.email.inspect import describe

FOLDER = Path(os.environ.get("HEED_TEST_DATA", "/nonexistent")) / "email-fixtures"
# What was reached, less a little: a change that falls below has broken something.
FLOOR = {
    "must_parse": 1.0,
    "no_false_bounce": 1.0,
    "is_bounce": 0.97,
    "is_auto_reply": 1.0,
    "is_complaint": 1.0,
    "bounce.status": 0.95,
    "bounce.hard": 0.92,
    "bounce.reason": 0.88,
    "visible_reply": 0.94,
    "subject": 1.0,
    "from": 1.0,
    "to": 1.0,
    "message_id": 1.0,
    "references": 1.0,
    "attachments": 0.9,
    "is_delivery_report": 1.0,
    "text_contains_any": 0.92,
}


@pytest.mark.skipif(not FOLDER.is_dir(), reason="HEED_TEST_DATA names no folder with email-fixtures")
def test_the_fixtures_reach_what_they_reached():
    spec = importlib.util.spec_from_file_location("score_email", FOLDER / "score_email.py")
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    total: Counter[str] = Counter()
    good: Counter[str] = Counter()
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
            good[name] += holds
    reached = {name: good[name] / total[name] for name in FLOOR}
    assert {name: share for name, share in reached.items() if share < FLOOR[name]} == {}
