"""Our splitter and the standard library agree on ordinary mail."""

import email
from email.message import Message
from pathlib import Path

import pytest

from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.structure import Entity, Splitter
from heed.channels.email.transfer import content_of

CORPUS = Path(__file__).parent / "corpus"
# Broken on purpose: there the two may differ, and ours is held to the expectation in the corpus.
BROKEN = {"raw_only_cr", "multipart_without_parts", "multipart_cut_off", "no_headers", "null_bytes"}
# Messages inside are opened by the standard library and kept closed by ours.
MAILS = [
    path
    for path in sorted(CORPUS.glob("*.eml"))
    if path.stem not in BROKEN and b"message/" not in path.read_bytes()
]


def ours(entity: Entity) -> list[tuple[str, bytes]]:
    return [(leaf.type.full, content_of(leaf).strip()) for leaf in entity.leaves()]


def theirs(message: Message) -> list[tuple[str, bytes]]:
    found = []
    for part in message.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            found.append((part.get_content_type(), content.strip()))
    return found


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_parts_and_their_contents_are_those_of_the_standard_library(path: Path):
    raw = path.read_bytes()
    assert ours(Splitter(raw, DEFAULT_LIMITS).split()) == theirs(email.message_from_bytes(raw))
