"""Due work of mailboxes, for whoever does one thing after another. Workers keep lines open instead: tending.py.

The mail libraries cost 5 MB, so they are loaded where a mailbox is due: not by pages, not by a desk without one.
"""

import importlib
from collections.abc import Callable
from typing import Final

from heed.mailboxes.actions.reports import claim_mailboxes
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import any_due
from heed.mailboxes.queries import waiting as waiting
from heed.people.policy import SYSTEM

VISITING: Final = "heed.mailboxes.visiting"


def step() -> int:
    """Look into the mailbox that has been due longest, once; how much that was: the look, and each new mail."""
    if not any_due():
        return 0
    claimed = claim_mailboxes(limit=1, by=SYSTEM)
    visit: Callable[[Mailbox], int] = importlib.import_module(VISITING).visit
    return sum(1 + visit(mailbox) for mailbox in claimed)
