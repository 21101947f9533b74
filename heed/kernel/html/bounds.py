"""Bound the work that hostile HTML can cause, before any real parser sees it.

Every HTML parser we know is quadratic somewhere: in open elements, in attributes of one tag, in reopened
formatting. What is small can't hurt and passes untouched. Anything else is read once, in linear time, and
written again with what a mail may hold, every element closed and nothing nested deeper than MAX_DEPTH. Deeper
elements are dropped and their words kept, so a mail of 5,000 nested boxes stays readable.
"""

import re
from collections import Counter
from html import escape, unescape
from typing import Final, NamedTuple

from heed.kernel.html.names import ATTRIBUTES, BLOCK, FORMATTING, TABLE, TAGS, VOID

MAX_CHARACTERS: Final = 1_000_000
"""Longer HTML is cut here; whoever needs the rest opens the raw mail."""

MAX_DEPTH: Final = 200
"""Below the 255 levels that lxml gives up at; no real mail in our corpora goes beyond 120."""

# What passes untouched: at the worst 20 ms in any of the parsers.
_SMALL_CHARACTERS: Final = 32_000
_SMALL_TAGS: Final = 2_000
_SMALL_REOPENED: Final = 300_000

_MAX_FORMATTING: Final = 32
_MAX_ATTRIBUTES: Final = 40
_MAX_VALUE: Final = 8_000
_MAX_INDENTS: Final = 24
_MAX_REFERENCES: Final = 50_000
_INDENTS: Final = frozenset({"ul", "ol", "dl", "blockquote"})

# Elements that a parser reads as raw text. Their content is never markup, and never words of the mail.
_RAW: Final = frozenset({"script", "style", "title", "xmp", "iframe", "noembed", "noframes", "textarea"})
_RAW_END: Final = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}

_BARRIERS: Final = frozenset({"table", "caption", "td", "th"})
# An opening tag that ends others: those it ends, and where looking for them stops.
_ENDS: Final = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol"}) | _BARRIERS),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _BARRIERS),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"}) | _BARRIERS),
    "td": (frozenset({"td", "th", "caption"}), frozenset({"table"})),
    "th": (frozenset({"td", "th", "caption"}), frozenset({"table"})),
    "tr": (frozenset({"tr", "caption"}), frozenset({"table"})),
    "tbody": (frozenset({"tbody", "thead", "tfoot", "caption"}), frozenset({"table"})),
    "thead": (frozenset({"tbody", "thead", "tfoot", "caption"}), frozenset({"table"})),
    "tfoot": (frozenset({"tbody", "thead", "tfoot", "caption"}), frozenset({"table"})),
}
_OUTER: Final = frozenset({"html", "body"})
_P: Final = frozenset({"p"})

# Possessive throughout: each character is looked at once. It fails only where no ">" follows at all.
_ATTRIBUTE_PATTERN = (
    r"""[\s/]*+(?:[^\s/>=][^\s/>=]*+|=[^\s/>=]*+)(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s>"'][^\s>]*+)?)?+"""
)
_OPENING = re.compile(rf"<([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE_PATTERN})*+)[\s/]*+>")
_ATTRIBUTE = re.compile(
    r"""[\s/]*+([^\s/>=][^\s/>=]*+|=[^\s/>=]*+)(?:\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*+))?)?+"""
)
_CLOSING_NAME = re.compile(r"</([a-zA-Z][^\s/>]*+)")
_COMMENT_END = re.compile(r"--!?>")
_FORMATTING_TAG = re.compile(rf"<(?:{'|'.join(sorted(FORMATTING))})[\s/>]", re.IGNORECASE)


class _Element(NamedTuple):
    name: str
    opening: str


def bounded(html: str) -> str:
    """The same HTML, or an equivalent that no parser can choke on. Takes time linear in its length."""
    html = html[:MAX_CHARACTERS]
    if len(html) <= _SMALL_CHARACTERS:
        tags = html.count("<")
        if tags <= _SMALL_TAGS and tags * len(_FORMATTING_TAG.findall(html)) <= _SMALL_REOPENED:
            return html
    return rewritten(html)


def rewritten(html: str) -> str:
    """An equivalent with every element closed, attributes quoted, and nothing deeper than MAX_DEPTH."""
    return _Rewriter(html[:MAX_CHARACTERS]).run()


