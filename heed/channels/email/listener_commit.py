"""Keeping mail durably: whoever waits when a commit ends shares the next one."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from heed.channels.email.listener_types import Accepted, Keeper, ListenerLimits

log = logging.getLogger(__name__)


class NotKept(Exception):
    """The mail could not be kept; the sender keeps it and tries again."""


class GroupCommit:
    """Hands accepted mail to the keeper, one batch at a time, in a thread of its own.

    A mail that was given is kept even when its sender goes away meanwhile: it was whole, and a mail kept
    twice is found out later, one kept nowhere never.
    """

    def __init__(self, keeper: Keeper, limits: ListenerLimits) -> None:
        self._keeper = keeper
        self._limits = limits
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="heed-mail-keep")
        self._waiting: deque[tuple[Accepted, asyncio.Future[bool]]] = deque()
        self._work: asyncio.Task[None] | None = None

    async def keep(self, accepted: Accepted) -> None:
        """Return when the mail is durable. Raises NotKept."""
        loop = asyncio.get_running_loop()
        kept: asyncio.Future[bool] = loop.create_future()
        self._waiting.append((accepted, kept))
        if self._work is None:
            self._work = loop.create_task(self._keep_waiting())
        if not await kept:
            raise NotKept

    async def close(self) -> None:
        """Keep what waits, then end the thread."""
        if self._work is not None:
            await self._work
        self._executor.shutdown(wait=False)

    async def _keep_waiting(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch = self._next_batch()
                mails = [accepted for accepted, _ in batch]
                outcomes = await loop.run_in_executor(self._executor, _keep_batch, self._keeper, mails)
                _tell(batch, outcomes)
        finally:
            self._work = None

    def _next_batch(self) -> list[tuple[Accepted, "asyncio.Future[bool]"]]:
        batch = [self._waiting.popleft()]
        room = self._limits.batch_bytes - len(batch[0][0].raw)
        while self._waiting and len(batch) < self._limits.batch_messages:
            room -= len(self._waiting[0][0].raw)
            if room < 0:
                break
            batch.append(self._waiting.popleft())
        return batch


def _tell(batch: Sequence[tuple[Accepted, "asyncio.Future[bool]"]], outcomes: Sequence[bool]) -> None:
    for (_, kept), outcome in zip(batch, outcomes, strict=True):
        if not kept.done():  # its sender went away
            kept.set_result(outcome)


def _keep_batch(keeper: Keeper, mails: list[Accepted]) -> list[bool]:
    if len(mails) > 1:
        try:
            keeper.keep_many(mails)
        except Exception:  # the border to the keeper: one bad mail must not hold up the others
            log.warning("%d mails could not be kept together; keeping each alone", len(mails), exc_info=True)
        else:
            return [True] * len(mails)
    return [_keep_alone(keeper, mail) for mail in mails]


def _keep_alone(keeper: Keeper, mail: Accepted) -> bool:
    try:
        keeper.keep(mail)
    except Exception:
        log.exception("a mail could not be kept; its sender was told to try again")
        return False
    return True
