"""Find the history below an answer in sanitised HTML and make it foldable.

Works on what the sanitiser wrote: every element closed, every attribute in double quotes, no ">" inside. So
one pass over the tags is enough.
"""

import re
from dataclasses import dataclass
from typing import Final

from heed.kernel.html.names import VOID

FOLD_OPENING: Final = '<details class="quoted"><summary></summary>'
"""The sanitiser lets no details element through, so this one is always ours. The frame puts words into it."""

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)([^>]*)>")
_MARKS: Final = ("class=", 'type="cite"', ' id="', "border-top")

# The element itself is the history.
_HISTORY = re.compile(
    r'class="[^"]*(?:gmail_quote|yahoo_quoted|protonmail_quote|zmail_extra|tutanota_quote|heed_quote)'
    r'|type="cite"|id="OLK_SRC_BODY_SECTION"'
)
# The history is this element and all that follows in its parent.
_DIVIDER = re.compile(
    r'id="(?:appendonsend|divRplyFwdMsg|reply-intro|mail-editor-reference-message-container)"'
    r'|style="[^"]*border-top: ?(?:solid #(?:b5c4df|e1e1e1) 1(?:\.0)?pt'
    r"|1(?:\.0)?pt solid #(?:b5c4df|e1e1e1))",
    re.IGNORECASE,
)
# The line "On Monday Ana wrote:" whose history is the quotation after it.
_INTRODUCTION = "moz-cite-prefix"
_GAP_TO_QUOTATION = re.compile(r"(?:\s|<br>)*+(?=<blockquote)")
_ANY_TAG = re.compile(r"<[^>]*>")


@dataclass(slots=True)
class _Element:
    parent: "_Element | None"
    attributes: str
    start: int
    inside: int  # where its content begins
    inside_end: int
    end: int


def with_history_folded(html: str) -> str:
    """The same HTML with each stretch of quoted history in a details element, closed.

    Nothing is folded where nothing else would be left to read, as in forwarded mail.
    """
    if not any(mark in html for mark in _MARKS):
        return html
    regions = _regions(html)
    if not regions or not _has_words_outside(html, regions):
        return html
    out: list[str] = []
    position = 0
    for start, end in regions:
        out += (html[position:start], FOLD_OPENING, html[start:end], "</details>")
        position = end
    return "".join((*out, html[position:]))


def _regions(html: str) -> list[tuple[int, int]]:
    elements = _elements(html)
    by_start = {element.start: element for element in elements}
    regions: list[tuple[int, int]] = []
    covered = 0
    for element in elements:
        if element.start < covered or not element.attributes:
            continue
        if region := _region_of(html, element, by_start):
            regions.append(region)
            covered = region[1]
    return regions


def _elements(html: str) -> list[_Element]:
    """Every element in the order of its start."""
    found: list[_Element] = []
    parent: _Element | None = None
    for tag in _TAG.finditer(html):
        if tag[2] in VOID:
            continue
        if not tag[1]:
            parent = _Element(parent, tag[3], tag.start(), tag.end(), len(html), len(html))
            found.append(parent)
        elif parent is not None:
            parent.inside_end, parent.end = tag.start(), tag.end()
            parent = parent.parent
    return found


def _region_of(html: str, element: _Element, by_start: dict[int, _Element]) -> tuple[int, int] | None:
    if _HISTORY.search(element.attributes):
        return element.start, element.end
    if _INTRODUCTION in element.attributes:
        gap = _GAP_TO_QUOTATION.match(html, element.end)
        return (element.start, by_start[gap.end()].end) if gap else None
    if _DIVIDER.search(element.attributes):
        # Outlook wraps its divider in a box of its own: the history is what follows the box.
        while element.parent and not html[element.parent.inside : element.start].strip():
            element = element.parent
        return element.start, element.parent.inside_end if element.parent else len(html)
    return None


def _has_words_outside(html: str, regions: list[tuple[int, int]]) -> bool:
    position, outside = 0, []
    for start, end in regions:
        outside.append(html[position:start])
        position = end
    outside.append(html[position:])
    return any(character.isalnum() for character in _ANY_TAG.sub("", "".join(outside)))
