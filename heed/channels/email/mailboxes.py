"""Who a mail names: a strict reader of address headers.

Strict means: a mailbox is either an address alone or one address in angle brackets after a name. Anything
else is nobody, and noted, because guessing lets ``alice@ours.example)bob@theirs.example`` pass for either of
the two (CVE-2023-27043). Linear in the length of the header.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from heed.channels.email.limits import Limits
from heed.channels.email.words import decode_raw, decode_words, unfold

_SIMPLE = re.compile(
    # Possessive: a name of nothing but spaces would be tried at every length.
    rb'[ \t]*+(?:"([^"\\<>@]*+)"[ \t]*+|([^"\\<>()@,:;]*+))<([^\s<>@,;:()"\\]+@[^\s<>@,;:()"\\]+)>[ \t]*\Z'
)
_BARE = re.compile(rb'[ \t]*([^\s<>@,;:()"\\]+@[^\s<>@,;:()"\\]+)[ \t]*\Z')
_ADDRESS = re.compile(r'[^\s<>@,;:()"\\\x00-\x1f]+@[^\s<>@,;:()"\\\x00-\x1f]+\Z')
_QUOTED_LOCAL = re.compile(r'"((?:[^"\\]|\\.)+)"@([^\s<>@,;:()"\\]+)\Z')
_DOT_ATOM = re.compile(r"[^\s<>@,;:()\"\\\[\].]+(?:\.[^\s<>@,;:()\"\\\[\].]+)*\Z")
_COMMENT = re.compile(r"\s*\([^()]*\)\s*")
_SPECIAL = re.compile(rb'["()<>,:;]')


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox: ``name`` decoded (or ''), ``address`` as written. Compare people by ``key`` only."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The address for comparing identities: lower case, domain in its ASCII form."""
        return key_of(self.address)

    @property
    def domain(self) -> str:
        """The domain, lower case, in its ASCII form."""
        return self.key.rpartition("@")[2]

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@lru_cache(maxsize=1024)
def key_of(address: str) -> str:
    """Return the form of an address that is equal for the same mailbox."""
    local, _, domain = address.strip().rpartition("@")
    domain = domain.rstrip(".").lower()
    if not domain.isascii():
        try:
            domain = domain.encode("idna").decode("ascii").lower()
        except UnicodeError:
            domain = domain.casefold()
    return f"{local.lower()}@{domain}"


def read_addresses(value: bytes, limits: Limits, hint: str = "") -> tuple[tuple[Address, ...], list[str]]:
    """Return the mailboxes of a raw header value and the defects met. Groups are flattened."""
    value = unfold(value)
    found: list[Address] = []
    defects: list[str] = []
    for item in _split(value):
        if not item.strip():
            continue
        if len(found) >= limits.recipients_per_header:
            defects.append("too-many-addresses")
            break
        address = _read_one(item, limits, hint)
        if address is None:
            if "unclear-address" not in defects:
                defects.append("unclear-address")
        elif address.address:
            found.append(address)
    return tuple(found), defects


def _read_one(item: bytes, limits: Limits, hint: str) -> Address | None:
    """Return the mailbox, one without an address for an empty group or ``<>``, or None when it is unclear."""
    match = _SIMPLE.match(item)
    if match is not None:
        name, spec = match[1] if match[1] is not None else match[2], match[3]
    else:
        bare = _BARE.match(item)
        name, spec = (b"", bare[1]) if bare is not None else _take_apart(item)
    if spec is None:
        return None
    text = _spec(decode_raw(spec, hint))
    if text is None or len(text) > limits.address_chars:
        return None
    label = decode_words(name, hint)[: limits.name_chars] if name else ""
    return Address(label.strip("\"' ") if label != text else "", text)


def _spec(text: str) -> str | None:
    """Return a checked address, '' for the empty one, None for what is none."""
    text = text.strip()
    if not text:
        return ""
    if "(" in text and '"' not in text:
        text = _COMMENT.sub("", text).strip()
    if text.startswith("@") and ":" in text:  # an RFC 822 route: the mailbox stands after it
        text = text.rpartition(":")[2]
    quoted = _QUOTED_LOCAL.match(text)
    if quoted is not None:
        local = quoted[1].replace("\\", "")
        if _DOT_ATOM.match(local):
            return f"{local}@{quoted[2]}"
        return text if text.isprintable() else None
    return text if _ADDRESS.match(text) and text.isprintable() else None


def _split(value: bytes) -> list[bytes]:
    """Return the comma-separated items; ``group: a, b;`` gives its members."""
    if b'"' not in value and b"(" not in value and b":" not in value and b";" not in value:
        return value.split(b",")
    items: list[bytes] = []
    start = 0
    for kind, position, _ in _tokens(value):
        if kind == "," or kind == ";":
            items.append(value[start:position])
            start = position + 1
        elif kind == ":":
            start = position + 1
    items.append(value[start:])
    return items


def _take_apart(item: bytes) -> tuple[bytes, bytes | None]:
    """Return name and address of an item that the quick patterns don't know; None where it is unclear."""
    name: list[bytes] = []
    comments: list[bytes] = []
    spec: bytes | None = None
    position = 0
    for kind, start, end in _tokens(item):
        if kind not in ('"', "(", "<"):
            continue
        name.append(item[position:start])
        position = end
        if kind == "(":
            comments.append(item[start + 1 : end - 1])
        elif kind == "<":
            if spec is not None:
                return b"", None
            spec = item[start + 1 : end - 1]
        elif item[end : end + 1] == b"@":
            position = start
            name.append(b"")
        else:
            name.append(item[start + 1 : end - 1].replace(b'\\"', b'"').replace(b"\\\\", b"\\"))
    rest = item[position:]
    if spec is None:
        spec = b"".join(name).strip() + rest.strip()
        return (comments[0] if len(comments) == 1 else b""), spec
    if rest.strip():
        return b"", None
    words = b"".join(name).strip()
    return words or (comments[0] if len(comments) == 1 else b""), spec


def _tokens(value: bytes) -> list[tuple[str, int, int]]:
    """Return quoted strings, comments, angle brackets and separators with their places, in one pass.

    What is opened and never closed is taken as plain text, and looked for only once.
    """
    found: list[tuple[str, int, int]] = []
    never_closed: set[int] = set()
    position = 0
    while match := _SPECIAL.search(value, position):
        start = match.start()
        mark = value[start]
        position = start + 1
        if mark in b",:;":
            found.append((chr(mark), start, position))
        elif mark in b'"(<' and mark not in never_closed:
            end = _closing(value, start)
            if end == -1:
                never_closed.add(mark)
            else:
                found.append((chr(mark), start, end))
                position = end
    return found


def _closing(value: bytes, start: int) -> int:
    """Return the place after what closes the quote, comment or bracket at ``start``, or -1."""
    mark = value[start]
    if mark == 0x3C:
        end = value.find(b">", start)
        return end + 1 if end != -1 else -1
    depth, position = 1, start + 1
    while position < len(value):
        char = value[position]
        if char == 0x5C:
            position += 1
        elif mark == 0x22:
            if char == 0x22:
                return position + 1
        elif char == 0x28:
            depth += 1
        elif char == 0x29:
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return -1


def untagged(key: str) -> str:
    """The normalised address without what stands after a plus sign: help+invoices@x is help@x (RFC 5233)."""
    local, _, domain = key.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def is_address(text: str) -> bool:
    """Whether this is one plain address, as a person types it: a local part and a domain with nothing around."""
    return len(text) <= 254 and _ADDRESS.match(text) is not None
