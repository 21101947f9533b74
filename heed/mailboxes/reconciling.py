"""Once a day: does the desk have every mail of a mailbox, and the mailbox what the desk has? Told mail by mail."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from heed.conversations.models import RawMail
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.mail_words import Mismatch
from heed.kernel.outbound.imap import FolderMissing, ImapLine
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.words import ReceiptState
from heed.mailboxes.actions.reconciliations import Compared, Differing, keep_reconciliation
from heed.mailboxes.actions.reports import open_folder
from heed.mailboxes.imap_reading import fetch_missing
from heed.mailboxes.keeping import Session
from heed.mailboxes.models import FetchedMail, Folder
from heed.people.policy import SYSTEM

PAGE: Final = 500
ASKED_AT_ONCE: Final = 200
READ_WITHIN: Final = timedelta(minutes=10)  # what waits no longer is on its way, and no difference


@dataclass(slots=True)
class _Count:
    """What was found so far."""

    there: int = 0
    here: int = 0
    fetched: int = 0
    differing: list[Differing] = field(default_factory=list)

    def keep(self, session: Session) -> None:
        found = Compared(self.there, self.here, self.fetched, tuple(self.differing))
        keep_reconciliation(session.mailbox, found=found, by=SYSTEM)


def reconcile(line: ImapLine, session: Session) -> None:
    """Compare every folder by its numbers, fetch what is missing, and keep what differs.

    Raises LineTrouble, Stopped, ClaimLost.
    """
    count = _Count()
    for name in [*session.mailbox.folders, *filter(None, [session.mailbox.sent_folder])]:
        session.breathe()
        try:
            opened = line.open(name)
        except FolderMissing:
            continue  # its absence is reported by reading; its mails by the next comparison
        is_sent = name == session.mailbox.sent_folder
        folder = open_folder(
            session.mailbox, name=name, uidvalidity=opened.uidvalidity, is_sent=is_sent, by=SYSTEM
        )
        count.fetched += fetch_missing(line, session, folder, opened)
        there = {str(uid) for uid in line.uids(next_uid=opened.next_uid)}
        missing = _compare(folder, there, count)
        _name_missing(line, session, folder, missing, count)
    count.keep(session)


def _name_missing(
    line: ImapLine, session: Session, folder: Folder, missing: Sequence[str], count: _Count
) -> None:
    """Say of each mail that stands there and not here why that is so."""
    for start in range(0, len(missing), ASKED_AT_ONCE):
        session.breathe()
        uids = [int(uid) for uid in missing[start : start + ASKED_AT_ONCE]]
        outsides, ids = line.outsides(uids), line.message_ids(uids)
        for uid in uids:
            if uid in outsides:
                wanted = session.is_wanted(outsides[uid].at)
                known = _why(session, folder, str(uid), outsides[uid].size)
                reason = known if wanted else Mismatch.BEFORE_WORK
                count.differing.append(Differing(reason, folder.name, str(uid), ids.get(uid, ""), ""))


def reconcile_by_uidl(line: Pop3Line, session: Session) -> None:
    """The same by POP3, before the session's goodbye. What is missing was fetched just before."""
    folder = open_folder(session.mailbox, name="", uidvalidity=0, is_sent=False, by=SYSTEM)
    count = _Count()
    there = line.mails()
    for uid in _compare(folder, set(there), count):
        count.differing.append(Differing(_why(session, folder, uid, there[uid][1]), "", uid, "", ""))
    count.keep(session)


def _why(session: Session, folder: Folder, uid: str, size: int) -> Mismatch:
    """Why a mail that is wanted was not fetched."""
    if size > config.mailbox_mail_bytes:
        return Mismatch.TOO_LARGE
    return Mismatch.REFUSED if (folder.name, uid) in session.refused else Mismatch.NOT_FETCHED


def _compare(folder: Folder, there: set[str], count: _Count) -> list[str]:
    """Count what both have, note what differs here, and give the numbers of what only the server has."""
    count.there += len(there)
    here: set[str] = set()
    for rows in _pages(folder):
        reasons = _states([row.sha256 for row in rows if row.uid in there])
        for row in rows:
            here.add(row.uid)
            if row.uid in there:
                reason = reasons[row.sha256]
                count.here += reason is None
            else:
                reason = None if row.was_taken else Mismatch.GONE_THERE
            if reason is not None:
                count.differing.append(Differing(reason, folder.name, row.uid, "", row.sha256))
    return sorted(there - here, key=lambda uid: (len(uid), uid))


def _pages(folder: Folder) -> Iterator[list[FetchedMail]]:
    last = 0
    while rows := list(FetchedMail.objects.filter(folder=folder, pk__gt=last).order_by("pk")[:PAGE]):
        yield rows
        last = rows[-1].pk


def _states(hashes: Sequence[str]) -> Mapping[str, Mismatch | None]:
    """What became of these mails here: None for a message, what will be one, or the desk's to itself; two queries."""
    messages = set(RawMail.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    rows = Receipt.objects.filter(sha256__in=hashes).order_by("pk")
    receipts = {
        sha256: _why_none(state, received_at)
        for sha256, state, received_at in rows.values_list("sha256", "state", "received_at")
    }
    return {
        sha256: None if sha256 in messages else receipts.get(sha256, Mismatch.DELETED_HERE)
        for sha256 in hashes
    }


def _why_none(state: str, received_at: datetime) -> Mismatch | None:
    match state:
        case ReceiptState.ROUND_TRIP:
            return None
        case ReceiptState.PARKED:
            return Mismatch.PARKED
        case ReceiptState.WAITING:
            return Mismatch.WAITING if received_at < clock.now() - READ_WITHIN else None
        case _:
            return Mismatch.DELETED_HERE
