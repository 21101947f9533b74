"""A whole desk as real processes: `heed serve`, its children, and the commands that ask it something."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.journeys.company import HELP, LINDEN

PROJECT = Path(__file__).resolve().parents[2]
HEED = str(Path(sys.executable).with_name("heed"))
GROW = "import django; django.setup(); from tests.journeys.company import grow; grow()"


def free_ports(number: int) -> list[int]:
    """So many TCP ports that nothing listens on, all different."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@dataclass
class Desk:
    """A desk and where it listens."""

    home: Path
    database_url: str
    sink_url: str
    workers: int = 1
    ports: list[int] = field(default_factory=lambda: free_ports(3))
    server: subprocess.Popen[bytes] | None = None
    more: Mapping[str, str] = field(default_factory=dict)  # further settings and secrets

    @property
    def roles(self) -> Sequence[str]:
        """The kinds of processes that it has: on PostgreSQL a second one answers pages."""
        return ("doors", "pages", "worker") if self.database_url else ("doors", "worker")

    @property
    def environment(self) -> Mapping[str, str]:
        """What its processes are told."""
        http, smtp, lmtp = (f"127.0.0.1:{port}" for port in self.ports)
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEED_")}
        return {
            **kept,
            "DJANGO_SETTINGS_MODULE": "heed.project.settings",
            "HEED_HOME": str(self.home),
            "HEED_DATABASE_URL": self.database_url,
            "HEED_PAGES": "2" if self.database_url else "1",
            "HEED_HTTP": http,
            "HEED_SMTP": smtp,
            "HEED_LMTP": lmtp,
            "HEED_SMTP_URL": self.sink_url,
            "HEED_ADMIN_PASSWORD": "walks by the canal 17",
            "HEED_LEASE_SECONDS": "6",  # what a dead worker had begun is taken on so soon
            **self.more,
        }

    @property
    def log(self) -> Path:
        """What `heed serve` says to the person who runs it."""
        return self.home.with_name("serve.log")

    def run(self, *command: str, may_end_with: tuple[int, ...] = (0,)) -> str:
        """What a command prints. Fails when it ends otherwise than it may."""
        done = subprocess.run(
            command, env=dict(self.environment), cwd=PROJECT, capture_output=True, text=True, timeout=120
        )
        assert done.returncode in may_end_with, f"{command} ended with {done.returncode}: {done.stderr}"
        return done.stdout

    def heed(self, *words: str, may_end_with: tuple[int, ...] = (0,)) -> str:
        """What a `heed` command prints."""
        return self.run(HEED, *words, may_end_with=may_end_with)

    def tells(self, *words: str) -> Any:
        """The JSON that a `heed` command prints; `heed check` ends with 1 when it found something."""
        return json.loads(self.heed(*words, "--json", may_end_with=(0, 1)))

    def set_up(self) -> None:
        """Make the company."""
        self.heed("init", "--brand", LINDEN, "--inbox", HELP, "--admin", "chen@desk.example")
        self.run(sys.executable, "-c", GROW)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """`heed serve` runs inside; afterwards it was asked to stop and nothing of it is left."""
        with self.log.open("ab") as log:
            self.server = subprocess.Popen(
                [HEED, "serve", "--workers", str(self.workers)],
                env=dict(self.environment),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            try:
                self.await_all_roles()
                yield
                self.server.send_signal(signal.SIGTERM)
                assert self.server.wait(40) == 0
            except BaseException as error:
                error.add_note(f"what heed serve said last:\n{self.log.read_text()[-4_000:]}")
                raise
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(self.server.pid, signal.SIGKILL)
                self.server.wait(10)

    def await_all_roles(self) -> None:
        """Wait until each role has a process and the pages answer."""
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if {name for name, _ in self.children()} >= set(self.roles) and self.pages_answer():
                return
            time.sleep(0.1)
        raise AssertionError(f"the desk does not come up:\n{self.log.read_text()}")

    def pages_answer(self) -> bool:
        """Whether the log-in page is there."""
        address = f"http://127.0.0.1:{self.ports[0]}/"
        with suppress(OSError), urllib.request.urlopen(address, timeout=10) as answer:
            return bool(answer.status == 200)
        return False

    def children(self) -> list[tuple[str, int]]:
        """(role, process) of each child that lives and has its name already."""
        assert self.server is not None
        assert self.server.poll() is None, f"heed serve ended by itself:\n{self.log.read_text()}"
        listed = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        found: list[tuple[str, int]] = []
        for pid in map(int, listed):
            with suppress(OSError):
                name = Path(f"/proc/{pid}/comm").read_text().strip()
                if name.startswith("heed "):
                    found.append((name.split()[1], pid))
        return [(name, pid) for name, pid in found if name in self.roles]

    def processes(self, role: str) -> list[int]:
        """The processes of a role that live."""
        return [pid for name, pid in self.children() if name == role]


def is_at_work(pid: int) -> bool:
    """Whether a process computes or waits for the disk at this moment; a dead one does not."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in ("R", "D")
    return False
