"""A stored mail as a whole document, to be shown in a frame of its own. Cheap."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from heed.kernel.html.clean import REMOTE
from heed.kernel.html.quotes import FOLD_OPENING

FRAME_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action"
    " 'none'; frame-ancestors 'self'"
)
"""The Content-Security-Policy that the document is served with: no script, no network but our own images."""

_IMAGE = re.compile(r"<img [^>]*>|<img>")
_SOURCE = re.compile(rf'\s(?:src="cid:(?P<cid>[^"]*)"|{REMOTE}="(?P<remote>[^"]*)")', re.IGNORECASE)

_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')

_SHEET: Final = """\
:root{color-scheme:light;background:#fff}
body{margin:0;padding:16px;color:#1c1c1a;font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;\
overflow-wrap:break-word}
img{max-width:100%}
span.blocked{display:inline-block;box-sizing:border-box;max-width:100%;min-width:24px;\
min-height:24px;padding:2px 6px;border:1px dashed #8a8a84;background:#f4f4f1;color:#5c5c56;font-size:12px;\
line-height:1.4;overflow:hidden}
table{max-width:100%}
pre{white-space:pre-wrap}
blockquote{margin:8px 0;padding-inline-start:12px;border-inline-start:2px solid #d8d8d2}
.quoted{margin-top:12px}
.quoted>summary{display:inline-block;padding:2px 10px;border-radius:6px;background:#f1f1ed;color:#5c5c56;\
font-size:13px;cursor:pointer;list-style:none}
.quoted>summary::-webkit-details-marker{display:none}
@media print{.quoted>summary{display:none}}
"""


class Images(StrEnum):
    """What happens to images that lie on other machines."""

    BLOCKED = "blocked"
    PROXIED = "proxied"


@dataclass(frozen=True, slots=True)
class Frame:
    """A document to serve with FRAME_POLICY, and what it would load from elsewhere."""

    document: str
    blocked_images: int
    remote_images: tuple[str, ...]
    """Their addresses, each once, in order: what the proxy may fetch for this mail."""


def frame(
    cleaned: str,
    *,
    images: Images,
    cid_urls: Mapping[str, str],
    proxy_url: Callable[[str], str],
    language: str = "",
    quoted_words: str = "Earlier messages",
) -> Frame:
    """The document for one stored mail (what ``clean_mail`` returned, nothing else).

    ``cid_urls`` says where the mail's own images lie, by content id without angle brackets; one that
    is missing shows its alternative text. ``proxy_url`` says where an image from elsewhere is fetched by us.
    """
    painter = _Painter(images, cid_urls, proxy_url)
    body = _IMAGE.sub(painter.paint, cleaned)
    summary = FOLD_OPENING.replace("></summary>", f">{escape(quoted_words)}</summary>")
    body = body.replace(FOLD_OPENING, summary)
    lang = f' lang="{escape(language)}"' if language else ""
    document = (
        f'<!doctype html>\n<html{lang} dir="auto">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><base target="_blank">'
        f"<title></title><style>{_SHEET}</style></head>\n"
        f'<body dir="auto">{body}</body>\n</html>\n'
    )
    return Frame(document, painter.blocked, tuple(painter.remote))


class _Painter:
    """Gives each image its address, or a place holder with its alternative text."""

    def __init__(self, images: Images, cid_urls: Mapping[str, str], proxy_url: Callable[[str], str]) -> None:
        self.images = images
        self.cid_urls = cid_urls
        self.proxy_url = proxy_url
        self.blocked = 0
        self.remote: dict[str, None] = {}

    def paint(self, image: re.Match[str]) -> str:
        tag = image[0]
        found = _SOURCE.search(tag)
        if found is None:
            return tag
        if found["cid"] is not None:
            url = self.cid_urls.get(unquote(unescape(found["cid"])).strip("<> "))
            return _with_source(tag, found, url) if url else _blocked(tag)
        remote = unescape(found["remote"])
        self.remote[remote] = None
        if self.images is Images.PROXIED:
            return _with_source(tag, found, self.proxy_url(remote))
        self.blocked += 1
        return _blocked(tag)


def _with_source(tag: str, found: re.Match[str], url: str) -> str:
    return f'{tag[: found.start()]} src="{escape(url)}" loading="lazy"{tag[found.end() :]}'


def _blocked(tag: str) -> str:
    """A box of the image's size with its alternative text, so the layout keeps its shape."""
    attributes = dict(_ATTRIBUTE.findall(tag))
    size = "".join(
        f"{side}:{attributes[side]}px;"
        for side in ("width", "height")
        if attributes.get(side, "").isdecimal()
    )
    words = attributes.get("alt", "")
    return f'<span class="blocked" role="img" aria-label="{words}" style="{size}">{words}</span>'
