"""What somebody wants to be told of, and how, as long as they have not chosen and after. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from heed.kernel.notice_words import NotificationChannel as Channel
from heed.kernel.notice_words import NotificationKind as Kind

# By default what somebody did for one's sake also comes by mail, if it was not read in time.
DEFAULTS: Final[Mapping[Kind, frozenset[Channel]]] = {
    Kind.MENTION: frozenset({Channel.PAGE, Channel.PUSH, Channel.MAIL}),
    Kind.ASSIGNMENT: frozenset({Channel.PAGE, Channel.PUSH, Channel.MAIL}),
    Kind.ASKED: frozenset({Channel.PAGE, Channel.PUSH, Channel.MAIL}),
    Kind.REPLY: frozenset({Channel.PAGE, Channel.PUSH}),
    Kind.DUE_SOON: frozenset({Channel.PAGE, Channel.PUSH}),
    Kind.TEAM_DUE: frozenset({Channel.PAGE, Channel.PUSH}),
    Kind.KEPT: frozenset({Channel.PAGE, Channel.PUSH, Channel.MAIL}),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an agent chose."""

    channels: Mapping[Kind, frozenset[Channel]] = field(default_factory=lambda: DEFAULTS)
    quiet_from: int | None = None  # minutes of the day, by the clock of their zone
    quiet_to: int | None = None
    quiet_days: Sequence[int] = ()  # 0 is Monday
    has_push_text: bool = False  # whether a device shows subject and names, and not only the number

    def by(self, kind: Kind) -> frozenset[Channel]:
        """How they are told of this; empty: not at all."""
        return self.channels.get(kind, DEFAULTS[kind])


def stored(channels: Mapping[Kind, frozenset[Channel]]) -> dict[str, list[str]]:
    """The same as codes."""
    return {str(kind): sorted(map(str, some)) for kind, some in channels.items()}


def read(kept: Mapping[str, Sequence[str]]) -> dict[Kind, frozenset[Channel]]:
    """What `stored` wrote; what nobody chose about yet is as by default. Codes of another version are passed over."""
    known = set(Channel)
    return {
        kind: frozenset(Channel(one) for one in kept[kind] if one in known) if kind in kept else by_default
        for kind, by_default in DEFAULTS.items()
    }
