"""Reading a mailbox by IMAP: what is new, what was missed while the desk was off, what moved. Each mail once."""

import logging
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from heed.kernel.config import config
from heed.kernel.mail_words import AfterFetch, MailboxTrouble
from heed.kernel.outbound.imap import FolderMissing, ImapLine, Opened, Outside
from heed.kernel.outbound.lines import LineTrouble
from heed.mailboxes.actions.reports import (
    FAILURES_BEFORE_ALARM,
    Fetched,
    follow_rename,
    keep_fetched,
    note_progress,
    note_settled,
    open_folder,
)
from heed.mailboxes.keeping import BATCH_BYTES, BATCH_MAILS, PART_BYTES, WHOLE_BYTES, Session, spool
from heed.mailboxes.models import FetchedMail, Folder
from heed.people.policy import SYSTEM

LOOKED_AT_ONCE: Final = 200  # sizes and times asked for together
SETTLED_AT_ONCE: Final = 200

log = logging.getLogger(__name__)


def read_mailbox(line: ImapLine, session: Session) -> int:
    """Fetch what its folders hold and the desk never had; how many mails were new. At most session.left are looked at.

    Raises LineTrouble, Stopped, ClaimLost; FolderMissing only after the other folders were read.
    """
    new = 0
    missing: FolderMissing | None = None
    mailbox = session.mailbox
    for name in [*mailbox.folders, *filter(None, [mailbox.sent_folder])]:
        try:
            opened = _open(line, session, name)
        except FolderMissing as trouble:
            missing = missing or trouble
            continue
        is_sent = opened.name == session.mailbox.sent_folder
        folder = open_folder(
            session.mailbox, name=opened.name, uidvalidity=opened.uidvalidity, is_sent=is_sent, by=SYSTEM
        )
        new += _Reading(line, session, folder, opened).read()
        settle(line, session, folder)
    if missing is not None:
        raise missing
    return new


def fetch_missing(line: ImapLine, session: Session, folder: Folder, opened: Opened) -> int:
    """Fetch whatever of a folder the desk never had, also below the highest number seen; how many mails were new."""
    return _Reading(line, session, folder, opened).read_all()


def _open(line: ImapLine, session: Session, name: str) -> Opened:
    """Open a folder, under its new name if somebody renamed it. Raises FolderMissing."""
    session.breathe()
    try:
        return line.open(name)
    except FolderMissing:
        new = _renamed(line, session, name)
        if new is None:
            raise
    log.warning("mailbox %d: a folder was renamed, and is read under its new name", session.mailbox.pk)
    session.mailbox = follow_rename(session.mailbox, old=name, new=new, by=SYSTEM)
    return line.open(new)


def _renamed(line: ImapLine, session: Session, name: str) -> str | None:
    """The one folder with the UIDVALIDITY of that name's, which nobody reads under its own; None: none, or several.

    It is read from its beginning, since two folders may share a UIDVALIDITY; what was fetched does not come again.
    """
    mailbox = session.mailbox
    known = mailbox.read_folders.filter(name=name, generation=mailbox.generation).order_by("-pk").first()
    if known is None:
        return None
    used = {*mailbox.folders, mailbox.sent_folder, mailbox.move_to}
    found = []
    for other in line.folders():
        if other not in used:
            try:
                uidvalidity, next_uid = line.status(other)
            except LineTrouble as trouble:
                if trouble.reason is not MailboxTrouble.REFUSED:
                    raise
                continue  # one that may be listed, and not looked into
            if uidvalidity == known.uidvalidity and next_uid > known.last_uid:
                found.append(other)
    return found[0] if len(found) == 1 else None


