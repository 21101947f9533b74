"""From parked rows to what the page says about them."""

from collections.abc import Mapping, Sequence

from heed.channels.email.errors import UnreadableCode
from heed.conversations.queries import Page
from heed.delivery.queries import ParkedDelivery as Delivery
from heed.eventlog.queries import Parking
from heed.intake.models import Receipt
from heed.kernel.words import ParkReason
from heed.ui.templatetags.heed_ui import filesize
from heed.web.settings.contexts import ParkedContext, ParkedDelivery, ParkedEvent, ParkedMail, Taken

HERE = "/settings/parked/"
REASONS = {UnreadableCode.HEADERS_TOO_LARGE.value: "too_many_headers"}


def parked_context(
    *,
    mails: Page[Receipt],
    deliveries: Page[Delivery],
    events: Page[Parking],
    mails_count: int,
    oldest: Receipt | None,
    taken: Mapping[int, Taken],
    retried: int | None,
    may_send: bool,
) -> ParkedContext:
    """Everything that waits, as far as the reader sees it; no query."""
    return ParkedContext(
        mails=[_mail(row, taken.get(row.pk)) for row in mails.rows],
        mails_count=mails_count,
        oldest_at=oldest.received_at if oldest else None,
        events=[_event(row) for row in events.rows],
        deliveries=[_delivery(row, may_send=may_send) for row in deliveries.rows],
        mails_next_href=_next("mails", mails),
        events_next_href=_next("events", events),
        deliveries_next_href=_next("deliveries", deliveries),
        retry_mails_href=_all("mails", mails.rows),
        retry_events_href=_all("events", events.rows),
        retry_deliveries_href=_all("deliveries", deliveries.rows) if may_send else "",
        retried=retried,
    )


def _next(kind: str, page: Page[Receipt] | Page[Delivery] | Page[Parking]) -> str:
    return f"{HERE}?{kind}={page.after}" if page.after else ""


def _all(kind: str, rows: Sequence[object]) -> str:
    return f"{HERE}{kind}/retry/" if len(rows) > 1 else ""


def _mail(row: Receipt, taken: Taken | None) -> ParkedMail:
    reason, value, limit = row.reason, "", ""
    if row.reason == ParkReason.UNREADABLE:
        code, _, figures = row.detail.partition(": ")
        reason = REASONS.get(code, code) if code in set(UnreadableCode) else row.reason
        limit = figures.removesuffix(" bytes").rpartition(" ")[2]
    elif row.reason == ParkReason.TOO_LARGE:
        limit = row.detail.partition("limit ")[2]
    elif row.reason == ParkReason.NO_INBOX:
        value = ", ".join(row.recipients)
    elif row.reason == ParkReason.FAILED:
        value = row.detail.partition(" < ")[0]
    if reason in ("too_large", "too_many_headers") and limit.isdigit():
        limit = filesize(int(limit))
    return ParkedMail(
        id=row.pk,
        at=row.received_at,
        size=row.size,
        reason=reason,
        sender=row.mail_from,
        value=value,
        limit=limit,
        retry_href=f"{HERE}mails/{row.pk}/retry/",
        raw_href=f"{HERE}mails/{row.pk}/raw/",
        taken=taken,
    )


def _delivery(row: Delivery, *, may_send: bool) -> ParkedDelivery:
    return ParkedDelivery(
        id=row.message,
        at=row.at,
        address=", ".join(row.recipients),
        reason=row.reason,
        number=row.conversation,
        href=f"/conversations/{row.conversation}/",
        server=row.recipients[0].rpartition("@")[2] if row.recipients else "",
        attempts=row.attempts,
        retry_href=f"{HERE}deliveries/{row.message}/retry/" if may_send else "",
        is_acknowledgement=row.is_acknowledgement,
    )


def _event(row: Parking) -> ParkedEvent:
    return ParkedEvent(
        id=row.parked.pk,
        at=row.parked.at,
        kind=row.kind,
        consumer=row.parked.consumer,
        error=row.parked.error.partition(" < ")[0],
        retry_href=f"{HERE}events/{row.parked.pk}/retry/",
        number=row.conversation_id,
        href=f"/conversations/{row.conversation_id}/" if row.conversation_id else "",
    )
