"""Make HTML of strangers safe to show: an allow-list, applied by one prebuilt cleaner."""

import re
from html import escape, unescape
from typing import Final

import nh3

from heed.kernel.html.bounds import bounded
from heed.kernel.html.names import QUOTE_CLASSES, QUOTE_IDS, SAFE_ATTRIBUTES, STYLES, TAGS
from heed.kernel.html.plain import text_to_html, to_text
from heed.kernel.html.quotes import with_history_folded
from heed.kernel.html.styles import safe_declarations, with_styles_applied
from heed.kernel.html.trackers import REMOTE, without_trackers

_ALLOWED_ADDRESS: Final = {
    ("a", "href"): re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE),
    ("img", "src"): re.compile(r"https?:|cid:|data:image/(?:png|gif|jpe?g|webp)[;,]", re.IGNORECASE),
    ("img", REMOTE): re.compile(r"https?:", re.IGNORECASE),
}
_IGNORED_IN_ADDRESS = re.compile(r"[\t\n\r]")
_STRIPPED_FROM_ADDRESS: Final = "".join(map(chr, range(33)))

_REMOTE_SOURCE = re.compile(r'(<img [^>]*?)\bsrc="(https?:[^"]*)"', re.IGNORECASE)
_TAG = re.compile(r"<[a-z][a-z0-9]* [^<>]*>")  # of what was sanitised: no bracket stands in an attribute
_STYLE_VALUE = re.compile(r'(?<= style=")[^"]*')
_OUTER = re.compile(r"<(/?)(body|html)\b([^<>]*)", re.IGNORECASE)
_COLOURS = re.compile(r"""\s(bgcolor|text)\s*=\s*["']?\s*(#[0-9a-f]{3,8}|[a-z]{3,20})\b""", re.IGNORECASE)
_OWN_STYLE = re.compile(r"""(\sstyle\s*=\s*["'])""", re.IGNORECASE)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        return safe_declarations(value)
    if name in ("href", "src", REMOTE):
        address, allowed = _absolute(value), _ALLOWED_ADDRESS.get((tag, name))
        return address if address and allowed and allowed.match(address) else None
    return value


def _absolute(url: str) -> str | None:
    """The address as a browser reads it. A mail has no base, so of relative ones only "//host" means one."""
    address = _IGNORED_IN_ADDRESS.sub("", url).strip(_STRIPPED_FROM_ADDRESS)
    start = address[:2].replace("\\", "/")
    if start == "//":
        return f"https://{address[2:]}"
    return address if ":" in address and start[:1] != "/" else None


_CLEANER: Final = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "title",
        "iframe",
        "noembed",
        "noframes",
        "xmp",
        "object",
        "svg",
        "math",
    },
    attributes={
        "*": set(SAFE_ATTRIBUTES),
        "a": {"href"},
        "img": {"src", REMOTE},
    },
    attribute_filter=_keep_attribute,
    tag_attribute_values={
        "blockquote": {"type": {"cite"}},
        "div": {"id": set(QUOTE_IDS)},
        "ol": {"type": {"1", "a", "A", "i", "I"}},
        "ul": {"type": {"disc", "circle", "square"}},
    },
    allowed_classes={"div": set(QUOTE_CLASSES), "blockquote": set(QUOTE_CLASSES)},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto", "tel", "cid", "data"},
    url_relative=_absolute,
    filter_style_properties=set(STYLES),
)


def sanitize(html: str) -> str:
    """Inert HTML with the layout, words and links of the given one. Never raises; linear in its length.

    No script, form, frame, style element or address to fetch survives: images from elsewhere carry theirs
    in ``data-remote``, images of the mail itself keep ``cid:``. Beyond MAX_CHARACTERS it is cut.
    """
    return _sanitized(bounded(html), source=html)


def clean_mail(html: str) -> str:
    """The HTML of a mail as it is stored: made once, at intake, and shown by ``frame``.

    Style sheets are applied, then all is sanitised; tracking images are gone and counted, history below the answer
    is folded. Never raises; linear in its length.
    """
    source = bounded(html)
    styled = with_styles_applied(source) if "</style" in source.lower() else source
    return without_trackers(with_history_folded(_sanitized(styled, source=html)))


def _sanitized(html: str, *, source: str) -> str:
    """HTML that was bounded, sanitised; only the words of ``source`` if the sanitiser fails."""
    try:
        cleaned = _CLEANER.clean(_OUTER.sub(_as_box, html))
    except BaseException as error:  # a panic of the parser is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return text_to_html(to_text(source))
    if "\\" in cleaned or "{" in cleaned:
        cleaned = _TAG.sub(lambda tag: _STYLE_VALUE.sub(_plain_style, tag[0]), cleaned)
    return _REMOTE_SOURCE.sub(rf'\1{REMOTE}="\2"', cleaned)


def _plain_style(value: re.Match[str]) -> str:
    """A style without the declarations that the sanitiser had to write with escapes: nobody meant them."""
    if "\\" not in value[0] and "{" not in value[0]:
        return value[0]
    parts = (part for part in unescape(value[0]).split(";") if "\\" not in part and "{" not in part)
    return escape(";".join(parts), quote=False).replace('"', "&quot;").replace("\u00a0", "&nbsp;")


def _as_box(outer: re.Match[str]) -> str:
    """A box in place of html or body, with the colours that these have in attributes of their own."""
    end, name, rest = outer.groups()
    if end or name.lower() == "html":
        return f"<{end}div{rest}"
    colours = {found[1].lower(): found[2] for found in _COLOURS.finditer(rest)}
    names = {"bgcolor": "background-color", "text": "color"}
    style = "".join(f"{names[key]}:{value};" for key, value in colours.items())
    if style and _OWN_STYLE.search(rest):
        return f"<div{_OWN_STYLE.sub(lambda own: own[1] + style, rest, count=1)}"
    return f'<div style="{style}"{rest}' if style else f"<div{rest}"
