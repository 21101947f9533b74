"""Verbs for tags, drafts and reading marks."""

from datetime import datetime

from heed.brands.models import Brand
from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Conversation, ConversationTag, Draft, Seen, Tag
from heed.conversations.scope import scope_of
from heed.eventlog.kinds import ConversationTagged, ConversationUntagged
from heed.eventlog.unit import add, change, lock, put_highest, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.permissions import Permission
from heed.kernel.words import Direction, TagId
from heed.people.policy import Actor, agent_of, may_see

TAG_CHARACTERS = 60
DRAFT_CHARACTERS = 200_000


@verb
def tag(conversation: Conversation, *, name: str, by: Actor) -> Tag:
    """Afterwards the conversation carries this tag of its brand, made if new. Records conversation.tagged, once."""
    held = hold_conversation(conversation, by)
    name = " ".join(name.split()).lower()
    if not name or len(name) > TAG_CHARACTERS:
        raise Unusable("tag", "missing" if not name else "too_long")
    found = _known_tag(held.brand_id, name)
    if found is None:
        lock(Brand(pk=held.brand_id))  # two who think of the same new word wait for each other
        found = _known_tag(held.brand_id, name) or add(Tag(brand_id=held.brand_id, name=name))
    if not ConversationTag.objects.filter(conversation=held, tag_id=found.pk).exists():
        add(ConversationTag(conversation=held, tag=found))
        record(ConversationTagged(tag=TagId(found.pk)), on=held.pk)
    return found


def _known_tag(brand_id: int, name: str) -> Tag | None:
    return Tag.objects.filter(brand_id=brand_id, name=name).first()


@verb
def untag(conversation: Conversation, *, tag: Tag, by: Actor) -> None:
    """Afterwards the conversation does not carry this tag. Records conversation.untagged when it did."""
    held = hold_conversation(conversation, by)
    found = ConversationTag.objects.filter(conversation=held, tag=tag).first()
    if found is not None:
        remove(found)
        record(ConversationUntagged(tag=TagId(tag.pk)), on=held.pk)


@verb
def save_draft(conversation: Conversation, *, kind: str, text: str, by: Actor, sent_once: str = "") -> None:
    """Afterwards what this agent has begun to write is kept, one text a kind; an empty text removes it. Not logged.

    What was sent already with the same `sent_once`, the form's key, is no draft: it arrives here when saving was
    overtaken by sending.
    """
    hold_conversation(conversation, by, Permission.NOTE if kind == Direction.NOTE else Permission.ANSWER)
    if (
        sent_once
        and conversation.messages.filter(agent_id=agent_of(by), sent_once=sent_once, text=text).exists()
    ):
        text = ""
    found = Draft.objects.filter(agent_id=agent_of(by), conversation=conversation, kind=kind).first()
    if not text.strip():
        if found is not None:
            remove(found)
        return
    text = text[:DRAFT_CHARACTERS]
    if found is None:
        add(
            Draft(
                agent_id=agent_of(by), conversation=conversation, kind=kind, text=text, saved_at=clock.now()
            )
        )
    else:
        change(found, text=text, saved_at=clock.now())


@verb
def mark_seen(conversation: Conversation, *, up_to: datetime, by: Actor) -> None:
    """Afterwards this agent has read the conversation up to that instant; never moves back. Not logged.

    Costs little, for it is done by looking: nothing is held, and two tabs of one agent may come at once.
    """
    require_visible(may_see(by, scope_of(conversation)))
    seen = Seen(agent_id=agent_of(by), conversation=conversation, message_at=up_to)
    put_highest(seen, per=("agent", "conversation"), value="message_at")
