"""Reads of how mail is: what every page of a lead says, and the health page."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, Min, Q, QuerySet

from heed.brands.models import Inbox
from heed.connecting.models import Outage, Watch
from heed.connecting.outages import OutageKind
from heed.conversations.models import Message
from heed.conversations.queries import Page
from heed.delivery.models import Delivery
from heed.eventlog.models import ParkedEvent
from heed.intake.models import IS_PARKED, Receipt, RoundTrip
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.mail_words import REPORTS_ONLY
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import BrandId, Direction
from heed.mailboxes.models import Mailbox, MailHook
from heed.people.models import Agent
from heed.people.policy import Actor, looks_at_all_mail, may_look_at_mail
from heed.people.queries import inboxes_led

PAGE = 50
WATCH = 1
RECENT = 5_000
UNREAD = 2_000  # mails that wait and are counted by inbox
MISSED_LOOKS = 4  # so many looks late, and nobody looks at all


@dataclass(frozen=True, slots=True)
class Alarm:
    """What does not work: a code of OutageKind, and the inbox's address where it is one."""

    kind: OutageKind
    address: str = ""


@prepared
def _watch() -> "QuerySet[Watch, Watch]":
    return Watch.objects.filter(pk=WATCH).only("looked_at", "open")


@in_steps
def alarms(actor: Actor) -> Steps[list[Alarm]]:
    """What does not work, for every page of a lead or admin: one row by its key; no query for others.

    Workers write that row. When none has looked for long, nobody works: that is an alarm of its own.
    """
    if not may_look_at_mail(actor):
        return []
    found = asked(_watch)
    yield [found]
    watch = next(iter(found.value), None)
    if watch is None or watch.looked_at is None:
        return []
    patience = max(config.alarm_after_seconds, MISSED_LOOKS * config.alarm_look_seconds)
    if watch.looked_at < clock.now() - timedelta(seconds=patience):
        return [Alarm(OutageKind.STALLED)]
    return [
        Alarm(OutageKind(kind), address)
        for kind, brand, address in watch.open
        if brand is None or looks_at_all_mail(actor) or BrandId(brand) in actor.brands
    ]


@dataclass(frozen=True, slots=True)
class InboxHealth:
    """How mail of one inbox is."""

    inbox: Inbox
    last_in_at: datetime | None  # None: not lately
    last_out_at: datetime | None
    backlog_in: int  # mails accepted and not read yet
    backlog_out: int  # answers that wait to leave
    oldest_out_at: datetime | None
    mailboxes: Sequence[Mailbox]
    outage: Outage | None  # of sending
    hooks: Sequence[str] = ()  # codes of HookProvider, of those that post its mail here


@in_steps
def health(actor: Actor, *, after: str = "", limit: int = PAGE) -> Steps[Page[InboxHealth]]:
    """How each inbox is that an actor looks after, by address; three queries however many there are.

    `after` is what the page before gave. Raises NotFound for one who looks after none, Unusable for a wrong `after`.
    """
    require_visible(may_look_at_mail(actor))
    if after and ("@" not in after or len(after) > 254):
        raise Unusable("after", "malformed")
    rows = Inbox.objects.select_related("brand").filter(address__gt=after).order_by("address")
    if not looks_at_all_mail(actor):
        rows = rows.filter(address__in=inboxes_led(actor))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    rows_of = _health_of.later(shown)
    yield [rows_of]
    return Page(rows_of.value, shown[-1].address if len(found) > limit else "")


@in_steps
def _health_of(shown: Sequence[Inbox]) -> Steps[list[InboxHealth]]:
    numbers = [inbox.pk for inbox in shown]
    out, waiting, hooks = (
        asked(_waiting_out, inboxes=numbers),
        asked(_waiting_in),
        asked(_hooks, inboxes=numbers),
    )
    lately, boxes, outages = (
        asked(_lately),
        asked(_boxes, inboxes=numbers),
        asked(_not_leaving, inboxes=numbers),
    )
    yield out, waiting, lately, hooks, boxes, outages
    leaving = {inbox: (size, oldest) for inbox, size, oldest in out.value}
    backlog = Counter(address.lower() for recipients in waiting.value for address in recipients)
    newest: dict[tuple[int, str], datetime] = {}
    for number, direction, at in lately.value:
        newest.setdefault((number, direction), at)
    stopped = {row.inbox_id: row for row in outages.value}
    return [
        InboxHealth(
            inbox,
            newest.get((inbox.pk, Direction.IN)),
            newest.get((inbox.pk, Direction.OUT)),
            backlog[inbox.address],
            *leaving.get(inbox.pk, (0, None)),
            [box for box in boxes.value if box.inbox_id == inbox.pk],
            stopped.get(inbox.pk),
            [provider for of, provider in hooks.value if of == inbox.pk],
        )
        for inbox in shown
    ]


