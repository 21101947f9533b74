"""Make HTML of strangers safe to show: an allow-list, applied by one prebuilt cleaner."""

import re
from typing import Final

import nh3

from heed.kernel.html.bounds import bounded
from heed.kernel.html.names import QUOTE_CLASSES, QUOTE_IDS, SAFE_ATTRIBUTES, STYLES, TAGS
from heed.kernel.html.plain import text_to_html, to_text

REMOTE: Final = "data-remote"
"""Where a cleaned image keeps its remote address: there is no src, so nothing is fetched by accident."""

_IMAGE_TYPES: Final = ("data:image/png", "data:image/gif", "data:image/jp", "data:image/webp")

# A function or an escape in a style value may hide an address that the reader would fetch.
_DOUBTFUL_VALUE = re.compile(
    r"\\|(?<!\brgb)(?<!\brgba)(?<!\bhsl)(?<!\bhsla)(?<!\bcalc)\(|@|expression", re.IGNORECASE
)
_REMOTE_SOURCE = re.compile(r'(<img [^>]*?)\bsrc="(https?:[^"]*)"', re.IGNORECASE)
_OUTER = re.compile(r"<(/?)(?:body|html)\b", re.IGNORECASE)


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    if name == "style":
        if _DOUBTFUL_VALUE.search(value) is None:
            return value
        return ";".join(part for part in value.split(";") if _DOUBTFUL_VALUE.search(part) is None)
    if name == "href" or name == "src":
        scheme = value.strip().lower()
        if scheme.startswith("data:"):
            return value if tag == "img" and scheme.startswith(_IMAGE_TYPES) else None
        if scheme.startswith("cid:"):
            return value if tag == "img" else None
    elif name == REMOTE:
        return value if value.startswith(("http://", "https://")) else None
    return value


def _absolute(url: str) -> str | None:
    """A mail has no base address: only "//host/path" means something."""
    address = url.strip().replace("\\", "/")
    return f"https:{address}" if address.startswith("//") else None


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
    return clean_bounded(bounded(html), source=html)


def clean_bounded(html: str, *, source: str) -> str:
    """Sanitise HTML that ``bounded`` has already been over; the words of ``source`` alone if that fails."""
    try:
        cleaned = _CLEANER.clean(_OUTER.sub(r"<\1div", html))
    except BaseException as error:  # a panic of the parser is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
            raise
        return text_to_html(to_text(source))
    return _REMOTE_SOURCE.sub(rf'\1{REMOTE}="\2"', cleaned)
