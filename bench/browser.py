"""What a browser fetches for a page that it has never seen: the page and every file that it names, gzip accepted."""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httptools

from bench.wire import exchange

_TAGS = re.compile(r"<(?:link|script|img|use|source)\b[^>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"""\b(?:href|src)=["']([^"'#]+)""", re.IGNORECASE)
_NOT_FETCHED = re.compile(r"""\brel=["'](?:canonical|alternate|next|prev)["']""", re.IGNORECASE)
# Not import(…), which fetches when it is called: tests/browser shows that nothing calls it before somebody writes.
_IMPORTS = re.compile(r"""\bimport\s*(?:[\w${},*\s]+?\s*from\s*)?["']([^"']+)["']""")
_URLS = re.compile(r"""url\(\s*["']?([^"')]+)""")
FONTS = (".woff", ".woff2", ".ttf", ".otf")


@dataclass
class Answer:
    """One response: its status, its bytes on the wire, and its body unpacked."""

    status: int = 0
    wire: int = 0
    kind: str = ""
    body: bytes = b""
    packed: bool = False


@dataclass
class _Reader:
    answer: Answer = field(default_factory=Answer)
    done: bool = False

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-type":
            self.answer.kind = value.decode().partition(";")[0]
        if name.lower() == b"content-encoding":
            self.answer.packed = value == b"gzip"

    def on_body(self, body: bytes) -> None:
        self.answer.body += body

    def on_message_complete(self) -> None:
        self.done = True


def get(port: int, path: str, *, cookie: str = "") -> Answer:
    """One GET, as a browser asks. The body is unpacked; the size is that of the wire, headers included."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Accept-Encoding: gzip",
        "Accept-Language: en",
        "Connection: close",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    raw = exchange(port, ("\r\n".join(lines) + "\r\n\r\n").encode())
    reader = _Reader()
    parser = httptools.HttpResponseParser(reader)
    parser.feed_data(raw)
    answer = reader.answer
    answer.status, answer.wire = parser.get_status_code(), len(raw)
    if answer.packed:
        answer.body = gzip.decompress(answer.body)
    return answer


def load(port: int, path: str, *, cookie: str) -> dict[str, Answer]:
    """The page and every file it needs, by address; fonts are left out."""
    found: dict[str, Answer] = {}
    wanted = [path]
    while wanted:
        address = wanted.pop()
        if address in found or address.endswith(FONTS):
            continue
        answer = found[address] = get(port, address, cookie=cookie)
        if answer.status != 200:
            raise RuntimeError(f"{address} answered {answer.status}")
        wanted += [urlsplit(urljoin(address, name)).path for name in _named(answer)]
    return found


def _named(answer: Answer) -> Iterator[str]:
    text = answer.body.decode("utf-8", "replace")
    if answer.kind == "text/html":
        for tag in _TAGS.findall(text):
            if not _NOT_FETCHED.search(tag):
                yield from _ADDRESS.findall(tag)
    elif "javascript" in answer.kind:
        yield from (name for name in _IMPORTS.findall(text) if name.startswith((".", "/")))
    elif answer.kind == "text/css":
        yield from (name for name in _URLS.findall(text) if not name.startswith("data:"))
