"""Prepare .venv from a lock file. Runs on a bare Python: only the standard library, no import of ours.

    python3 tools/env.py run     what Heed needs to run
    python3 tools/env.py dev     also what its tests and checks need

Does nothing, quickly, when the environment already fits the lock file.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "heed-environment.json"
BUILD_LOCK = "requirements-build.lock"  # what builds those libraries that come as source only
LOCKS = {
    "run": [BUILD_LOCK, "requirements.lock"],
    "dev": [BUILD_LOCK, "requirements.lock", "requirements-dev.lock"],
}

LAUNCHER = """#!{python}
import sys

from heed.cli.main import main

sys.exit(main())
"""


class CannotPrepare(Exception):
    """The environment can't be made; the text says what the person can do about it."""


def wanted(kind: str) -> dict[str, str]:
    """The state that the environment must have: Python version, place and the hash of each lock file."""
    state = {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in LOCKS[kind]}
    state["python"] = "{}.{}".format(*sys.version_info[:2])
    state["root"] = str(ROOT)  # scripts in a virtual environment hold its place: a moved folder starts anew
    return state


def recorded() -> dict[str, str]:
    """The state that the last complete preparation left; empty when there was none."""
    try:
        state = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state if isinstance(state, dict) else {}


def works() -> bool:
    """Whether .venv holds a Python of this version that starts and has pip."""
    question = "import pip, sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info[:2])
    try:
        return subprocess.run([VENV / "bin" / "python", "-c", question], check=False).returncode == 0
    except OSError:
        return False


def create() -> None:
    """Make an empty virtual environment; what stood there, broken, is removed."""
    shutil.rmtree(VENV, ignore_errors=True)
    done = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise CannotPrepare(
            "This Python can't make virtual environments. On Debian: apt-get install python3-venv\n"
            + done.stdout
            + done.stderr
        )


def install(lock: str) -> None:
    """Install exactly what the lock file names; a file with another hash is refused."""
    command: list[str | Path] = [VENV / "bin" / "python", "-m", "pip", "install", "--quiet", "--no-deps"]
    command += ["--disable-pip-version-check", "--require-hashes", "--no-build-isolation"]
    command += ["--requirement", ROOT / lock]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise CannotPrepare(f"Installing {lock} failed; pip's message stands above.")


def link_project() -> None:
    """Make the working tree importable and put the `heed` command into .venv/bin.

    A path file does what an editable install would do, without downloading a build tool.
    """
    [packages] = VENV.glob("lib/python*/site-packages")
    (packages / "heed-working-tree.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    launcher = VENV / "bin" / "heed"
    launcher.write_text(LAUNCHER.format(python=VENV / "bin" / "python"), encoding="utf-8")
    launcher.chmod(0o755)


def prepare(kind: str) -> None:
    """Bring .venv to the state that the lock files of this kind describe."""
    state, before = wanted(kind), recorded()
    if all(before.get(key) == value for key, value in state.items()) and (VENV / "bin" / "heed").exists():
        return
    print(f"Preparing .venv ({kind}), once; this takes a minute.", flush=True)
    if before.get("root", str(ROOT)) != str(ROOT) or not works():
        create()
    STAMP.unlink(missing_ok=True)  # a preparation that is cut off is done again
    install(BUILD_LOCK)
    install(LOCKS[kind][-1])
    link_project()
    STAMP.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


def main() -> int:
    """Read the one argument, prepare, and say in plain words what is missing."""
    if sys.version_info < (3, 11):
        print(
            "Heed needs Python 3.11 or newer; this is {}.{}.".format(*sys.version_info[:2]), file=sys.stderr
        )
        return 1
    kinds = sys.argv[1:]
    if len(kinds) != 1 or kinds[0] not in LOCKS:
        print(__doc__, file=sys.stderr)
        return 2
    os.environ.pop("PYTHONPATH", None)
    os.environ.pop("PYTHONHOME", None)
    try:
        prepare(kinds[0])
    except CannotPrepare as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
