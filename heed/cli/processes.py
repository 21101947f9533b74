"""A parent and its children: forked from one image, started again when they die, never left behind.

Everything is imported before the first fork and frozen, so that the children share its memory; no thread, no
connection and no event loop may exist then. The parent then turns into the small program that `parent` is. A child that
dies is started again as a process of its own, which loads what it needs and shares nothing with the others.

Each child holds one end of a pipe whose other end only the parent has: when the parent is gone, even by kill -9, the
children stop by themselves.
"""

import gc
import importlib
import logging
import os
import random
import signal
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Final, NoReturn

from heed.cli import main as commands
from heed.cli import parent
from heed.cli.holes import fill_holes
from heed.cli.sockets import Listening, inherited

log = logging.getLogger("heed.serve")

COLLECT_AFTER: Final = 5_000
"""New objects before garbage is looked for. Pages make thousands each and leave little in circles: after 700, as Python
does, looking for it took a twelfth of a page's time."""

AGAIN: Final = "import sys; sys.path[:] = {path!r}; from heed.cli.processes import again; again(sys.argv[1:])"


@dataclass(frozen=True, slots=True)
class Role:
    """What a child does: run(*listening) of a module, until it is told to stop by SIGTERM."""

    name: str
    module: str
    listening: tuple[Listening, ...] = ()

    def work(self) -> None:
        """Do it."""
        importlib.import_module(self.module).run(*self.listening)

    @property
    def call(self) -> str:
        """The same in a word, for another process that inherits our files."""
        return "|".join((self.name, self.module, *(str(socket.fileno()) for socket in self.listening)))

    @classmethod
    def called(cls, call: str) -> "Role":
        """The role of this word, in a process that inherited its files."""
        name, module, *files = call.split("|")
        return cls(name, module, tuple(inherited(int(file)) for file in files))


@dataclass(frozen=True, slots=True)
class Family:
    """Children that run, with the pipe that they live by: its read end and its write end."""

    children: dict[int, Role]
    life: tuple[int, int]

    @classmethod
    def begin(cls, roles: Sequence[Role]) -> "Family":
        """Fork a child for each role. From now on a wish to stop waits until there is a parent to hear it."""
        family = cls({}, os.pipe())
        signal.pthread_sigmask(signal.SIG_BLOCK, parent.HELD_BACK)
        fill_holes()
        gc.freeze()
        for role in roles:
            sys.stdout.flush()
            sys.stderr.flush()
            pid = os.fork()
            if pid == 0:
                os.close(family.life[1])
                _live(role, family.life[0])
            family.children[pid] = role
        return family

    def watch(self) -> NoReturn:
        """Turn into their parent. What was loaded is gone; the number of the process and its children stay."""
        for role in self.children.values():
            for socket in role.listening:
                socket.set_inheritable(True)
        for end in self.life:
            os.set_inheritable(end, True)  # noqa: FBT003 - it takes no keyword
        again = [sys.executable, "-c", AGAIN.format(path=sys.path), str(self.life[0])]
        children = [f"{pid}|{role.call}" for pid, role in self.children.items()]
        sys.stdout.flush()
        sys.stderr.flush()
        words = [sys.executable, "-I", "-S", parent.__file__, str(self.life[1]), *children, "--", *again]
        os.execv(sys.executable, words)  # noqa: S606 - our own program


def again(words: Sequence[str]) -> NoReturn:
    """Be the child that this word names, in a process of its own; the first word is the pipe of life."""
    life, call = words
    os.set_inheritable(int(life), False)  # noqa: FBT003 - it takes no keyword
    role = Role.called(call)
    commands.load_desk()
    importlib.import_module(role.module)  # before it is called by its name, and hears its signals
    _live(role, int(life))


def _live(role: Role, life: int) -> NoReturn:
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number in parent.STOPS:
            signal.signal(number, _end)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, parent.HELD_BACK)
        parent.call_oneself(f"heed {role.name}")
        threading.Thread(target=_stop_with_parent, args=(life,), daemon=True).start()
        random.seed()
        gc.enable()  # it was put off for the fork
        gc.set_threshold(COLLECT_AFTER)
        role.work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # border: nothing of the parent's code may run on in a child
        log.exception("%s failed", role.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(0)  # the role sets its own way to stop; before that, and after, there is nothing to finish


def _stop_with_parent(life: int) -> None:
    os.read(life, 1)  # nothing is ever written: it returns when the parent is gone
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(parent.GRACE_SECONDS)
    os._exit(1)
