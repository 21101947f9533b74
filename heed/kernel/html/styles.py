"""Apply the style sheet of a mail to its elements, since no style element may survive.

Sheets of strangers are first cut down to plain rules with the properties we keep: rules for narrow screens, for the
dark or for print, imports, fonts and states of the mouse mean nothing inside a mail that is shown once, and are what
makes inliners slow. Rules for any screen hold.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from heed.kernel.html.names import STYLES
from heed.kernel.later import later

if TYPE_CHECKING:
    import css_inline
else:
    css_inline = later("css_inline")

_MAX_SHEET: Final = 200_000
_MAX_WORK: Final = 20_000_000  # characters of rules times tags; at worst about half a second
_MAX_VALUE: Final = 300

_SHEET = re.compile(r"<style[^>]*>(.*?)</style[^>]*>", re.IGNORECASE | re.DOTALL)
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_RULE = re.compile(r"([^{};@]{1,2000})\{([^{}]*)\}|@[^{};]*;|@[^{};]*\{|\}")
_LINK = re.compile(r"<link\b[^>]*>", re.IGNORECASE)
_ANY_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)(?:\s*,[^{]*)?\s*\{", re.IGNORECASE)
_UNVISITED = re.compile(r":link\b", re.IGNORECASE)
_UNUSABLE_SELECTOR = re.compile(r"::?(?!first-child|last-child|nth-child|not\b)|[\\<>]{2}|\\")


@cache
def _inliner() -> "css_inline.CSSInliner":
    return css_inline.CSSInliner(load_remote_stylesheets=False, keep_link_tags=False, minify_css=False)


def with_styles_applied(html: str) -> str:
    """The same HTML with the rules of its style elements written into style attributes.

    Expects HTML that is bounded. Returns it unchanged when the sheets are too much work. Reads no file and
    no address.
    """
    sheets = _SHEET.findall(html[: html.lower().rfind("</style") + 9])
    rules = "".join(_rules("\n".join(sheets)[:_MAX_SHEET]))
    if not rules or len(rules) * html.count("<") > _MAX_WORK:
        return html
    body = _LINK.sub("", _SHEET.sub("", html))
    try:
        return _inliner().inline(f"<style>{rules}</style>{body}")
    except BaseException as error:  # a panic of the inliner is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return html


def _rules(sheet: str) -> Iterator[str]:
    """The plain rules outside any at-rule but those for every screen, with the properties we keep."""
    depth = skipped = 0
    for found in _RULE.finditer(_COMMENT.sub("", sheet)):
        if found[1] is None:
            if found[0].endswith("{"):
                depth += 1
                skipped = skipped or (0 if _ANY_SCREEN.fullmatch(found[0]) else depth)
            elif found[0] == "}":
                skipped = 0 if skipped == depth else skipped
                depth = max(0, depth - 1)
        elif not skipped:
            names = (_UNVISITED.sub("[href]", part) for part in found[1].split(","))
            selectors = [part for part in names if not _UNUSABLE_SELECTOR.search(part)]
            declarations = ";".join(_declarations(found[2]))
            if selectors and declarations:
                yield f"{','.join(selectors).strip()}{{{declarations}}}\n"


def _declarations(source: str) -> Iterator[str]:
    for part in source.split(";"):
        name, colon, value = part.partition(":")
        name = name.strip().lower()
        if colon and name in STYLES and len(value) <= _MAX_VALUE and "<" not in value:
            yield f"{name}:{value.strip()}"


# A function or an escape in a style value may hide an address that the reader would fetch.
_KNOWN_FUNCTIONS: Final = frozenset(
    {
        *("rgb", "rgba", "hsl", "hsla", "hwb", "lab", "lch", "oklab", "oklch", "calc", "min", "max", "clamp"),
        *("linear-gradient", "radial-gradient", "conic-gradient"),
        *("repeating-linear-gradient", "repeating-radial-gradient"),
    }
)
_FUNCTION = re.compile(r"([\w-]*)\s*\(")
_DOUBTFUL_VALUE = re.compile(r"\\|@|expression|bidi-override", re.IGNORECASE)
_ADDRESS = re.compile(r"""url\(\s*(?:"[^"()\\]*"|'[^'()\\]*'|[^"'()\\\s]*)\s*\)""", re.IGNORECASE)
_BACKGROUND = re.compile(r"\s*background\s*:", re.IGNORECASE)
_NESTED = re.compile(r"\([^()]*\(")  # the sanitiser's parser of styles loses what stands in inner brackets
_DECLARATION = re.compile(r"(?:[^;()]++|\([^()]*+\)|[()])++")  # a semicolon in brackets parts nothing


def safe_declarations(value: str) -> str:
    """The declarations of a style attribute without those that could fetch, hide an address, or turn the direction.

    Of a background with a picture its colour stays.
    """
    if "(" not in value and _DOUBTFUL_VALUE.search(value) is None:
        return value
    parts = (
        _ADDRESS.sub("", part) if _BACKGROUND.match(part) else part for part in _DECLARATION.findall(value)
    )
    return ";".join(part for part in parts if _is_safe(part))


def _is_safe(declaration: str) -> bool:
    if _DOUBTFUL_VALUE.search(declaration) or _NESTED.search(declaration):
        return False
    return all(name.lower() in _KNOWN_FUNCTIONS for name in _FUNCTION.findall(declaration))
