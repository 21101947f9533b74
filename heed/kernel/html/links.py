"""Links that lead elsewhere than they look, and the words that say so beside them. Pure."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from html import escape, unescape
from typing import Final
from urllib.parse import unquote

from heed.kernel.html.hosts import (
    has_letters_drawn_alike,
    host_of,
    in_ascii,
    is_number,
    names_somebody,
    resembled,
    site_of,
    visible,
)

_ANCHOR = re.compile(r"(?P<opening><a (?P<attributes>[^>]*)>)(?P<inside>.*?)</a>", re.DOTALL)
_HREF = re.compile(r'(?:^|\s)href="([^"]*)"')
_TITLE = re.compile(r'\s?title="[^"]*"')
_ALT = re.compile(r'<img [^>]*?alt="([^"]*)"[^>]*>')
_TAG = re.compile(r"<[^>]*>")
_TURNED = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SHOWN_CHARACTERS: Final = 500  # of the words of a link; longer ones show no address
_LABELS = r"(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}"
_SHOWN_ADDRESS = re.compile(
    rf"(?:https?://|www\.)(?:[^\s/@]{{1,60}}@)?({_LABELS})|\A({_LABELS})(?:[/?#:]\S*)?\Z", re.IGNORECASE
)
_SHOWN_MAILBOX = re.compile(rf"[\w.+-]{{1,64}}@{_LABELS}")
_FILES: Final = frozenset(
    {
        *(
            "avi",
            "bmp",
            "csv",
            "doc",
            "docx",
            "eml",
            "gif",
            "heic",
            "htm",
            "html",
            "ics",
            "jpeg",
            "jpg",
            "json",
        ),
        *(
            "log",
            "md",
            "mov",
            "mp3",
            "mp4",
            "msg",
            "odt",
            "pages",
            "pdf",
            "php",
            "png",
            "ppt",
            "pptx",
            "rar",
            "rtf",
        ),
        *("svg", "tif", "tiff", "txt", "wav", "webp", "xls", "xlsx", "xml", "zip"),
    }
)


class Doubt(StrEnum):
    """Why a link is not what it seems."""

    ELSEWHERE = "elsewhere"  # its words are the address of another host
    NAMED = "named"  # a name before an "@" stands where one looks for the host
    NUMBER = "number"  # a bare machine address
    ALPHABETS = "alphabets"  # letters of another alphabet that are drawn like Latin ones
    RESEMBLES = "resembles"  # nearly a name that is known here
    TURNED = "turned"  # its words change the direction of reading


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A link to look at twice: where it leads, why, and the known site that it looks like."""

    host: str
    doubt: Doubt
    known: str = ""


Say = Callable[[Doubtful], str]


def in_english(link: Doubtful) -> str:
    """The words beside a link; doors bring those of the reader's language."""
    if link.doubt is Doubt.RESEMBLES:
        return f"careful: leads to {link.host}, which is not {link.known}"
    if link.doubt is Doubt.ALPHABETS:
        return f"careful: leads to {link.host}, written with letters that only look Latin"
    if link.doubt is Doubt.NUMBER:
        return f"careful: leads to a bare machine address, {link.host}"
    if link.doubt in (Doubt.NAMED, Doubt.TURNED):
        return f"careful: leads to {link.host}"
    return f"leads to {link.host}"


def doubt_of(target: str, words: str, known: Collection[str] = ()) -> Doubtful | None:
    """What is to be said of a link with this target and these words; None when it leads where it seems to.

    `known`: sites that the reader trusts, as linden.example.
    """
    if target.lower().startswith("mailto:"):
        return _of_mailbox(target, words)
    host = host_of(target)
    if not host:
        return None
    shown = in_ascii(host)
    if names_somebody(target):
        return Doubtful(shown, Doubt.NAMED)
    if is_number(host):
        return Doubtful(shown, Doubt.NUMBER)
    if like := resembled(host, known):
        return Doubtful(shown, Doubt.RESEMBLES, like)
    if has_letters_drawn_alike(host):
        return Doubtful(shown, Doubt.ALPHABETS)
    if _TURNED.search(words):
        return Doubtful(shown, Doubt.TURNED)
    named = _shown_host(words)
    return Doubtful(shown, Doubt.ELSEWHERE) if named and not _is_same_site(named, host) else None


