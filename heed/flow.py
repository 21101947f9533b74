"""The map of the product: who hears what, in which order, and what work falls due.

One reader hands each event of the log to these consumers, in this order. Workers do the due work, each kind in turn.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from heed.connecting import domains, round_trips, watching
from heed.conversations import consumer as counts
from heed.conversations import file_texts, handing_back, held, purging, refilling, timers, unsent
from heed.delivery import catcher
from heed.delivery import consumer as outbox
from heed.delivery import work as delivery
from heed.delivery.actions.letting_go import let_go_of_deliveries
from heed.eventlog.reader import Consumer, run
from heed.intake import work as intake
from heed.intake.letting_go import let_go_of_mails
from heed.kernel.config import config
from heed.lists import consumer as views
from heed.mailboxes import consumer as sent_folders
from heed.mailboxes import work as mailboxes
from heed.mailboxes.tokens import sending_tokens
from heed.notifications import consumer as notifications
from heed.notifications import digests, pushing
from heed.notifications import work as telling
from heed.people import naming
from heed.people.policy import SYSTEM
from heed.promises import consumer as promises
from heed.triage import consumer as triage
from heed.triage import work as learning

LET_GO: tuple[purging.LetGo, ...] = (  # of what is removed for good, each room what it keeps
    partial(let_go_of_mails, by=SYSTEM),
    partial(let_go_of_deliveries, by=SYSTEM),
)


@dataclass(frozen=True, slots=True)
class DueWork:
    """A kind of work with a due time. Step does some and says how much (0: nothing was due)."""

    name: str
    step: Callable[[], int]
    waiting: Callable[[], int]
    can_wait: bool = False  # nobody waits for it: a desk is settled all the same
    is_prompt: bool = False  # looked for after each commit; all else, having found nothing, a second later


CONSUMERS: tuple[Consumer, ...] = (
    Consumer("counts", counts.HEARS, counts.on_event, counts.prepare),
    Consumer("handing back", handing_back.HEARS, handing_back.on_event),
    Consumer("views", views.HEARS, views.on_event),
    Consumer("promises", promises.HEARS, promises.on_event, promises.prepare),
    Consumer("triage", triage.HEARS, triage.on_event),
    Consumer("delivery", outbox.HEARS, outbox.on_event, outbox.prepare),
    Consumer("sent folders", sent_folders.HEARS, sent_folders.on_event, sent_folders.prepare),
    Consumer("notifications", notifications.HEARS, notifications.on_event, notifications.prepare),
)

DUE: tuple[DueWork, ...] = (
    DueWork("mail", intake.step, intake.waiting, is_prompt=True),
    DueWork("delivery", partial(delivery.step, sending_tokens), delivery.waiting, is_prompt=True),
    DueWork("held", held.step, held.waiting, is_prompt=True),
    DueWork("timers", timers.step, timers.waiting),
    DueWork("purge", partial(purging.step, LET_GO), purging.waiting),
    DueWork("mailboxes", mailboxes.step, mailboxes.waiting),
    DueWork("learning", learning.step, learning.waiting),
    DueWork("round trips", round_trips.step, round_trips.waiting),
    DueWork("keys", domains.step, domains.waiting),
    DueWork("names", naming.step, naming.waiting, can_wait=True),
    DueWork("files", file_texts.step, file_texts.waiting, can_wait=True),
    DueWork("watch", watching.step, watching.waiting),
    DueWork("due soon", telling.step, telling.waiting),
    DueWork("digests", digests.step, digests.waiting),
    DueWork("push", pushing.step, pushing.waiting),
    DueWork("raw", intake.move_raw, intake.to_move),
    DueWork("catcher", catcher.step, catcher.waiting),
    DueWork("unsent", unsent.step, unsent.waiting, can_wait=True),
    DueWork("old notifications", telling.forget, telling.to_forget, can_wait=True),
    DueWork("messages for search", refilling.step, refilling.waiting, can_wait=True),
)


def read() -> int:
    """Hand the next events to the consumers; how many were handed on."""
    return run(CONSUMERS, limit=config.reader_batch)
