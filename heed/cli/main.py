"""The `heed` command: finds the part that was asked for and loads no more than that.

`heed mail receive` is started once for each mail, so nothing heavy is imported here: not Django, not the
settings, not even argparse.
"""

import gc
import importlib
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from heed.cli.options import LISTENING, SERVING, apply
from heed.cli.problem import Problem

HELP: Final = ("-h", "--help", "help")
INTERRUPTED: Final = 130
WRONG_USE: Final = 2


class Command(NamedTuple):
    """Where a command stands, what it does, and which of its options are settings."""

    module: str
    summary: str
    settings: Mapping[str, str] = {}
    needs_desk: bool = True


COMMANDS: Final[Mapping[str, Command]] = {
    "init": Command("heed.cli.init", "make an empty desk: a brand, an inbox, an admin"),
    "brand": Command("heed.cli.brand", "make one more brand"),
    "team": Command("heed.cli.team", "make one more team of a brand"),
    "inbox": Command("heed.cli.inbox", "make one more address that customers write to"),
    "inbox-server": Command("heed.cli.inbox_server", "say which server an inbox's mail leaves through"),
    "mailbox": Command("heed.cli.mailbox", "connect a mailbox on another server; list, pause, test"),
    "agent": Command("heed.cli.agent", "make one more agent, or let one join teams"),
    "demo": Command("heed.cli.demo", "load the demo company; `heed demo logins` prints who can log in"),
    "serve": Command("heed.cli.serve", "run everything: pages, mail, workers", SERVING),
    "web": Command("heed.cli.web", "run the pages and the event stream alone", LISTENING),
    "worker": Command("heed.cli.worker", "run one worker alone"),
    "mail serve": Command("heed.cli.mail_serve", "run the SMTP and LMTP listener alone", LISTENING),
    "mail receive": Command("heed.cli.receive", "take one mail from standard input", needs_desk=False),
    "mail inspect": Command("heed.cli.mail_inspect", "explain what Heed sees in a mail, and why"),
    "mail parked": Command("heed.cli.mail_parked", "list mail that could not be read, with the reason"),
    "mail retry": Command("heed.cli.mail_retry", "read parked mail again"),
    "mail reconcile": Command("heed.cli.mail_reconcile", "compare mailboxes with the desk, mail by mail"),
    "import mail": Command("heed.cli.import_mail", "bring in .eml files, Maildir and mbox as history"),
    "export conversations": Command("heed.cli.export", "print every conversation, one JSON object a line"),
    "export mail": Command("heed.cli.export_mail", "write every mail as a file, byte for byte"),
    "status": Command("heed.cli.status", "say whether all work is done, or what waits"),
    "check": Command("heed.cli.check", "compare the log, the rows and the kept mail; exit 1 on findings"),
    "replay": Command("heed.cli.replay", "hand parked events to their consumers again"),
    "explain": Command("heed.cli.explain", "say what an event means and who hears it"),
    "migrate": Command("heed.cli.migrate", "bring the database to this version (serve does it too)"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; the answer is its exit code: 0 done, 1 not, 2 wrongly used, 130 stopped by hand."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in HELP:
        print(_overview())
        return 0 if words else WRONG_USE
    name = next((name for name in (" ".join(words[:2]), words[0]) if name in COMMANDS), None)
    if name is None:
        return _unknown(words)
    return _run(COMMANDS[name], words[len(name.split()) :])


def _run(command: Command, argv: list[str]) -> int:
    if not command.needs_desk:
        return _part(command)(argv)
    apply(argv, command.settings)
    try:
        load_desk()
        return _part(command)(argv)
    except Problem as problem:
        print(f"heed: {problem}", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        sentence = _explain(error)
        if sentence is None:
            raise
        print(f"heed: {sentence}", file=sys.stderr)
        return 1


def _part(command: Command) -> Callable[[Sequence[str]], int]:
    part: Callable[[Sequence[str]], int] = importlib.import_module(command.module).main
    return part


def load_desk() -> None:
    """Get ready for whatever needs settings, models or a database."""
    gc.disable()  # nothing that is imported is garbage; looking for some takes a tenth of the start
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
    importlib.import_module("django").setup()
    gc.enable()


def _explain(error: Exception) -> str | None:
    """A sentence for errors of the database that mean a missing or unreachable desk; None for all others."""
    database = importlib.import_module("django.db")
    errors = importlib.import_module("heed.kernel.errors")
    if isinstance(error, errors.HeedError):
        return f"Refused: {error or error.code}."
    if not isinstance(error, (database.OperationalError, database.ProgrammingError)):
        return None
    text = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    if "no such table" in text or "does not exist" in text or "no such column" in text:
        return f"The database is not of this version ({text}). Run `heed migrate`, then this again."
    if "unable to open" in text or "connect" in text:
        return f"The database can't be reached ({text}). Is HEED_DATABASE_URL or HEED_HOME right?"
    return None


def _overview() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  heed {name:{width}}  {command.summary}" for name, command in COMMANDS.items()]
    return "\n".join(
        ["Heed, a customer support desk.", "", *lines, "", "`heed COMMAND --help` says more about each."]
    )


def _unknown(words: Sequence[str]) -> int:
    near = [name for name in COMMANDS if name.split()[0] == words[0]]
    if near and len(words) > 1 and words[1] not in HELP:
        print(f"heed: there is no `heed {words[0]} {words[1]}`.", file=sys.stderr)
    elif not near:
        print(f"heed: there is no command {words[0]!r}. `heed --help` lists them all.", file=sys.stderr)
        return WRONG_USE
    for name in near:
        print(f"  heed {name}  {COMMANDS[name].summary}")
    return 0 if len(words) > 1 and words[1] in HELP else WRONG_USE
