"""What all connections of a listener share: who is here, how much room is left, who is known."""

import asyncio
import logging
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from heed.channels.email.listener_commit import GroupCommit
from heed.channels.email.listener_content import Room
from heed.channels.email.listener_types import Keeper, ListenerLimits

log = logging.getLogger(__name__)

_REMEMBERED: Final = 1_000


class Guest(Protocol):
    """A connection, as the hall sees it."""

    def ask_to_leave(self) -> None:
        """Close between two mails."""

    def cut_off(self) -> None:
        """Close at once."""


class Hall:
    """Belongs to one event loop; only keeping and looking up leave it, into threads."""

    def __init__(
        self, keeper: Keeper, limits: ListenerLimits, *, hostname: str, tls: ssl.SSLContext | None
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.limits = limits
        self.hostname = hostname
        self.tls = tls
        self.room = Room(limits.in_flight_bytes)
        self.commits = GroupCommit(keeper, limits)
        self.closing = False
        self._keeper = keeper
        self._guests: set[Guest] = set()
        self._empty = asyncio.Event()
        self._empty.set()
        self._known: dict[str, float] = {}
        self._lookups = ThreadPoolExecutor(1, thread_name_prefix="heed-mail-address")

    def enter(self, guest: Guest) -> None:
        """Count a connection."""
        self._guests.add(guest)
        self._empty.clear()

    def leave(self, guest: Guest) -> None:
        """Count it no more."""
        self._guests.discard(guest)
        if not self._guests:
            self._empty.set()

    def is_full(self) -> bool:
        """Whether there are more connections than allowed."""
        return len(self._guests) > self.limits.connections

    async def knows(self, address: str) -> bool | None:
        """Whether mail to this address is ours; None when that can't be told now."""
        now = self.loop.time()
        if self._known.get(address, 0) > now:
            return True
        try:
            known = await self.loop.run_in_executor(self._lookups, self._keeper.accepts, address)
        except Exception:
            log.exception("a recipient could not be looked up; its sender was told to try again")
            return None
        if known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[address] = now + self.limits.known_seconds
        return known

    async def close(self, grace_seconds: float) -> None:
        """Let everybody finish the mail they are sending, at most so long; then keep what is whole."""
        self.closing = True
        for guest in list(self._guests):
            guest.ask_to_leave()
        try:
            await asyncio.wait_for(self._empty.wait(), grace_seconds)
        except TimeoutError:
            for guest in list(self._guests):
                guest.cut_off()
        await self.commits.close()
        self._lookups.shutdown(wait=False)
