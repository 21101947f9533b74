"""Images that only tell the sender that somebody reads: recognised by their shape, dropped, counted. Pure."""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

REMOTE: Final = "data-remote"
"""Where a cleaned image keeps its remote address: there is no src, so nothing is fetched by accident."""

_NOTE: Final = "<!--tracking:{}-->"
_NOTED = re.compile(r"<!--tracking:(\d{1,7})-->\Z")
_IMAGE = re.compile(r"<img [^>]*>")
_ATTRIBUTE = re.compile(r'\s([a-z-]+)="([^"]*)"')
_LENGTH = re.compile(r"\s*(\d{1,6}(?:\.\d+)?)\s*(?:px|pt|%)?\s*\Z")
_PROPERTY = re.compile(r"(?:^|;)\s*(width|height|max-width|max-height)\s*:\s*([^;]*)")
_HIDDEN = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0*)?)\s*(?:;|\Z|!)"
)
_TINY: Final = 2.0  # pixels

# Paths by which senders ask whether their mail was opened; only where an image shows neither size nor words.
_OPEN_PATH = re.compile(
    r"/(?:wf/open|track(?:ing)?/(?:open|pixel|view|o)|e/o|o/[\w-]{16,}|opens?(?:\.aspx|\.php)?|pixel|beacon|imp|"
    r"email-?open|mail-?open|read-?receipt|trk|trace)(?:[/.]|\Z)"
    r"|/(?:pixel|beacon|open|track|trk|1x1|1px|blank|clear|dot|p|t|o)\.(?:gif|png|jpe?g|ashx)\Z",
    re.IGNORECASE,
)


def without_trackers(cleaned: str) -> str:
    """Sanitised HTML without its tracking images; how many there were stands in a note at its end."""
    dropped = 0

    def judge(image: re.Match[str]) -> str:
        nonlocal dropped
        if not is_tracker(image[0]):
            return image[0]
        dropped += 1
        return ""

    rest = _IMAGE.sub(judge, cleaned)
    return f"{rest}{_NOTE.format(dropped)}" if dropped else rest


def parted_from_note(stored: str) -> tuple[str, int]:
    """The HTML without the note at its end, and how many tracking images were dropped. No sender can write a note."""
    found = _NOTED.search(stored)
    return (stored[: found.start()], int(found[1])) if found else (stored, 0)


def is_tracker(image: str) -> bool:
    """Whether a sanitised image element lies elsewhere and shows nothing: a dot, hidden, or an address that counts."""
    attributes = dict(_ATTRIBUTE.findall(image))
    if REMOTE not in attributes:
        return False
    style = unescape(attributes.get("style", "")).lower()
    if _HIDDEN.search(style):
        return True
    sizes = {**attributes, **{name.removeprefix("max-"): value for name, value in _PROPERTY.findall(style)}}
    lengths = [_length(sizes[side]) for side in ("width", "height") if side in sizes]
    known = [length for length in lengths if length is not None]
    if known:
        return all(length <= _TINY for length in known)
    return not attributes.get("alt", "").strip() and _OPEN_PATH.search(_path(attributes[REMOTE])) is not None


def _length(value: str) -> float | None:
    found = _LENGTH.match(value.partition("!")[0])
    return float(found[1]) if found else None


def _path(address: str) -> str:
    try:
        return urlsplit(unescape(address)).path
    except ValueError:
        return ""
