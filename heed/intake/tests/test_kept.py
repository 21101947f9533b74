"""What "accepted" means: the mail outlives a power cut. And what reading it costs."""

import secrets
import sys
from types import FrameType
from typing import Any

import pytest
from django.db import connection

from heed.channels.email import words
from heed.eventlog.unit import Commit, unit
from heed.intake.letters import open_letter
from heed.intake.receipts import InboxKeeper, accepted_now
from heed.intake.tests.letters import HELP, arrives, letter
from heed.kernel import rows
from heed.testing.world import World

LARGE = b"Subject: large\r\n\r\n" + secrets.token_hex(100_000).encode()  # what no database can compress much


def number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])


def keep_one() -> None:
    InboxKeeper().keep_many([accepted_now(LARGE, mail_from="dalia@example.org", recipients=[HELP])])


@pytest.mark.django_db(transaction=True)
def test_what_is_accepted_is_flushed_before_the_sender_hears_so(unchecked_world: World) -> None:
    if rows.is_postgres():
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO on")  # a test server commits lazily
        unflushed = "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn()"
        lazily = []
        for _ in range(10):  # the server flushes by itself now and then
            with unit(Commit.LAZY):
                keep_one()
            lazily.append(number(unflushed))
            keep_one()
            assert number(unflushed) < len(LARGE) / 10  # the word to workers is the only thing behind it
        assert max(lazily) > len(LARGE) / 10
    else:
        with unit(Commit.LAZY):
            keep_one()
        assert number("PRAGMA synchronous") == 1
        keep_one()
        assert number("PRAGMA synchronous") == 2


def test_reading_a_mail_decodes_each_of_its_headers_once(world: World) -> None:
    encoded = [f"=?utf-8?q?K=C3=A4se_{count}?=" for count in range(4)]
    raw = letter(
        "once@x",
        sender=f"{encoded[0]} <dalia@example.org>",
        cc=f"{encoded[1]} <ines@example.org>",
        subject=encoded[2],
        more=f"Reply-To: {encoded[3]} <dalia@example.org>",
    )
    receipt = arrives(raw)
    decoded: list[bytes] = []

    def note(frame: FrameType, happened: str, _: Any) -> None:
        if happened == "call" and frame.f_code is words.decode_words.__code__:
            decoded.append(bytes(frame.f_locals["value"]))

    sys.setprofile(note)
    try:
        open_letter(receipt, raw)
    finally:
        sys.setprofile(None)
    for header in encoded:
        assert sum(header.encode() in value for value in decoded) == 1, header
