"""Every check and test of Heed, step by step. `make test` calls this.

A check that finds something ends the run; a suite that fails does not hide what the others find. The end says how long
each step took.

    python -m tools.test                                everything
    python -m tools.test --only lint                    the checks that run no test
    python -m tools.test --only journeys                one suite, on both engines
    python -m tools.test --engine sqlite heed/intake    what follows the options goes to pytest

Needs an environment made by `make env`. Programs that are missing, PostgreSQL and Chromium, are installed
where that is allowed (Debian, root); else a message names the packages.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tools.machine import Missing, ensure_programs
from tools.postgres import forgetful_postgres

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
ENGINES = ("sqlite", "postgres")
FINE = (0, 5)  # pytest's exit codes when all passed, and when a selection holds no test
INTERRUPTED = 130

CLOSING = re.compile(r"^=* ?(?P<counts>(\d+ \w+(, )?)+|no tests ran) in [\d.]+s( \(.*\))? ?=*$")
COUNT = re.compile(r"(\d+) (passed|failed|error|skipped|deselected|xfailed|xpassed|warning)")
COUNTED = ("failed", "passed", "skipped", "xfailed", "xpassed", "warning", "error")

CHECKS: dict[str, Sequence[str]] = {  # the longest first
    "types": [str(BIN / "mypy")],
    "format": [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
    "ruff": [str(BIN / "ruff"), "check", "--quiet", "."],
    "import contract": [str(BIN / "lint-imports"), "--no-cache", "--no-logo"],
    "own lint": [PYTHON, "-m", "tools.lint"],
    "templates": [PYTHON, "-m", "tools.templates", "--check"],
    "catalogues": [PYTHON, "-m", "tools.translations", "--check"],
}

TWO_AT_ONCE = ("--numprocesses", "2")
THREE_AT_ONCE = (
    "--numprocesses",
    "3",
    "--dist",
    "worksteal",
)  # many wait for servers and clocks: on two cores a third fills the gaps


@dataclass(frozen=True)
class Suite:
    """Tests that run in one go: which marks they carry, and how pytest runs them."""

    marks: str
    options: tuple[str, ...] = ()
    elsewhere: str = ""  # the marks on every engine after the first, where fewer tests tell enough
    is_patient: bool = False  # it mostly waits: all engines at once


SUITES = {
    "units": Suite(
        "not browser and not journey and not scale",
        THREE_AT_ONCE,
        elsewhere="not browser and not journey and not scale and not engineless",
    ),
    "browser": Suite(
        "browser and not journey and not scale",
        # each of the two has a desk of its own; a file stays in one; tests/browser/conftest.py says which come first
        (*TWO_AT_ONCE, "--dist", "loadfile", "--no-loadscope-reorder"),
        elsewhere="browser and smoke",
    ),
    "journeys": Suite("journey", elsewhere="journey and not engineless", is_patient=True),
    "scale": Suite("scale and not journey"),
}
CHOSEN = Suite("")  # whatever the person names, in one go


class Failed(Exception):
    """A step failed; its output stands above."""


@dataclass
class Run:
    """What the steps of a run share: a folder for their state, and what pytest counted so far."""

    home: Path
    counts: Counter[str] = field(default_factory=Counter)
    took: list[tuple[str, float]] = field(default_factory=list)  # each step that ended, and its seconds
    started: float = field(default_factory=time.monotonic)

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a step: a person's own settings of a desk stay outside.

        So does a container's wish to keep no compiled Python: each of hundreds of `heed` processes would compile anew.
        """
        outside = ("HEED_", "PYTHONDONTWRITEBYTECODE")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(outside)}
        kept |= {name: os.environ[name] for name in ("HEED_TEST_DATA", "HEED_CHROMIUM") if name in os.environ}
        return {**kept, "HEED_HOME": str(self.home), **more}

    def times(self) -> str:
        """How long each step took, one a line."""
        return "\n".join(f"{seconds:8.1f} s  {name}" for name, seconds in self.took)

    def closing_line(self) -> str:
        """The last line of the run, in pytest's form, over all its steps."""
        parts = [f"{self.counts[word]} {word}" for word in COUNTED if self.counts[word]]
        seconds = time.monotonic() - self.started
        return f" {', '.join(parts) or 'no tests ran'} in {seconds:.2f}s ".center(100, "=")


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what runs, and afterwards how long it took or that it failed."""
    begun = time.monotonic()
    print(f"--- {name}", flush=True)
    try:
        yield
    except Failed:
        print(f"--- {name}: FAILED after {time.monotonic() - begun:.1f} s", flush=True)
        raise
    print(f"--- {name}: good, {time.monotonic() - begun:.1f} s", flush=True)


def check(run: Run, name: str) -> None:
    """Run one check that is a program of its own; what it says is shown when it finds something."""
    begun = time.monotonic()
    done = subprocess.run(
        CHECKS[name],
        cwd=ROOT,
        env=run.environment(),
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    _say_how(run, name, failed=bool(done.returncode), begun=begun, found=done.stdout)
    if done.returncode:
        raise Failed(name)


def check_all(run: Run) -> None:
    """Run every check, two at once, the longest first; the first that found something is named."""
    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(check, run, name) for name in CHECKS]:
            done.result()


@dataclass
class Pytest:
    """One run of pytest: what it is called, what it is told."""

    name: str
    options: Sequence[str]
    environment: Mapping[str, str]


def pytest(run: Run, *those: Pytest) -> list[str]:
    """Run pytest, one or several at once, pass the output on and keep the closing lines; give what failed."""
    begun = time.monotonic()
    names = " and ".join(one.name for one in those)
    print(f"--- {names}", flush=True)
    processes = [_start(run, one) for one in those]
    with ThreadPoolExecutor(len(those)) as pool:
        try:
            for counted in [pool.submit(_pass_on, process) for process in processes]:
                run.counts.update(counted.result())
        except KeyboardInterrupt:
            for process in processes:
                process.send_signal(signal.SIGINT)  # pytest then ends its fixtures and what they started
            for process in processes:
                process.wait(timeout=30)
            raise
        finally:
            for process in processes:
                process.kill()
    failed = [one.name for one, process in zip(those, processes, strict=True) if process.wait() not in FINE]
    _say_how(run, names, failed=bool(failed), begun=begun)
    return failed


def _say_how(run: Run, name: str, *, failed: bool, begun: float, found: str = "") -> None:
    seconds = time.monotonic() - begun
    run.took.append((name, seconds))
    if failed and found:
        print(found, flush=True)
    word = "FAILED after" if failed else "good,"
    print(f"--- {name}: {word} {seconds:.1f} s", flush=True)


def _start(run: Run, one: Pytest) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PYTHON, "-m", "pytest", "--quiet", *one.options],
        cwd=ROOT,
        env=run.environment(**one.environment),
        stdout=subprocess.PIPE,
        text=True,
    )


def _pass_on(process: subprocess.Popen[str]) -> Counter[str]:
    """Print what pytest says, and give what its closing line counts."""
    counts: Counter[str] = Counter()
    for line in process.stdout or ():
        if found := CLOSING.match(line.strip()):
            counts.update({word: int(number) for number, word in COUNT.findall(found["counts"])})
            print(f"    {found['counts']}", flush=True)
        else:
            print(line, end="", flush=True)
    process.wait()
    return counts


def run_tests(
    run: Run, engines: Sequence[str], suites: Mapping[str, Suite], selection: Sequence[str]
) -> None:
    """Run each suite on each engine; PostgreSQL runs only as long as it is needed. Raises Failed when all have run."""
    failed: list[str] = []
    with ExitStack() as programs:
        environments: dict[str, dict[str, str]] = {"sqlite": {}}
        with step("programs"):
            ensure_programs()
            if "postgres" in engines:
                environments["postgres"] = {"HEED_DATABASE_URL": programs.enter_context(forgetful_postgres())}
        for name, suite in suites.items():
            spread = () if selection else suite.options  # for a few files, starting workers costs more
            those = []
            for engine in engines:
                marks = suite.marks if engine == engines[0] else suite.elsewhere or suite.marks
                options = ["-m", marks, *spread, *selection]
                those.append(Pytest(f"{name} on {engine}", options, environments[engine]))
            for together in [those] if suite.is_patient else [[one] for one in those]:
                failed += pytest(run, *together)
    if failed:
        raise Failed(", ".join(failed))
    if not run.counts["passed"]:
        raise Failed("no test passed, since none was found")


def wished(only: str | None, selection: Sequence[str]) -> Mapping[str, Suite]:
    """The suites to run: the one that is named, else all; a selection of tests is a suite of its own."""
    if only:
        return {only: SUITES[only]}
    return {"chosen tests": CHOSEN} if selection else SUITES


def carry_out(run: Run, wish: argparse.Namespace, selection: Sequence[str]) -> int:
    """Do what the command line wishes; give the exit code."""
    try:
        if wish.only == "lint" or not (wish.only or wish.engine or selection):
            check_all(run)
        if wish.only != "lint":
            engines = [wish.engine] if wish.engine else ENGINES
            run_tests(run, engines, wished(wish.only, selection), selection)
    except Failed as failure:
        print(f"\nStopped: {failure}.", flush=True)
        return 1
    except Missing as problem:
        print(f"\nStopped: {problem}", flush=True)
        return 1
    except KeyboardInterrupt:
        print("\nStopped by hand.", flush=True)
        return INTERRUPTED
    return 0


def main() -> int:
    """Read the command line and run; the last line is the sum over all steps."""
    parser = argparse.ArgumentParser(
        prog="make test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=["lint", *SUITES], help="lint, or one suite of tests")
    parser.add_argument("--engine", choices=ENGINES, help="one database engine; default: both")
    wish, selection = parser.parse_known_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with tempfile.TemporaryDirectory(prefix="heed-make-test-", ignore_cleanup_errors=True) as home:
        run = Run(Path(home))
        code = carry_out(run, wish, selection)
    if len(run.took) > 1:
        print(f"\n{run.times()}", flush=True)
    if wish.only != "lint":
        print(run.closing_line(), flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())
