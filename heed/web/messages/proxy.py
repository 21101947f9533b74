"""Remote images through us: fetched once, kept for a while in a little memory, at most so many for one agent.

What an agent may look at is counted for all processes together, but taken in portions, so that not every image is a
write: a portion that a process has taken lasts a minute.
"""

import threading
from collections import OrderedDict
from time import monotonic
from typing import Final
from urllib.parse import urlsplit

from heed.kernel.errors import HeedError
from heed.kernel.outbound import Fetched, ImageFetcher, NotFetched, WhyNot
from heed.people.limits import is_allowed

MAX_BYTES: Final = 5_000_000
TIMEOUT_SECONDS: Final = 5.0
AT_ONCE: Final = 4  # of the eight threads that answer pages: slow images may never hold them all
PORTION: Final = 40  # images that a process takes at once for one agent
PORTIONS: Final = 6  # a minute: 240 images
PORTION_SECONDS: Final = 60
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
        self._left: dict[int, tuple[float, int]] = {}  # by agent: until when, how many

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
        if self._take(agent_id):
            return
        if not is_allowed(f"images {agent_id}", most=PORTIONS, seconds=PORTION_SECONDS):
            raise TooManyImages
        with self._lock:
            self._left[agent_id] = (monotonic() + PORTION_SECONDS, PORTION - 1)

    def _take(self, agent_id: int) -> bool:
        """One of the portion that this process has, if any is left."""
        with self._lock:
            until, left = self._left.get(agent_id, (0.0, 0))
            if not left or until <= monotonic():
                return False
            self._left[agent_id] = (until, left - 1)
            return True

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
