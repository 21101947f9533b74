"""Without a running desk a pipe still keeps mail: slower, and just as durably."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from heed.channels.email.pipe import LMTP_MESSAGE_BYTES
from heed.cli import receive
from heed.cli.receive_direct import store
from heed.conversations.models import Message
from heed.intake.models import Receipt
from heed.intake.receipts import raw_of
from heed.kernel import blobs
from heed.kernel.words import Origin, ParkReason, ReceiptState
from heed.testing.world import World

HEED = Path(sys.executable).with_name("heed")
NOBODY = "127.0.0.1:9"  # the discard port: nobody listens there
RAW = b"From: dalia@example.org\r\nMessage-ID: <a@example.org>\r\nSubject: x\r\n\r\nHello\r\n"


def test_a_mail_is_kept_as_it_came_and_read_when_the_desk_runs(world: World) -> None:
    assert store(RAW, to="help@linden.example", sender="dalia@example.org") == os.EX_OK
    receipt = Receipt.objects.get()
    assert raw_of([receipt.pk]) == {receipt.pk: RAW}
    assert (receipt.mail_from, receipt.recipients) == ("dalia@example.org", ["help@linden.example"])
    assert (receipt.state, receipt.origin) == (ReceiptState.WAITING, Origin.LIVE)
    world.settle()
    assert Message.objects.filter(direction="in").count() == 1


def test_an_address_that_is_no_inbox_is_refused(world: World) -> None:
    assert store(RAW, to="nobody@linden.example", sender="") == os.EX_NOUSER
    assert not Receipt.objects.exists()


def test_a_mail_too_large_to_be_read_is_kept_and_parked(world: World) -> None:
    raw = RAW + b"x" * 53_000_000
    assert store(raw, to="help@linden.example", sender="dalia@example.org") == os.EX_OK
    world.settle()
    receipt = Receipt.objects.get()
    assert (receipt.state, receipt.reason, receipt.size) == (
        ReceiptState.PARKED,
        ParkReason.TOO_LARGE,
        len(raw),
    )
    assert blobs.read(receipt.sha256) == raw


def test_a_mail_too_large_to_be_handed_over_is_kept_and_parked_beside_a_running_desk(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = RAW + b"x" * LMTP_MESSAGE_BYTES
    (tmp_path / "mail").write_bytes(raw)
    monkeypatch.setattr(sys, "stdin", (tmp_path / "mail").open())
    assert receive.main(["--to", "help@linden.example", "--from", "dalia@example.org"]) == os.EX_OK
    receipt = Receipt.objects.get()
    assert (receipt.reason, receipt.size, receipt.mail_from) == (
        ParkReason.TOO_LARGE,
        len(raw),
        "dalia@example.org",
    )
    assert blobs.read(receipt.sha256) == raw


def test_what_is_no_mail_by_its_size_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail").write_bytes(b"x" * 1_000)
    monkeypatch.setattr(sys, "stdin", (tmp_path / "mail").open())
    monkeypatch.setattr(receive, "LMTP_MESSAGE_BYTES", 10)
    monkeypatch.setattr(receive, "LARGEST_BYTES", 100)
    assert receive.main(["--to", "help@linden.example"]) == os.EX_DATAERR
    assert "larger than 100 bytes" in capsys.readouterr().err


def test_an_error_lets_the_mail_server_keep_the_mail(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mail").write_bytes(RAW)
    monkeypatch.setattr(sys, "stdin", (tmp_path / "mail").open())
    monkeypatch.setenv("HEED_LMTP", NOBODY)
    monkeypatch.setattr(receive, "DIRECT", "heed.cli.no_such_module")
    assert receive.main(["--to", "help@linden.example"]) == os.EX_TEMPFAIL
    assert "not stored directly either" in capsys.readouterr().err


def test_real_processes_keep_mail_in_a_desk_that_is_not_running(
    heed_home: Path, empty_database_url: str
) -> None:
    environment = {
        **os.environ,
        "HEED_HOME": str(heed_home),
        "HEED_DATABASE_URL": empty_database_url,
        "HEED_LMTP": NOBODY,
        "HEED_ADMIN_PASSWORD": "walks by the canal 17",
    }

    def heed(*words: str, mail: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [HEED, *words], input=mail, env=environment, capture_output=True, timeout=60, check=False
        )

    before = heed("mail", "receive", "--to", "help@linden.example", mail=RAW)
    assert before.returncode == os.EX_TEMPFAIL  # there is no desk at all yet
    made = heed("init", "--brand", "Linden", "--inbox", "help@linden.example", "--admin", "chen@desk.example")
    assert made.returncode == 0, made.stderr
    for to, code in (("help@linden.example", os.EX_OK), ("nobody@linden.example", os.EX_NOUSER)):
        done = heed("mail", "receive", "--to", to, "--from", "dalia@example.org", mail=RAW)
        assert done.returncode == code, done.stderr
    assert b'"mail": 1' in heed("status", "--json").stdout
