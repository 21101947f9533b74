"""A desk in processes of its own: made, worked on and asked from outside. Run as a program by the kill tests.

python -m heed.delivery.tests.office fill 40      makes the company and queues 40 answers; prints their ids
python -m heed.delivery.tests.office states       prints {message id: [state, Message-ID, attempts]}
"""

import json
import os
import sys

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "heed.project.settings")
django.setup()

from heed.conversations.actions.answering import reply  # noqa: E402 - models need the set-up above
from heed.delivery.models import Delivery  # noqa: E402 - as above
from heed.testing.world import build  # noqa: E402 - as above


def fill(number: int) -> None:
    """Make the company and queue so many answers."""
    call_command("migrate", verbosity=0, interactive=False)
    world = build()
    ids = []
    for count in range(number):
        conversation = world.conversation(subject=f"Question {count}")
        message = reply(conversation, answer=world.answer(text=f"Answer {count}."), by=world.amara.actor)
        ids.append(message.pk)
    world.read_log()
    print(json.dumps(ids))  # noqa: T201 - its answer


def states() -> None:
    """Print what became of each message."""
    rows = Delivery.objects.select_related("message")
    found = {row.pk: [row.message.state, row.message.message_id, row.attempts] for row in rows}
    print(json.dumps(found))  # noqa: T201 - its answer


if __name__ == "__main__":
    fill(int(sys.argv[2])) if sys.argv[1] == "fill" else states()
