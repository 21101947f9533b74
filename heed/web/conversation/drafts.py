"""What an agent has begun to write in a conversation is kept with its form."""

from heed.conversations.actions import labels
from heed.conversations.models import Conversation
from heed.conversations.scope import right_to_write
from heed.kernel.words import Direction
from heed.people.policy import may_change_what_is_seen
from heed.web.conversation.composer import Posted
from heed.web.doors import Visit


def keep_drafts(visit: Visit, row: Conversation, posted: Posted) -> None:
    """Keep what the form holds of each kind."""
    kinds = (
        (Direction.OUT, posted.text, posted.html, posted.kept),
        (Direction.NOTE, posted.note, posted.note_html, posted.note_kept),
    )
    for kind, text, html, files in kinds:
        keep_draft(visit, row, kind, text, labels.Beside(html, files))


def keep_draft(visit: Visit, row: Conversation, kind: Direction, text: str, beside: labels.Beside) -> None:
    """Keep it, unless the right to write that was taken away since it was begun."""
    if may_change_what_is_seen(visit.actor, right_to_write(kind)):
        labels.save_draft(row, kind=kind, text=text, beside=beside, by=visit.actor)
