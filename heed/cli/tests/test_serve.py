"""`heed serve` on real processes: everything runs, what dies comes back, nothing is left behind."""

import json
import os
import re
import signal
import smtplib
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

pytestmark = pytest.mark.journey
ROOT = Path(__file__).parents[3]
HEED = [sys.executable, "-c", "import sys; from heed.cli.main import main; sys.exit(main())"]
PROCESSES = 3  # the doors, a second one for pages, a worker
PATIENCE_SECONDS = 90  # a machine that runs all tests at once is slow
MAIL = b"From: Dalia <dalia@example.org>\r\nTo: help@nord.example\r\nSubject: %b\r\n\r\nHello\r\n"


@dataclass
class Desk:
    """Where a desk keeps its state, and how to call its commands."""

    environment: dict[str, str]
    log: Path

    def heed(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [*HEED, *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env=self.environment,
            timeout=60,
        )

    @contextmanager
    def serving(self) -> Iterator["Running"]:
        with self.log.open("w") as log:
            command = [
                *HEED,
                "serve",
                "--http",
                "127.0.0.1:0",
                "--smtp",
                "127.0.0.1:0",
                "--lmtp",
                "127.0.0.1:0",
            ]
            process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        running = Running(process, self)
        try:
            wait_for(lambda: "Mail" in self.log.read_text())
            yield running
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE_SECONDS)

    def address(self, pattern: str) -> tuple[str, int]:
        found = re.search(pattern + r"(127\.0\.0\.1):(\d+)", self.log.read_text())
        assert found, self.log.read_text()
        return found[1], int(found[2])


@dataclass
class Running:
    """A desk that serves."""

    process: "subprocess.Popen[bytes]"
    desk: Desk

    def children(self) -> list[int]:
        return sorted(pid for pid, state in self._family() if state != "Z")

    def zombies(self) -> list[int]:
        return [pid for pid, state in self._family() if state == "Z"]

    def names(self) -> list[str]:
        """Of the children that have said who they are."""
        found = (Path(f"/proc/{pid}/comm").read_text().strip() for pid in self.children())
        return sorted(name for name in found if name.startswith("heed "))

    def _family(self) -> Iterator[tuple[int, str]]:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                words = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(words[1]) == self.process.pid:
                yield int(stat.parent.name), words[0]

    def answers(self) -> bool:
        host, port = self.desk.address("Pages +http://")
        with urllib.request.urlopen(
            f"http://{host}:{port}/accounts/login/", timeout=PATIENCE_SECONDS
        ) as page:
            return bool(page.status == 200)

    def takes_mail(self, subject: str = "Hello") -> None:
        with smtplib.SMTP(*self.desk.address("SMTP "), timeout=PATIENCE_SECONDS) as line:
            line.sendmail("dalia@example.org", ["help@nord.example"], MAIL % subject.encode())

    def is_settled_with(self, mails: int) -> bool:
        status = json.loads(self.desk.heed("status", "--json").stdout)
        return (
            status["settled"] and len(self.desk.heed("export", "conversations").stdout.splitlines()) == mails
        )


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def resident_kilobytes(pid: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


@pytest.fixture
def desk(heed_home: Path, database_url: str, tmp_path: Path) -> Desk:
    environment = {
        "HEED_HOME": str(heed_home),
        "HEED_DATABASE_URL": database_url,
        "HEED_PAGES": "2",
        "HEED_ADMIN_PASSWORD": "quiet brown river",
        "PATH": os.environ["PATH"],
    }
    made = Desk(environment, tmp_path / "serve.log")
    done = made.heed("init", "--brand", "Nord", "--inbox", "help@nord.example", "--admin", "ana@nord.example")
    assert done.returncode == 0, done.stderr
    return made


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_command_runs_the_desk_and_one_signal_ends_it(desk: Desk, number: signal.Signals) -> None:
    with desk.serving() as running:
        assert running.answers()
        running.takes_mail()
        wait_for(lambda: running.is_settled_with(1))
        children = running.children()
        assert len(children) == PROCESSES
        running.process.send_signal(number)
        assert running.process.wait(PATIENCE_SECONDS) == 0
        assert not any(map(is_running, children))
    log = desk.log.read_text()
    assert log.endswith("Heed has stopped; the data is kept.\n")
    assert not re.search("Traceback|was ended|was killed", log)
    assert json.loads(desk.heed("check", "--json").stdout)["ok"]


def test_what_dies_is_started_again_however_often_and_callers_only_wait(desk: Desk) -> None:
    with desk.serving() as running:
        assert running.answers()
        seen = set(running.children())
        for mails in (1, 2):
            for pid in running.children():
                os.kill(pid, signal.SIGKILL)
            assert running.answers()
            running.takes_mail(subject=f"Letter {mails}")
            wait_for(partial(running.is_settled_with, mails))
            wait_for(lambda: len(running.children()) == PROCESSES)
            assert not seen & set(running.children())
            seen |= set(running.children())
        wait_for(lambda: running.names() == ["heed doors", "heed pages 2", "heed worker 1"])
        assert not running.zombies()
    log = desk.log.read_text()
    assert log.count("was ended by SIGKILL; starting it again in 0.1 s") == PROCESSES
    assert log.count("was ended by SIGKILL; starting it again in 0.2 s") == PROCESSES
    assert "Traceback" not in log


def test_a_desk_stops_at_once_while_a_child_is_being_started_again(desk: Desk) -> None:
    with desk.serving() as running:
        assert running.answers()
        for pid in running.children():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: "runs again" in desk.log.read_text())
        os.killpg(running.process.pid, signal.SIGINT)  # as a terminal does it: to all
        assert running.process.wait(PATIENCE_SECONDS) == 0
    assert not re.search("Traceback|was killed", desk.log.read_text())


