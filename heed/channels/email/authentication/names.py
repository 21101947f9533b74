"""Names of servers that check senders, as people write them, and whether a header bears one of them. Pure."""

import re
from collections.abc import Iterable
from typing import Final

NAMELESS: Final = "protection.outlook.com"
"""What Microsoft's servers are called here: their header says who checked nowhere, and they call themselves this in
Received-SPF. They rename the headers that others wrote, so that theirs is the only one without a name, and on top."""
_NAME: Final = re.compile(r"(?:\*\.)?[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")


def read_names(text: str) -> tuple[str, ...]:
    """The names in a text, with blanks or commas between them, each once, in lower case."""
    names = (name.rstrip(".") for name in text.lower().replace(",", " ").split())
    return tuple(dict.fromkeys(filter(None, names)))


def is_name(name: str) -> bool:
    """Whether a server may be called so; `*.` and a domain stand for every name below it."""
    return len(name) <= 253 and _NAME.fullmatch(name) is not None and ".." not in name


def bears(server: str, names: Iterable[str]) -> str | None:
    """The first of these names that a header of this server bears; None for none of them."""
    for name in names:
        if server == name or (name.startswith("*.") and server.endswith(name[1:])):
            return name
        if not server and name == NAMELESS:
            return name
    return None