@prepared
def _boxes(*, inboxes: Sequence[int]) -> "QuerySet[Mailbox, Mailbox]":
    rows = Mailbox.objects.filter(inbox_id__in=inboxes, removed_at__isnull=True)
    return rows.select_related("inbox").order_by("pk")


@prepared
def _not_leaving(*, inboxes: Sequence[int]) -> "QuerySet[Outage, Outage]":
    return Outage.objects.filter(kind=OutageKind.SENDING, ended_at__isnull=True, inbox_id__in=inboxes)


@prepared
def _hooks(*, inboxes: Sequence[int]) -> "QuerySet[MailHook, tuple[int, str]]":
    rows = MailHook.objects.filter(inbox_id__in=inboxes).exclude(provider__in=REPORTS_ONLY)
    return rows.order_by("pk").values_list("inbox_id", "provider")


@prepared
def _lately() -> "QuerySet[Message, tuple[int, str, datetime]]":
    """Inbox, direction and time of the newest RECENT of the desk, newest first: read by their keys."""
    newest = Message.objects.filter(direction__in=(Direction.IN, Direction.OUT)).order_by("-pk")
    return newest.values_list("conversation__inbox_id", "direction", "received_at")[:RECENT]


@prepared
def _waiting_out(*, inboxes: Sequence[int]) -> "QuerySet[Delivery, tuple[int, int, datetime | None]]":
    """By inbox, how many answers wait to leave, and since when the oldest."""
    rows = Delivery.objects.filter(due_at__isnull=False, message__conversation__inbox_id__in=inboxes)
    counted = rows.values("message__conversation__inbox_id").annotate(
        size=Count("pk"), oldest=Min("message__received_at")
    )
    return counted.values_list("message__conversation__inbox_id", "size", "oldest")


@prepared
def _waiting_in() -> "QuerySet[Receipt, list[str]]":
    """The recipients of mails that wait to be read; those beyond the limit are not counted apart."""
    return Receipt.objects.filter(due_at__isnull=False).values_list("recipients", flat=True)[:UNREAD]


@dataclass(frozen=True, slots=True)
class DeskHealth:
    """What concerns the desk as a whole."""

    looked_at: datetime | None
    parked_mails: int
    parked_events: int
    outages: Sequence[Outage]


@prepared
def _parked_mails() -> "QuerySet[Receipt, int]":
    rows = Receipt.objects.filter(IS_PARKED).order_by().values("state")
    return rows.annotate(size=Count("pk")).values_list("size", flat=True)


@prepared
def _parked_events() -> "QuerySet[ParkedEvent, int]":
    rows = ParkedEvent.objects.order_by().values("consumer").annotate(size=Count("pk"))
    return rows.values_list("size", flat=True)


@prepared
def _outages(*, every: bool, brands: Iterable[int]) -> "QuerySet[Outage, Outage]":
    rows = Outage.objects.filter(ended_at__isnull=True)
    if not every:
        rows = rows.filter(Q(brand__isnull=True) | Q(brand_id__in=brands))
    return rows.select_related("inbox").order_by("started_at", "pk")[:PAGE]


@in_steps
def desk_health(actor: Actor) -> Steps[DeskHealth]:
    """The worker, what is parked, and what does not work now, as far as the actor sees. Raises NotFound as health."""
    require_visible(may_look_at_mail(actor))
    every = looks_at_all_mail(actor)
    watch, outages = asked(_watch), asked(_outages, every=every, brands=[] if every else actor.brands)
    mails, events = asked(_parked_mails), asked(_parked_events)
    yield watch, outages, mails, events
    looked_at = watch.value[0].looked_at if watch.value else None
    return DeskHealth(looked_at, sum(mails.value), sum(events.value), outages.value)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a new desk is there already, whoever did it."""

    has_mail: bool  # a mailbox, or a provider that posts
    has_colleagues: bool
    has_arrived: bool  # a test mail went there and back


def standing() -> Standing:
    """For the desk itself: how far it has been set up. One query."""
    rows = Agent.objects.filter(is_active=True).values_list(
        Exists(Mailbox.objects.filter(removed_at__isnull=True)),
        Exists(MailHook.objects.all()),
        Exists(RoundTrip.objects.filter(arrived_at__isnull=False)),
    )
    found = list(rows[:2])
    first = found[0] if found else (False, False, False)
    return Standing(first[0] or first[1], len(found) > 1, first[2])
