"""A desk whose database has no room left: nobody hears "kept" for what is not, nothing dies, and all comes afterwards.

The disk is a small one in memory, filled to its last page. On SQLite it holds the desk, on PostgreSQL a tablespace.
"""

import base64
import os
import random
import secrets
import shutil
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from psycopg import sql

from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot, dovecot
from heed.mailboxes.tests.post_office import letter
from tests.journeys.company import HELP
from tests.journeys.desk import HEED, PROJECT, Desk
from tests.journeys.test_mailboxes import subjects, wait_for_mails
from tools.databases import mould_on, ready_database

pytestmark = pytest.mark.journey

DISK_MEGABYTES = 160
LARGE_BYTES = (
    7_000_000  # more than free pages and a log that begins anew may hold, and still kept in the database
)
FULL_SECONDS = 12.0  # a mailbox is looked into more than once


@contextmanager
def small_disk() -> Iterator[Path]:
    """A folder that holds so many megabytes. Mounting one is root's."""
    folder = Path(tempfile.mkdtemp(prefix="heed-disk-"))
    size = f"size={DISK_MEGABYTES}m,mode=0755"
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        if done.returncode:
            pytest.skip(f"a small disk can't be mounted here: {done.stderr.strip()}")
        folder.parent.chmod(folder.parent.stat().st_mode | 0o011)
        yield folder
    finally:
        if not done.returncode:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def disk() -> Iterator[Path]:
    """A small disk."""
    with small_disk() as folder:
        yield folder


@pytest.fixture
def database_there(disk: Path) -> Iterator[str]:
    """The URL of a database on that disk, of this version and with nothing in it."""
    server = os.environ.get("HEED_DATABASE_URL", "")
    if not server.startswith("postgres"):
        with ready_database(disk) as url:
            yield url
        return
    name = f"heed_{secrets.token_hex(6)}"
    named, mould = sql.Identifier(name), sql.Identifier(mould_on(server))
    with psycopg.connect(server, autocommit=True) as line:
        (data,) = line.execute("SHOW data_directory").fetchone() or ("",)
        owner = Path(data).stat()
        os.chown(disk, owner.st_uid, owner.st_gid)
        line.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(named, sql.Literal(str(disk))))
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} TABLESPACE {}")
        line.execute(create.format(named, mould, named))
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        (disk / "ballast").unlink(missing_ok=True)
        with psycopg.connect(server, autocommit=True) as line:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(named))
            line.execute(sql.SQL("DROP TABLESPACE {}").format(named))


def fill(disk: Path) -> None:
    """Leave no room at all."""
    with (disk / "ballast").open("ab", buffering=0) as file:
        for size in (65_536, 4_096):
            with suppress(OSError):
                while True:
                    file.write(b"\0" * size)


def large(number: int) -> bytes:
    """A mail that no database can make small."""
    noise = base64.encodebytes(random.Random(number).randbytes(LARGE_BYTES * 3 // 4)).decode()
    return letter(number, text=noise)


def send(desk: Desk, raw: bytes) -> None:
    with smtplib.SMTP("127.0.0.1", desk.ports[1], timeout=60) as line:
        line.sendmail("dalia@example.org", [HELP], raw)


def pipe(desk: Desk, raw: bytes) -> int:
    command = [HEED, "mail", "receive", "--to", HELP, "--from", "dalia@example.org"]
    return subprocess.run(
        command, input=raw, env=dict(desk.environment), cwd=PROJECT, capture_output=True, check=False
    ).returncode


def is_refused_for_now(desk: Desk, raw: bytes) -> bool:
    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(desk, raw)
    return refused.value.smtp_code == 451


def connect(desk: Desk, post: Dovecot) -> None:
    where = ["127.0.0.1", "--port", str(post.imap), "--security", "plain", "--user", "help"]
    desk.heed("mailbox", "add", *where, "--inbox", HELP, "--work-from", "2020-01-01", "--after", "delete")


def test_a_full_disk_costs_nothing_but_time(disk: Path, database_there: str, heed_home: Path) -> None:
    on_disk = database_there.startswith("sqlite")
    more = {"HEED_MAILBOX_PASSWORD": PASSWORD, "HEED_MAILBOX_POLL_SECONDS": "5"}
    desk = Desk(disk / "home" if on_disk else heed_home, database_there, "", more=more)
    desk.home.mkdir(exist_ok=True)
    with dovecot() as post:
        desk.set_up()
        connect(desk, post)
        with desk.serving():
            send(desk, letter(0))
            wait_for_mails(desk, 1, 60)
            running = sorted(desk.children())
            fill(disk)
            post.put(large(1))
            assert is_refused_for_now(desk, large(2))
            assert pipe(desk, large(3)) == os.EX_TEMPFAIL
            until = time.monotonic() + FULL_SECONDS
            while time.monotonic() < until:
                fill(disk)
                time.sleep(0.5)
            assert is_refused_for_now(desk, large(2))
            assert post.count() == 1
            assert sorted(desk.children()) == running

            (disk / "ballast").unlink()
            send(desk, large(2))
            assert pipe(desk, large(3)) == os.EX_OK
            wait_for_mails(desk, 4, 120)
            assert sorted(desk.children()) == running
            assert post.count() == 0
        assert set(subjects(desk).values()) == {1}
        assert desk.tells("check")["findings"] == []
