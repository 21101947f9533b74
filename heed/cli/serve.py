"""`heed serve`: the whole desk in one command."""

import argparse
import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.db import connection, connections
from django.template import engines
from django.urls import get_resolver

from heed import flow
from heed.channels.email.authentication.alignment import registered
from heed.cli import doors, mail_serve, web, worker
from heed.cli import main as commands
from heed.cli.processes import Family, Role
from heed.cli.sockets import Listening, where
from heed.kernel.config import MOST_PAGES, PROJECT, config
from heed.kernel.later import later

if TYPE_CHECKING:
    from heed.cli import demo
else:
    demo = later("heed.cli.demo")


def main(argv: Sequence[str]) -> int:
    """Run pages, mail and workers until Ctrl-C or SIGTERM."""
    workers = _options(argv).workers
    pages = web.open_port()
    smtp, lmtp = mail_serve.open_ports()
    code = _apart(lambda: commands.main(["migrate", "--quiet"]))
    if code == 0:
        _serve(pages, smtp, lmtp, workers)
    return code


def _serve(pages: Listening, smtp: Listening, lmtp: Listening, workers: int) -> None:
    logins = _apart_text(lambda: demo.greeting())
    _import_everything()
    _ask_once()
    family = Family.begin(
        [
            Role("doors", doors.__name__, (pages, smtp, lmtp)),
            *(
                Role(f"pages {number}", web.__name__, (pages,))
                for number in range(2, config.page_processes + 1)
            ),
            *(Role(f"worker {number}", worker.__name__) for number in range(1, workers + 1)),
        ]
    )
    print(_greeting(pages, smtp, lmtp) + logins, flush=True)
    family.watch()


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed serve",
        description="Run the whole desk: pages, event stream, mail by SMTP and LMTP, workers. What dies is started "
        "again; Ctrl-C or SIGTERM stops it, and the next start keeps the data.",
    )
    parser.add_argument(
        "--http", metavar="HOST:PORT", help=f"where the pages are; now {config.http} (HEED_HTTP)"
    )
    parser.add_argument(
        "--smtp", metavar="HOST:PORT", help=f"where mail arrives; now {config.smtp} (HEED_SMTP)"
    )
    parser.add_argument(
        "--lmtp", metavar="HOST:PORT", help=f"the same by LMTP; now {config.lmtp} (HEED_LMTP)"
    )
    parser.add_argument(
        "--pages",
        type=int,
        choices=range(1, MOST_PAGES + 1),
        metavar="N",
        help=f"processes that answer pages, 1 to {MOST_PAGES}; now {config.page_processes} (HEED_PAGES)",
    )
    parser.add_argument(
        "--workers", type=int, default=1, choices=range(1, 33), metavar="N", help="1 to 32; now 1"
    )
    return parser.parse_args(argv)


def _apart(work: Callable[[], int]) -> int:
    """Do this in a child, so that the memory and connections it needs are gone afterwards. Gives its exit code."""
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            code = work()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _apart_text(work: Callable[[], str]) -> str:
    """The same for a text."""
    read, write = os.pipe()

    def tell() -> int:
        with os.fdopen(write, "w", encoding="utf-8") as out:
            out.write(work())
        return 0

    _apart(tell)
    os.close(write)
    with os.fdopen(read, encoding="utf-8") as answer:
        return answer.read()


def _import_everything() -> None:
    """Load what the children would load, once, so that they share it."""
    gc.disable()  # what a collection frees before the fork leaves holes that every child fills again
    web.application()
    assert get_resolver().url_patterns
    for engine in engines.all():
        for name in _templates():
            engine.get_template(name)
    registered("example.org")  # the list of public suffixes: web and worker ask it


def _ask_once() -> None:
    """Put questions to the database that every process will put: what is worked out at the first is then shared."""
    for work in flow.DUE:
        work.waiting()
    connections.close_all()


EVERYDAY: Final = ("heed", "inbox", "conversation")
"""Folders of the templates that every reader needs; the others are loaded when somebody looks at their page."""


def _templates() -> list[str]:
    found = (
        path.as_posix().split("/templates/", 1)[1]
        for path in (PROJECT / "heed").glob("**/templates/**/*.html")
    )
    return sorted(name for name in found if name.split("/")[0] in EVERYDAY)


def _greeting(pages: Listening, smtp: Listening, lmtp: Listening) -> str:
    kind = "PostgreSQL" if connection.vendor == "postgresql" else f"SQLite in {_short(config.folder)}"
    return (
        "\nHeed is running. Ctrl-C stops it.\n\n"
        f"  Pages    http://{where(pages)}\n"
        f"  Mail     SMTP {where(smtp)}, LMTP {where(lmtp)}\n"
        f"  Data     {kind}\n"
    )


def _short(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
