"""What is kept of a text with a form, and of one that was begun in a form of its own."""

from collections.abc import Collection

from heed.conversations.models import Attachment, Conversation, SheetDraft
from heed.conversations.richtext import files_in, formed, joined, only_with
from heed.conversations.sheets import beside
from heed.eventlog.unit import change
from heed.people.policy import Actor, agent_of


def form_to_keep(text: str, html: str, by: Actor) -> tuple[str, str]:
    """Inside a verb: words and form as they are kept: sanitised, no images but the writer's own uploads."""
    text, html = formed(text, html)
    wanted = files_in(html)
    if not wanted:
        return text, html
    mine = Attachment.objects.filter(pk__in=wanted, message__isnull=True, uploaded_by_id=agent_of(by))
    return formed(text, only_with(html, set(mine.values_list("pk", flat=True))))


def forget_sheet(place: str, by: Actor) -> None:
    """Inside a verb: what the writer had begun in this form of its own is no draft any more; '' is none."""
    if place:
        SheetDraft.objects.filter(agent_id=agent_of(by), place=place).delete()


def move_sheets(source: Conversation, *, to: Conversation) -> list[int]:
    """Inside a verb: the side conversations that agents began to write beside one stand beside the other; which moved.

    Where an agent began one there too, both texts stand in that one, and whom it asks stays as it was. Theirs here
    stays as well: it shows again when this conversation does.
    """
    there = {row.agent_id: row for row in SheetDraft.objects.filter(place=beside(to.pk))}
    moved = []
    for row in SheetDraft.objects.filter(place=beside(source.pk)).order_by("pk"):
        other = there.get(row.agent_id)
        if other is None:
            change(row, conversation=to, place=beside(to.pk))
            moved.append(row.pk)
            continue
        text, html = joined((other.text, other.html), (row.text, row.html))
        change(
            other,
            text=text,
            html=html,
            files=sorted({*other.files, *row.files}),
            saved_at=max(other.saved_at, row.saved_at),
        )
    return moved


def take_back_sheets(numbers: Collection[int], *, to: Conversation, out_of: Conversation) -> None:
    """Inside a verb: what moved and was not sent meanwhile stands where it was begun."""
    for row in SheetDraft.objects.filter(pk__in=numbers, place=beside(out_of.pk)).order_by("pk"):
        change(row, conversation=to, place=beside(to.pk))
