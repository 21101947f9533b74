"""Reads of how mail is: what every page of a lead says, and the health page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from heed.brands.models import Inbox
from heed.connecting.models import Outage, Watch
from heed.connecting.outages import OutageKind
from heed.conversations.models import Message
from heed.conversations.queries import Page
from heed.delivery.models import Delivery
from heed.eventlog.models import ParkedEvent
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require_visible
from heed.kernel.mail_words import REPORTS_ONLY
from heed.kernel.words import ActorKind, BrandId, Direction, ReceiptState, Role
from heed.mailboxes.models import Mailbox, MailHook
from heed.people.policy import Actor, may_run_desk
from heed.people.queries import inboxes_led

PAGE = 50
WATCH = 1
RECENT = 5_000
MISSED_LOOKS = 4  # so many looks late, and nobody looks at all


@dataclass(frozen=True, slots=True)
class Alarm:
    """What does not work: a code of OutageKind, and the inbox's address where it is one."""

    kind: OutageKind
    address: str = ""


def _sees_all(actor: Actor) -> bool:
    return actor.kind is ActorKind.SYSTEM or actor.role is Role.ADMIN


def alarms(actor: Actor) -> list[Alarm]:
    """What does not work, for every page of a lead or admin: one row by its key; no query for others.

    Workers write that row. When none has looked for long, nobody works: that is an alarm of its own.
    """
    if not may_run_desk(actor):
        return []
    watch = Watch.objects.filter(pk=WATCH).only("looked_at", "open").first()
    if watch is None or watch.looked_at is None:
        return []
    patience = max(config.alarm_after_seconds, MISSED_LOOKS * config.alarm_look_seconds)
    if watch.looked_at < clock.now() - timedelta(seconds=patience):
        return [Alarm(OutageKind.STALLED)]
    return [
        Alarm(OutageKind(kind), address)
        for kind, brand, address in watch.open
        if brand is None or _sees_all(actor) or BrandId(brand) in actor.brands
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


def health(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[InboxHealth]:
    """How each inbox is that an actor looks after, by address; a few queries however many there are.

    `after` is what the page before gave. Raises NotFound for one who looks after none, Unusable for a wrong `after`.
    """
    require_visible(may_run_desk(actor))
    if after and ("@" not in after or len(after) > 254):
        raise Unusable("after", "malformed")
    rows = Inbox.objects.select_related("brand").filter(address__gt=after).order_by("address")
    if not _sees_all(actor):
        rows = rows.filter(address__in=inboxes_led(actor))
    found = list(rows[: limit + 1])
    shown = found[:limit]
    out = _waiting_out([inbox.pk for inbox in shown])
    waiting, lately = _waiting_in(), _lately()
    hooks = _hooks([inbox.pk for inbox in shown])
    boxes = Mailbox.objects.filter(inbox__in=shown, removed_at__isnull=True).order_by("pk")
    of_inbox: dict[int, list[Mailbox]] = {}
    for box in boxes:
        of_inbox.setdefault(box.inbox_id, []).append(box)
    open_now = Outage.objects.filter(kind=OutageKind.SENDING, ended_at__isnull=True, inbox__in=shown)
    outages = {row.inbox_id: row for row in open_now}
    return Page(
        [
            InboxHealth(
                inbox,
                lately.get((inbox.pk, Direction.IN)),
                lately.get((inbox.pk, Direction.OUT)),
                waiting.get(inbox.address, 0),
                *out.get(inbox.pk, (0, None)),
                of_inbox.get(inbox.pk, []),
                outages.get(inbox.pk),
                hooks.get(inbox.pk, []),
            )
            for inbox in shown
        ],
        shown[-1].address if len(found) > limit else "",
    )


def _hooks(inboxes: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    rows = MailHook.objects.filter(inbox__in=inboxes).exclude(provider__in=REPORTS_ONLY).order_by("pk")
    for inbox, provider in rows.values_list("inbox_id", "provider"):
        found.setdefault(inbox, []).append(provider)
    return found


def _lately() -> dict[tuple[int, str], datetime]:
    """When the newest message of an inbox came or left, among the newest RECENT of the desk: read by their keys."""
    newest = Message.objects.filter(direction__in=(Direction.IN, Direction.OUT)).order_by("-pk")
    found: dict[tuple[int, str], datetime] = {}
    for inbox, direction, at in newest.values_list("conversation__inbox_id", "direction", "received_at")[
        :RECENT
    ]:
        found.setdefault((inbox, direction), at)
    return found


def _waiting_out(inboxes: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    rows = Delivery.objects.filter(due_at__isnull=False, message__conversation__inbox__in=inboxes)
    found = rows.values("message__conversation__inbox").annotate(
        n=Count("pk"), oldest=Min("message__received_at")
    )
    return {row["message__conversation__inbox"]: (row["n"], row["oldest"]) for row in found}


def _waiting_in(limit: int = 2_000) -> dict[str, int]:
    """By address, mails that wait to be read; those beyond the limit are not counted apart."""
    counted: dict[str, int] = {}
    for recipients in Receipt.objects.filter(due_at__isnull=False).values_list("recipients", flat=True)[
        :limit
    ]:
        for address in recipients:
            counted[address.lower()] = counted.get(address.lower(), 0) + 1
    return counted


@dataclass(frozen=True, slots=True)
class DeskHealth:
    """What concerns the desk as a whole."""

    looked_at: datetime | None
    parked_mails: int
    parked_events: int
    outages: Sequence[Outage]


def desk_health(actor: Actor) -> DeskHealth:
    """The worker, what is parked, and what does not work now, as far as the actor sees. Raises NotFound as health."""
    require_visible(may_run_desk(actor))
    watch = Watch.objects.filter(pk=WATCH).first()
    open_now = (
        Outage.objects.filter(ended_at__isnull=True).select_related("inbox").order_by("started_at", "pk")
    )
    if not _sees_all(actor):
        open_now = open_now.filter(Q(brand__isnull=True) | Q(brand__in=actor.brands))
    return DeskHealth(
        watch.looked_at if watch else None,
        Receipt.objects.filter(state=ReceiptState.PARKED).count(),
        ParkedEvent.objects.count(),
        list(open_now[:PAGE]),
    )
