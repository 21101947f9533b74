"""Mail health: every inbox at a glance, and each mailbox's last comparison with the desk, mail by mail."""

from django.http import HttpResponse

from heed.connecting.models import Outage
from heed.connecting.queries import InboxHealth, desk_health
from heed.connecting.queries import health as inboxes
from heed.kernel.steps import together
from heed.mailboxes.models import Mailbox, Reconciliation
from heed.mailboxes.queries import differences, mailbox, newest_reconciliations
from heed.people.policy import may_run_desk, may_set_up_mail
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.mail_health.contexts import (
    CheckedMailbox,
    DifferenceLine,
    DifferencesContext,
    DifferencesPage,
    HealthContext,
    HealthPage,
    InboxLine,
    OutageLine,
)
from heed.web.mailboxes.rows import mailbox_row
from heed.web.nav import Room, nav_context
from heed.web.round_trips.rows import HERE as TRIPS

HERE = "/settings/mail-health/"
PAGE = ("mail_health/page.html", "mail_health/_health.html")
DIFFERENCES = ("mail_health/differences.html", "mail_health/_differences.html")


@agents_only("GET")
def health(visit: Visit) -> HttpResponse:
    """Last mail in and out, what waits, what does not work; by inbox, paged."""
    rows = inboxes.later(visit.actor, after=visit.request.GET.get("after", ""))
    whole = desk_health.later(visit.actor)
    together(rows, whole)
    found, desk = rows.value, whole.value
    runs = newest_reconciliations([box.pk for one in found.rows for box in one.mailboxes])
    context = HealthContext(
        looked_at=desk.looked_at,
        outages=[_outage(row) for row in desk.outages],
        inboxes=[_inbox(visit, one, runs) for one in found.rows],
        parked_mails=desk.parked_mails if may_run_desk(visit.actor) else 0,
        parked_events=desk.parked_events if may_run_desk(visit.actor) else 0,
        next_href=f"{HERE}?after={found.after}" if found.after else "",
    )
    page = HealthPage(nav=nav_context(visit, Room.of(visit), here=HERE), health=context)
    return page_or_fragment(visit.request, *PAGE, page)


def _outage(row: Outage) -> OutageLine:
    return OutageLine(
        kind=row.kind,
        since_at=row.started_at,
        reason=row.reason,
        words=row.words,
        address=row.inbox.address if row.inbox else "",
        is_told=row.told_at is not None,
    )


def _inbox(visit: Visit, one: InboxHealth, runs: "dict[int, tuple[Reconciliation, int]]") -> InboxLine:
    return InboxLine(
        id=one.inbox.pk,
        address=one.inbox.address,
        last_in_at=one.last_in_at,
        last_out_at=one.last_out_at,
        backlog_in=one.backlog_in,
        backlog_out=one.backlog_out,
        oldest_out_at=one.oldest_out_at,
        not_leaving_since_at=one.outage.started_at if one.outage else None,
        mailboxes=[_checked(box, runs.get(box.pk)) for box in one.mailboxes],
        hooks=one.hooks,
        hooks_href="/settings/mail-hooks/" if may_set_up_mail(visit.actor) else "",
        trip_href=f"{TRIPS}{one.inbox.pk}/" if may_set_up_mail(visit.actor) else "",
    )


def _checked(box: Mailbox, run: "tuple[Reconciliation, int] | None") -> CheckedMailbox:
    row = mailbox_row(box)
    href = f"{HERE}{box.pk}/"
    if run is None:
        return CheckedMailbox(row=row, href=href)
    newest, count = run
    return CheckedMailbox(
        row=row,
        compared_at=newest.at,
        there=newest.there,
        here=newest.here,
        differences=count,
        href=href,
    )


@agents_only("GET")
def compared(visit: Visit, number: int) -> HttpResponse:
    """The mails in which a mailbox and the desk differed at the last comparison."""
    box = mailbox(visit.actor, number)
    found = differences(visit.actor, number, after=visit.request.GET.get("after", ""))
    run = newest_reconciliations([box.pk]).get(box.pk)
    here = f"{HERE}{number}/"
    context = DifferencesContext(
        mailbox=_checked(box, run),
        rows=[
            DifferenceLine(
                id=row.pk, reason=row.reason, folder=row.folder, uid=row.uid, message_key=row.message_key
            )
            for row in found.rows
        ],
        next_href=f"{here}?after={found.after}" if found.after else "",
        look_href=f"/settings/mailboxes/{number}/look/"
        if may_set_up_mail(visit.actor) and box.is_enabled
        else "",
    )
    page = DifferencesPage(nav=nav_context(visit, Room.of(visit), here=here), found=context)
    return page_or_fragment(visit.request, *DIFFERENCES, page)
