"""Fetching from the public internet without reaching inside: what images and documents of others are fetched with.

Every hop is resolved here, checked, and connected to at exactly the address that was checked: a name that
answers differently the second time (DNS rebinding) gains nothing. http.client in place of httpx2, because the
connection is pinned by overriding one method and the import is a quarter.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from ipaddress import ip_address
from threading import Timer
from time import monotonic
from typing import Final, Self, TypeVar
from urllib.parse import quote, urljoin, urlsplit

from heed.kernel.errors import HeedError
from heed.kernel.outbound.guard import require_allowed
from heed.kernel.outbound.inside import Address, Resolver, is_inside_name, is_public, resolve, system_resolver

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_MOST_REDIRECTS: Final = 3
_MOST_ADDRESSES: Final = 3
_CHUNK: Final = 64 * 1024
_URL_CHARS: Final = 4_000
_PLAIN: Final = "/%:@!$&'()*+,;=~-._?"  # what a path or query may say as it is
T = TypeVar("T")


class WhyNot(StrEnum):
    """Why something was not fetched."""

    BAD_URL = "bad_url"
    INSIDE = "inside"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    WRONG_STATUS = "wrong_status"
    NOT_AN_IMAGE = "not_an_image"


class NotFetched(HeedError):
    """It was not fetched; ``why`` says the reason, nothing of the answer is kept."""

    code, status = "not_fetched", 502

    def __init__(self, why: WhyNot) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True, slots=True)
class _Target:
    """One hop: where to connect, and what to say there."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


class _Pinned(http.client.HTTPConnection):
    """Connects to an address that was checked, whatever its name says by now."""

    def __init__(self, target: _Target, address: Address, tls: ssl.SSLContext | None, timeout: float) -> None:
        super().__init__(target.host, target.port, timeout=timeout)
        self.default_port = 443 if tls else 80  # left out of the Host header
        self._address = str(address)
        self._tls = tls
        self._line: socket.socket | None = None

    def connect(self) -> None:
        self._line = self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._tls is not None:
            # The handshake comes after the socket is known here, so that it can be cut off as well.
            secured = self._tls.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._line = self.sock = secured
            secured.do_handshake()

    def cut_off(self) -> None:
        """End every wait on this connection; called from another thread."""
        if self._line is not None:
            with suppress(OSError):  # it is gone already
                socket.socket.shutdown(self._line, socket.SHUT_RDWR)  # not TLS's own, which changes its state


class _Watch:
    """One deadline for all hops: time-outs of sockets hold for each read alone, and bytes can drip."""

    def __init__(self, timeout_seconds: float) -> None:
        self._deadline = monotonic() + timeout_seconds
        self._timer = Timer(timeout_seconds, self._ring)
        self._timer.daemon = True
        self._connection: _Pinned | None = None

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()

    def left(self) -> float:
        """Seconds left. Raises NotFetched when there are none."""
        seconds = self._deadline - monotonic()
        if seconds <= 0:
            raise NotFetched(WhyNot.TOO_SLOW)
        return seconds

    def over(self, connection: _Pinned) -> _Pinned:
        """Cut this connection off when time is over."""
        self._connection = connection
        self.left()
        return connection

    def _ring(self) -> None:
        if self._connection is not None:
            self._connection.cut_off()


@dataclass(frozen=True, slots=True)
class _Elsewhere:
    """Where it is instead."""

    url: str


