"""`heed mail reconcile`: compare mailboxes with the desk now, mail by mail, and print what differs."""

import argparse
import importlib
import json
from collections.abc import Iterator, Sequence

from heed.cli.mailbox import REASONS
from heed.cli.problem import Problem
from heed.mailboxes.actions.accounts import look_now
from heed.mailboxes.actions.reports import claim_mailbox
from heed.mailboxes.models import Difference, Mailbox, Reconciliation
from heed.mailboxes.queries import differences, mailbox, mailboxes, newest_reconciliation
from heed.mailboxes.work import VISITING
from heed.people.policy import SYSTEM

WORDS = {
    "not_fetched": "is there and could not be fetched",
    "refused": "is there, and its server does not give it",
    "too_large": "is there, and larger than HEED_MAILBOX_MAIL_BYTES",
    "before_work": "is there, from before the day on which mail became work",
    "parked": "is here, and waits for a person (`heed mail parked`)",
    "waiting": "is here, and will be read next",
    "deleted_here": "was a message, which was deleted",
    "gone_there": "is here; somebody deleted or moved it there",
}


def main(argv: Sequence[str]) -> int:
    """Exit code 1: something differs, or a mailbox could not be read."""
    parser = argparse.ArgumentParser(
        prog="heed mail reconcile",
        description="Compare mailboxes with the desk mail by mail, fetch what is missing and print what differs. The "
        "desk does it by itself once a day; --last prints what was found then.",
    )
    parser.add_argument("number", type=int, nargs="?", metavar="NUMBER", help="of a mailbox; all if left out")
    parser.add_argument("--last", action="store_true", help="print the last comparison and make none")
    parser.add_argument("--json", action="store_true", help="one JSON object for each mailbox")
    options = parser.parse_args(argv)
    chosen = [mailbox(SYSTEM, options.number)] if options.number else list(mailboxes(SYSTEM))
    if not chosen:
        raise Problem("no mailbox is connected; `heed mailbox add` connects one.")
    good = True
    for row in chosen:
        if not options.last:
            _compare(row)
        found = newest_reconciliation(SYSTEM, row.pk)
        if found is None:
            raise Problem(f"mailbox {row.pk} was never compared; its first reading may still go on.")
        good = good and not found.differing
        print(_as_json(row, found) if options.json else _as_text(row, found))
    return 0 if good else 1


def _compare(row: Mailbox) -> None:
    if not row.is_enabled:
        raise Problem(f"mailbox {row.pk} is paused; --last prints what was found before.")
    before = newest_reconciliation(SYSTEM, row.pk)
    look_now(row, by=SYSTEM)
    claimed = claim_mailbox(row, by=SYSTEM)
    if claimed is None:
        raise Problem(
            f"a worker is at mailbox {row.pk} and compares it within seconds; --last prints it then."
        )
    importlib.import_module(VISITING).visit(claimed)
    after, now = newest_reconciliation(SYSTEM, row.pk), mailbox(SYSTEM, row.pk)
    if now.reason:
        raise Problem(f"mailbox {row.pk} can't be read: {REASONS[now.reason]}. {now.words}".rstrip())
    if after == before:
        raise Problem(
            f"mailbox {row.pk} is still being read for the first time: {now.backlog} mails to come."
        )


def _all(row: Mailbox) -> Iterator[Difference]:
    after = ""
    while True:
        page = differences(SYSTEM, row.pk, after=after, limit=500)
        yield from page.rows
        after = page.after
        if not after:
            return


def _as_text(row: Mailbox, found: Reconciliation) -> str:
    agree = "They agree." if not found.differing else f"{found.differing} differ:"
    first = (
        f"Mailbox {row.pk} at {found.at:%Y-%m-%d %H:%M} UTC: {found.there} mails there, {found.here} of them messages "
        f"here, {found.fetched} were missing and were fetched. {agree}"
    )
    lines = [
        f"  {one.folder or 'mail'} {one.uid}  {WORDS[one.reason]}  {one.message_key or one.sha256[:16]}".rstrip()
        for one in _all(row)
    ]
    return "\n".join([first, *lines])


def _as_json(row: Mailbox, found: Reconciliation) -> str:
    differing = [
        {
            "reason": one.reason,
            "folder": one.folder,
            "uid": one.uid,
            "message_id": one.message_key,
            "sha256": one.sha256,
        }
        for one in _all(row)
    ]
    facts = {"mailbox": row.pk, "at": found.at.isoformat(), "there": found.there, "here": found.here}
    return json.dumps({**facts, "fetched": found.fetched, "differing": found.differing, "mails": differing})
