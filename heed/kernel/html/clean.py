"""Make HTML of strangers safe to show: an allow-list, applied by one prebuilt cleaner."""

import re
from html import escape, unescape
from typing import Final
from urllib.parse import urlsplit

import nh3

from heed.kernel.html.bounds import bounded
from heed.kernel.html.names import QUOTE_CLASSES, QUOTE_IDS, SAFE_ATTRIBUTES, STYLES, TAGS
from heed.kernel.html.plain import text_to_html, to_text
from heed.kernel.html.quotes import with_history_folded
from heed.kernel.html.styles import with_styles_applied

REMOTE: Final = "data-remote"
"""Where a cleaned image keeps its remote address: there is no src, so nothing is fetched by accident."""

_ALLOWED_ADDRESS: Final = {
    ("a", "href"): re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE),
    ("img", "src"): re.compile(r"https?:|cid:|data:image/(?:png|gif|jpe?g|webp)[;,]", re.IGNORECASE),
    ("img", REMOTE): re.compile(r"https?:", re.IGNORECASE),
}
_IGNORED_IN_ADDRESS = re.compile(r"[\t\n\r]")
_STRIPPED_FROM_ADDRESS: Final = "".join(map(chr, range(33)))

# A function or an escape in a style value may hide an address that the reader would fetch.
_DOUBTFUL_VALUE = re.compile(
    r"\\|(?<!\brgb)(?<!\brgba)(?<!\bhsl)(?<!\bhsla)(?<!\bcalc)\(|@|expression", re.IGNORECASE
)
_REMOTE_SOURCE = re.compile(r'(<img [^>]*?)\bsrc="(https?:[^"]*)"', re.IGNORECASE)
_IMAGE = re.compile(r"<img [^>]*>")
_TINY_WIDTH = re.compile(r'\bwidth(?:="[01](?:px)?"|:\s*[01](?:px)?\s*[;"])|display:\s*none')
_TINY_HEIGHT = re.compile(r'\bheight(?:="[01](?:px)?"|:\s*[01](?:px)?\s*[;"])|display:\s*none')
_LINK = re.compile(r'<a [^>]*?href="(?P<target>https?:[^"]*)"[^>]*>(?P<words>[^<]{4,300})</a>')
_SHOWN_HOST = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,6}[a-z]{2,24})(?:[/?#:]\S*)?$", re.IGNORECASE)
_TAG = re.compile(r"<[a-z][a-z0-9]* [^<>]*>")  # of what was sanitised: no bracket stands in an attribute
_STYLE_VALUE = re.compile(r'(?<= style=")[^"]*')
_OUTER = re.compile(r"<(/?)(?:body|html)\b", re.IGNORECASE)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        if _DOUBTFUL_VALUE.search(value) is None:
            return value
        return ";".join(part for part in value.split(";") if _DOUBTFUL_VALUE.search(part) is None)
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

    Style sheets are applied, then all is sanitised; tracking pixels are gone, a link whose words name another
    host than it leads to says so, history below the answer is folded. Never raises; linear in its length.
    """
    source = bounded(html)
    styled = with_styles_applied(source) if "</style" in source.lower() else source
    cleaned = _IMAGE.sub(_without_tracker, _sanitized(styled, source=html))
    return with_history_folded(_LINK.sub(_honest_link, cleaned))


def _sanitized(html: str, *, source: str) -> str:
    """HTML that was bounded, sanitised; only the words of ``source`` if the sanitiser fails."""
    try:
        cleaned = _CLEANER.clean(_OUTER.sub(r"<\1div", html))
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


def _without_tracker(image: re.Match[str]) -> str:
    tag = image[0]
    if REMOTE not in tag or not (_TINY_WIDTH.search(tag) and _TINY_HEIGHT.search(tag)):
        return tag
    return ""


def _honest_link(link: re.Match[str]) -> str:
    """Words that look like an address of another host are followed by the host that the link leads to."""
    shown = _SHOWN_HOST.match(unescape(link["words"]).strip())
    leads_to = _host(unescape(link["target"]))
    if shown is None or leads_to is None or _is_same_site(shown[1].lower(), leads_to):
        return link[0]
    return f"{link[0]} [{escape(leads_to)}]"


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


def _is_same_site(shown: str, leads_to: str) -> bool:
    shown, leads_to = shown.removeprefix("www."), leads_to.removeprefix("www.")
    return leads_to == shown or leads_to.endswith(f".{shown}")
