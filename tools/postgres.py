"""A PostgreSQL of our own, on a free port, in a folder that goes away with it. Never the machine's instance.

    python -m tools.postgres -- pytest heed/intake      run a command against it
    python -m tools.postgres                            keep it until Ctrl-C, and print its address

The command finds the address in HEED_DATABASE_URL. As root the server runs as an unprivileged user, since
PostgreSQL refuses root.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tools.machine import Missing, find_postgres

FAST = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",  # it would count rows whenever it likes, and plans are chosen by the counts
}
COMMON = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "log_min_messages": "fatal",
    "timezone": "UTC",
}


@contextmanager
def forgetful_postgres() -> Iterator[str]:
    """Give the URL of a server that flushes nothing: fast, for tests, which never cut the power."""
    with _server({**COMMON, **FAST}) as url:
        yield url


@contextmanager
def durable_postgres() -> Iterator[str]:
    """Give the URL of a server that flushes as a real one does: for whatever measures durability."""
    with _server(COMMON) as url:
        yield url


@contextmanager
def kept_postgres(folder: Path) -> Iterator[str]:
    """Give the URL of a durable server whose folder stays: started again there, it holds what it held."""
    secret = folder / "secret"
    if not secret.exists():
        folder.mkdir(parents=True, exist_ok=True)
        cluster = _cluster(folder)
        password = secrets.token_urlsafe(16)
        _initialise(cluster, password)
        secret.touch(mode=0o600)
        secret.write_text(password, encoding="utf-8")
    with _running(_cluster(folder), COMMON, secret.read_text(encoding="utf-8")) as url:
        yield url


@dataclass(frozen=True)
class _Cluster:
    """Where the server's programs and files are, and the user that it runs as (None: ourselves)."""

    programs: Path
    folder: Path
    user: pwd.struct_passwd | None

    @property
    def uid(self) -> int | None:
        return self.user.pw_uid if self.user else None

    @property
    def gid(self) -> int | None:
        return self.user.pw_gid if self.user else None

    def own(self, path: Path) -> None:
        """Hand a file or folder to the user that the server runs as."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)


@contextmanager
def _server(settings: Mapping[str, str]) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="heed-postgres-"))
    password = secrets.token_urlsafe(16)
    try:
        cluster = _cluster(folder)
        _initialise(cluster, password)
        with _running(cluster, settings, password) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _cluster(folder: Path) -> _Cluster:
    """A server's files in this folder, which is its user's from now on. Raises Missing."""
    programs = find_postgres()
    if programs is None:
        raise Missing("PostgreSQL's server programs are missing. On Debian: apt-get install postgresql")
    cluster = _Cluster(programs, folder, _unprivileged())
    cluster.own(folder)
    return cluster


@contextmanager
def _running(cluster: _Cluster, settings: Mapping[str, str], password: str) -> Iterator[str]:
    process, port = _start(cluster, settings)
    try:
        yield f"postgresql://heed:{password}@127.0.0.1:{port}/postgres"
    finally:
        _stop(process)


def _unprivileged() -> pwd.struct_passwd | None:
    """The user that the server runs as; None when we are not root and run it ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("Neither user postgres nor user nobody exists, and PostgreSQL refuses to run as root.")


def _initialise(cluster: _Cluster, password: str) -> None:
    secret = cluster.folder / "password"
    secret.touch(mode=0o600)
    secret.write_text(password + "\n", encoding="utf-8")
    cluster.own(secret)
    command: list[str | Path] = [
        cluster.programs / "initdb",
        "--pgdata",
        cluster.folder / "data",
        "--no-sync",
    ]
    command += ["--username", "heed", "--pwfile", secret, "--auth", "scram-sha-256"]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    done = subprocess.run(
        command,
        cwd=cluster.folder,
        capture_output=True,
        text=True,
        check=False,
        user=cluster.uid,
        group=cluster.gid,
    )
    secret.unlink()
    if done.returncode:
        raise Missing(f"initdb failed:\n{done.stdout}{done.stderr}")


def _start(cluster: _Cluster, settings: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], int]:
    log = cluster.folder / "log"
    for _attempt in range(5):  # between our look and the server's start another program may take the port
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        options = [f"--{name}={value}" for name, value in {**settings, "port": str(port)}.items()]
        with log.open("wb") as out:
            process = subprocess.Popen(
                [cluster.programs / "postgres", "-D", cluster.folder / "data", *options],
                cwd=cluster.folder,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C is for us; the server stops when all who use it are done
                user=cluster.uid,
                group=cluster.gid,
            )
        if _answers(cluster, process, port):
            return process, port
    raise Missing(f"PostgreSQL does not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def _answers(cluster: _Cluster, process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the server answers; False when it ended instead."""
    question: list[str | Path] = [cluster.programs / "pg_isready", "--quiet", "--host", "127.0.0.1"]
    question += ["--port", str(port), "--timeout", "1"]
    while process.poll() is None:
        if subprocess.run(question, check=False).returncode == 0:
            return True
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    """Stop without waiting for connections: nothing in this server is worth keeping."""
    for means in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        process.send_signal(means)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
            return


def main() -> int:
    """Run a command against a server of its own, or hold one until Ctrl-C."""
    arguments = sys.argv[1:]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with forgetful_postgres() as url:
            if arguments[:1] == ["--"] and len(arguments) > 1:
                environment = {**os.environ, "HEED_DATABASE_URL": url}
                return subprocess.run(arguments[1:], env=environment, check=False).returncode
            print(f"export HEED_DATABASE_URL={url}", flush=True)
            signal.pause()
    except Missing as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
