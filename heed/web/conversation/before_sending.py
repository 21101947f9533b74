"""What the door asks before it sends what was written: the writer's drafts, our own addresses, signs of a mistake."""

from collections.abc import Mapping
from dataclasses import dataclass

from heed.conversations import queries
from heed.conversations.doubts import Doubted
from heed.conversations.models import Draft
from heed.kernel.steps import together
from heed.kernel.words import Direction
from heed.people.queries import own_inboxes
from heed.ui.contexts import FieldError
from heed.web.conversation.composer import Posted
from heed.web.doors import Visit


@dataclass(frozen=True, slots=True)
class Before:
    """What is asked before a form is taken."""

    drafts: Mapping[str, Draft]
    ours: frozenset[str]  # of the recipients: inboxes of this desk
    doubts: list[Doubted]  # signs of a wrong recipient; a note goes to nobody
    names: Mapping[str, str]  # of the participants, by address


def before_sending(visit: Visit, here: queries.Opened, posted: Posted) -> Before:
    """All of it in one query, and what files and numbers take further."""
    addresses = [address for line in posted.lines.values() for address in line]
    ours = own_inboxes.later(addresses)
    drafts = None if _has_form(visit) else queries.drafts.later(visit.actor, here.row)
    names = queries.names_of.later(visit.actor, here.row)
    doubts = None
    if posted.step == "send" and posted.kind != "note":
        doubts = queries.doubts_about.later(here, text=posted.text, files=posted.kept, addresses=addresses)
    together(*[one for one in (ours, drafts, names, doubts) if one is not None])
    return Before(drafts.value if drafts else {}, ours.value, doubts.value if doubts else [], names.value)


def _has_form(visit: Visit) -> bool:
    return "html" in visit.request.POST or "note_html" in visit.request.POST


def form_again(posted: Posted, drafts: Mapping[str, Draft]) -> None:
    """Without the editor a text comes back as words; as long as they are those of the draft, its form stays theirs."""
    reply, note = drafts.get(Direction.OUT), drafts.get(Direction.NOTE)
    if reply is not None and reply.html and reply.text == posted.text:
        posted.html = reply.html
    if note is not None and note.html and note.text == posted.note:
        posted.note_html = note.html


def refuse_own(posted: Posted, ours: frozenset[str]) -> None:
    """Mail to an inbox of ours would come back to this desk."""
    for line, addresses in posted.lines.items():
        posted.errors += [FieldError(field=line, code="own_address", value=a) for a in addresses if a in ours]
