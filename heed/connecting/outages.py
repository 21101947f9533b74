"""What mail depends on, looked at: mailboxes, sending servers, what is parked, and whether the work goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Min

from heed.brands.models import Inbox
from heed.conversations.models import Message
from heed.delivery.models import Delivery
from heed.eventlog.models import EventRow, ParkedEvent
from heed.eventlog.reader import position
from heed.intake.models import IS_PARKED, Receipt
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import DeliveryState
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import unfetched

FAILURES = 3
"""So often in a row sending has to fail before it is an outage: one slow server is none."""


class OutageKind(StrEnum):
    """What does not work."""

    MAILBOX = "mailbox"  # can't be read
    UNFETCHED = "unfetched"  # some mails of one can't be fetched
    SENDING = "sending"  # answers of an inbox don't leave
    PARKED = "parked"  # mails or events wait for a person
    STALLED = "stalled"  # nobody does the work that is due


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that does not work now. key is the same as long as it is the same trouble."""

    kind: OutageKind
    key: str
    since: datetime
    reason: str = ""
    words: str = ""
    inbox: Inbox | None = None


def troubles(*, reader_moved_at: datetime | None) -> list[Trouble]:
    """All that does not work now; a handful of queries, each by an index. For the desk itself."""
    return [*_mailboxes(), *_unfetched(), *_sending(), *_parked(), *_stalled(reader_moved_at)]


def _mailboxes() -> Iterator[Trouble]:
    rows = Mailbox.objects.filter(is_alarmed=True, is_enabled=True, removed_at__isnull=True)
    for row in rows.select_related("inbox__brand"):
        since = row.failing_since_at or clock.now()
        yield Trouble(OutageKind.MAILBOX, f"mailbox:{row.pk}", since, row.reason, row.words, row.inbox)


def _unfetched() -> Iterator[Trouble]:
    """Mails that a comparison found in a mailbox and could not fetch: one trouble a mailbox, however many they are."""
    for one in unfetched():
        key = f"unfetched:{one.mailbox.pk}"
        yield Trouble(OutageKind.UNFETCHED, key, one.since_at, one.reason, inbox=one.mailbox.inbox)


def _sending() -> Iterator[Trouble]:
    """Inboxes with answers that failed again and again, while nothing else of the inbox left meanwhile."""
    stuck = Delivery.objects.filter(due_at__isnull=False, failures__gte=FAILURES)
    by_inbox = stuck.values("message__conversation__inbox").annotate(since=Min("message__at"))
    for found in by_inbox.order_by("message__conversation__inbox"):
        inbox = Inbox.objects.select_related("brand").get(pk=found["message__conversation__inbox"])
        left = Message.objects.filter(
            conversation__inbox=inbox,
            state__in=(DeliveryState.SENT, DeliveryState.DELIVERED),
            state_at__gt=found["since"],
        )
        if not left.exists():
            yield Trouble(OutageKind.SENDING, f"sending:{inbox.pk}", found["since"], inbox=inbox)


def _parked() -> Iterator[Trouble]:
    mails = Receipt.objects.filter(IS_PARKED).aggregate(n=Count("pk"), since=Min("received_at"))
    if mails["n"]:
        yield Trouble(OutageKind.PARKED, "parked:mails", mails["since"], "mails")
    events = ParkedEvent.objects.aggregate(n=Count("pk"), since=Min("at"))
    if events["n"]:
        yield Trouble(OutageKind.PARKED, "parked:events", events["since"], "events")


def _stalled(reader_moved_at: datetime | None) -> Iterator[Trouble]:
    """Work that has been due for long while nobody has any of its kind in hand."""
    now = clock.now()
    late = now - timedelta(seconds=config.alarm_after_seconds)
    for model, reason in ((Receipt, "mail"), (Delivery, "sending")):
        in_hand = model._default_manager.filter(due_at__isnull=False, claimed_until__gt=now)
        oldest = model._default_manager.filter(due_at__lt=late).order_by("due_at").first()
        if oldest is not None and oldest.due_at is not None and not in_hand.exists():
            yield Trouble(OutageKind.STALLED, f"stalled:{reason}", oldest.due_at, reason)
    if reader_moved_at is not None and reader_moved_at < late:
        unread = EventRow.objects.filter(pk__gt=position()).order_by("pk").first()
        if unread is not None and unread.at < late:
            yield Trouble(OutageKind.STALLED, "stalled:log", unread.at, "log")
