"""What people of the desk write with a form: a small vocabulary, safe to stand in a page as it is.

written   any HTML reduced to the vocabulary; what is stored
is_rich   whether it says more than its paragraphs do
words_of  the same as plain text that reads well
for_mail  the same with the styles that mail programs need
"""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Final

import nh3

from heed.kernel.html.bounds import bounded
from heed.kernel.html.names import VOID
from heed.kernel.html.plain import text_to_html, to_text
from heed.kernel.text import tidy

_BLOCKS: Final = frozenset({"p", "blockquote", "pre", "ul", "ol", "li", "table", "tr", "td", "th", "hr"})
_NAMES: Final = {"b": "strong", "i": "em", "strike": "s", "del": "s", **{f"h{n}": "p" for n in range(1, 7)}}
_OLD_NAME = re.compile(r"<(/?)(b|i|strike|del|h[1-6]|div)\b", re.IGNORECASE)
_HREF = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_IMAGE = re.compile(r"cid:([\w.+-]{1,60}@[\w.-]{1,60})")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_PASSES: Final = 5  # until what the parser mends stays as it is; only nonsense needs more than two
_EMPTY = r"<p>(?:\s|&nbsp;|<br>)*</p>"
_LEADING = re.compile(rf"^(?:\s*{_EMPTY})+\s*")
_BLANK = re.compile(_EMPTY)
_IMAGE_TAG = re.compile(r'<img\b[^<>]*?\bsrc="cid:([^"<>]+)"[^<>]*>')
_WITHOUT_SOURCE = re.compile(r"<img(?![^<>]* src=)[^<>]*>")
_PLAIN = re.compile(r"</?p>|<br>")
_LINK = re.compile(r'<a href="([^"]*)"[^<>]*>([^<>]*)</a>')
_STYLES: Final = {
    "blockquote": "margin:0 0 1em;padding:0 1em;border-left:3px solid #c9c3b5;color:#56524a",
    "code": "font-family:Consolas,Menlo,monospace;background-color:#f3f1eb",
    "hr": "border:0;border-top:1px solid #c9c3b5",
    "img": "max-width:100%;height:auto",
    "pre": "margin:0 0 1em;padding:8px;background-color:#f3f1eb;font-family:Consolas,Menlo,monospace;"
    "white-space:pre-wrap",
    "table": "margin:0 0 1em;border-collapse:collapse",
    "td": "padding:4px 8px;border:1px solid #c9c3b5;vertical-align:top;text-align:start",
    "th": "padding:4px 8px;border:1px solid #c9c3b5;vertical-align:top;text-align:start;"
    "background-color:#f3f1eb",
}
_MORE: Final = {
    "a": ' target="_blank" rel="noopener noreferrer nofollow"',
    **dict.fromkeys(("p", "li", "blockquote", "td", "th"), ' dir="auto"'),
}
_OPENING = re.compile(r"<([a-z]+)\b")


