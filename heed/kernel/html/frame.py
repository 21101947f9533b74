"""A stored mail as a whole document, to be shown in a frame of its own. Cheap."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from heed.kernel.html.links import Doubt, Doubtful, Marker, Say, in_english
from heed.kernel.html.quotes import FOLD_OPENING
from heed.kernel.html.trackers import REMOTE, parted_from_note

FRAME_POLICY: Final = (
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; base-uri 'none'; form-action"
    " 'none'; frame-ancestors 'self'"
)
"""The Content-Security-Policy that the document is served with: no script, no network but our own images."""

_IMAGE = re.compile(r"<img [^>]*>|<img>")
_SOURCE = re.compile(rf'\s(?:src="cid:(?P<cid>[^"]*)"|{REMOTE}="(?P<remote>[^"]*)")', re.IGNORECASE)

_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
SHOWN_AGAIN: Final = (
    3  # so often one picture is drawn at its size; what comes after is its name, as in chains of signatures
)
_SMALL: Final = 40  # pixels; bullets, stars and spacers belong to the layout however often they stand there

SHEET: Final = """\
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
.leads,.careful,.told{font:13px/1.5 system-ui,sans-serif!important;\
color:#1c1c1a!important;background:#fdf3d7!important;text-indent:0!important;letter-spacing:normal!important;\
visibility:visible!important;text-transform:none!important;white-space:normal!important}
.leads{display:inline!important;position:relative!important;z-index:9;padding:0 4px;border-radius:4px}
.careful{display:block!important;position:relative!important;z-index:9;margin:0 0 12px;padding:8px 12px;\
border-radius:6px}
.told{display:block!important;position:relative!important;z-index:9;margin:12px 0 0;background:none!important;\
color:#5c5c56!important}
@media print{.quoted>summary{display:none}}
"""


class Images(StrEnum):
    """What happens to images that lie on other machines."""

    BLOCKED = "blocked"
    PROXIED = "proxied"


@dataclass(frozen=True, slots=True)
class Words:
    """What the frame says itself; doors bring the words of the reader's language."""

    quoted: str = "Earlier messages"
    link: Say = in_english
    careful: Callable[[int], str] = lambda n: (
        "Careful: one link here is not what it seems; where it leads stands beside it."
        if n == 1
        else f"Careful: {n} links here are not what they seem; where they lead stands beside them."
    )
    tracking: Callable[[int], str] = lambda n: (
        "1 tracking image was removed." if n == 1 else f"{n} tracking images were removed."
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """A document to serve with FRAME_POLICY, and what it would load from elsewhere."""

    document: str
    blocked_images: int
    remote_images: tuple[str, ...]
    """Their addresses, each once, in order: what the proxy may fetch for this mail."""
    tracking_images: int = 0  # dropped for good: not even shown when the others are
    doubtful_links: tuple[Doubtful, ...] = ()


ENGLISH: Final = Words()


def frame(
    cleaned: str,
    *,
    images: Images,
    cid_urls: Mapping[str, str],
    proxy_url: Callable[[str], str],
    language: str = "",
    known_sites: Collection[str] = (),
    words: Words = ENGLISH,
) -> Frame:
    """The document for one stored mail (what ``clean_mail`` returned, nothing else).

    ``cid_urls`` says where the mail's own images lie, by content id without angle brackets; one that
    is missing shows its alternative text. ``proxy_url`` says where an image from elsewhere is fetched by us.
    ``known_sites`` are those that links may be made to look like. What links are doubtful is said beside each, and
    above all that the sender wrote.
    """
    cleaned, tracking = parted_from_note(cleaned)
    painter = _Painter(images, cid_urls, proxy_url)
    body = _IMAGE.sub(painter.paint, cleaned)
    marker = Marker(known_sites, words.link)
    body = marker.mark(body).replace(FOLD_OPENING, FOLD_OPENING.replace("></", f">{escape(words.quoted)}</"))
    body = _above(marker, words) + body + _below(tracking, words)
    lang = f' lang="{escape(language)}"' if language else ""
    document = (
        f'<!doctype html>\n<html{lang} dir="auto">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><base target="_blank">'
        f"<title></title><style>{SHEET}</style></head>\n"
        f'<body dir="auto">{body}</body>\n</html>\n'
    )
    return Frame(document, painter.blocked, tuple(painter.remote), tracking, tuple(marker.doubtful))


def _above(marker: Marker, words: Words) -> str:
    """The warning that no layout of the sender's can cover: ours alone has a place above others."""
    serious = [link for link in marker.doubtful if link.doubt is not Doubt.ELSEWHERE]
    return f'<p class="careful" role="note">{escape(words.careful(len(serious)))}</p>\n' if serious else ""


def _below(tracking: int, words: Words) -> str:
    return f'\n<p class="told">{escape(words.tracking(tracking))}</p>' if tracking else ""


class _Painter:
    """Gives each image its address, or a place holder with its alternative text."""

    def __init__(self, images: Images, cid_urls: Mapping[str, str], proxy_url: Callable[[str], str]) -> None:
        self.images = images
        self.cid_urls = cid_urls
        self.proxy_url = proxy_url
        self.blocked = 0
        self.remote: dict[str, None] = {}
        self.drawn: Counter[str] = Counter()

    def paint(self, image: re.Match[str]) -> str:
        tag = image[0]
        found = _SOURCE.search(tag)
        if found is None:
            return tag
        if self.is_drawn_enough(tag, found[0]):
            return _named(tag)
        if found["cid"] is not None:
            url = self.cid_urls.get(unquote(unescape(found["cid"])).strip("<> "))
            return _with_source(tag, found, url) if url else _blocked(tag)
        remote = unescape(found["remote"])
        self.remote[remote] = None
        if self.images is Images.PROXIED:
            return _with_source(tag, found, self.proxy_url(remote))
        self.blocked += 1
        return _blocked(tag)

    def is_drawn_enough(self, tag: str, source: str) -> bool:
        """Whether this picture stood here often enough: a logo below each of forty messages is a wall."""
        attributes = dict(_ATTRIBUTE.findall(tag))
        sizes = [
            int(attributes[side]) for side in ("width", "height") if attributes.get(side, "").isdecimal()
        ]
        if sizes and min(sizes) <= _SMALL:
            return False
        self.drawn[source] += 1
        return self.drawn[source] > SHOWN_AGAIN


def _named(tag: str) -> str:
    """The alternative text of a picture that stood above already."""
    attributes: dict[str, str] = dict(_ATTRIBUTE.findall(tag))
    return attributes.get("alt", "")


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
