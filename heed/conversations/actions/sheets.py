"""Verbs about drafts of mails that are written in forms of their own, outside of a composer."""

from collections.abc import Sequence
from datetime import timedelta

from heed.conversations.actions.answering import hold_writer
from heed.conversations.actions.beforehand import TakenBack, sent_before
from heed.conversations.actions.forming import forget_sheet
from heed.conversations.actions.labels import DRAFT_CHARACTERS
from heed.conversations.actions.sides import hold_side
from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Attachment, Conversation, Message, SheetDraft, SideConversation
from heed.conversations.richtext import files_in, formed
from heed.conversations.sheets import Begun, Sheet, known_fields
from heed.conversations.sides import may_be_forwarded
from heed.eventlog.unit import add, change, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require, require_visible
from heed.kernel.words import ActorKind
from heed.people.policy import Actor, agent_of, may_begin


@verb
def save_sheet(sheet: Sheet, *, begun: Begun, by: Actor, sent_once: str = "") -> None:
    """Afterwards what this agent has begun in this form is kept in place of what was; nothing removes it. Not logged.

    What was sent already with the same `sent_once`, the form's key, is no draft: it arrives here when saving was
    overtaken by sending. Raises NotFound and Refused as sending it would, Unusable for what is too long.
    """
    about = _hold(sheet, by)
    text, html = formed(begun.text, begun.html)
    if len(text) > DRAFT_CHARACTERS:
        raise Unusable("text", "too_long")  # the browser has it all, and keeps what we refuse
    fields = known_fields(begun.fields)
    files = _own_files({*begun.files, *files_in(html)}, by)
    if not (text.strip() or fields or files) or _is_sent(sent_once, by):
        forget_sheet(sheet.place, by)
        return
    values = {"text": text, "html": html, "fields": fields, "files": files, "saved_at": clock.now()}
    found = SheetDraft.objects.filter(agent_id=agent_of(by), place=sheet.place).first()
    if found is None:
        add(SheetDraft(agent_id=agent_of(by), place=sheet.place, **about, **values))
    else:
        change(found, **values)


@verb
def discard_sheets(numbers: Sequence[int], *, by: Actor) -> int:
    """Afterwards those of these drafts are gone that nobody went on with for too long; how many were looked at.

    Records nothing. Refused for people.
    """
    require(by.kind is ActorKind.SYSTEM)
    until = clock.now() - timedelta(days=config.begun_days)
    held = lock_many(SheetDraft, sorted(numbers))
    for row in held.values():
        if row.saved_at < until:
            remove(row)
    return len(held)


def _hold(sheet: Sheet, by: Actor) -> dict[str, int]:
    """What the form is about, held for one who may write there; a new conversation's is about nothing yet."""
    if sheet.side is not None:
        side = SideConversation.objects.filter(pk=sheet.side).first()
        if side is None:
            raise NotFound
        _, mine = hold_side(side, by)
        return {"side_id": mine.pk}
    if sheet.conversation is not None:
        return {"conversation_id": hold_conversation(_conversation(sheet.conversation), by).pk}
    if sheet.message is not None:
        message = Message.objects.filter(pk=sheet.message).first()
        if message is None:
            raise NotFound
        hold_conversation(_conversation(message.conversation_id), by)
        require_visible(may_be_forwarded(message))
        return {"message_id": message.pk}
    require(may_begin(by))
    hold_writer(by)
    return {}


def _conversation(number: int) -> Conversation:
    if not Conversation.objects.filter(pk=number).exists():
        raise NotFound
    return Conversation(pk=number)


def _own_files(wanted: set[int], by: Actor) -> list[int]:
    mine = Attachment.objects.filter(pk__in=wanted, message__isnull=True, uploaded_by_id=agent_of(by))
    return sorted(mine.values_list("pk", flat=True)) if wanted else []


def _is_sent(sent_once: str, by: Actor) -> bool:
    try:
        return sent_before(sent_once, by) is not None
    except TakenBack:
        return True