def _keep(tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value.strip() if _HREF.match(value.strip()) else None
    if name == "src":
        return value if _IMAGE.fullmatch(value) else None
    if name in ("colspan", "rowspan", "start"):
        return value if _NUMBER.fullmatch(value) else None
    return value[:300] if (tag, name) == ("img", "alt") else None


_CLEANER: Final = nh3.Cleaner(
    tags={"p", "br", "strong", "em", "u", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img"}
    | {"table", "tbody", "tr", "td", "th", "hr"},
    clean_content_tags={"script", "style", "title", "iframe", "noembed", "noframes", "xmp", "svg", "math"}
    | {"object", "template"},
    attributes={
        "a": {"href"},
        "img": {"src", "alt"},
        "ol": {"start"},
        "td": {"colspan", "rowspan"},
        "th": {"colspan", "rowspan"},
    },
    attribute_filter=_keep,
    link_rel=None,
    url_schemes={"http", "https", "mailto", "tel", "cid"},
)


def written(html: str) -> str:
    """The HTML in our small vocabulary: no style, class or script, images only of the mail itself. Never raises.

    The same again when it is given what it gave. Empty paragraphs at both ends are gone; empty when nothing remains.
    """
    renamed = _OLD_NAME.sub(lambda tag: f"<{tag[1]}{_NAMES.get(tag[2].lower(), 'p')}", bounded(html))
    try:
        before, cleaned = "", _cleaned(renamed)
        for _ in range(_PASSES):
            if cleaned == before:
                return cleaned
            before, cleaned = cleaned, _cleaned(cleaned)
    except BaseException as error:  # a panic of the parser is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
    return _cleaned(text_to_html(to_text(html)))


def _cleaned(html: str) -> str:
    kept = _WITHOUT_SOURCE.sub("", _CLEANER.clean(html))
    return _without_end(_LEADING.sub("", kept)).strip()


def _without_end(html: str) -> str:
    """Without empty paragraphs at its end: looked at from there, each character once."""
    end = _before_spaces(html, len(html))
    while html.endswith("</p>", 0, end):
        start = html.rfind("<p>", 0, end)
        if start < 0 or not _BLANK.fullmatch(html, start, end):
            break
        end = _before_spaces(html, start)
    return html[:end]


def _before_spaces(html: str, end: int) -> int:
    while end and html[end - 1].isspace():
        end -= 1
    return end


def is_rich(html: str) -> bool:
    """Whether what was written holds more than paragraphs and addresses that are links by themselves."""
    bare = _LINK.sub(lambda link: "" if unescape(link[2]) == _shown(unescape(link[1])) else link[0], html)
    return "<" in _PLAIN.sub("", bare)


def images_of(html: str) -> list[str]:
    """The content ids of the images in what was written, each once, in their order."""
    return list(dict.fromkeys(_IMAGE_TAG.findall(html)))


def with_images(html: str, kept: frozenset[str]) -> str:
    """What was written, without images other than those with these content ids."""
    return _IMAGE_TAG.sub(lambda image: image[0] if image[1] in kept else "", html)


def for_page(html: str) -> str:
    """What was written, to stand in a page of ours: links open elsewhere, each element turns as its words do."""
    return _OPENING.sub(lambda opening: f"<{opening[1]}{_MORE.get(opening[1], '')}", html)


def for_mail(html: str) -> str:
    """What was written, as mail programs show it: each element also says its own look."""
    return _OPENING.sub(_styled, html)


def _styled(opening: re.Match[str]) -> str:
    tag = opening[1]
    style = f' style="{_STYLES[tag]}"' if tag in _STYLES else ""
    return f"<{tag}{_MORE.get(tag, '')}{style}"


def words_of(html: str) -> str:
    """What was written as plain text: lists and quotes with their marks, tables in columns, links spelled out."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


def _shown(target: str) -> str:
    """A link's target as people write it."""
    return target.partition(":")[2] if target.lower().startswith(("mailto:", "tel:")) else target


class _Reader(HTMLParser):
    """Reads the vocabulary line by line. What stands before each line is kept by the elements that are open."""

    WIDEST: Final = 76  # columns are laid out up to here

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._words = ""
        self._before: list[
            list[str]
        ] = []  # of each open quote or item: before its next line, and all after it
        self._lists: list[int] = []  # the next number of each open list; 0: bullets
        self._link: list[tuple[str, int]] = []
        self._rows: list[list[str]] | None = None
        self._tables = self._pre = 0
        self._wants_gap = False
        self._is_fresh = True  # nothing stands in the open quote or item yet
        self._blocks: list[str] = []

    def text(self) -> str:
        """What was read."""
        self._end_line()
        lines = (line.rstrip() for line in self._lines)
        return tidy("\n".join(lines)).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if self._tables and tag in _BLOCKS | {"br"}:
            self._start_in_table(tag)
        elif tag == "br":
            self._end_line(even_if_empty=True)
        elif tag == "img":
            self._words += f"[{given.get('alt') or '…'}]"
        elif tag == "a":
            self._link.append((given.get("href", ""), len(self._words)))
        elif tag in _BLOCKS:
            self._start_block(tag, given)

    def _start_block(self, tag: str, given: dict[str, str]) -> None:
        self._end_line()
        if not (self._is_fresh or tag == "li" or (tag in ("ul", "ol") and self._lists)):
            self._gap()
        if tag not in VOID:
            self._blocks.append(tag)
        if tag == "blockquote":
            self._fill_gap()
            self._before.append(["> ", "> "])
            self._is_fresh = True
        elif tag in ("ul", "ol"):
            self._lists.append(int(given.get("start", "1")) if tag == "ol" else 0)
        elif tag == "li":
            self._start_item()
        elif tag == "hr":
            self._words = "---"
            self._end_line()
            self._gap()
        elif tag == "table":
            self._tables, self._rows = 1, []
        elif tag == "pre":
            self._pre += 1

    def _start_item(self) -> None:
        self._fill_gap()
        mark = "- "
        if self._lists and self._lists[-1]:
            mark = f"{self._lists[-1]}. "
            self._lists[-1] += 1
        self._before.append([mark, " " * len(mark)])
        self._is_fresh = True

    def _start_in_table(self, tag: str) -> None:
        assert self._rows is not None
        if tag == "table":
            self._tables += 1
        elif self._tables == 1 and tag == "tr":
            self._rows.append([])
        elif self._tables == 1 and tag in ("td", "th"):
            self._words = ""
        else:
            self._words += " "

    def handle_endtag(self, tag: str) -> None:
        if self._tables and tag in _BLOCKS:
            self._end_in_table(tag)
        elif tag == "a" and self._link:
            self._end_link()
        elif tag in _BLOCKS:
            self._end_block(tag)

    def _end_link(self) -> None:
        target, start = self._link.pop()
        words = self._words[start:].strip()
        if target and words not in (target, _shown(target)):
            self._words += f" ({_shown(target)})" if words else _shown(target)

    def _end_block(self, tag: str) -> None:
        self._end_line(even_if_empty=tag == "li" and self._is_unmarked())
        if tag in ("blockquote", "li") and self._before:
            self._before.pop()
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "pre" and self._pre:
            self._pre -= 1
        if self._blocks:
            self._blocks.pop()
        if tag != "li" and "li" not in self._blocks[-1:] and not (tag in ("ul", "ol") and self._lists):
            self._gap()

    def _is_unmarked(self) -> bool:
        return bool(self._before) and self._before[-1][0] != self._before[-1][1]

    def _end_in_table(self, tag: str) -> None:
        assert self._rows is not None
        if self._tables == 1 and tag in ("td", "th"):
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append(" ".join(self._words.split()))
            self._words = ""
        elif tag == "table":
            self._tables -= 1
            if not self._tables:
                self._lay_out(self._rows)
                self._rows = None
                self._gap()

    def _lay_out(self, rows: list[list[str]]) -> None:
        widths = _widths(rows)
        fits = sum(widths) + 3 * len(widths) <= self.WIDEST
        for row in rows:
            cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)] if fits else row
            self._words = " | ".join(cells)
            self._end_line()

    def handle_data(self, data: str) -> None:
        if self._pre and not self._tables:
            *whole, self._words = (self._words + data).split("\n")
            for line in whole:
                self._words, rest = line, self._words
                self._end_line(even_if_empty=True)
                self._words = rest
            return
        spaced = re.sub(r"[ \t\r\n\f]+", " ", data)
        self._words += spaced.lstrip(" ") if not self._words or self._words.endswith(" ") else spaced

    def _gap(self) -> None:
        self._wants_gap = True

    def _fill_gap(self) -> None:
        """The empty line before what follows, once: never at the beginning, nor right after an item's mark."""
        wants, self._wants_gap = self._wants_gap, False
        if wants and self._lines and not any(first != rest for first, rest in self._before):
            self._lines.append("".join(rest for _, rest in self._before))

    def _end_line(self, *, even_if_empty: bool = False) -> None:
        words, self._words = self._words.rstrip(" "), ""
        if not words and not even_if_empty:
            return
        self._fill_gap()
        self._is_fresh = False
        self._lines.append("".join(before[0] for before in self._before) + words)
        for before in self._before:
            before[0] = before[1]


def _widths(rows: list[list[str]]) -> list[int]:
    """The widest cell of each column. A row has the cells that it has: nothing is made of those that are missing."""
    widths: list[int] = []
    for row in rows:
        widths += [0] * (len(row) - len(widths))
        for place, cell in enumerate(row):
            widths[place] = max(widths[place], len(cell))
    return widths


def from_words(text: str) -> str:
    """Plain text in our vocabulary, for those who go on writing it with a form."""
    return written(text_to_html(text))
