"""The one thread of a process that follows the log, and decides for each event which streams hear of it.

It alone looks at the database and changes who listens, so a stream that joins misses nothing and hears nothing
twice. Access is decided anew for each batch of events, from the rows as they stand.
"""

import asyncio
import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Final, NamedTuple

from django.db import connections

from heed.conversations.scope import asked_teams, scopes_of
from heed.eventlog.kinds import ConversationMoved
from heed.eventlog.queries import Change, changes_after
from heed.eventlog.reader import last_event_id
from heed.kernel.changes import Changes
from heed.kernel.config import config
from heed.kernel.errors import describe
from heed.kernel.words import TeamId
from heed.live.presence import Watch
from heed.live.sessions import agent_of
from heed.live.streams import Stream, beat, beginning, change, reset
from heed.people.policy import Actor, Scope, may_run_desk, may_see, may_see_side, sees_whole_desk, sight
from heed.people.queries import actors_for

log = logging.getLogger("heed.live")

BATCH: Final = 500  # events
MISSED_AT_MOST: Final = 1_000  # events; a browser that missed more loads everything anew
BEAT_SECONDS: Final = 20.0
BEAT_SOON_SECONDS: Final = 1.0  # when the pause grew: a whole office comes back at once after a restart
LEAST_PAUSE_MILLISECONDS: Final = 1_000
PAUSE_EACH_MILLISECONDS: Final = 80
CHECK_SESSION_SECONDS: Final = 25.0
LOOK_AGAIN_SECONDS: Final = 1.0  # for wake-ups that were lost
REST_EACH_SECONDS: Final = 0.008  # between two batches of events, for each who listens
REST_SECONDS: Final = 0.4  # at most
STOP_SECONDS: Final = 5.0
JOBS_AT_ONCE: Final = 50  # so that many who come at once don't keep others waiting

LEFT: Final = ConversationMoved.name  # whatever it was by which something left one's lists
Piece = tuple[Stream, bytes]


def pause_between_looks(listening: int) -> int:
    """How long browsers wait, in milliseconds, before they look at their lists again when something happened.

    Each look costs some 15 ms of a core, and where mail comes in all the time everybody who listens looks again after
    every pause: so the pause grows with them, and they take at most a fifth of a core. As many listen at each other
    process that answers pages.
    """
    return max(LEAST_PAUSE_MILLISECONDS, listening * config.page_processes * PAUSE_EACH_MILLISECONDS)


class Welcome(NamedTuple):
    """The answer to one who joins: the first words of the stream; None: nobody who may listen."""

    first: bytes | None


