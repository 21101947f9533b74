"""Inside verbs that write notes: whom they call."""

from heed.conversations.mentioning import Callee, called
from heed.conversations.models import Mention, Message
from heed.conversations.queries.calling import everybody, mentionable
from heed.eventlog.kinds import MentionAdded
from heed.eventlog.unit import add, record
from heed.kernel.words import AgentId, MessageId, TeamId
from heed.people.policy import Actor


def note_mentions(note: Message, *, by: Actor) -> None:
    """Inside a verb: those whom the note calls, of those who may see it, are kept. Records mention.added for each.

    Nobody calls themselves. A name of somebody who may not see the conversation is a word like any other.
    """
    if "@" not in note.text:
        return
    meant = called(note.text, everybody(note.conversation))
    if not meant:
        return
    for one in mentionable(by, note.conversation, among=meant):
        if (one.kind, one.id) == ("agent", by.agent_id):
            continue
        _keep(note, one, meant[one])


def _keep(note: Message, one: Callee, words: str) -> None:
    agent, team = (one.id, None) if one.kind == "agent" else (None, one.id)
    add(Mention(message=note, agent_id=agent, team_id=team, words=words))
    record(
        MentionAdded(
            message=MessageId(note.pk),
            agent=None if agent is None else AgentId(agent),
            team=None if team is None else TeamId(team),
        ),
        on=note.conversation_id,
    )