class PublicFetcher:
    """Fetches from the public internet only.

    Tests give what is otherwise fixed: other ports, a resolver, and inside addresses that count as public.
    """

    schemes: tuple[str, ...] = ("http", "https")
    headers: Mapping[str, str] = {"Connection": "close"}

    def __init__(
        self,
        *,
        ports: frozenset[int] = frozenset({80, 443}),
        counted_as_public: frozenset[Address] = frozenset(),
        resolver: Resolver = system_resolver,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._ports = ports
        self._counted_as_public = counted_as_public
        self._resolver = resolver
        self._tls = tls

    def _fetch(self, url: str, read: Callable[[http.client.HTTPResponse], T], timeout_seconds: float) -> T:
        """What `read` makes of the answer; the time holds for all hops together. Raises NotFetched or
        OutboundInsideTransaction.
        """
        require_allowed()
        with _Watch(timeout_seconds) as watch:
            for _ in range(_MOST_REDIRECTS + 1):
                target = self._read_url(url)
                answer = self._get(target, read, watch)
                if not isinstance(answer, _Elsewhere):
                    return answer
                url = urljoin(target.url, answer.url)
        raise NotFetched(WhyNot.TOO_MANY_REDIRECTS)

    def _post(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        read: Callable[[http.client.HTTPResponse], T],
        timeout_seconds: float,
    ) -> T:
        """What `read` makes of the answer to a POST; redirects are not followed. Raises as _fetch does."""
        require_allowed()
        with _Watch(timeout_seconds) as watch:
            target = self._read_url(url)
            addresses = self._addresses(target, watch)
            try:
                connection = self._connect(target, addresses, watch)
                try:
                    connection.request("POST", target.path, body=body, headers={**self.headers, **headers})
                    with connection.getresponse() as response:
                        return read(response)
                finally:
                    connection.close()
            except (OSError, http.client.HTTPException):
                watch.left()
                raise NotFetched(WhyNot.UNREACHABLE) from None

    def _read_url(self, url: str) -> _Target:
        try:
            parts = urlsplit(url)
            port = parts.port or (443 if parts.scheme == "https" else 80)
            named = parts.hostname or ""
            host = named if _is_address(named) else named.encode("idna").decode()
        except (ValueError, UnicodeError):
            raise NotFetched(WhyNot.BAD_URL) from None
        wrong = parts.scheme not in self.schemes or not host or parts.username is not None
        if wrong or len(url) > _URL_CHARS:
            raise NotFetched(WhyNot.BAD_URL)
        if port not in self._ports or is_inside_name(host):
            raise NotFetched(WhyNot.INSIDE)
        path = quote(parts.path or "/", safe=_PLAIN)
        query = "?" + quote(parts.query, safe=_PLAIN) if parts.query else ""
        return _Target(parts.scheme, host, port, path + query)

    def _get(
        self, target: _Target, read: Callable[[http.client.HTTPResponse], T], watch: _Watch
    ) -> T | _Elsewhere:
        addresses = self._addresses(target, watch)
        try:
            connection = self._connect(target, addresses, watch)
            try:
                connection.request("GET", target.path, headers=dict(self.headers))
                with connection.getresponse() as response:
                    if response.status in _REDIRECTS:
                        return _Elsewhere(response.headers.get("Location", ""))
                    answer = read(response)
                    watch.left()  # what was cut off looks like an end
                    return answer
            finally:
                connection.close()
        except (OSError, http.client.HTTPException):
            watch.left()
            raise NotFetched(WhyNot.UNREACHABLE) from None

    def _connect(self, target: _Target, addresses: Sequence[Address], watch: _Watch) -> _Pinned:
        tls = (self._tls or ssl.create_default_context()) if target.scheme == "https" else None
        for number, address in enumerate(addresses, 1):
            connection = watch.over(_Pinned(target, address, tls, watch.left()))
            try:
                connection.connect()
            except OSError:
                connection.close()
                if number == len(addresses):
                    raise
            else:
                return connection
        raise NotFetched(WhyNot.UNREACHABLE)

    def _addresses(self, target: _Target, watch: _Watch) -> list[Address]:
        try:
            found = resolve(target.host, target.port, resolver=self._resolver, timeout_seconds=watch.left())
        except OSError:
            watch.left()
            raise NotFetched(WhyNot.UNREACHABLE) from None
        # One inside address among public ones is no accident: refuse the whole name.
        if not all(address in self._counted_as_public or is_public(address) for address in found):
            raise NotFetched(WhyNot.INSIDE)
        return found[:_MOST_ADDRESSES]


def read_whole(response: http.client.HTTPResponse, max_bytes: int) -> bytes:
    """All of an answer. Raises NotFetched when it is larger, or was cut off."""
    if (response.length or 0) > max_bytes:
        raise NotFetched(WhyNot.TOO_LARGE)
    held = bytearray()
    while chunk := response.read(_CHUNK):
        held += chunk
        if len(held) > max_bytes:
            raise NotFetched(WhyNot.TOO_LARGE)
    if response.length:
        raise NotFetched(WhyNot.UNREACHABLE)
    return bytes(held)


_DOCUMENT_HEADERS: Final = {
    "Accept": "application/xml, text/xml",
    "User-Agent": "Heed",
    "Connection": "close",
}


class DocumentFetcher(PublicFetcher):
    """Fetches what a domain publishes about itself, by https alone."""

    schemes = ("https",)
    headers = _DOCUMENT_HEADERS

    def fetch(self, url: str, *, max_bytes: int, timeout_seconds: float) -> bytes:
        """Its bytes, whatever they are called. Raises NotFetched, OutboundInsideTransaction."""

        def read(response: http.client.HTTPResponse) -> bytes:
            encoded = response.headers.get("Content-Encoding", "identity").strip().lower()
            if response.status != HTTPStatus.OK or encoded != "identity":
                raise NotFetched(WhyNot.WRONG_STATUS)
            return read_whole(response, max_bytes)

        return self._fetch(url, read, timeout_seconds)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
