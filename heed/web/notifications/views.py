"""What the reader was told, newest first, and what they say they have read."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries as conversations
from heed.conversations.queries import Writer
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.notice_words import NotificationKind
from heed.notifications.actions import mark_read, mark_read_up_to
from heed.notifications.queries import COUNTED_TO, Said, Unread, notifications
from heed.ui.contexts import Person
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.inbox.rows import person_of
from heed.web.nav import NOTIFICATIONS, Room, counted_anew, nav_context
from heed.web.notifications.contexts import (
    NotificationsContext,
    NotificationsFragment,
    NotificationsPage,
    Told,
)
from heed.web.typed import number

PAGE, FRAGMENT = "notifications/page.html", "notifications/_list.html"


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """Show them. Posted: one was read, or all up to the newest that was shown."""
    if visit.request.method == "POST":
        _read(visit)
        if not wants_fragment(visit.request):
            return HttpResponseRedirect(NOTIFICATIONS, status=303)
    room = Room.of(visit)
    told = _context(visit, room.unread)
    if wants_fragment(visit.request):
        answer = page_or_fragment(visit.request, PAGE, FRAGMENT, NotificationsFragment(told=told))
        return counted_anew(answer)
    page = NotificationsPage(nav=nav_context(visit, room, here=NOTIFICATIONS), told=told)
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page)


def _read(visit: Visit) -> None:
    one, up_to = (number(visit.request.POST.get(name, "")) for name in ("number", "up_to"))
    if one is not None:
        mark_read([one], by=visit.actor)
    elif up_to is not None:
        mark_read_up_to(up_to, by=visit.actor)
    else:
        raise Unusable("number", "missing")


def _context(visit: Visit, unread: Unread) -> NotificationsContext:
    page = notifications(visit.actor, after=visit.request.GET.get("after", ""))
    return NotificationsContext(
        href=NOTIFICATIONS,
        rows=_rows(visit, page.rows),
        next_href=f"{NOTIFICATIONS}?{urlencode({'after': page.after})}" if page.after else "",
        unread=unread.number,
        counted_to=COUNTED_TO,
        up_to=unread.up_to,
        days=config.notification_days,
    )


def _rows(visit: Visit, rows: Sequence[Said]) -> list[Told]:
    writers = conversations.writers(visit.actor, [one.row.conversation for one in rows])
    return [_told(one, _customer(one, writers)) for one in rows]


def _customer(told: Said, writers: Mapping[int, Writer]) -> Person:
    """Of a side conversation nobody: who is asked may know nothing else."""
    conversation = told.row.conversation
    return Person(name="") if told.is_aside else person_of(conversation, writers.get(conversation.pk))


def _told(told: Said, customer: Person) -> Told:
    row, conversation = told.row, told.row.conversation
    is_due = row.kind in (NotificationKind.DUE_SOON, NotificationKind.TEAM_DUE)
    is_found = row.message_id and not told.is_aside
    return Told(
        id=row.pk,
        kind=row.kind,
        href=f"{told.href}{f'?message={row.message_id}' if is_found else ''}",
        at=row.at,
        number=0 if told.is_aside else conversation.pk,
        subject=told.subject,
        subject_lang="" if told.is_aside else conversation.language,
        customer=customer,
        who=_who(told),
        words=" ".join(told.words.split()),
        is_unread=row.read_at is None,
        due_at=conversation.next_due_at if is_due else None,
    )


def _who(told: Said) -> Person | None:
    """The colleague who did it, else whoever wrote what it is about."""
    if told.row.by is not None:
        return Person(name=told.row.by.name)
    wrote = told.from_name or told.from_address
    return Person(name=wrote) if wrote else None
