"""HTML to words and words to HTML."""

import re
from functools import cache
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from heed.kernel.html.bounds import bounded, rewritten
from heed.kernel.html.links import with_hosts_named
from heed.kernel.html.names import BLOCK
from heed.kernel.later import later
from heed.kernel.text import tidy

if TYPE_CHECKING:
    import inscriptis
    from inscriptis import css_profiles
    from inscriptis.model import config as layout
else:
    inscriptis = later("inscriptis")
    css_profiles = later("inscriptis.css_profiles")
    layout = later("inscriptis.model.config")

_BLANK_LINES = re.compile(r"\n{3,}")
_LAID_OUT_TAGS: Final = 8_000
_LAID_OUT_TABLES: Final = 24  # inside each other: laying out costs their number times their depth
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)
_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
_LINE_TAGS = rf"/?(?:br|tr|{'|'.join(sorted(BLOCK))})\b"
_BREAKS = re.compile(rf"(?:\s*<{_LINE_TAGS}[^>]*>)+\s*")
_OTHER_TAG = re.compile(rf"<(?!{_LINE_TAGS})[^>]*>")
_SPACES = re.compile(r"\s+")


@cache
def _layout() -> "layout.ParserConfig":
    css = css_profiles.CSS_PROFILES["strict"]
    return layout.ParserConfig(css=css, display_images=False, display_links=False)


def to_text(html: str) -> str:
    """The words of HTML as lines, tables and lists laid out. Never raises; linear in its length.

    A link that shows another host than it leads to is followed by that host in brackets.
    """
    source = with_hosts_named(bounded(html.replace("\0", "")))
    if source.count("<") > _LAID_OUT_TAGS or _tables_deep(source) > _LAID_OUT_TABLES:
        return _tidied(_words_only(rewritten(source)))
    try:
        # The parser beneath silently returns nothing for what is nested too deep for it.
        text = inscriptis.get_text(source, _layout())
        if not text.strip():
            text = inscriptis.get_text(rewritten(source), _layout())
    except Exception:  # whatever a parser thinks of a mail, its words are shown
        text = _words_only(rewritten(source))
    return _tidied(text)


def _tables_deep(html: str) -> int:
    """How many tables are open at once, at the most."""
    depth = deepest = 0
    for tag in _TABLE.finditer(html):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def _words_only(html: str) -> str:
    """The words of rewritten HTML, a line for each block."""
    text = _SPACES.sub(" ", _OTHER_TAG.sub("", _STYLE.sub("", html)))
    return unescape(_BREAKS.sub("\n", text))


def _tidied(text: str) -> str:
    lines = (line.rstrip() for line in tidy(text).split("\n"))  # a pattern for this would be quadratic
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip("\n")


_LINK = re.compile(
    r"""(?P<url>\bhttps?://[^\s<>"'\u201c\u201d\u00ab\u00bb]{1,2000})"""
    r"""|(?P<address>(?<![\w.+/@-])[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-zA-Z]{2,24}\b)"""
)
_PARAGRAPHS = re.compile(r"\n[^\S\n]*\n\s*")
_INDENT = re.compile(r"^[ \t]+|(?<= ) ", re.MULTILINE)
_AFTER_URL: Final = ".,;:!?*_~…。、，！？"
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


def text_to_html(text: str) -> str:
    """Plain text as paragraphs with links: for mail that we send and for showing text as it was written.

    Everything is escaped; addresses of pages and people become links, nothing else becomes markup.
    """
    paragraphs = _PARAGRAPHS.split(tidy(text).strip("\n"))
    return "\n".join(
        f'<p dir="auto">{_lines(paragraph)}</p>' for paragraph in paragraphs if paragraph.strip()
    )


def _lines(paragraph: str) -> str:
    out: list[str] = []
    position = 0
    for found in _LINK.finditer(paragraph):
        out.append(_spaced(paragraph[position : found.start()]))
        position = found.end()
        if found["url"]:
            url = _without_punctuation(found["url"])
            out.append(_link(url, url))
            position = found.start() + len(url)
        else:
            out.append(_link(f"mailto:{found['address']}", found["address"]))
    out.append(_spaced(paragraph[position:]))
    return "".join(out)


def _link(target: str, words: str) -> str:
    return (
        f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer nofollow">{escape(words)}</a>'
    )


def _without_punctuation(url: str) -> str:
    """A link ends before the full stop of its sentence and the bracket it stands in."""
    end = len(url)
    while end and (url[end - 1] in _AFTER_URL or _is_unpaired(url, end)):
        end -= 1
    return url[:end]


def _is_unpaired(url: str, end: int) -> bool:
    closing = url[end - 1]
    return closing in _PAIRS and url.count(_PAIRS[closing], 0, end) < url.count(closing, 0, end)


def _spaced(text: str) -> str:
    kept = _INDENT.sub(lambda found: "\u00a0" * len(found[0].expandtabs(4)), text)
    return escape(kept, quote=False).replace("\n", "<br>\n")
