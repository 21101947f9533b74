"""Who has a conversation open at this moment, and who writes in it: said by browsers, forgotten by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from heed.conversations.models import Presence
from heed.kernel import clock
from heed.kernel.words import PresenceKind

# A browser says it every 15 seconds while a conversation is open, and every 4 while somebody presses keys
# (presence.js): one that was lost on the way makes nobody vanish.
LOOKING: Final = timedelta(seconds=40)
WRITING: Final = timedelta(seconds=9)
FORGOTTEN: Final = timedelta(minutes=1)  # then the row goes as well, when its agent says something next


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is in a conversation now."""

    agent: int
    name: str
    is_writing: bool


def present_now() -> Mapping[int, Sequence[Present]]:
    """Everybody who is somewhere now, by conversation, writers first, then by name; one query.

    For the live stream alone, which asks the policy for each conversation and each of its listeners.
    """
    now = clock.now()
    rows = Presence.objects.filter(said_at__gt=now - LOOKING).order_by("agent__name", "agent_id")
    found: dict[int, dict[int, Present]] = {}
    for number, agent, name, kind, at in rows.values_list(
        "conversation_id", "agent_id", "agent__name", "kind", "said_at"
    ):
        is_writing = kind == PresenceKind.WRITING and at > now - WRITING  # who has stopped is still there
        here = found.setdefault(number, {})
        if agent not in here or is_writing:
            here[agent] = Present(agent, name, is_writing)
    return {
        number: sorted(here.values(), key=lambda one: not one.is_writing) for number, here in found.items()
    }


def looking_at(number: int) -> frozenset[int]:
    """The agents who have a conversation before them at this moment; one query."""
    here = Presence.objects.filter(conversation_id=number, said_at__gt=clock.now() - LOOKING)
    return frozenset(here.values_list("agent_id", flat=True))
