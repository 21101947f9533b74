"""Verbs for tags, drafts and reading marks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.brands.models import Brand
from heed.conversations.actions.state import hold_conversation
from heed.conversations.models import Attachment, Conversation, ConversationTag, Draft, Seen, Tag
from heed.conversations.richtext import files_in, formed
from heed.conversations.scope import right_to_write, scope_of
from heed.eventlog.kinds import ConversationTagged, ConversationUntagged
from heed.eventlog.unit import add, change, lock, put_highest, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.words import TagId
from heed.people.policy import Actor, agent_of, may_see

TAG_CHARACTERS = 60
DRAFT_CHARACTERS = 200_000


@verb
def tag(conversation: Conversation, *, name: str, by: Actor) -> Tag:
    """Afterwards the conversation carries this tag of its brand, made if new. Records conversation.tagged, once.

    Of one that was merged into another, that other one. Raises Unusable (tag), also for one that is offered no more.
    """
    held = hold_conversation(conversation, by)
    name = tag_name(name)
    found = _known_tag(held.brand_id, name)
    if found is None:
        lock(Brand(pk=held.brand_id))  # two who think of the same new word wait for each other
        found = _known_tag(held.brand_id, name) or add(Tag(brand_id=held.brand_id, name=name))
    if not ConversationTag.objects.filter(conversation=held, tag_id=found.pk).exists():
        if found.archived_at is not None:
            raise Unusable("tag", "archived")
        add(ConversationTag(conversation=held, tag=found))
        record(ConversationTagged(tag=TagId(found.pk)), on=held.pk)
    return found


def tag_name(name: str) -> str:
    """A tag's name as it is kept. Raises Unusable."""
    tidy = " ".join(name.split()).lower()
    if not tidy or len(tidy) > TAG_CHARACTERS:
        raise Unusable("tag", "missing" if not tidy else "too_long")
    return tidy


def _known_tag(brand_id: int, name: str) -> Tag | None:
    """The tag of this name, or the one that stands for it since they were merged."""
    found = Tag.objects.filter(brand_id=brand_id, name=name).select_related("merged_into").first()
    return found.merged_into or found if found is not None else None


@verb
def untag(conversation: Conversation, *, tag: Tag, by: Actor) -> None:
    """Afterwards the conversation does not carry this tag. Records conversation.untagged when it did."""
    held = hold_conversation(conversation, by)
    found = ConversationTag.objects.filter(conversation=held, tag=tag).first()
    if found is not None:
        remove(found)
        record(ConversationUntagged(tag=TagId(tag.pk)), on=held.pk)


@dataclass(frozen=True, slots=True)
class Beside:
    """What a draft holds beside its words: their form, and the uploads that go along; None leaves those that it has."""

    html: str = ""
    files: Sequence[int] | None = None


WORDS_ALONE = Beside()


@verb
def save_draft(
    conversation: Conversation,
    *,
    kind: str,
    text: str,
    by: Actor,
    beside: Beside = WORDS_ALONE,
    sent_once: str = "",
) -> None:
    """Afterwards what this agent has begun to write is kept, one text a kind; an empty one removes it. Not logged.

    With a form its words are made of that. What was sent already with the same `sent_once`, the form's key, is no
    draft: it arrives here when saving was overtaken by sending. Raises Unusable for what is too long.
    """
    hold_conversation(conversation, by, right_to_write(kind))
    text, html = formed(text, beside.html)
    if len(text) > DRAFT_CHARACTERS:
        raise Unusable("text", "too_long")  # the browser has it all, and keeps what we refuse
    files = beside.files
    if (
        sent_once
        and conversation.messages.filter(agent_id=agent_of(by), sent_once=sent_once, text=text).exists()
    ):
        text, html, files = "", "", ()
    found = Draft.objects.filter(
        agent_id=agent_of(by), conversation=conversation, kind=kind, side=None
    ).first()
    kept = _draft_files(found, files, html, by)
    if not text.strip() and not kept:
        if found is not None:
            remove(found)
        return
    values = {"text": text, "html": html, "files": kept, "saved_at": clock.now()}
    if found is None:
        add(Draft(agent_id=agent_of(by), conversation=conversation, kind=kind, **values))
    else:
        change(found, **values)


def _draft_files(found: Draft | None, files: Sequence[int] | None, html: str, by: Actor) -> list[int]:
    """The writer's own uploads among those given, or kept before, and the images of the text."""
    before = [] if found is None else found.files
    wanted = {*(before if files is None else files), *files_in(html)}
    if not wanted or (files is None and wanted == set(before)):
        return sorted(wanted)
    mine = Attachment.objects.filter(pk__in=wanted, message__isnull=True, uploaded_by_id=agent_of(by))
    return sorted(mine.values_list("pk", flat=True))


@verb
def mark_seen(conversation: Conversation, *, up_to: datetime, by: Actor) -> None:
    """Afterwards this agent has read the conversation up to that instant; never moves back. Not logged.

    Costs little, for it is done by looking: nothing is held, and two tabs of one agent may come at once.
    """
    require_visible(may_see(by, scope_of(conversation)))
    seen = Seen(agent_id=agent_of(by), conversation=conversation, message_at=up_to)
    put_highest(seen, per=("agent", "conversation"), value="message_at")
