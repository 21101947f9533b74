"""Every mail of our own corpus is read as the expectation beside it says."""

import json
from pathlib import Path

import pytest

from heed.channels.email.parse import parse

CORPUS = Path(__file__).parent / "corpus"
MAILS = sorted(CORPUS.glob("*.eml"))


def test_every_mail_has_its_expectation_and_every_expectation_its_mail():
    assert {mail.stem for mail in MAILS} == {found.stem for found in CORPUS.glob("*.json")}
    assert len(MAILS) >= 80


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_a_mail_is_read_as_expected(path: Path):
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    mail = parse(path.read_bytes())
    seen = {
        "sender": str(mail.sender) if mail.sender else None,
        "to": [who.address for who in mail.to],
        "subject": mail.subject,
        "base_subject": mail.base_subject,
        "message_id": mail.message_id,
        "in_reply_to": list(mail.in_reply_to),
        "references": list(mail.references),
        "text": mail.text.strip(),
        "visible": mail.visible,
        "signature": mail.signature,
        "automatic": mail.automatic.value,
        "may_acknowledge": mail.may_acknowledge,
        "bounces": len(mail.bounces),
        "attachments": [part.filename for part in mail.attachments if not part.is_inline],
        "inline": [part.filename for part in mail.attachments if part.is_inline],
        "defects": list(mail.defects),
    }
    for key, value in expected.items():
        if key == "bounce":
            assert {name: getattr(mail.bounces[0], name) for name in value} == value
        elif key == "quoted_contains":
            assert value in mail.quoted
            assert value not in mail.visible
        else:
            assert seen[key] == value, key