class Tail:
    """Follows the log from when it is started. join, leave and stop are called in the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._streams: set[Stream] = set()
        self._jobs: deque[Callable[[], None]] = deque()
        self._position = 0
        self._watch = Watch()
        self._changes: Changes | None = None
        self._stopping = False
        self._follow_at = 0.0
        self._beat_at = time.monotonic() + BEAT_SECONDS
        self._pause = LEAST_PAUSE_MILLISECONDS  # as the last beat said
        self._thread = threading.Thread(target=self._run, name="heed-live", daemon=True)
        self._thread.start()

    async def join(self, stream: Stream, *, after: int | None) -> Welcome:
        """Listen from now on; what happened after an event is told first. Who may listen is found out here."""
        answer: asyncio.Future[Welcome] = self._loop.create_future()
        self._jobs.append(lambda: self._join(stream, after, answer))
        if self._changes is not None:
            self._changes.wake()
        return await answer

    def leave(self, stream: Stream) -> None:
        """Listen no more."""
        self._jobs.append(lambda: self._streams.discard(stream))

    async def stop(self) -> None:
        """End the thread, and return when it has given back its connections."""
        self._stopping = True
        if self._changes is not None:
            self._changes.wake()
        await self._loop.run_in_executor(None, self._thread.join, STOP_SECONDS)

    def _in_loop(self, call: Callable[..., None], *values: object) -> None:
        try:
            self._loop.call_soon_threadsafe(call, *values)
        except RuntimeError:  # the loop has ended, and with it all streams
            self._stopping = True

    def _run(self) -> None:
        while not self._stopping:
            try:
                if self._changes is None:
                    self._changes = Changes()
                    self._position = self._position or last_event_id()
                self._turn()
            except Exception as error:  # border: what follows the log must follow it for ever
                log.error("the live stream rests a second: %s", describe(error))
                connections.close_all()
                time.sleep(1)
        if self._changes is not None:
            self._changes.close()
        connections.close_all()

    def _turn(self) -> None:
        more = self._follow() if time.monotonic() >= self._follow_at else False
        for _ in range(min(len(self._jobs), JOBS_AT_ONCE)):
            self._jobs.popleft()()
        self._check_sessions()
        if time.monotonic() >= self._beat_at:
            self._beat_at = time.monotonic() + BEAT_SECONDS
            self._pause = pause_between_looks(len(self._streams))
            piece = beat(self._position, pause=self._pause)
            self._tell([(stream, piece) for stream in self._streams])
            self._watch.renew()
        self._tell(self._watch.look(self._streams))
        if not more and not self._jobs and self._changes is not None:
            rest = self._follow_at - time.monotonic()
            self._changes.wait(rest if rest > 0 else LOOK_AGAIN_SECONDS)

    def _follow(self) -> bool:
        """Tell what is new; True when there may be more.

        Whose rights are looked up anew for each batch: the more of them listen, the longer events gather for the next.
        """
        events = changes_after(self._position, limit=BATCH)
        if not events:
            return False
        self._watch.look_again()
        if self._streams:
            told = _heard(events, {stream.agent for stream in self._streams})
            about = {event.about_agent for event in events} - {None}
            gone = [
                stream
                for stream in self._streams
                if stream.agent not in told
                or (stream.agent in about and agent_of(stream.session) != stream.agent)
            ]
            self._position = events[-1].id
            self._tell([(stream, told[stream.agent]) for stream in self._streams if told.get(stream.agent)])
            self._end(gone)
        self._position = events[-1].id
        self._follow_at = time.monotonic() + min(REST_SECONDS, len(self._streams) * REST_EACH_SECONDS)
        return len(events) == BATCH

    def _join(self, stream: Stream, after: int | None, answer: "asyncio.Future[Welcome]") -> None:
        agent = agent_of(stream.session)
        if agent is None:
            self._in_loop(_answer, answer, Welcome(None))
            return
        stream.agent, stream.checked_at = agent, time.monotonic()
        first = beginning(self._position) if after is None else self._missed(agent, after)
        self._streams.add(stream)
        self._watch.look_again()
        pause = pause_between_looks(len(self._streams))
        if pause > self._pause:
            self._beat_at = min(self._beat_at, time.monotonic() + BEAT_SOON_SECONDS)
        self._in_loop(_answer, answer, Welcome(first + beat(self._position, pause=pause)))

    def _missed(self, agent: int, after: int) -> bytes:
        while self._follow():
            pass
        start = beginning(min(after, self._position))
        if after > self._position:  # from a future that a restored backup has not seen
            return start + reset(self._position)
        events = changes_after(after, limit=MISSED_AT_MOST + 1, until=self._position)
        if len(events) > MISSED_AT_MOST:
            return start + reset(self._position)
        return start + _heard(events, {agent}).get(agent, b"")

    def _check_sessions(self) -> None:
        """Look up again who streams belong to, a few at a time."""
        before = time.monotonic() - CHECK_SESSION_SECONDS
        late = [stream for stream in self._streams if stream.checked_at < before]
        gone = []
        for stream in late[:JOBS_AT_ONCE]:
            stream.checked_at = time.monotonic()
            if agent_of(stream.session) != stream.agent:
                gone.append(stream)
        self._end(gone)

    def _tell(self, pieces: Sequence[Piece]) -> None:
        if pieces:
            self._in_loop(_put_all, pieces, self._position)

    def _end(self, streams: Iterable[Stream]) -> None:
        for stream in streams:
            self._streams.discard(stream)
            self._in_loop(stream.close)


def _put_all(pieces: Sequence[Piece], up_to: int) -> None:
    for stream, piece in pieces:
        stream.put(piece, up_to=up_to)


def _answer(answer: "asyncio.Future[Welcome]", welcome: Welcome) -> None:
    if not answer.done():  # the browser has gone meanwhile
        answer.set_result(welcome)


def _heard(events: Sequence[Change], agents: set[int]) -> dict[int, bytes]:
    """What each of these agents hears of the events; agents who were switched off are left out."""
    actors = actors_for(agents)
    scopes = scopes_of(event.conversation_id for event in events if event.conversation_id is not None)
    asked = asked_teams(event.side for event in events if event.side is not None)
    return {
        agent: b"".join(piece for event in events if (piece := _piece(event, actor, scopes, asked)))
        for agent, actor in actors.items()
    }


def _piece(event: Change, actor: Actor, scopes: dict[int, Scope], asked: dict[int, TeamId]) -> bytes:
    """What one actor hears of one event. Of something that left their lists: that lists changed, not what left.

    Who sees a side conversation alone hears of that alone.
    """
    if event.told_agent is not None:
        return change(event.id, event.kind, None) if event.told_agent == actor.id else b""
    if event.conversation_id is None:
        concerns_them = event.is_about_roles or (
            event.about_agent is not None and event.about_agent == actor.id
        )
        return change(event.id, event.kind, None) if concerns_them or may_run_desk(actor) else b""
    scope = scopes.get(event.conversation_id)
    if scope is not None and may_see(actor, scope):
        return change(event.id, event.kind, event.conversation_id, event.side)
    if event.side is not None and scope is not None and may_see_side(actor, scope, asked.get(event.side)):
        return change(event.id, event.kind, None, event.side)
    if event.is_restriction:
        return change(event.id, LEFT, None) if _saw(event, actor, scope) else b""
    if scope is not None and scope.circle is not None and event.left_agent != actor.id:
        return b""  # what happens inside a circle is nobody else's business
    stood_here = event.left_team in sight(actor).teams or (
        event.left_agent is not None and event.left_agent == actor.id
    )
    return change(event.id, event.kind, None) if stood_here else b""


def _saw(event: Change, actor: Actor, scope: Scope | None) -> bool:
    """Whether this actor may have seen a conversation until it was restricted, or restricted to others."""
    if event.left_circle is not None:
        return event.left_circle in actor.circles
    teams = sight(actor).teams
    shared = scope is not None and not teams.isdisjoint(scope.shared_with)
    return sees_whole_desk(actor) or event.left_team in teams or shared or event.left_agent == actor.id
