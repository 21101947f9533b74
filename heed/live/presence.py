"""Tells streams who else is in a conversation now. It is looked up, never logged: who missed it hears how it stands."""

import json
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from heed.conversations.presence import Present, present_now
from heed.conversations.scope import scopes_of
from heed.live.streams import Stream
from heed.people.policy import may_see
from heed.people.queries import actors_for

LOOK_SECONDS: Final = 0.25  # at most so often, however much happens on the desk
LOOK_EACH_SECONDS: Final = 0.01  # and less often the more of them are to be told
LONGEST_LOOK_SECONDS: Final = 1.0


def presence_pause(listening: int) -> float:
    """Seconds between two looks at who is where, with so many streams that are told."""
    return min(max(LOOK_SECONDS, listening * LOOK_EACH_SECONDS), LONGEST_LOOK_SECONDS)


Told = Mapping[int, Sequence[Present]]


class Watch:
    """Remembers who was where, and what each stream was told. Used by the thread that follows the log alone."""

    def __init__(self) -> None:
        self._known: Told = {}
        self._next_look = 0.0
        self._is_stale = False
        self._is_renewing = False

    def look_again(self) -> None:
        """Somebody joined, or rights may have changed: with the next look, every stream is asked about anew."""
        self._is_stale = True

    def renew(self) -> None:
        """With the next look, each stream is told all of it once more: a browser forgets what is not said again."""
        self._is_stale = self._is_renewing = True

    def look(self, streams: Collection[Stream]) -> list[tuple[Stream, bytes]]:
        """What streams are to be told now. One query; five more when something changed and anybody is there."""
        if not streams or time.monotonic() < self._next_look:
            return []
        self._next_look = time.monotonic() + presence_pause(len(streams))
        known = present_now()
        if known == self._known and not self._is_stale:
            return []
        is_renewing = self._is_renewing
        self._known, self._is_stale, self._is_renewing = known, False, False
        if not known and not any(stream.present for stream in streams):
            return []
        seen = _seen_by({stream.agent for stream in streams}, known)
        if is_renewing:
            for stream in streams:
                stream.present = dict.fromkeys(stream.present, ())
        return [(stream, piece) for stream in streams if (piece := _tell(stream, seen.get(stream.agent, {})))]


def _seen_by(agents: set[int], known: Told) -> dict[int, Told]:
    """By agent: who else is in the conversations that this one may see, as rights stand now."""
    scopes = scopes_of(known)
    found: dict[int, Told] = {}
    for agent, actor in actors_for(agents).items():
        others = {
            number: [one for one in people if one.agent != agent]
            for number, people in known.items()
            if number in scopes and may_see(actor, scopes[number])
        }
        found[agent] = {number: people for number, people in others.items() if people}
    return found


def _tell(stream: Stream, now: Told) -> bytes:
    """What differs from what this stream was told last, which is remembered on it."""
    before, stream.present = stream.present, now
    differs = [number for number in {**before, **now} if before.get(number) != now.get(number)]
    return b"".join(_piece(number, now.get(number, ())) for number in differs)


def _piece(number: int, people: Sequence[Present]) -> bytes:
    """Who is in a conversation; an empty list: nobody else. No id: a browser that comes back needs no old one."""
    told = [{"name": one.name, "writes": one.is_writing} for one in people]
    return f"event: presence\ndata: {json.dumps({'conversation': number, 'people': told})}\n\n".encode()
