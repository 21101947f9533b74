"""What is kept of a text with a form, and of one that was begun in a form of its own."""

from heed.conversations.models import Attachment, SheetDraft
from heed.conversations.richtext import files_in, formed, only_with
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
