"""Settings: each is explained where it is defined, and no document names one that does not exist."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from heed.kernel.config import Config

ROOT = Path(__file__).resolve().parents[2]
KNOWN = {field.metadata["env"] for field in fields(Config)}
NO_SETTING = {
    "HEED_TEST_DATA",
    "HEED_CHROMIUM",
    "HEED_ADMIN_PASSWORD",
    "HEED_AGENT_PASSWORD",
    "HEED_INBOX_SMTP_URL",
    "HEED_MAILBOX_PASSWORD",
}


@pytest.mark.parametrize("field", fields(Config), ids=lambda field: field.name)
def test_a_setting_says_what_it_means(field) -> None:
    assert field.metadata["env"] == f"HEED_{field.name.upper()}"
    assert len(field.metadata["doc"]) > 20


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]), ids=lambda p: p.name
)
def test_a_document_names_only_settings_that_exist(path: Path) -> None:
    named = set(re.findall(r"\bHEED_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert named - KNOWN - NO_SETTING == set()
