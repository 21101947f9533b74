"""Reading a mailbox by POP3: every mail there whose UIDL the desk never saw. Each mail once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from heed.kernel.config import config
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.words import AfterFetch, Origin
from heed.mailboxes.actions.reports import Fetched, keep_fetched, note_progress, note_settled, open_folder
from heed.mailboxes.keeping import BATCH_BYTES, BATCH_MAILS, Session, spool
from heed.mailboxes.models import FetchedMail, Folder
from heed.people.policy import SYSTEM


def read_mailbox(line: Pop3Line, session: Session) -> int:
    """Fetch what the desk never had; how many mails were new.

    Raises LineTrouble, Stopped, ClaimLost.
    """
    folder = open_folder(session.mailbox, name="", uidvalidity=0, is_sent=False, by=SYSTEM)
    there = line.mails()
    here = set(FetchedMail.objects.filter(folder=folder).values_list("uid", flat=True))
    todo = [uidl for uidl in there if uidl not in here]
    new = done = 0
    for batch in _batches(todo[: session.left], there):
        session.breathe()
        mails = [_fetch(line, session, folder, uidl, there[uidl][0]) for uidl in batch]
        new += keep_fetched(session.mailbox, folder=folder, mails=mails, by=SYSTEM)
        done += len(batch)
        _note(session, folder, len(todo) - done)
    session.left -= len(todo[: session.left])
    _note(session, folder, len(todo) - done)
    return new


def _note(session: Session, folder: Folder, left: int) -> None:
    note_progress(session.mailbox, folder=folder, last_uid=0, is_whole=not left, backlog=left, by=SYSTEM)


def _batches(todo: Sequence[str], there: dict[str, tuple[int, int]]) -> list[list[str]]:
    batches: list[list[str]] = []
    size = BATCH_BYTES
    for uidl in todo:
        of_this = there[uidl][1]
        if of_this > config.mailbox_mail_bytes:
            continue  # the reconciliation lists it
        if not batches or len(batches[-1]) == BATCH_MAILS or size + of_this > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(uidl)
        size += of_this
    return batches


def _fetch(line: Pop3Line, session: Session, folder: Folder, uidl: str, number: int) -> Fetched:
    with spool() as file:
        line.fetch(number, into=file)
        file.flush()
        mail = session.fetched_file(uidl, Path(file.name), at=None, folder=folder)
    is_unwanted = mail.origin is Origin.IMPORT and not session.mailbox.wants_history
    return replace(mail, mail=None) if is_unwanted else mail  # POP3 tells no times: it had to be looked at


def leave(line: Pop3Line, session: Session) -> None:
    """Say goodbye, and delete what is kept, where somebody chose so: noted only after the goodbye, which deletes."""
    folder = open_folder(session.mailbox, name="", uidvalidity=0, is_sent=False, by=SYSTEM)
    waiting = list(FetchedMail.objects.filter(folder=folder, is_left=False).values_list("uid", flat=True))
    deletes = AfterFetch(session.mailbox.after_fetch) is AfterFetch.DELETE
    if deletes and waiting:
        there = line.mails()
        for uidl in waiting:
            if uidl in there:
                line.delete(there[uidl][0])
    line.say_goodbye()
    if waiting:
        taken = waiting if deletes else []
        note_settled(session.mailbox, folder=folder, uids=waiting, taken=taken, by=SYSTEM)