class _Reading:
    """One folder in one visit."""

    def __init__(self, line: ImapLine, session: Session, folder: Folder, opened: Opened) -> None:
        self._line, self._session, self._folder, self._opened = line, session, folder, opened
        self._top = folder.last_uid
        self._refused: list[int] = []  # mails that the server would not give
        self._given = 0
        # How many refusals are about those mails, where it gave no mail at all. More are about the server. A single
        # one may be, so it is tried again until somebody was told; then it is passed over, and a comparison names it.
        self._borne: float = 0 if session.mailbox.failures < FAILURES_BEFORE_ALARM else 1

    def read(self) -> int:
        """Fetch what is missing, work before history; how many mails were new."""
        todo = self._missing()
        if self._folder.is_whole and not todo:
            return 0
        return self._read(todo)

    def read_all(self) -> int:
        """The same for all that the desk never had, whatever was seen before and however much of it is refused."""
        self._borne = math.inf
        todo = self._never_had()
        return self._read(todo) if todo else 0

    def _read(self, todo: Sequence[int]) -> int:
        new = done = 0
        for uids in _chunks(todo, LOOKED_AT_ONCE):
            if self._session.left <= 0:
                break
            new += self._take(uids)
            done += len(uids)
            self._note(max(uids) if self._folder.is_whole else 0, len(todo) - done)
        if not todo:
            self._note(self._top, 0)
        return new

    def _take(self, uids: Sequence[int]) -> int:
        new = 0
        for batch in self._batches(uids):
            self._session.breathe()
            mails = self._fetch(batch)
            new += keep_fetched(self._session.mailbox, folder=self._folder, mails=mails, by=SYSTEM)
            self._given += len(mails)
            self._session.left -= len(mails)
        if not self._given and len(self._refused) > self._borne:
            raise LineTrouble(MailboxTrouble.REFUSED, f"it does not give mail {self._refused[0]}")
        return new

    def _note(self, last_uid: int, left: int) -> None:
        self._session.backlogs[self._folder.pk] = left
        note_progress(
            self._session.mailbox,
            folder=self._folder,
            last_uid=last_uid if left else max(last_uid, self._top),
            is_whole=self._folder.is_whole or not left,
            backlog=sum(self._session.backlogs.values()),
            by=SYSTEM,
        )

    def _missing(self) -> list[int]:
        """The numbers of mails to be looked at, in the order in which they are fetched."""
        if self._folder.is_whole:
            if 0 < self._opened.next_uid <= self._folder.last_uid + 1:
                return []
            found = self._line.uids(above=self._folder.last_uid, next_uid=self._opened.next_uid)
            self._top = found[-1] if found else self._folder.last_uid
            return found
        return self._never_had()

    def _never_had(self) -> list[int]:
        there = self._line.uids(next_uid=self._opened.next_uid)
        self._top = there[-1] if there else 0
        since = self._session.searched_from().date()
        work = set(self._line.uids(next_uid=self._opened.next_uid, since=since)) if there else set()
        here = set(map(int, FetchedMail.objects.filter(folder=self._folder).values_list("uid", flat=True)))
        mine = [uid for uid in there if uid in work and uid not in here]
        history = [uid for uid in there if uid not in work and uid not in here]
        return mine + (history if self._session.mailbox.wants_history else [])

    def _batches(self, uids: Sequence[int]) -> Iterator[list[tuple[int, Outside]]]:
        """What is fetched together: as much as fits in memory; a large mail alone."""
        outsides = self._line.outsides(uids)
        batch: list[tuple[int, Outside]] = []
        size = 0
        for uid in uids:
            outside = outsides.get(uid)
            if outside is None or not self._session.is_wanted(outside.at):
                continue  # it vanished, or is history that nobody wants
            if outside.size > config.mailbox_mail_bytes:
                continue  # the reconciliation lists it
            large = outside.size > WHOLE_BYTES
            if batch and (large or len(batch) == BATCH_MAILS or size + outside.size > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            if large:
                yield [(uid, outside)]
                continue
            batch.append((uid, outside))
            size += outside.size
        if batch:
            yield batch

    def _fetch(self, batch: Sequence[tuple[int, Outside]]) -> list[Fetched]:
        try:
            return self._fetch_together(batch)
        except LineTrouble as trouble:
            if trouble.reason is not MailboxTrouble.REFUSED:
                raise
            if len(batch) == 1:
                log.warning("mailbox %d: a mail is not given: %s", self._session.mailbox.pk, trouble.words)
                self._refused.append(batch[0][0])
                self._session.refused[self._folder.name, str(batch[0][0])] = trouble.words
                return []
        return [mail for one in batch for mail in self._fetch([one])]

    def _fetch_together(self, batch: Sequence[tuple[int, Outside]]) -> list[Fetched]:
        if batch[0][1].size > WHOLE_BYTES:
            return [self._fetch_in_parts(*batch[0])]
        bodies = self._line.bodies([uid for uid, _ in batch], at_most=WHOLE_BYTES + 1)
        return [
            # Some servers tell smaller sizes than they send.
            self._fetch_in_parts(uid, outside)
            if len(bodies[uid]) > WHOLE_BYTES
            else self._session.fetched(str(uid), bodies[uid], at=outside.at, folder=self._folder)
            for uid, outside in batch
            if uid in bodies
        ]

    def _fetch_in_parts(self, uid: int, outside: Outside) -> Fetched:
        """Fetch a large mail into a file, however large: memory holds one part of it."""
        with spool() as file:
            start = 0
            while part := self._line.part(uid, start=start, length=PART_BYTES):
                file.write(part)
                start += len(part)
                self._session.breathe()
                if start > config.mailbox_mail_bytes:
                    raise LineTrouble(MailboxTrouble.REFUSED, f"mail {uid} does not end")
                if len(part) < PART_BYTES:
                    break
            file.flush()
            path = Path(file.name)
            return self._session.fetched_file(str(uid), path, at=outside.at, folder=self._folder)


def settle(line: ImapLine, session: Session, folder: Folder) -> None:
    """Do on the server what the mailbox says about mails that are kept. Done again when it was cut short."""
    waiting = FetchedMail.objects.filter(folder=folder, is_left=False).order_by("pk")
    while uids := list(waiting.values_list("uid", flat=True)[:SETTLED_AT_ONCE]):
        session.breathe()
        numbers = sorted(map(int, uids))
        policy = AfterFetch(session.mailbox.after_fetch)
        if policy is AfterFetch.FLAG:
            line.mark_read(numbers)
        elif policy is AfterFetch.MOVE:
            line.move(numbers, to=session.mailbox.move_to)
        elif policy is AfterFetch.DELETE:
            line.delete(numbers)
        taken = uids if policy in (AfterFetch.MOVE, AfterFetch.DELETE) else []
        note_settled(session.mailbox, folder=folder, uids=uids, taken=taken, by=SYSTEM)


def _chunks(uids: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(uids), size):
        yield uids[start : start + size]
