"""The command finds its parts, says in one sentence what is wrong, and starts light where it must."""

import importlib
import subprocess
import sys
from pathlib import Path

import pytest

from heed.cli.main import COMMANDS, main

ROOT = Path(__file__).parents[3]
Capture = pytest.CaptureFixture[str]


def test_every_command_has_its_part_and_its_help(capsys: Capture) -> None:
    for name, command in COMMANDS.items():
        assert callable(importlib.import_module(command.module).main)
        if command.needs_desk:
            with pytest.raises(SystemExit) as end:
                main([*name.split(), "--help"])
            assert end.value.code == 0
            assert f"heed {name}" in capsys.readouterr().out


def test_alone_it_lists_what_it_can_do(capsys: Capture) -> None:
    assert main([]) == 2
    assert main(["--help"]) == 0
    capsys.readouterr()
    assert main(["help"]) == 0
    shown = capsys.readouterr().out
    assert all(f"heed {name}" in shown for name in COMMANDS)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["fly"], 2, "there is no command 'fly'"),
        (["mail"], 2, "heed mail serve"),
        (["mail", "--help"], 0, "heed mail parked"),
        (["mail", "fly"], 2, "there is no `heed mail fly`"),
    ],
)
def test_an_unknown_command_is_answered_with_what_there_is(
    words: list[str], code: int, said: str, capsys: Capture
) -> None:
    assert main(words) == code
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


def test_the_pipe_of_a_mail_server_starts_without_the_desk() -> None:
    code = (
        "import sys; from heed.cli.main import main; code = main(['mail', 'receive', '--wrong']);"
        "print(code, {'django', 'argparse', 'dataclasses', 'heed.kernel.config'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout == "64 set()\n"


def test_a_desk_without_its_database_says_what_to_run(heed_home: Path) -> None:
    done = run(heed_home, "status")
    assert done.returncode == 1
    assert "heed migrate" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_stops_the_start_with_its_name(heed_home: Path) -> None:
    done = run(heed_home, "web", "--http", "nowhere")
    assert done.returncode == 1
    assert done.stderr.strip() == "HEED_HTTP must be HOST:PORT, not 'nowhere'."


def run(home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A command of another desk, as a process of its own; more: further settings and secrets."""
    environment = {"HEED_HOME": str(home), "PATH": "", "HEED_SECRET": "x" * 40, **more}
    code = "import sys; from heed.cli.main import main; sys.exit(main())"
    return subprocess.run(
        [sys.executable, "-c", code, *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment,
    )
