"""The programs that tests need from the machine: PostgreSQL, Chromium, and mail servers. Find them, or install them.

On Debian, as root, what is missing is installed without starting a service and without making a database
cluster. Everybody else gets a message that names the packages.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOCK_SECONDS = 120
_SERVERS = f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin"
POLICY = Path("/usr/sbin/policy-rc.d")
NO_CLUSTER = Path("/etc/postgresql-common/createcluster.d/heed-tests.conf")


class Missing(Exception):
    """A program that tests need is not there; the text says how to get it."""


def find_postgres() -> Path | None:
    """The folder with PostgreSQL's server programs, the newest version first; None when there is none."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("initdb")) else []
    for base in ("/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"):
        versions = Path(base).glob("*/bin/initdb")
        folders += sorted((path.parent for path in versions), key=_version, reverse=True)
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


def find_chromium() -> str | None:
    """The Chromium to start: HEED_CHROMIUM, else the first of the usual names; None when there is none."""
    names = (os.environ.get("HEED_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


def find_dovecot() -> str | None:
    """Dovecot with IMAP and POP3, which tests start for themselves; None when a part is missing."""
    found = shutil.which("dovecot", path=_SERVERS)
    parts = (Path("/usr/lib/dovecot/imap"), Path("/usr/lib/dovecot/pop3"))
    return found if found and all(part.exists() for part in parts) else None


def find_exim() -> str | None:
    """Exim, which tests start for themselves; None when there is none."""
    return next((found for name in ("exim4", "exim") if (found := shutil.which(name, path=_SERVERS))), None)


def _missing() -> list[str]:
    """Debian's names of what is not there."""
    packages = [] if find_postgres() else ["postgresql"]
    packages += [] if find_chromium() else ["chromium"]
    packages += [] if find_dovecot() else ["dovecot-imapd", "dovecot-pop3d"]
    return packages + ([] if find_exim() else ["exim4-daemon-light"])


def ensure_programs() -> None:
    """Afterwards all of them are installed, or Missing says which packages to install."""
    packages = _missing()
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Missing(f"Tests need {names}. On Debian: sudo apt-get install --no-install-recommends {names}")
    print(f"Installing {names} from the system's package source.", flush=True)
    with _nothing_starts():
        _apt("update", "--quiet")
        _apt("install", "--yes", "--quiet", "--no-install-recommends", *packages)
    if _missing():
        raise Missing(f"{names}: installed, but the programs are still not found.")


def _apt(*arguments: str) -> None:
    """Run apt-get, waiting up to two minutes for another one to finish."""
    command = ["apt-get", "-o", f"DPkg::Lock::Timeout={LOCK_SECONDS}", *arguments]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return
        # The time-out above holds for dpkg's lock only; the lock of the package lists fails at once.
        if "Could not get lock" not in done.stderr or time.monotonic() > deadline:
            raise Missing(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        time.sleep(2)


@contextmanager
def _nothing_starts() -> Iterator[None]:
    """While it lasts, installed packages start no service and make no database cluster."""
    made = []
    for path, text, mode in (
        (POLICY, "#!/bin/sh\nexit 101\n", 0o755),
        (NO_CLUSTER, "create_main_cluster = false\n", 0o644),
    ):
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            path.chmod(mode)
            made.append(path)
    try:
        yield
    finally:
        for path in made:
            path.unlink(missing_ok=True)
