"""A worker asks each kind of work whether there is some, and the less urgent ones less often."""

import time

import pytest

from heed import flow
from heed.cli.worker import LOOK_AGAIN_SECONDS, Duty, duties


class Work:
    """Some pieces of work, and how often somebody came for one."""

    def __init__(self, pieces: int) -> None:
        self.pieces, self.asked = pieces, 0

    def step(self) -> int:
        self.asked += 1
        self.pieces -= 1
        return max(self.pieces + 1, 0)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_what_is_not_prompt_rests_a_second_once_it_found_nothing(clock: list[float]) -> None:
    work = Work(2)
    duty = Duty("purge", work.step, is_prompt=False)
    assert [duty.run() for _ in range(6)] == [2, 1, 0, 0, 0, 0]
    assert work.asked == 3
    clock[0] += LOOK_AGAIN_SECONDS
    work.pieces = 1
    assert duty.run() == 1


def test_what_is_prompt_is_asked_each_time(clock: list[float]) -> None:
    work = Work(0)
    duty = Duty("mail", work.step)
    assert [duty.run() for _ in range(3)] == [0, 0, 0]
    assert work.asked == 3
    work.pieces = 1
    assert duty.run() == 1


def test_mail_in_and_out_answers_held_back_and_the_log_are_prompt() -> None:
    assert {duty.name for duty in duties() if duty.is_prompt} == {"mail", "delivery", "held", "reader"}
    assert {duty.name for duty in duties()} == {"reader", *(work.name for work in flow.DUE)}
