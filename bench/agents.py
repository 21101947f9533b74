"""An agent at work, as a browser asks for them: list, open, answer, change state, search; and listening meanwhile."""

import asyncio
import gzip
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from time import perf_counter
from typing import Protocol
from urllib.parse import quote, urlencode

import httptools

LIST = "/inbox/all-open/"
ASKED = (
    "list",
    "refresh",
    "counts",
    "open",
    "open_page",
    "presence",
    "draft",
    "reply",
    "status",
    "search",
)
LOOKS_FOR = (
    "invoice",
    "payment ",
    "delivery ",
    "broken",
    "#120",
    "from:customer",
    "is:open -is:mine",
    "Rechnung ",
)
PAUSE_SECONDS = (2.0, 6.0)  # between what one does
BY_ITS_ADDRESS = (
    0.2  # so many conversations are opened from a mail or in a new tab, not by their row in the list
)
ELSEWHERE = 0.2  # so many looks come from a page without a list, such as search: it asks for the counts alone
TOKEN = "b" * 32  # against forged requests: the cookie and the header say the same
PATIENCE_SECONDS = 60.0
WROTE_AGAIN = 409  # the customer or somebody else wrote meanwhile: shown in place of sending
Note = Callable[[str, float], None]
Form = Mapping[str, str]


class Timed(Protocol):
    """Asks, and notes under this word how long it took."""

    async def __call__(self, what: str, path: str, form: Form | None = None, *, part: str = "") -> bytes:
        """The body of the answer."""


_ROW = re.compile(rb'href="/inbox/all-open/(\d+)/"')
_FIELD = re.compile(rb'<input type="hidden" name="(key|seen)" value="([^"]*)">')
_TO = re.compile(rb'name="to" value="([^"]+)"')
_DRAFT = re.compile(rb'data-draft="([^"]+)"')


class Refused(Exception):
    """The desk did not do what was asked; the text is its answer's status and the address."""


