"""Verbs about answers that are to be put into a Sent folder."""

from datetime import timedelta

from heed.eventlog import due
from heed.eventlog.unit import change, lock, verb
from heed.kernel import clock
from heed.mailboxes.models import Filing
from heed.people.policy import Actor

TRIES = 12  # over about two days
WORDS_CHARACTERS = 300


@verb
def note_filed(filing: Filing, *, by: Actor) -> None:
    """Afterwards nothing more is to be done: the mail stands in the Sent folder. Nothing happens twice."""
    row = lock(filing)
    if row.due_at is not None:
        change(row, due_at=None, words="")


@verb
def file_later(filing: Filing, *, words: str, by: Actor) -> None:
    """Afterwards it is tried again after a growing pause; after TRIES in vain it is given up, with the server's words.

    Nothing for one that is done.
    """
    row = lock(filing)
    if row.due_at is None:
        return
    tried = row.attempts + 1
    pause = timedelta(seconds=due.pause_seconds(tried, first=60.0))
    left = None if tried >= TRIES else clock.now() + pause
    change(row, attempts=tried, due_at=left, words=words[:WORDS_CHARACTERS])
