"""Runs of events as one line, and a line where the day changes."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from heed.ui.templatetags.heed_ui import first_name
from heed.web.conversation.contexts import DayLine, Entry, EventContext, FoldedEvents, MessageContext

FOLD = 3  # so many events in a row are folded into one line
DOERS = 3  # named where events are folded
ABOUT = {
    "priority_changed": "priority",
    "topic_changed": "tags",
    "noted": "tags",
    "tagged": "tags",
    "untagged": "tags",
    "linked": "links",
    "unlinked": "links",
    "merged": "links",
    "absorbed": "links",
    "unmerged": "links",
    "released": "links",
    "split": "links",
    "assigned": "people",
    "unassigned": "people",
    "moved": "people",
    "downloaded": "people",
    "participants_added": "people",
    "participants_removed": "people",
    "admitted": "people",
    "rejected": "people",
    "customer_changed": "people",
    "bounced": "delivery",
    "acknowledgement_failed": "delivery",
    "acknowledgement_bounced": "delivery",
    "suppressed": "delivery",
    "lifted": "delivery",
    "unsubscribed": "delivery",
    "resubscribed": "delivery",
    "acknowledged": "delivery",
}


def folded(told: Iterable[MessageContext | EventContext]) -> Iterator[Entry]:
    run: list[EventContext] = []
    for entry in told:
        if isinstance(entry, EventContext):
            run.append(entry)
            continue
        yield from _fold(run)
        run = []
        yield entry
    yield from _fold(run)


def _fold(run: list[EventContext]) -> Iterator[Entry]:
    if len(run) < FOLD:
        yield from run
        return
    about = dict.fromkeys(ABOUT.get(event.code, "status") for event in run)
    yield FoldedEvents(events=run, about=list(about), by=_doers(run))


def _doers(run: list[EventContext]) -> str:
    """Who did all this, as a list in words: "Amara and the desk"."""
    people = dict.fromkeys(event.by for event in run)
    names = [
        _("the desk") if one is None else _("you") if one.is_me else first_name(one.name) for one in people
    ]
    return get_text_list(names[:DOERS], _("and")) if len(names) <= DOERS else _("several")


def with_days(told: Iterable[Entry], *, begins_in_middle: bool) -> Iterator[Entry]:
    """With a line before the first entry of each day; the first of all has one where others stand before it."""
    day = None
    is_first = not begins_in_middle
    for entry in told:
        at: datetime | None = (
            entry.events[0].at if isinstance(entry, FoldedEvents) else getattr(entry, "at", None)
        )
        if at is not None:
            here = timezone.localtime(at).date()
            if here != day and not is_first:
                yield DayLine(at=at)
            day, is_first = here, False
        yield entry
