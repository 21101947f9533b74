"""The tools that run everything: what they say at the end is true, and what they start goes away."""

import re
import subprocess
from pathlib import Path

import psycopg
import pytest

from tools.lock import EXPECTED
from tools.postgres import durable_postgres, forgetful_postgres
from tools.test import CLOSING, COUNT, Failed, Run, Suite, run_tests

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("line", "counts"),
    [
        ("12 passed in 0.31s", {"passed": 12}),
        ("1 failed, 3 passed, 2 skipped in 61.02s (0:01:01)", {"failed": 1, "passed": 3, "skipped": 2}),
        ("===== 1 passed, 1 warning, 2 errors in 0.5s =====", {"passed": 1, "warning": 1, "error": 2}),
        ("no tests ran in 0.01s", {}),
    ],
)
def test_pytests_closing_line_is_understood(line: str, counts: dict[str, int]) -> None:
    found = CLOSING.match(line)
    assert found
    assert {word: int(number) for number, word in COUNT.findall(found["counts"])} == counts


@pytest.mark.parametrize("line", ["FAILED test_a.py - 1 passed in 3s", "..... [100%]", "12 passed"])
def test_other_lines_are_passed_on(line: str) -> None:
    assert not CLOSING.match(line)


def test_the_last_line_sums_up_all_steps(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.counts.update({"passed": 12})
    run.counts.update({"passed": 3, "skipped": 1})
    assert re.fullmatch(r"=+ 15 passed, 1 skipped in \d+\.\d\ds =+", run.closing_line())


TWO_TESTS = """
import pytest

@pytest.mark.early
def test_one():
    raise AssertionError

@pytest.mark.late
def test_two():
    pass
"""


def test_a_suite_that_fails_hides_nothing_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_both.py").write_text(TWO_TESTS)
    monkeypatch.setattr("tools.test.ROOT", tmp_path)
    run = Run(tmp_path)
    with pytest.raises(Failed, match=r"^first on sqlite$"):
        run_tests(run, ["sqlite"], {"first": Suite("early"), "second": Suite("late")}, [])
    assert (run.counts["failed"], run.counts["passed"]) == (1, 1)


def test_the_end_says_how_long_each_step_took(tmp_path: Path) -> None:
    run = Run(tmp_path)
    run.took += [("types", 12.34), ("units on sqlite", 346)]
    assert run.times().splitlines() == ["    12.3 s  types", "   346.0 s  units on sqlite"]


def test_a_desk_of_ones_own_does_not_change_what_tests_see(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEED_DATABASE_URL", "postgresql://mine/desk")
    monkeypatch.setenv("HEED_SILENCE_DAYS", "3")
    assert {name for name in Run(tmp_path).environment() if name.startswith("HEED_")} <= {
        "HEED_HOME",
        "HEED_TEST_DATA",
        "HEED_CHROMIUM",
    }


def test_only_the_durable_server_flushes_and_both_go_away() -> None:
    for server, flushes in ((durable_postgres, "on"), (forgetful_postgres, "off")):
        with server() as url, psycopg.connect(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == (flushes,)
            row = connection.execute("SHOW data_directory").fetchone()
        assert row
        assert not Path(row[0]).exists()
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url)


@pytest.mark.parametrize(
    ("name", "least"),
    [("requirements-build.lock", 1), ("requirements.lock", 30), ("requirements-dev.lock", 30)],
)
def test_a_lock_file_holds_hashes_and_no_address(name: str, least: int) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not EXPECTED.match(line) or "://" in line] == []
    versions = [line for line in lines if "==" in line]
    assert len(versions) >= least
    assert all(line.endswith("\\") for line in versions), "a version without a hash"


def test_what_runs_heed_is_part_of_what_tests_it() -> None:
    runs, tests = (
        {line.split()[0] for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert runs <= tests


def test_make_alone_explains_every_target() -> None:
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {f"make {target}" for target in targets if target != "help"} <= set(re.findall(r"make \w+", said))