def _of_mailbox(target: str, words: str) -> Doubtful | None:
    mailbox = unquote(target[7:].partition("?")[0]).strip().lower()
    shown = _SHOWN_MAILBOX.search(visible(words)[:_SHOWN_CHARACTERS].lower())
    if shown is None or not mailbox or shown[0] in mailbox.split(","):
        return None
    return Doubtful(mailbox[:254], Doubt.ELSEWHERE)


def _shown_host(words: str) -> str:
    """The host that the words of a link show; '' for none. Names of files are no hosts."""
    if len(words) > _SHOWN_CHARACTERS:
        return ""
    seen = visible(words).strip().strip("<>()[]\"'“”.,;:")
    if mailbox := _SHOWN_MAILBOX.fullmatch(seen):
        return mailbox[0].rpartition("@")[2].lower()
    found = _SHOWN_ADDRESS.search(seen)
    if found is None:
        return ""
    host = (found[1] or found[2]).lower()
    return "" if found[2] and host.rpartition(".")[2] in _FILES else host


def _is_same_site(shown: str, leads_to: str) -> bool:
    shown, leads_to = shown.removeprefix("www."), leads_to.removeprefix("www.")
    return (
        leads_to == shown
        or leads_to.endswith(f".{shown}")
        or (shown.endswith(f".{leads_to}") and leads_to == site_of(shown))
    )


class Marker:
    """Writes beside each doubtful link where it leads, by words, and into each title its address."""

    def __init__(self, known: Collection[str], say: Say) -> None:
        """Nothing was seen yet."""
        self.known = known
        self.say = say
        self.doubtful: dict[Doubtful, None] = {}

    def mark(self, html: str) -> str:
        """Sanitised HTML, each link of it told."""
        return _ANCHOR.sub(self._told, html)

    def _told(self, anchor: re.Match[str]) -> str:
        href = _HREF.search(anchor["attributes"])
        if href is None:
            return anchor[0]
        target = unescape(href[1])
        # A title of the sender's could name any address.
        opening = f'<a {_TITLE.sub("", anchor["attributes"])} title="{escape(target[:200])}">'
        words = unescape(_TAG.sub("", _ALT.sub(r"\1", anchor["inside"])))
        found = doubt_of(target, words, self.known)
        if found is None:
            return f"{opening}{anchor['inside']}</a>"
        self.doubtful[found] = None
        return f"{opening}{anchor['inside']}</a>{told(found, self.say)}"


def with_doubts_told(html: str, say: Say) -> str:
    """HTML made of plain text, with words behind each link in it whose address is not what it seems."""

    def judge(anchor: re.Match[str]) -> str:
        href = _HREF.search(anchor["attributes"])
        found = doubt_of(unescape(href[1]), unescape(anchor["inside"])) if href else None
        return anchor[0] if found is None else f"{anchor[0]}{told(found, say)}"

    return _ANCHOR.sub(judge, html)


def told(link: Doubtful, say: Say) -> str:
    """The words that stand behind a doubtful link."""
    return f' <span class="leads" dir="auto">[{escape(say(link))}]</span>'


_RAW_ANCHOR = re.compile(r"<a\b([^<>]*)>|</a\s*>", re.IGNORECASE)
_RAW_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"<>]*)"|'([^'<>]*)'|([^\s"'<>]+))""", re.IGNORECASE)


def with_hosts_named(html: str) -> str:
    """HTML in which a link that shows another host than it leads to is followed by that host in brackets.

    For making words of HTML, in which links would be lost. Linear in its length.
    """
    out: list[str] = []
    position, target, inside = 0, "", 0
    for tag in _RAW_ANCHOR.finditer(html):
        if tag[1] is not None:
            href = _RAW_HREF.search(tag[1])
            target = unescape(href[1] or href[2] or href[3] or "") if href else ""
            inside = tag.end()
        elif target:
            words = unescape(_TAG.sub("", html[inside : tag.start()])) if tag.start() - inside < 4_000 else ""
            found = doubt_of(target, words)
            if found is not None and found.host not in words:
                out += (html[position : tag.end()], escape(f" [{found.host}]"))
                position = tag.end()
            target = ""
    return "".join((*out, html[position:])) if out else html
