"""What an agent has begun to write in a form of its own, for those who may still write there."""

from heed.conversations.models import SheetDraft
from heed.conversations.queries.access import message, opened
from heed.conversations.queries.sides import opened_side
from heed.conversations.sheets import Sheet
from heed.conversations.sides import may_be_forwarded
from heed.kernel.errors import require, require_visible
from heed.people.policy import Actor, agent_of, may_begin


def sheet_draft(actor: Actor, sheet: Sheet) -> SheetDraft | None:
    """What the actor has begun there. Raises NotFound and Refused as its form does. At most three queries."""
    if sheet.side is not None:
        require(opened_side(actor, sheet.side).may_write)
    elif sheet.conversation is not None:
        require(opened(actor, sheet.conversation).may_change)
    elif sheet.message is not None:
        about = message(actor, sheet.message)
        require(opened(actor, about.conversation_id).may_change)
        require_visible(may_be_forwarded(about))
    else:
        require(may_begin(actor))
    return SheetDraft.objects.filter(agent_id=agent_of(actor), place=sheet.place).first()
