"""What large mail programs show alike, as rules for the HTML that we send. Pure.

The lists are what these programs document and what is commonly known of them; no program was seen by us. A mail that
keeps to them uses nothing that one of them is known to drop or to draw in another way.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from typing import Final

MAX_BYTES: Final = 102_000
"""Gmail shows the rest of a longer one behind a link."""


def _names(spaced: str) -> frozenset[str]:
    return frozenset(spaced.split())


_ELEMENTS: Final = _names(
    "a b blockquote body br caption center div em font h1 h2 h3 h4 h5 h6 head hr html i img li meta ol p "
    "pre s small span strong sub sup table tbody td tfoot th thead title tr u ul"
)
_ANYWHERE: Final = frozenset({"align", "class", "dir", "lang", "style", "title"})
_ATTRIBUTES: Final = {
    "a": {"href", "target", "rel", "name"},
    "blockquote": {"type", "cite"},
    "font": {"color", "face", "size"},
    "hr": {"color", "size", "width"},
    "img": {"src", "alt", "width", "height", "border"},
    "li": {"value"},
    "meta": {"charset", "http-equiv", "content", "name"},
    "ol": {"start", "type"},
    "ul": {"type"},
    "table": {"bgcolor", "border", "cellpadding", "cellspacing", "role", "summary", "width"},
    "td": {"bgcolor", "colspan", "height", "rowspan", "valign", "width"},
    "th": {"bgcolor", "colspan", "height", "rowspan", "scope", "valign", "width"},
    "tr": {"bgcolor", "valign"},
    "body": {"bgcolor"},
    "html": {"xmlns"},
}
_PROPERTIES: Final = _names(
    "background-color border border-bottom border-collapse border-color border-left border-right "
    "border-spacing border-style border-top border-width color direction font-family font-size font-style "
    "font-weight height letter-spacing line-height list-style-type margin margin-bottom margin-left "
    "margin-right margin-top padding padding-bottom padding-left padding-right padding-top text-align "
    "text-decoration text-indent text-transform vertical-align white-space width word-break"
)
_BLOCK: Final = _names("blockquote br caption div h1 h2 h3 h4 h5 h6 hr li p pre table td th tr title")
_VOID: Final = frozenset({"br", "hr", "img", "meta"})
_DOUBTFUL_VALUE: Final = re.compile(r"url\(|var\(|calc\(|\\|!important|(?<!\w)-\d", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"(?:https?|mailto|tel|cid):", re.IGNORECASE)


class Rule(StrEnum):
    """What a mail of ours may not do."""

    ELEMENT = "element"
    ATTRIBUTE = "attribute"
    PROPERTY = "property"
    VALUE = "value"
    ADDRESS = "address"
    NO_WORDS = "no_words"  # an image without alternative text
    NOT_CLOSED = "not_closed"
    TOO_LARGE = "too_large"
    OTHER_WORDS = "other_words"  # the text part does not say the same


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken, and by what."""

    rule: Rule
    what: str


def findings(html: str, text: str | None = None) -> list[Finding]:
    """All that a large mail program is known to drop or draw otherwise; with `text`, whether both say the same."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    found = [*reader.found, *(Finding(Rule.NOT_CLOSED, name) for name in reader.open)]
    size = len(html.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        found.append(Finding(Rule.TOO_LARGE, str(size)))
    if text is not None:
        one, other = words_of("".join(reader.words)), words_of(text)
        if one != other:
            different = (one - other) + (other - one)
            found.append(Finding(Rule.OTHER_WORDS, ", ".join(sorted(different))[:200]))
    return found


def words_of(text: str) -> Counter[str]:
    """How often each word stands in a text, whatever its layout; marks of quotation and bullets are no words."""
    return Counter(re.findall(r"\w+", text))


class _Reader(HTMLParser):
    """One pass over the tags."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Finding] = []
        self.open: list[str] = []
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ELEMENTS:
            self.found.append(Finding(Rule.ELEMENT, tag))
        if tag in _BLOCK:
            self.words.append(" ")
        if tag not in _VOID:
            self.open.append(tag)
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name not in _ANYWHERE and name not in _ATTRIBUTES.get(tag, ()):
                self.found.append(Finding(Rule.ATTRIBUTE, f"{tag} {name}"))
            if name == "style":
                self.found += _of_style(value)
            if name in ("href", "src") and not _ADDRESS.match(value):
                self.found.append(Finding(Rule.ADDRESS, value[:80]))
        if tag == "img" and not given.get("alt", "").strip():
            self.found.append(Finding(Rule.NO_WORDS, given.get("src", "")[:80]))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCK:
            self.words.append(" ")
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag not in _VOID:
            self.found.append(Finding(Rule.NOT_CLOSED, tag))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()


def _of_style(style: str) -> Iterator[Finding]:
    for part in filter(None, map(str.strip, style.split(";"))):
        name, _, value = part.partition(":")
        if name.strip().lower() not in _PROPERTIES:
            yield Finding(Rule.PROPERTY, name.strip()[:40])
        elif _DOUBTFUL_VALUE.search(value):
            yield Finding(Rule.VALUE, part[:80])
