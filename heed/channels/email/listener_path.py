"""The argument of MAIL and RCPT: a path and its options (RFC 5321 4.1.2)."""

import re
from dataclasses import dataclass
from typing import Final

_LONGEST: Final = 1_000  # of an address, in characters: beyond any real one, far below what a column takes

# "<" [source route ":"] local [ "@" domain ] ">" or the same bare, then options. Nothing in it can match in
# two ways, so it takes linear time. No control character passes.
_PATH: Final = re.compile(
    r"""
    \s*
    (?: < (?: @ [^\s<>:"]+ : )?
          (?P<path> (?: (?: "(?: [^"\\\x00-\x1f\x7f] | \\[^\x00-\x1f\x7f] )*" | [^\s<>"@\\\x00-\x1f\x7f]+ )
                        (?: @ [^\s<>"@\\\x00-\x1f\x7f]+ )? )? )
        >
    |   (?P<bare> [^\s<>"@\\\x00-\x1f\x7f]+ @ [^\s<>"@\\\x00-\x1f\x7f]+ )
    )
    (?P<options> (?: [ ] [^\x00-\x1f\x7f]* )? )
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Path:
    """An address, empty for <>, and options in capitals."""

    address: str
    options: tuple[str, ...]


def read_path(argument: str | None, keyword: str) -> Path | None:
    """Read what follows MAIL or RCPT; None when it isn't one, or not in UTF-8."""
    if argument is None or argument[: len(keyword)].upper() != keyword:
        return None
    match = _PATH.fullmatch(argument, len(keyword))
    if match is None:
        return None
    address = match["bare"] or match["path"] or ""
    if len(address) > _LONGEST or any("\ud800" <= character <= "\udfff" for character in address):
        return None
    return Path(address, tuple(match["options"].upper().split()))
