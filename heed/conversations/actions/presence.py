"""Verbs about who is there. Not logged, and nothing of them stays: rows are as many as agents have tabs."""

from heed.conversations.models import Conversation, Presence
from heed.conversations.presence import FORGOTTEN
from heed.conversations.scope import scope_of
from heed.eventlog.unit import put_highest, remove, verb
from heed.kernel import clock
from heed.kernel.errors import require_visible
from heed.kernel.words import PresenceKind
from heed.people.policy import Actor, agent_of, may_see


@verb
def say_present(conversation: Conversation, *, kind: PresenceKind, by: Actor) -> None:
    """Afterwards others who see the conversation know for a while that `by` has it open, or writes in it.

    Who only looks does not write any more. Costs little, for it is done all the time: nothing is held, and several tabs
    may come at once. Records nothing.
    """
    require_visible(may_see(by, scope_of(conversation)))
    _tidy(by, conversation, kinds=[PresenceKind.WRITING] if kind is PresenceKind.LOOKING else [])
    said = Presence(agent_id=agent_of(by), conversation=conversation, kind=kind, said_at=clock.now())
    put_highest(said, per=("agent", "conversation", "kind"), value="said_at")


@verb
def say_left(conversation: Conversation, *, by: Actor) -> None:
    """Afterwards nobody is told that `by` is in the conversation. Records nothing."""
    require_visible(may_see(by, scope_of(conversation)))
    _tidy(by, conversation, kinds=list(PresenceKind))


def _tidy(by: Actor, conversation: Conversation, *, kinds: list[PresenceKind]) -> None:
    """What is over goes: these kinds here, and whatever this agent said long ago anywhere."""
    old = clock.now() - FORGOTTEN
    for row in Presence.objects.filter(agent_id=agent_of(by)):
        if row.said_at < old or (row.conversation_id == conversation.pk and row.kind in kinds):
            remove(row)
