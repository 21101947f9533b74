"""Mails through the desk, and what became of them."""

import resource
from collections.abc import Generator, Sequence
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Count

from bench.mails import Mail, make
from heed import flow
from heed.cli.worker import Duty, Worker
from heed.conversations import fold
from heed.conversations.models import Conversation, Message
from heed.eventlog.models import ParkedEvent
from heed.eventlog.reader import behind
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now, keep
from heed.kernel import clock
from heed.kernel.words import Automatic, Direction, Origin, ReceiptState
from heed.people.policy import SYSTEM

KEPT_AT_ONCE = 50
IDLE_SECONDS = 0.05


def keep_all(mails: Sequence[Mail]) -> None:
    """Accept mails as the listener does: kept durably, nothing read yet."""
    for start in range(0, len(mails), KEPT_AT_ONCE):
        batch = [
            accepted_now(mail.raw, mail_from=mail.sender, recipients=[mail.recipient])
            for mail in mails[start : start + KEPT_AT_ONCE]
        ]
        keep(batch, origin=Origin.LIVE, by=SYSTEM)


def accept(*, number: int, seed: int, addresses: Sequence[str]) -> None:
    """Accept so many made-up mails, and leave them unread."""
    keep_all(list(make(number, recipients=tuple(addresses), now=clock.now(), seed=seed)))
    connection.close()


def work(
    *, keep_first: int, warm: int, seed: int, addresses: Sequence[str]
) -> Generator[None, None, dict[str, Any]]:
    """One worker: read mails and hand on events until nothing waits. Gives when it began and ended, and its CPU.

    Keep first: so many mails are accepted before it is ready (0: others did). Warm: so many more are read then, so
    that nothing is done for the first time while it counts.
    """
    worker = ordinary_worker()
    if warm:
        keep_all(list(make(warm, recipients=tuple(addresses), now=clock.now(), seed=seed + 1_000)))
        settle(worker)
    if keep_first:
        keep_all(list(make(keep_first, recipients=tuple(addresses), now=clock.now(), seed=seed)))
    connection.ensure_connection()
    yield
    began, cpu = monotonic(), _cpu()
    settle(worker)
    ended = monotonic()
    return {"began": began, "ended": ended, "cpu": _cpu() - cpu}


def ordinary_worker() -> Worker:
    """A worker as `heed worker` runs it, for intake and the reader alone."""
    mail = next(work for work in flow.DUE if work.name == "mail")
    return Worker([Duty("mail", mail.step), Duty("reader", flow.read)])


def settle(worker: Worker) -> None:
    """Work until no mail and no event waits. Raises RuntimeError when some work failed as a whole."""
    mail = worker.duties[0]
    while True:
        if worker.round():
            continue
        if any(duty.rests_until for duty in worker.duties):
            raise RuntimeError(
                f"work failed: {[duty.name for duty in worker.duties if duty.rests_until]}, {mail.pause}"
            )
        if not Receipt.objects.filter(due_at__isnull=False).exists() and not behind():
            return
        worker.changes.wait(IDLE_SECONDS)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def audit() -> dict[str, int]:
    """Whether each accepted mail is here once, and what it became. Made-up mails all have Message-IDs of their own."""
    received = Message.objects.filter(direction=Direction.IN).exclude(message_id="")
    doubled = received.values("message_id").annotate(times=Count("pk")).filter(times__gt=1).count()
    ours = Message.objects.filter(automatic=Automatic.ACKNOWLEDGEMENT, delivery__isnull=False)
    conversations = Conversation.objects.filter(merged_into__isnull=True)
    found = {
        "receipts": Receipt.objects.count(),
        "unread": Receipt.objects.exclude(state=ReceiptState.READ).count(),
        "messages": received.count(),
        "doubled": doubled,
        "conversations": conversations.count(),
        "unacknowledged": conversations.exclude(pk__in=ours.values("conversation_id")).count(),
        "parked_events": ParkedEvent.objects.count(),
    }
    connection.close()
    return found


def parked() -> list[str]:
    """Why each parked mail waits, in order."""
    reasons = (
        Receipt.objects.filter(state=ReceiptState.PARKED).order_by("pk").values_list("reason", flat=True)
    )
    found = list(reasons)
    connection.close()
    return found


def check() -> list[str]:
    """What `heed check` would find between rows and log, counts included."""
    found = [str(finding) for finding in fold.findings()]
    connection.close()
    return found[:20]
