"""Reading a mailbox by POP3: every mail there whose UIDL the desk never saw. Each mail once."""

import logging
from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from heed.kernel.config import config
from heed.kernel.mail_words import AfterFetch, MailboxTrouble
from heed.kernel.outbound.lines import LineTrouble
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.words import Origin
from heed.mailboxes.actions.reports import Fetched, keep_fetched, note_progress, note_settled, open_folder
from heed.mailboxes.keeping import BATCH_BYTES, BATCH_MAILS, Session, spool
from heed.mailboxes.models import FetchedMail, Folder
from heed.mailboxes.queries import refused_mails
from heed.people.policy import SYSTEM

log = logging.getLogger(__name__)


def read_mailbox(line: Pop3Line, session: Session) -> None:
    """Fetch what the desk never had. A mail that its server refuses is passed over in this visit and tried in the next.

    Raises LineTrouble, Stopped, ClaimLost: what came before that is kept.
    """
    folder = open_folder(session.mailbox, name="", uidvalidity=0, is_sent=False, by=SYSTEM)
    there = line.mails()
    told = {uidl for _, uidl in refused_mails(session.mailbox.pk)}
    todo = _in_turn(session, folder, there, told)
    done = 0
    for batch in _batches(todo[: session.left], there):
        session.breathe()
        mails, trouble = _fetch_batch(line, session, folder, {uidl: there[uidl][0] for uidl in batch})
        session.new += keep_fetched(session.mailbox, folder=folder, mails=mails, by=SYSTEM)
        session.given += len(mails)
        session.left -= len(mails)
        if trouble is not None:
            raise trouble
        done += len(batch)
        _note(session, folder, len(todo) - done)
    _note(session, folder, len(todo) - done)
    unheard = [words for (_, uidl), words in session.refused.items() if uidl not in told]
    if len(unheard) > 1 and not session.given:  # it is about the server, not about these mails
        raise LineTrouble(MailboxTrouble.REFUSED, unheard[0])


def _note(session: Session, folder: Folder, left: int) -> None:
    note_progress(session.mailbox, folder=folder, last_uid=0, is_whole=not left, backlog=left, by=SYSTEM)


def _in_turn(
    session: Session, folder: Folder, there: Mapping[str, tuple[int, int]], told: Container[str]
) -> list[str]:
    """What is to be fetched: what is known to be refused last, and not what is too large; a comparison names both.

    After each failed visit it begins with another mail: one at which the line breaks each time holds up no other.
    """
    here = set(FetchedMail.objects.filter(folder=folder).values_list("uid", flat=True))
    todo = [
        uidl
        for uidl, (_, size) in there.items()
        if uidl not in here
        and (folder.name, uidl) not in session.refused
        and size <= config.mailbox_mail_bytes
    ]
    first = session.mailbox.failures % len(todo) if todo else 0
    return sorted(todo[first:] + todo[:first], key=lambda uidl: uidl in told)


def _batches(todo: Sequence[str], there: Mapping[str, tuple[int, int]]) -> list[list[str]]:
    batches: list[list[str]] = []
    size = BATCH_BYTES
    for uidl in todo:
        of_this = there[uidl][1]
        if not batches or len(batches[-1]) == BATCH_MAILS or size + of_this > BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(uidl)
        size += of_this
    return batches


def _fetch_batch(
    line: Pop3Line, session: Session, folder: Folder, numbers: Mapping[str, int]
) -> tuple[list[Fetched], LineTrouble | None]:
    """What its server gives of these mails, and what ended that before the last one."""
    given: list[Fetched] = []
    for uidl, number in numbers.items():
        try:
            given.append(_fetch(line, session, folder, uidl, number))
        except LineTrouble as trouble:
            if trouble.reason is not MailboxTrouble.REFUSED:
                return given, trouble
            log.warning("mailbox %d: a mail is not given: %s", session.mailbox.pk, trouble.words)
            session.refused[folder.name, uidl] = trouble.words
    return given, None


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
