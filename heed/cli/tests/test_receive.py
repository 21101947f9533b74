"""``heed mail receive`` answers a mail server in its own words: exit codes."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from heed.channels.email.tests.conftest import start  # noqa: F401 - a fixture
from heed.channels.email.tests.listening import Running, Start
from heed.cli import receive
from heed.kernel.hostport import HostPort

Capture = pytest.CaptureFixture[str]
HOME = Path(__file__).parents[3]
NOBODY = "127.0.0.1:9"  # the discard port: nobody listens there


def run(arguments: list[str], mail: bytes, lmtp: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "heed.cli.receive", *arguments],
        input=mail, capture_output=True, timeout=30, check=False, cwd=HOME, env={"HEED_LMTP": lmtp},
    )  # fmt: skip


def at(running: Running) -> str:
    return str(HostPort("127.0.0.1", running.lmtp_port))


def test_a_mail_from_a_mail_server_is_stored(start: Start) -> None:  # noqa: F811 - the fixture
    running = start()
    done = run(
        ["--to", "help@desk.example", "--from=-dash@b.example"], b"Subject: x\n\n\xff\0.\n", at(running)
    )
    assert (done.returncode, done.stdout, done.stderr) == (os.EX_OK, b"", b"")
    [kept] = running.shelf.mails
    assert kept.raw == b"Subject: x\r\n\r\n\xff\0.\r\n"
    assert (kept.mail_from, kept.recipients) == ("-dash@b.example", ("help@desk.example",))


def test_bounces_have_no_sender(start: Start) -> None:  # noqa: F811 - the fixture
    running = start()
    for options in ([], ["--from", ""], ["--from", "<>"], ["--from", "MAILER-DAEMON"]):
        assert run(["--to=help@desk.example", *options], b"x\n", at(running)).returncode == os.EX_OK
    assert {mail.mail_from for mail in running.shelf.mails} == {""}


def test_refusals_have_their_codes(start: Start) -> None:  # noqa: F811 - the fixture
    running = start()
    unknown = run(["--to", "nobody@elsewhere.example"], b"x\n", at(running))
    assert unknown.returncode == os.EX_NOUSER
    assert b"5.1.1" in unknown.stderr
    running.shelf.broken = True
    assert run(["--to", "help@desk.example"], b"x\n", at(running)).returncode == os.EX_TEMPFAIL
    assert running.shelf.mails == []


@pytest.mark.parametrize(
    "arguments",
    [[], ["--to"], ["--to="], ["--to=a@b", "--to=c@d"], ["--sender=x", "--to=a@b"], ["a@b.example"]],
)
def test_wrong_use_is_told(arguments: list[str]) -> None:
    done = run(arguments, b"x\n", NOBODY)
    assert done.returncode == os.EX_USAGE
    assert b"usage:" in done.stderr


def test_a_wrong_setting_bounces_nothing() -> None:
    assert run(["--to=a@b.example"], b"x\n", "somewhere").returncode == os.EX_TEMPFAIL


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A module that stores directly into a folder: what the desk's own does is tested with it."""
    (tmp_path / "kept_by_hand.py").write_text(
        "import pathlib\n"
        "def store(raw, *, to, sender):\n"
        "    if to.startswith('broken'): raise SystemExit('HEED_DATABASE_URL is wrong')\n"
        "    (pathlib.Path(__file__).parent / 'kept').write_bytes(raw + f'{to} {sender}'.encode())\n"
        "    return 67 if to.startswith('no') else 0\n"
    )
    mail = tmp_path / "mail"
    mail.write_bytes(b"Subject: x\n\ny\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "kept_by_hand", raising=False)
    monkeypatch.setattr(receive, "DIRECT", "kept_by_hand")
    monkeypatch.setenv("HEED_LMTP", NOBODY)
    monkeypatch.setattr(sys, "stdin", mail.open())
    return tmp_path / "kept"


@pytest.mark.parametrize(("to", "code"), [("help@b.example", 0), ("no@b.example", 67)])
def test_without_a_running_desk_it_is_stored_directly(stored: Path, to: str, code: int) -> None:
    assert receive.main(["--to", to, "--from", "a@b.example"]) == code
    assert stored.read_bytes() == b"Subject: x\r\n\r\ny\r\n" + f"{to} a@b.example".encode()


def test_when_that_fails_too_the_mail_server_keeps_it(stored: Path, capsys: Capture) -> None:
    assert receive.main(["--to", "broken@b.example"]) == os.EX_TEMPFAIL
    assert "HEED_DATABASE_URL is wrong" in capsys.readouterr().err
    assert not stored.exists()


def test_it_starts_quickly_and_loads_no_desk() -> None:
    code = (
        "import heed.cli.receive, sys;"
        "print({'django', 'aiosmtpd', 'smtplib', 'email', 'asyncio', 'dataclasses'} & set(sys.modules))"
    )
    seconds = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=HOME)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert done.stdout.strip() == b"set()"
    assert min(seconds) < 0.06  # of processor time: how busy the machine is says nothing