def test_when_the_parent_is_killed_no_child_is_left_and_its_ports_are_free(desk: Desk) -> None:
    with desk.serving() as running:
        assert running.answers()
        os.kill(running.children()[0], signal.SIGKILL)
        assert running.answers()
        wait_for(lambda: len(running.names()) == PROCESSES)  # some were forked, one was started later
        children = running.children()
        running.process.kill()
        running.process.wait()
        wait_for(lambda: not any(map(is_running, children)))
    with desk.serving() as again:
        assert again.answers()


def test_the_parent_keeps_nothing_of_what_its_children_share(desk: Desk) -> None:
    with desk.serving() as running:
        assert running.answers()
        parent, *children = (resident_kilobytes(pid) for pid in (running.process.pid, *running.children()))
        assert min(children) > 30_000
        assert parent < 16_000


def test_a_parent_that_nobody_listens_to_goes_on() -> None:
    listener, speaker = os.pipe()
    os.close(listener)
    words = "from heed.cli import parent; parent.say('one'); parent.say('two')"
    done = subprocess.run([sys.executable, "-c", words], stderr=speaker, check=False)
    os.close(speaker)
    assert done.returncode == 0


def test_a_port_in_use_is_told_in_one_sentence(desk: Desk) -> None:
    with desk.serving():
        host, port = desk.address("SMTP ")
        done = desk.heed(
            "serve", "--http", "127.0.0.1:0", "--smtp", f"{host}:{port}", "--lmtp", "127.0.0.1:0"
        )
        assert done.returncode == 1
        assert done.stderr.startswith(f"heed: Port {port} on {host} is in use")
        assert "--smtp" in done.stderr
        assert len(done.stderr.splitlines()) == 1


def test_two_that_start_at_once_migrate_once(heed_home: Path, empty_database_url: str) -> None:
    environment = {
        "HEED_HOME": str(heed_home),
        "HEED_DATABASE_URL": empty_database_url,
        "PATH": os.environ["PATH"],
    }
    both = [
        subprocess.Popen(
            [*HEED, "migrate"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=PATIENCE_SECONDS) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("were applied" in out for out, _ in said) == 1
