"""Static files from memory, for ASGI: compressed once, and kept by browsers for as long as their name holds."""

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final, NamedTuple

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

SMALL_BYTES: Final = 500  # not worth compressing
FOR_EVER: Final = b"public, max-age=31536000, immutable"  # the name changes with the content
ASK_AGAIN: Final = b"no-cache"
TEXT: Final = ("text/", "application/javascript", "image/svg+xml", "application/json")


class File(NamedTuple):
    """A file as it is answered. It is held in one form: who can't take it packed gets it unpacked."""

    content: bytes
    is_packed: bool
    etag: bytes
    headers: list[tuple[bytes, bytes]]

    @property
    def plain(self) -> bytes:
        """Its bytes as they are."""
        return gzip.decompress(self.content) if self.is_packed else self.content


def _packed(name: str, content: bytes) -> tuple[bytes, bool]:
    is_text = _kind(name).startswith(TEXT)
    if not is_text or len(content) <= SMALL_BYTES:
        return content, False
    return gzip.compress(content, 9, mtime=0), True


def _kind(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _file(name: str, held: tuple[bytes, bool], digest: str, *, is_hashed: bool) -> File:
    kind = _kind(name)
    is_text = kind.startswith(TEXT)
    etag = f'"{digest[:20]}"'.encode()
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if is_text else kind.encode()),
        (b"cache-control", FOR_EVER if is_hashed else ASK_AGAIN),
        (b"etag", etag),
        (b"vary", b"accept-encoding"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'"),  # for an image that is opened as a page
    ]
    return File(*held, etag, headers)


class Static:
    """Answers GET and HEAD of files that were given by name, each with its bytes and whether the name is hashed."""

    def __init__(self, files: Iterable[tuple[str, bytes, bool]]) -> None:
        self._files: dict[str, File] = {}
        held: dict[str, tuple[bytes, bool]] = {}  # by digest: a file and its hashed name share their bytes
        for name, content, is_hashed in files:
            digest = hashlib.sha256(content).hexdigest()
            if digest not in held:
                held[digest] = _packed(name, content)
            self._files[name] = _file(name, held[digest], digest, is_hashed=is_hashed)

    async def __call__(self, name: str, scope: Message, send: Send) -> None:
        """Answer a request for one file."""
        file = self._files.get(name)
        if scope["method"] not in ("GET", "HEAD"):
            await _answer(send, 405, [(b"allow", b"GET, HEAD")], b"")
            return
        if file is None:
            await _answer(send, 404, [(b"content-type", b"text/plain")], b"Not found")
            return
        asked = {
            key: value for key, value in scope["headers"] if key in (b"if-none-match", b"accept-encoding")
        }
        if file.etag in asked.get(b"if-none-match", b""):
            await _answer(send, 304, file.headers, None)
            return
        if file.is_packed and b"gzip" in asked.get(b"accept-encoding", b""):
            headers, body = [*file.headers, (b"content-encoding", b"gzip")], file.content
        else:
            headers, body = file.headers, file.plain
        await _answer(send, 200, headers, body, has_body=scope["method"] == "GET")


async def _answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes | None, *, has_body: bool = True
) -> None:
    length = [] if body is None else [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *length]})
    await send({"type": "http.response.body", "body": body if body and has_body else b""})
