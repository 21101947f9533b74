"""Loads the demo company into an empty desk, once; what was interrupted goes on where it stopped."""

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from heed.demo import company, logins
from heed.demo.content import PLAYED
from heed.demo.furniture import furnish
from heed.demo.logins import Login
from heed.demo.play import play, turns, work
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.exclusive import exclusively

FILE: Final = "demo-progress.json"


class NotEmpty(HeedError):
    """This desk has people or brands of its own: a made-up past would stand among what really happened."""

    code, status = "desk_not_empty", 409


@dataclass(frozen=True, slots=True)
class Progress:
    """How far loading came: the moment from which the story is told, and how many steps of it are done."""

    now: str
    done: int = 0

    def keep(self) -> None:
        """Write it down; a reader sees the old or the new, never a part."""
        staged = _path().with_suffix(".new")
        staged.write_text(json.dumps(asdict(self)), encoding="utf-8")
        os.replace(staged, _path())

    @classmethod
    def read(cls) -> "Progress | None":
        """What was written down last; None when nothing was begun, or all is done."""
        try:
            return cls(**json.loads(_path().read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None


def load() -> bool:
    """Afterwards the demo company is there and nothing waits. False: it was there already.

    Raises NotEmpty, and Disturbed when the desk runs meanwhile; the next call goes on from there.
    """
    with exclusively("demo"):
        progress = Progress.read()
        if company.is_there():
            if progress is None:
                return False
        else:
            progress = _begin()
        _play(progress)
        _path().unlink()
        return True


def _begin() -> Progress:
    if not company.is_empty():
        raise NotEmpty
    now = clock.now().replace(second=0, microsecond=0)
    progress = Progress(now.isoformat())
    given = [
        Login(email=company.email_of(who), password=logins.new_password(), role=person.role)
        for who, person in company.PEOPLE.items()
    ]
    logins.keep(given)
    progress.keep()
    told = turns(PLAYED, now)
    with clock.at(told[0].at):
        company.found(logins.passwords(given), now)
    return progress


def _play(progress: Progress) -> None:
    now = datetime.fromisoformat(progress.now)
    play(
        turns(PLAYED, now),
        start_at=progress.done,
        now=now,
        kept=lambda done: Progress(progress.now, done).keep(),
    )
    with clock.at(now):
        furnish()
        work()


def _path() -> Path:
    return config.folder / FILE
