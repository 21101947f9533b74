"""Fetching a remote image for a reader without telling its sender more than that, or reaching inside."""

import http.client
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from heed.kernel.outbound.public import NotFetched, PublicFetcher, WhyNot, read_whole

_MAGIC: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"\0\0\1\0", "image/x-icon"),
)
_HEADERS: Final = {
    "Accept": "image/avif,image/webp,image/png,image/jpeg,image/gif;q=0.9,image/*;q=0.5",
    "User-Agent": "Mozilla/5.0 (compatible; Heed image proxy)",
    "Connection": "close",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """An image, with the type that its own first bytes tell."""

    content_type: str
    content: bytes


class ImageFetcher(PublicFetcher):
    """Fetches images from the public internet only."""

    headers = _HEADERS

    def fetch(self, url: str, *, max_bytes: int, timeout_seconds: float) -> Fetched:
        """Fetch an image; the limits hold for all hops together. Raises NotFetched or
        OutboundInsideTransaction.
        """
        return self._fetch(url, lambda response: _read_image(response, max_bytes), timeout_seconds)


_PUBLIC: Final = ImageFetcher()


def fetch_image(url: str, *, max_bytes: int, timeout_seconds: float) -> Fetched:
    """Fetch an image from the public internet. Raises NotFetched, OutboundInsideTransaction."""
    return _PUBLIC.fetch(url, max_bytes=max_bytes, timeout_seconds=timeout_seconds)


def image_type(content: bytes) -> str | None:
    """The type of an image that browsers show without running anything in it, by its first bytes."""
    for offset, magic, name in _MAGIC:
        if content.startswith(magic, offset):
            return name
    return "image/avif" if content[4:8] == b"ftyp" and content[8:12] in (b"avif", b"avis") else None


def _read_image(response: http.client.HTTPResponse, max_bytes: int) -> Fetched:
    if response.status != HTTPStatus.OK:
        raise NotFetched(WhyNot.WRONG_STATUS)
    declared = response.headers.get_content_type()
    encoded = response.headers.get("Content-Encoding", "identity").strip().lower()
    if not declared.startswith("image/") or "svg" in declared or encoded != "identity":
        raise NotFetched(WhyNot.NOT_AN_IMAGE)
    held = read_whole(response, max_bytes)
    found = image_type(held[:16])
    if found is None:
        raise NotFetched(WhyNot.NOT_AN_IMAGE)
    return Fetched(found, held)
