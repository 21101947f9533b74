"""The verb that keeps what a comparison of mailbox and desk found."""

from dataclasses import dataclass
from datetime import timedelta

from heed.eventlog import due
from heed.eventlog.unit import add, change, verb
from heed.kernel import clock
from heed.kernel.mail_words import Mismatch
from heed.mailboxes.models import UNFETCHED, Difference, Mailbox, Reconciliation
from heed.people.policy import Actor

EVERY = timedelta(hours=24)
WHILE_REFUSED = timedelta(hours=1)  # a server that gives a mail not now may give it later
KEPT = 30  # comparisons of a mailbox that are remembered; only the newest with its differences
LISTED = 10_000  # differences of one comparison that are kept; all are counted


@dataclass(frozen=True, slots=True)
class Differing:
    """One mail in which they differ."""

    reason: Mismatch
    folder: str
    uid: str
    message_id: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Mails that stand there, those of them that are messages here, those that were missing and fetched; the rest."""

    there: int
    here: int
    fetched: int
    differing: tuple[Differing, ...] = ()


@verb
def keep_reconciliation(mailbox: Mailbox, *, found: Compared, by: Actor) -> Reconciliation:
    """Afterwards this is the newest comparison of a claimed mailbox, and the next one is due tomorrow.

    Within the hour while its server refuses a mail. Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    now = clock.now()
    Difference.objects.filter(reconciliation__mailbox=held).delete()
    old = Reconciliation.objects.filter(mailbox=held).order_by("-pk").values_list("pk", flat=True)[KEPT - 1 :]
    Reconciliation.objects.filter(pk__in=list(old)).delete()
    row = add(
        Reconciliation(
            mailbox=held,
            at=now,
            there=found.there,
            here=found.here,
            fetched=found.fetched,
            differing=len(found.differing),
        )
    )
    listed = sorted(
        found.differing, key=lambda one: one.reason not in UNFETCHED
    )  # what has to be seen to first
    for one in listed[:LISTED]:
        add(
            Difference(
                reconciliation=row,
                reason=one.reason,
                folder=one.folder,
                uid=one.uid,
                message_key=one.message_id,
                sha256=one.sha256,
            )
        )
    is_refused = any(one.reason is Mismatch.REFUSED for one in found.differing)
    change(held, reconcile_at=now + (WHILE_REFUSED if is_refused else EVERY))
    return row
