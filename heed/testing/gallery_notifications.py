"""What an agent was told, with invented people: full, all read, more than is counted, and nothing at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from heed.ui.contexts import NavContext, Person
from heed.web.notifications.contexts import NotificationsContext, NotificationsPage, Told

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Sample = tuple[str, str, "DataclassInstance"]
WORD = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 3
DALIA = Person(name="Dalia Haddad")
LEILA = Person(name="ليلى حداد", lang="ar")


def _rows(now: datetime) -> list[Told]:
    told = Told(
        id=91,
        kind="mention",
        href="/conversations/4821/?message=7",
        at=now - timedelta(minutes=4),
        number=4821,
        subject="The card was charged twice",
        customer=DALIA,
        who=Person(name="Tomás Rivera"),
        words="@Mara Oduya can you look at the second charge? I think it is the bank.",
        is_unread=True,
    )
    return [
        told,
        replace(told, id=90, kind="due_soon", who=None, words="", due_at=now + timedelta(minutes=18)),
        replace(told, id=84, kind="team_due", who=None, words="", due_at=now + timedelta(minutes=9)),
        replace(told, id=85, kind="asked", number=0, href="/sides/3/", subject="Is the pump covered?",
                customer=Person(name=""), words="Is a pump from 2023 still covered?"),
        replace(told, id=89, kind="reply", number=4822, subject="لم يصل الطرد بعد", subject_lang="ar",
                customer=LEILA, who=LEILA, words="مرحبا، لم يصل الطرد بعد. متى يصل؟"),
        replace(told, id=88, kind="assignment", subject="", words="", is_unread=False),
        replace(told, id=87, kind="reply", subject=WORD, who=Person(name=WORD), words=WORD, is_unread=False),
        replace(told, id=86, kind="assignment", who=None, words="", is_unread=False),
    ]  # fmt: skip


def pages(now: datetime, nav: NavContext) -> Sequence[Sample]:
    """Each state of the page."""
    href = "/notifications/"
    rows = _rows(now)
    full = NotificationsContext(
        href=href, rows=rows, next_href=f"{href}?after=86", unread=3, up_to=91, days=90
    )
    states = {
        "notifications": full,
        "notifications-read": replace(full, rows=[replace(row, is_unread=False) for row in rows], unread=0),
        "notifications-many": replace(full, unread=100),
        "notifications-empty": NotificationsContext(href=href, days=90),
    }
    return [
        (name, "notifications/page.html", NotificationsPage(nav=nav, told=told))
        for name, told in states.items()
    ]
