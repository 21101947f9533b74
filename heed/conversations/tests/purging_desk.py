"""A desk whose worker dies while it removes a conversation. Run as a program by the kill test, never by the product.

    python -m heed.conversations.tests.purging_desk prepare    a conversation of 250 messages, purged; and another one
    python -m heed.conversations.tests.purging_desk work       read the log and do due work until nothing is left
    python -m heed.conversations.tests.purging_desk look       say what is there, and what is not as it should be

DIE_AT: the how many-eth part of the work after which the process kills itself. LATER: so many hours from now.
"""

import json
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from itertools import chain
from typing import Any

import django
from django.core.management import call_command

django.setup()

from heed import flow  # noqa: E402 - models need the set-up above
from heed.brands.models import Brand  # noqa: E402 - as above
from heed.conversations import fold, purging  # noqa: E402 - as above
from heed.conversations.actions.answering import add_note  # noqa: E402 - as above
from heed.conversations.actions.purging import purge  # noqa: E402 - as above
from heed.conversations.actions.trashing import trash  # noqa: E402 - as above
from heed.conversations.models import Conversation, Message, SearchDocument  # noqa: E402 - as above
from heed.eventlog.unit import unit  # noqa: E402 - as above
from heed.intake import checks  # noqa: E402 - as above
from heed.intake.models import Receipt  # noqa: E402 - as above
from heed.kernel import clock  # noqa: E402 - as above
from heed.testing.world import build  # noqa: E402 - as above

TURN = int(os.environ.get("DIE_AT", "0"))
LATER = int(os.environ.get("LATER", "0"))
MESSAGES = 250
reached = 0


def then_die(function: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, after which the process may kill itself."""

    def run(*args: Any, **kwargs: Any) -> None:
        global reached
        function(*args, **kwargs)
        reached += 1
        if reached == TURN:
            os.kill(os.getpid(), signal.SIGKILL)

    return run


def settle() -> None:
    while flow.read() + sum(work.step() for work in flow.DUE if not work.can_wait):
        pass


def prepare() -> object:
    call_command("migrate", verbosity=0)
    world = build()
    Brand.objects.update(acknowledges=False)
    for _ in range(2):
        world.mail_from(world.dalia)
        settle()
    row, other = Conversation.objects.order_by("pk")
    with unit():
        for number in range(MESSAGES - 1):
            add_note(row, text=f"Note {number}", files=(), sent_once=str(number), by=world.amara.actor)
    settle()
    trash(row, by=world.amara.actor)
    purge(row, by=world.chen.actor)
    return {"messages": row.messages.count(), "other": other.messages.count()}


def work() -> object:
    for name in ("remove_messages", "remove_conversation"):
        setattr(purging, name, then_die(getattr(purging, name)))
    let_go = [then_die(one) for one in flow.LET_GO[:1]]
    later = clock.now() + timedelta(hours=LATER)  # what a dead worker had claimed is free by then
    with clock.at(later):
        while flow.read() + purging.step(let_go):
            pass
    return {}


def look() -> object:
    return {
        "conversations": Conversation.objects.count(),
        "messages": Message.objects.count(),
        "documents": SearchDocument.objects.count(),
        "receipts": sorted(Receipt.objects.values_list("state", flat=True)),
        "findings": [str(one) for one in chain(fold.findings(), checks.findings())],
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        sys.stdout.write(json.dumps({"prepare": prepare, "work": work, "look": look}[name]()) + "\n")
        sys.stdout.flush()
