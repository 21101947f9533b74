"""The import contract holds, and catches a planted violation: each in a small copy of the house."""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFIG = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
FLOORS = tomllib.loads(CONFIG)["tool"]["importlinter"]["contracts"][0]["layers"]
ROOMS = [room.strip(" ()") for floor in FLOORS for room in floor.split("|")]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Every room that has a floor, empty, under the same contract."""
    for room in ROOMS:
        folder = tmp_path / "heed" / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").touch()
    (tmp_path / "heed/__init__.py").touch()
    contract = CONFIG[CONFIG.index("[tool.importlinter]") :]
    (tmp_path / "pyproject.toml").write_text(contract)
    return tmp_path


def contract(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # type: ignore[arg-type]  # a path is fine as program


def test_an_empty_house_keeps_the_contract(copy: Path) -> None:
    assert contract(copy).returncode == 0


@pytest.mark.parametrize(
    ("where", "planted"),
    [
        ("conversations", "import heed.promises"),  # up a floor
        ("kernel", "import heed.eventlog"),
        ("people", "from heed.web import views"),
        ("web", "import heed.cli"),  # a room on the same floor
        ("promises", "import heed.routing"),
        ("intake", "import heed.delivery"),
        ("channels", "import django"),  # not pure any more
    ],
)
def test_a_planted_import_is_found(copy: Path, where: str, planted: str) -> None:
    (copy / "heed/web/views.py").touch()
    (copy / f"heed/{where}/planted.py").write_text(f"{planted}\n")
    done = contract(copy)
    assert done.returncode == 1
    assert "BROKEN" in done.stdout


def test_a_room_without_a_floor_is_found(copy: Path) -> None:
    (copy / "heed/cellar").mkdir()
    (copy / "heed/cellar/__init__.py").touch()
    assert contract(copy).returncode == 1


def test_a_test_may_use_the_shared_world(copy: Path) -> None:
    tests = copy / "heed/kernel/tests"
    tests.mkdir()
    (tests / "__init__.py").touch()
    (tests / "test_a.py").write_text("import heed.testing\nfrom heed.testing import world\n")
    (copy / "heed/testing/world.py").write_text("import heed.web\n")
    assert contract(copy).returncode == 0