class _Rewriter:
    """One pass over the tags, with a stack of what is open."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.out: list[str] = []
        self.stack: list[_Element] = []
        self.open: Counter[str] = Counter()
        self.formatting = 0
        self.indents = 0
        self.references = html.count("&")
        self.dropped: Counter[str] = Counter()
        self.reopen_budget = len(html)

    def run(self) -> str:
        html, position = self.html, 0
        while (tag := html.find("<", position)) >= 0:
            self.text(html[position:tag])
            position = self.markup(tag)
        self.text(html[position:])
        self.close_to(0)
        return "".join(self.out)

    def text(self, text: str) -> None:
        if "&" in text:
            if self.references > _MAX_REFERENCES:  # no mail has so many; each costs a parser microseconds
                text = text.replace("&", "＆")
            text = unescape(text)
        self.out.append(escape(text, quote=False))

    def markup(self, at: int) -> int:
        """Handle what begins with "<" here; returns where to go on. Markup that never ends ends the mail."""
        html, end = self.html, len(self.html)
        following = html[at + 1 : at + 2]
        if following.isascii() and following.isalpha():
            if opening := _OPENING.match(html, at):
                return self.opening_tag(opening)
            return end
        if following == "/" and (closing := _CLOSING_NAME.match(html, at)):
            self.closing_tag(closing[1].lower())
            return html.find(">", closing.end()) + 1 or end
        if html.startswith("<!--", at):
            if html.startswith((">", "->"), at + 4):
                return html.index(">", at) + 1
            comment_end = _COMMENT_END.search(html, at + 4)
            return comment_end.end() if comment_end else end
        if following in ("!", "?", "/") and following:
            return html.find(">", at) + 1 or end
        self.out.append("&lt;")
        return at + 1

    def opening_tag(self, found: re.Match[str]) -> int:
        name, position = found[1].lower(), found.end()
        if name in _RAW:
            return self.raw_text(name, position)
        if name in _OUTER and self.stack and self.stack[-1].name != "html":
            name = "div"  # a whole document inside another, as forwarded mail often has it
        if name == "image":
            name = "img"
        if name not in TAGS and name not in _OUTER:
            return position
        self.end_implied(name)
        opening = f"<{name}{_attributes(found[2])}>"
        if name in VOID:
            self.out.append(opening)
        elif self.is_full_for(name):
            self.dropped[name] += 1
        else:
            self.push(_Element(name, opening))
        return position

    def is_full_for(self, name: str) -> bool:
        return (
            len(self.stack) >= MAX_DEPTH
            or (name in FORMATTING and self.formatting >= _MAX_FORMATTING)
            or (name in _INDENTS and self.indents >= _MAX_INDENTS)
        )

    def raw_text(self, name: str, position: int) -> int:
        ending = _RAW_END[name].search(self.html, position)
        if ending is None:
            return len(self.html)
        content = self.html[position : ending.start()]
        if name == "style":
            self.out.append(f"<style>{content}</style>")
        elif name == "textarea":
            self.text(content.replace("<", "&lt;"))
        return self.html.find(">", ending.end()) + 1 or len(self.html)

    def closing_tag(self, name: str) -> None:
        if name in _OUTER:  # what follows belongs to the mail all the same
            return
        if self.dropped[name]:
            self.dropped[name] -= 1
            return
        if not self.open[name]:
            return
        stops = frozenset({"table"}) if name in TABLE and name != "table" else _BARRIERS - {name}
        index = self.nearest(frozenset({name}), frozenset() if name == "table" else stops)
        if index is not None:
            self.close_keeping_formatting(index) if name not in TABLE else self.close_to(index)

    def end_implied(self, name: str) -> None:
        if name in _ENDS:
            names, stops = _ENDS[name]
            index = self.nearest(names, stops)
            if index is not None:
                self.close_to(index) if name in TABLE else self.close_keeping_formatting(index)
        if name in BLOCK and self.open["p"]:
            index = self.nearest(_P, _BARRIERS)
            if index is not None:
                self.close_keeping_formatting(index)

    def nearest(self, names: frozenset[str], stops: frozenset[str]) -> int | None:
        for index in range(len(self.stack) - 1, -1, -1):
            name = self.stack[index].name
            if name in names:
                return index
            if name in stops:
                return None
        return None

    def push(self, element: _Element) -> None:
        self.out.append(element.opening)
        self.stack.append(element)
        self.count(element.name, 1)

    def close_to(self, index: int) -> list[_Element]:
        closed = self.stack[index:]
        del self.stack[index:]
        for element in reversed(closed):
            self.out.append(f"</{element.name}>")
            self.count(element.name, -1)
        return closed

    def count(self, name: str, change: int) -> None:
        self.open[name] += change
        if name in FORMATTING:
            self.formatting += change
        elif name in _INDENTS:
            self.indents += change

    def close_keeping_formatting(self, index: int) -> None:
        """Close as a browser does: bold that was opened inside goes on after it, while the budget lasts."""
        for element in self.close_to(index)[1:]:
            if element.name in FORMATTING and self.reopen_budget > 0:
                self.reopen_budget -= len(element.opening)
                self.push(element)


def _attributes(source: str) -> str:
    if not source:
        return ""
    kept: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(source):
        name = found[1].lower()
        if name in ATTRIBUTES and name not in kept and len(kept) < _MAX_ATTRIBUTES:
            value = found[2] or found[3] or found[4] or ""
            if len(value) <= _MAX_VALUE:
                kept[name] = escape(unescape(value))
    return "".join(f' {name}="{value}"' for name, value in kept.items())
