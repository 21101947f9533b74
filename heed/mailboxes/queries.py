"""Reads of mailboxes: how each is, and what a reconciliation found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Max, Min, OuterRef, Q

from heed.conversations.queries import Page
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.kernel.mail_words import (
    AfterFetch,
    MailboxTrouble,
    MailProtocol,
    MailProvider,
    MailSecurity,
    Mismatch,
)
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.models import (
    UNFETCHED,
    Authorization,
    Difference,
    FetchedMail,
    Filing,
    Mailbox,
    MailHook,
    Reconciliation,
)
from heed.people.policy import Actor, looks_at_all_mail, may_look_at_mail, may_set_up_mail
from heed.people.queries import inboxes_led

PAGE = 50


def _visible(actor: Actor) -> Q:
    """Admins see every mailbox, leads those of the inboxes whose teams they lead."""
    if looks_at_all_mail(actor):
        return Q()
    return Q(inbox__address__in=inboxes_led(actor))


def mailboxes(actor: Actor) -> Sequence[Mailbox]:
    """The mailboxes that an actor looks after, by inbox, with inbox and brand: at most two queries.

    Their columns say how they are: last_success_at, last_mail_at, backlog, failing_since_at, reason (a code of
    MailboxTrouble) and words, which are the server's. Raises NotFound for one who looks after none.
    """
    require_visible(may_look_at_mail(actor))
    rows = Mailbox.objects.filter(_visible(actor), removed_at__isnull=True)
    return list(rows.select_related("inbox__brand").order_by("inbox__address", "pk"))


def mailbox_page(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[Mailbox]:
    """The same, so many at a time. `after` is what the page before gave.

    Raises NotFound as mailboxes does, Unusable for an `after` we never gave.
    """
    require_visible(may_look_at_mail(actor))
    rows = Mailbox.objects.filter(_visible(actor), removed_at__isnull=True)
    if after:
        number, _, address = after.partition(" ")
        if not (number.isascii() and number.isdigit() and len(number) < 19 and "@" in address):
            raise Unusable("after", "malformed")
        same = Q(inbox__address=address, pk__gt=int(number))
        rows = rows.filter(Q(inbox__address__gt=address) | same)
    page = list(rows.select_related("inbox__brand").order_by("inbox__address", "pk")[: limit + 1])
    last = page[limit - 1] if len(page) > limit else None
    return Page(page[:limit], f"{last.pk} {last.inbox.address}" if last else "")


def mailbox(actor: Actor, mailbox_id: int) -> Mailbox:
    """One of them. Raises NotFound, alike for unknown, removed and unseen."""
    require_visible(may_look_at_mail(actor))
    rows = Mailbox.objects.filter(_visible(actor), removed_at__isnull=True, pk=mailbox_id)
    found = rows.select_related("inbox__brand").first()
    if found is None:
        raise NotFound
    return found


def account_of(mailbox: Mailbox) -> Account:
    """Where it is, as change_mailbox takes it."""
    return Account(
        mailbox.host,
        mailbox.user_name,
        MailProtocol(mailbox.protocol),
        MailSecurity(mailbox.security),
        mailbox.port,
        MailProvider(mailbox.provider) if mailbox.provider else None,
    )


def handling_of(mailbox: Mailbox) -> Handling:
    """What is done with its mail, as change_mailbox takes it."""
    return Handling(
        mailbox.work_from_on,
        mailbox.wants_history,
        tuple(mailbox.folders),
        AfterFetch(mailbox.after_fetch),
        mailbox.move_to,
        mailbox.sent_folder,
        mailbox.wants_sent_filed,
        mailbox.checked_by,
    )


def is_authorized(mailbox: Mailbox) -> bool:
    """Whether a provider lets us in, as far as we know; one query."""
    return Authorization.objects.filter(mailbox=mailbox).exclude(refresh="").exists()


def mailbox_of_inbox(inbox_id: int) -> Mailbox | None:
    """The first mailbox that is read for an inbox; one query."""
    return Mailbox.objects.filter(inbox_id=inbox_id, is_enabled=True).order_by("pk").first()


def newest_reconciliation(actor: Actor, mailbox_id: int) -> Reconciliation | None:
    """What the last comparison found; None before the first. Raises NotFound."""
    return mailbox(actor, mailbox_id).reconciliations.order_by("-pk").first()


def newest_reconciliations(mailbox_ids: Sequence[int]) -> dict[int, tuple[Reconciliation, int]]:
    """By mailbox, the last comparison and in how many mails it found a difference; two queries.

    For ids of mailboxes that the reader was let in to see.
    """
    newest = Reconciliation.objects.filter(mailbox__in=mailbox_ids).values("mailbox").annotate(last=Max("pk"))
    runs = Reconciliation.objects.filter(pk__in=[row["last"] for row in newest])
    found = runs.annotate(count=Count("differences"))
    return {run.mailbox_id: (run, run.count) for run in found}


def differences(actor: Actor, mailbox_id: int, *, after: str = "", limit: int = PAGE) -> Page[Difference]:
    """The mails in which mailbox and desk differed at the last comparison, one by one.

    `after` is what the page before gave. Raises NotFound, Unusable for an `after` we never gave.
    """
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Unusable("after", "malformed")
    newest = newest_reconciliation(actor, mailbox_id)
    if newest is None:
        return Page([])
    rows = list(newest.differences.filter(pk__gt=int(after or 0)).order_by("pk")[: limit + 1])
    return Page(rows[:limit], str(rows[limit - 1].pk)) if len(rows) > limit else Page(rows)


def refused_mails(mailbox_id: int) -> frozenset[tuple[str, str]]:
    """Folder and number of the mails that its server did not give, as the last comparison names them; one query."""
    rows = Difference.objects.filter(reconciliation__mailbox=mailbox_id, reason=Mismatch.REFUSED)
    return frozenset(rows.values_list("folder", "uid"))


@dataclass(frozen=True, slots=True)
class Unfetched:
    """A mailbox with mails that stand there and could not be fetched, why, and when that was found."""

    mailbox: Mailbox
    reason: Mismatch
    since_at: datetime


def unfetched() -> list[Unfetched]:
    """Mailboxes with mails that the last comparison could not fetch and that did not come since; two queries.

    While a mailbox is still being read for the first time, what was not fetched yet is no trouble. For the desk itself.
    """
    mails = Difference.objects.filter(
        reason__in=UNFETCHED,
        reconciliation__mailbox__is_enabled=True,
        reconciliation__mailbox__removed_at__isnull=True,
    ).exclude(reason=Mismatch.NOT_FETCHED, reconciliation__mailbox__backlog__gt=0)
    came = FetchedMail.objects.filter(
        folder__mailbox=OuterRef("reconciliation__mailbox"),
        folder__generation=OuterRef("reconciliation__mailbox__generation"),
        folder__name=OuterRef("folder"),
        uid=OuterRef("uid"),
    )
    rows = mails.filter(~Exists(came)).values("reconciliation__mailbox")
    found = {
        row["reconciliation__mailbox"]: row
        for row in rows.annotate(why=Max("reason"), since=Min("reconciliation__at"))
    }
    boxes = Mailbox.objects.filter(pk__in=found).select_related("inbox__brand").order_by("pk")
    return [Unfetched(box, Mismatch(found[box.pk]["why"]), found[box.pk]["since"]) for box in boxes]


def waiting() -> int:
    """Mails known to stand in mailboxes and not yet here, or fetched and not yet moved there; and answers to be filed.

    A mailbox that nobody has looked into yet counts as one.
    """
    read = Mailbox.objects.filter(is_enabled=True)
    backlog = sum(read.values_list("backlog", flat=True))
    new = read.filter(last_success_at__isnull=True, reason=MailboxTrouble.NONE).count()
    unsettled = FetchedMail.objects.filter(is_left=False, folder__mailbox__is_enabled=True).count()
    return backlog + new + unsettled + due.waiting(Filing)


def any_due() -> bool:
    """Whether a mailbox is to be looked at now and nobody does."""
    now = clock.now()
    rows = Mailbox.objects.filter(due_at__lte=now)
    return rows.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)).exists()


def wanted_now(mailbox_ids: Iterable[int]) -> frozenset[int]:
    """Those of these mailboxes that somebody wants looked at now, or answers are to be filed in; two queries."""
    wanted, now = list(mailbox_ids), clock.now()
    due_now = Mailbox.objects.filter(pk__in=wanted, due_at__lte=now).values_list("pk", flat=True)
    filed = Filing.objects.filter(mailbox_id__in=wanted, due_at__lte=now).values_list("mailbox_id", flat=True)
    return frozenset(due_now) | frozenset(filed.distinct())


def filed_for() -> dict[int, int]:
    """For inboxes whose answers are put into a Sent folder: the mailbox that it is in; one query."""
    rows = Mailbox.objects.filter(is_enabled=True, wants_sent_filed=True).order_by("-pk")
    return dict(rows.values_list("inbox_id", "pk"))


def mail_hooks(actor: Actor, *, after: str = "", limit: int = PAGE) -> Page[MailHook]:
    """Every mail hook with its inbox, oldest first, for one who may set up; one query.

    `after` is what the page before gave. Raises NotFound for others, Unusable for an `after` we never gave.
    """
    require_visible(may_set_up_mail(actor))
    rows = MailHook.objects.select_related("inbox").order_by("pk")
    if after:
        if not (after.isascii() and after.isdigit() and len(after) < 19):
            raise Unusable("after", "malformed")
        rows = rows.filter(pk__gt=int(after))
    page = list(rows[: limit + 1])
    return Page(page[:limit], str(page[limit - 1].pk) if len(page) > limit else "")


def mail_hook(actor: Actor, number: int) -> MailHook:
    """One of them. Raises NotFound."""
    found = MailHook.objects.filter(pk=number).first() if may_set_up_mail(actor) else None
    if found is None:
        raise NotFound
    return found
