"""`heed explain`: what an event means, what it carries, and who hears it. Also makes docs/events.md."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, fields
from types import NoneType
from typing import get_args, get_type_hints

from heed import flow
from heed.cli.problem import Problem
from heed.conversations.queries.timelines import FOR_LEADERS, SAID
from heed.eventlog.kinds import KINDS, Kind
from heed.kernel.words import Visibility

TOLD = {
    Visibility.CUSTOMER: "agents, and the customer it concerns",
    Visibility.AGENT: "agents only",
}
SHOWN = {
    "everybody": "The timeline of its conversation says it to everybody who sees that.",
    "leaders": "The timeline of its conversation says it to leads and admins alone.",
    "never": "No timeline says it.",
}
PREFACE = """# Events

What can happen on a desk, as the log records it. An event carries ids, codes, numbers and times, never personal text.
Beside its own fields each has its number, time, conversation, who acted, its cause and depth, and its origin (live,
import or repair). Consumers hear events in the order in which `heed/flow.py` lists them.

Made by `heed explain --markdown`; a test keeps it true.
"""


def main(argv: Sequence[str]) -> int:
    """Explain one kind, or list all."""
    parser = argparse.ArgumentParser(
        prog="heed explain",
        description="Say what an event means, what it carries and which consumers hear it, in their order. "
        "Without a kind it lists all kinds.",
    )
    parser.add_argument("kind", nargs="?", help="such as message.received")
    parser.add_argument("--markdown", action="store_true", help="all kinds, as docs/events.md")
    options = parser.parse_args(argv)
    if options.markdown:
        print(markdown(), end="")
    elif options.kind is None:
        width = max(map(len, KINDS))
        for name, kind in sorted(KINDS.items()):
            print(f"{name:{width}}  {_meaning(kind)}")
    elif options.kind in KINDS:
        print("\n".join(_words(KINDS[options.kind])))
    else:
        raise Problem(f"there is no kind {options.kind!r}; `heed explain` lists them all.")
    return 0


def markdown() -> str:
    """The text of docs/events.md."""
    return PREFACE + "".join(_section(KINDS[name]) for name in sorted(KINDS))


def hearers(kind: type[Kind]) -> list[str]:
    """The names of the consumers that hear a kind, in order."""
    return [consumer.name for consumer in flow.CONSUMERS if issubclass(kind, consumer.hears)]


def shown(kind: type[Kind]) -> str:
    """Whether a timeline has a line for a kind: to everybody, to leaders, or never."""
    return "leaders" if kind in FOR_LEADERS else "everybody" if kind in SAID else "never"


def payload(kind: type[Kind]) -> Iterator[tuple[str, str, str]]:
    """Each field of a kind: its name, its type in words, and what it is when it isn't given."""
    hints = get_type_hints(kind)
    for field in fields(kind):
        default = "" if field.default is MISSING else str(field.default)
        yield field.name, _type(hints[field.name]), default


def _type(hint: object) -> str:
    parts = get_args(hint) or (hint,)
    return " or ".join("None" if part is NoneType else getattr(part, "__name__", str(part)) for part in parts)


def _meaning(kind: type[Kind]) -> str:
    return " ".join((kind.__doc__ or "").split())


def _words(kind: type[Kind]) -> Iterator[str]:
    yield f"{kind.name}: {_meaning(kind)}"
    yield f"Told to {TOLD[kind.visibility]}."
    for name, what, default in payload(kind):
        yield f"  {name}: {what}" + (f", {default} when not given" if default else "")
    heard = hearers(kind)
    yield SHOWN[shown(kind)]
    yield f"Heard by {', then '.join(heard)}." if heard else "Heard by no consumer."


def _section(kind: type[Kind]) -> str:
    lines = [f"\n## {kind.name}\n", f"{_meaning(kind)} Told to {TOLD[kind.visibility]}.\n"]
    table = [f"| {name} | {what} | {default} |" for name, what, default in payload(kind)]
    if table:
        lines.append("\n".join(["| Field | Type | Default |", "|---|---|---|", *table]) + "\n")
    lines.append(f"{SHOWN[shown(kind)]}\n")
    heard = hearers(kind)
    lines.append(f"Heard by {', then '.join(heard)}.\n" if heard else "Heard by no consumer.\n")
    return "\n".join(lines)
