"""Write headers of mail: folded, encoded where needed, and impossible to break out of.

The standard library's header writer encodes Message-IDs that are long and changes between versions of Python.
A retry has to send the same bytes for years, so these few rules are ours. Every function returns a value
without the header's name, folded, never holding a bare line end, no line longer than 998 octets.
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote

from heed.kernel.errors import Unusable

FOLD: Final = "\r\n "
_LINE: Final = 76
_ENCODED_OCTETS: Final = 42  # of UTF-8 in one encoded word, which may be 75 characters long
_MAX_TEXT: Final = 900
_MAX_REFERENCES: Final = 12  # the first and the latest: enough for every program, and short
_SECTION: Final = 60

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_PLAIN = re.compile(r"[\x20-\x7e]*")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/^_`{|}~ -]+")
_LOOKS_ENCODED = re.compile(r"=\?")
_MESSAGE_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]{1,240}")
_LOCAL_PART = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}|\"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\[\x20-\x7e]){1,62}\""
)
_DOMAIN = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?|\[[0-9a-f.:]{2,45}\]|\[ipv6:[0-9a-f.:]{2,45}\]"
)


def text(value: str) -> str:
    """A subject or other words: as they are when plain, else in encoded words (RFC 2047)."""
    words = _UNPRINTABLE.sub(" ", value).strip()[:_MAX_TEXT]
    if _PLAIN.fullmatch(words) and not _LOOKS_ENCODED.search(words) and _has_short_words(words):
        return _folded_at_spaces(words)
    return FOLD.join(_encoded_words(words))


def mailbox(name: str, address: str) -> str:
    """``Name <address>``, or the address alone. Raises Unusable for what no mail server would take."""
    spec = addr_spec(address)
    words = " ".join(_UNPRINTABLE.sub(" ", name).split())[:200]
    if not words:
        return spec
    if _ATOMS.fullmatch(words) and not _LOOKS_ENCODED.search(words):
        return f"{words} <{spec}>"
    if _PLAIN.fullmatch(words) and not _LOOKS_ENCODED.search(words):
        escaped = words.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{spec}>'
    return f"{FOLD.join(_encoded_words(words))}{FOLD}<{spec}>"


def mailboxes(people: Iterable[tuple[str, str]]) -> str:
    """A list of mailboxes, one a line."""
    return f",{FOLD}".join(mailbox(name, address) for name, address in people)


def addr_spec(address: str) -> str:
    """The address with its domain in ASCII. Raises Unusable when it can't be one."""
    local, at, domain = address.strip().rpartition("@")
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError as error:
            raise Unusable("address", "domain") from error
    if (
        not at
        or not _LOCAL_PART.fullmatch(local)
        or not _DOMAIN.fullmatch(domain.lower())
        or len(domain) > 253
    ):
        raise Unusable("address", "not_an_address")
    return f"{local}@{domain}"


def message_id(value: str) -> str:
    """One Message-ID in angle brackets, given with or without. Raises Unusable when it is none."""
    bare = value.removeprefix("<").removesuffix(">")
    if not _MESSAGE_ID.fullmatch(bare):
        raise Unusable("message_id", "not_a_message_id")
    return f"<{bare}>"


def references(values: Sequence[str]) -> str:
    """The thread so far, each once: what is no Message-ID is left out, of many the first and the latest stay."""
    bare = (value.removeprefix("<").removesuffix(">") for value in values)
    known = list(dict.fromkeys(f"<{value}>" for value in bare if _MESSAGE_ID.fullmatch(value)))
    if len(known) > _MAX_REFERENCES:
        known = known[:1] + known[1 - _MAX_REFERENCES :]
    return FOLD.join(known)


def file_name(parameter: str, name: str) -> str:
    """``; parameter=…`` for a name of a file in any language (RFC 2231), cut to 180 characters."""
    words = _UNPRINTABLE.sub(" ", name).replace("/", "_").replace("\\", "_").strip()[-180:] or "file"
    if (
        _PLAIN.fullmatch(words)
        and len(words) <= _SECTION
        and "%" not in words
        and not _LOOKS_ENCODED.search(words)
    ):
        escaped = words.replace('"', "'")
        return f';{FOLD}{parameter}="{escaped}"'
    encoded = quote(words, safe="", encoding="utf-8", errors="replace")
    value = f"utf-8''{encoded}"
    if len(value) <= _SECTION:
        return f";{FOLD}{parameter}*={value}"
    return "".join(
        f";{FOLD}{parameter}*{number}*={section}" for number, section in enumerate(_sections(value))
    )


def _sections(value: str) -> Iterable[str]:
    """Pieces that no percent sign is cut from its digits in."""
    position = 0
    while position < len(value):
        end = position + _SECTION
        if "%" in value[end - 2 : end] and end < len(value):
            end = value.index("%", end - 2)
        yield value[position:end]
        position = end


def _has_short_words(words: str) -> bool:
    return all(len(word) <= _LINE for word in words.split(" "))


def _folded_at_spaces(words: str) -> str:
    lines, line = [], ""
    for word in words.split(" "):
        if line and len(line) + len(word) > _LINE - 12:  # leaves room for the name of the header
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return FOLD.join([*lines, line])


def _encoded_words(words: str) -> Iterable[str]:
    piece, size = "", 0
    for character in words.encode("utf-8", "replace").decode("utf-8"):
        octets = len(character.encode())
        if size + octets > _ENCODED_OCTETS:
            yield _encoded(piece)
            piece, size = "", 0
        piece += character
        size += octets
    yield _encoded(piece)


def _encoded(piece: str) -> str:
    return f"=?utf-8?B?{b64encode(piece.encode()).decode('ascii')}?="