@dataclass(slots=True)
class Browser:
    """One line to the desk that stays open, and who is logged in."""

    port: int
    cookie: str
    reader: asyncio.StreamReader | None = None
    writer: asyncio.StreamWriter | None = None

    async def ask(self, path: str, *, form: Form | None = None, part: str = "", asks: str = "") -> bytes:
        """The body of the answer. Part: the element that it is for; asks: that which asks. Raises Refused."""
        body = urlencode(form).encode() if form is not None else b""
        lines = [
            f"{'GET' if form is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            "Accept-Encoding: gzip",
            "Accept-Language: en",
            f"Cookie: {self.cookie}; csrftoken={TOKEN}",
            *([f"HX-Request: true\r\nHX-Target: {part}"] if part else []),
            *([f"HX-Trigger: {asks}"] if asks else []),
        ]
        if form is not None:
            lines += [
                f"X-CSRFToken: {TOKEN}",
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        status, answer = await asyncio.wait_for(
            self._exchange(("\r\n".join(lines) + "\r\n\r\n").encode() + body), PATIENCE_SECONDS
        )
        if status >= 400 and status != WROTE_AGAIN:
            raise Refused(f"{status} {path}")
        return answer

    async def _exchange(self, question: bytes) -> tuple[int, bytes]:
        if self.writer is None or self.writer.is_closing() or self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.writer.write(question)
        answer = _Answer()
        parser = httptools.HttpResponseParser(answer)
        while not answer.done:
            piece = await self.reader.read(1 << 16)
            if not piece:
                raise Refused("the line was closed")
            parser.feed_data(piece)
        if answer.closes:
            self.writer.close()
        return parser.get_status_code(), gzip.decompress(answer.body) if answer.packed else answer.body

    def close(self) -> None:
        """Hang up."""
        if self.writer is not None:
            self.writer.close()


@dataclass(slots=True)
class _Answer:
    body: bytes = b""
    packed: bool = False
    closes: bool = False
    done: bool = field(default=False)

    def on_header(self, name: bytes, value: bytes) -> None:
        if name.lower() == b"content-encoding":
            self.packed = value == b"gzip"
        elif name.lower() == b"connection":
            self.closes = value.lower() == b"close"

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.done = True


async def work(port: int, cookie: str, *, seed: int, until: float, note: Note) -> None:
    """Do what an agent does, with pauses, until a moment of the loop's clock; note what each thing took."""
    loop, random, browser = asyncio.get_running_loop(), Random(seed), Browser(port, cookie)
    await asyncio.sleep(random.uniform(0, PAUSE_SECONDS[1]))

    async def timed(what: str, path: str, form: Form | None = None, *, part: str = "") -> bytes:
        began = perf_counter()
        answer = await browser.ask(path, form=form, part=part)
        note(what, (perf_counter() - began) * 1000)
        return answer

    while loop.time() < until:
        page = await timed("list", LIST)
        numbers = sorted({int(number) for number in _ROW.findall(page)})
        await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
        if numbers:
            await _handle(timed, random, random.choice(numbers))
        if random.random() < 0.3:
            await timed("search", f"/search/?q={quote(random.choice(LOOKS_FOR))}")
            await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    browser.close()


async def _handle(timed: Timed, random: Random, number: int) -> None:
    """Open a conversation; answer it, or say what becomes of it. Meanwhile others are told who is there."""
    here = f"{LIST}{number}/"

    async def say(doing: str) -> None:
        await timed("presence", "/presence/", {"conversation": str(number), "doing": doing})

    if random.random() < BY_ITS_ADDRESS:
        page = await timed("open_page", here)
    else:
        page = await timed("open", here, part="reading")
    await say("looking")
    await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    choice = random.random()
    if choice < 0.4:
        await _answer(timed, say, here, page.partition(b'id="composer"')[2])
    elif choice < 0.8:
        await timed("status", f"{here}status/", {"status": "waiting"}, part="reading")
    await asyncio.sleep(random.uniform(*PAUSE_SECONDS))
    await say("left")


async def _answer(timed: Timed, say: Callable[[str], Awaitable[None]], here: str, composer: bytes) -> None:
    """Write, which is kept as a draft meanwhile, and send."""
    fields = {name.decode(): value.decode() for name, value in _FIELD.findall(composer)}
    to, draft = _TO.findall(composer), _DRAFT.search(composer)
    if not to or draft is None or "key" not in fields:
        return
    form = {**fields, "kind": "reply", "text": "Thank you for writing."}
    await say("writing")
    number = here.rstrip("/").rpartition("/")[2]
    await timed("draft", draft[1].decode(), {**form, "conversation": number, "knows_files": "1"})
    sent = {**form, "to": to[0].decode(), "then": "open", "send": "1"}
    await timed("reply", f"{here}reply/", sent, part="reading")


@dataclass(slots=True)
class _Stream:
    """What an open stream has told."""

    reader: asyncio.StreamReader
    pause: float = 1.0  # seconds between two looks
    is_stale: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self) -> None:
        """Listen until the line is closed. Raises Refused then."""
        kind = "message"
        while line := await self.reader.readline():
            name, _, value = line.strip().partition(b":")
            if name == b"event":
                kind = value.strip().decode()
            elif name == b"data":
                if kind == "beat":
                    self.pause = json.loads(value)["pause"] / 1000
                elif kind == "message":
                    self.is_stale.set()
                kind = "message"
        raise Refused("the stream was closed")


async def listen(port: int, cookie: str, *, seed: int, until: float, note: Note) -> None:
    """Listen to the desk's stream and look again as a browser does, after the pauses it is told."""
    loop, random, browser = asyncio.get_running_loop(), Random(f"listen {seed}"), Browser(port, cookie)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nCookie: {cookie}\r\n\r\n".encode())
    stream = _Stream(reader)
    hearing = asyncio.create_task(stream.hear())
    while loop.time() < until:
        if hearing.done():
            hearing.result()
        try:
            await asyncio.wait_for(stream.is_stale.wait(), 1)
        except TimeoutError:
            continue
        if stream.pause > 1:
            await asyncio.sleep(random.uniform(0, stream.pause))
        stream.is_stale.clear()
        is_elsewhere = random.random() < ELSEWHERE
        what, path, part = ("counts", "/menu/", "nav-links") if is_elsewhere else ("refresh", LIST, "list")
        began = perf_counter()
        await browser.ask(path, part=part, asks=part)
        note(what, (perf_counter() - began) * 1000)
        await asyncio.sleep(stream.pause)
    hearing.cancel()
    writer.close()
    browser.close()
