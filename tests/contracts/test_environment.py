"""A test run has a home of its own, whoever starts it and however."""

import os
from pathlib import Path

from heed.kernel.config import PROJECT, config
from tools.pytest_home import HOME


def test_a_test_run_never_sees_the_state_of_a_real_desk() -> None:
    assert "heed-test-" in os.environ["HEED_HOME"]


def test_settings_were_read_after_the_run_had_its_home() -> None:
    assert Path(config.home) == HOME
    assert config.folder != PROJECT / "data"
    assert config.secret == os.environ["HEED_SECRET"]
