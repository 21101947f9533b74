"""Remote images through us: fetched once, kept for a while in a little memory, at most so many for one agent."""

import threading
from collections import OrderedDict
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from heed.kernel.errors import HeedError
from heed.kernel.outbound import Fetched, ImageFetcher, NotFetched, WhyNot

MAX_BYTES: Final = 5_000_000
TIMEOUT_SECONDS: Final = 5.0
AT_ONCE: Final = 4  # of the eight threads that answer pages: slow images may never hold them all
A_MINUTE: Final = 240  # images for one agent
KEPT_BYTES: Final = 4_000_000  # of all images in memory
KEPT_EACH: Final = 500_000  # larger ones are fetched again
KEPT_SECONDS: Final = 600.0
SILENT: Final = frozenset({WhyNot.TOO_SLOW, WhyNot.UNREACHABLE})
SILENT_SECONDS: Final = 60.0  # a host that did not answer is left alone for so long

fetcher = ImageFetcher()


class TooManyImages(HeedError):
    """More images than one agent looks at in a minute, or more at once than this process fetches: try again."""

    code, status = "too_many_images", 429


class Images:
    """Fetches and remembers; one a process."""

    def __init__(self) -> None:
        """Remember nothing yet."""
        self._lock = threading.Lock()
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._kept: OrderedDict[str, tuple[float, Fetched]] = OrderedDict()
        self._size = 0
        self._silent: OrderedDict[str, float] = OrderedDict()
        self._asked: dict[int, tuple[float, int]] = {}

    def get(self, url: str, *, agent_id: int) -> Fetched:
        """An image from elsewhere. Raises NotFetched, TooManyImages."""
        self._count(agent_id)
        known = self._known(url)
        if known is not None:
            return known
        host = urlsplit(url).netloc
        if self._silent.get(host, 0.0) > monotonic():
            raise NotFetched(WhyNot.UNREACHABLE)
        if not self._free.acquire(timeout=TIMEOUT_SECONDS):
            raise TooManyImages
        try:
            found = fetcher.fetch(url, max_bytes=MAX_BYTES, timeout_seconds=TIMEOUT_SECONDS)
        except NotFetched as error:
            if error.why in SILENT:
                self._note_silence(host)
            raise
        finally:
            self._free.release()
        self._keep(url, found)
        return found

    def _count(self, agent_id: int) -> None:
        now = monotonic()
        with self._lock:
            since, number = self._asked.get(agent_id, (now, 0))
            if now - since >= 60:
                since, number = now, 0
            if number >= A_MINUTE:
                raise TooManyImages
            self._asked[agent_id] = (since, number + 1)

    def _known(self, url: str) -> Fetched | None:
        with self._lock:
            until, found = self._kept.get(url, (0.0, None))
            return found if until > monotonic() else None

    def _keep(self, url: str, found: Fetched) -> None:
        if len(found.content) > KEPT_EACH:
            return
        with self._lock:
            self._forget(url)
            self._kept[url] = (monotonic() + KEPT_SECONDS, found)
            self._size += len(found.content)
            while self._size > KEPT_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, url: str) -> None:
        if url in self._kept:
            self._size -= len(self._kept.pop(url)[1].content)

    def _note_silence(self, host: str) -> None:
        with self._lock:
            self._silent[host] = monotonic() + SILENT_SECONDS
            while len(self._silent) > 200:
                self._silent.popitem(last=False)


images = Images()
