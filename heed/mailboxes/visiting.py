"""One visit to one mailbox: connect, fetch, file answers, compare, report. Loads the mail libraries."""

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import IntegrityError, OperationalError, connections

from heed.eventlog.due import ClaimLost
from heed.intake.work import waiting as waiting_to_be_read
from heed.kernel import clock, rows
from heed.kernel.config import config
from heed.kernel.errors import describe
from heed.kernel.mail_words import MailboxTrouble, MailProtocol, MailSecurity
from heed.kernel.outbound.imap import ImapLine
from heed.kernel.outbound.lines import LineTrouble, Where
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.secrets import Unsealable, unseal
from heed.mailboxes import imap_reading, pop3_reading
from heed.mailboxes.actions.reports import give_up_claim, report_alive, report_failure, report_success
from heed.mailboxes.filing import file_answers
from heed.mailboxes.keeping import MAILS_A_VISIT, Session, Stopped, never
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import refused_mails
from heed.mailboxes.reconciling import reconcile, reconcile_by_uidl
from heed.mailboxes.tokens import access_token, renew_token
from heed.people.policy import SYSTEM

ENOUGH_WAITING: Final = 600
CATCH_UP_SECONDS: Final = 0.05
LINES_A_VISIT: Final = 20  # by POP3, where a server hangs up on what it refuses

log = logging.getLogger(__name__)


def where_is(mailbox: Mailbox) -> Where:
    """Where its server is."""
    security = MailSecurity(mailbox.security)
    return Where(mailbox.host, mailbox.port, security, timeout_seconds=config.mailbox_timeout_seconds)


def connect(mailbox: Mailbox) -> ImapLine:
    """A line to an IMAP mailbox, logged in. Raises LineTrouble, Unsealable."""
    try:
        return _logged_in(mailbox, access_token(mailbox) if mailbox.provider else "")
    except LineTrouble as trouble:
        if not mailbox.provider or trouble.reason is not MailboxTrouble.LOGIN_REFUSED:
            raise
    # Providers take tokens back before their time; a new one shows whether the leave itself is lost.
    return _logged_in(mailbox, renew_token(mailbox))


def _logged_in(mailbox: Mailbox, token: str) -> ImapLine:
    line = ImapLine(where_is(mailbox))
    try:
        if token:
            line.log_in_by_token(mailbox.user_name, token)
        else:
            line.log_in(mailbox.user_name, unseal(mailbox.password))
    except BaseException:
        line.close()
        raise
    return line


def visit(mailbox: Mailbox, *, stopping: Callable[[], bool] = never) -> int:
    """Look into a claimed mailbox once, and report; how many mails were new. Its claim has ended afterwards."""
    session = Session(mailbox, stopping)
    new = 0
    with reported(session):
        if mailbox.protocol == MailProtocol.POP3:
            new = _visit_by_pop3(session)
        else:
            with connect(mailbox) as line:
                new = work_through(line, session)
        report_success(session.mailbox, next_at=next_look(session), by=SYSTEM)
    return new


class Hangable(Protocol):
    """A line that can be cut from another thread."""

    def cut_off(self) -> None:
        """End every wait on it."""


class Watch(Protocol):
    """What a thread that keeps a line open asks of whoever started it."""

    line: Hangable | None
    bell: int

    def stopping(self) -> bool:
        """Whether to end."""

    def may_listen(self) -> bool:
        """Whether there is room to keep the line open."""

    def rest(self, seconds: float) -> None:
        """Wait, or less."""

    def heard(self) -> None:
        """Forget that the bell rang."""


def watch(mailbox: Mailbox, guard: Watch) -> None:
    """Look into a claimed mailbox, and listen for new mail as long as guard lets us; then its claim has ended."""
    session = Session(mailbox, guard.stopping)
    with reported(session):
        if mailbox.protocol == MailProtocol.POP3:
            _visit_by_pop3(session)
        else:
            with connect(mailbox) as line:
                guard.line = line
                _listen(line, session, guard)
        report_success(session.mailbox, next_at=next_look(session), by=SYSTEM)


def _listen(line: ImapLine, session: Session, guard: Watch) -> None:
    """Return when there is nothing more to do and no room, or no way, to wait for more on this line."""
    while True:
        session.left = MAILS_A_VISIT
        work_through(line, session)
        session.breathe()
        session.mailbox = report_alive(session.mailbox, by=SYSTEM)
        if session.left <= 0:
            _let_intake_catch_up(session, guard)
            continue
        if not (guard.may_listen() and line.can_wait):
            return
        line.open(session.mailbox.folders[0])
        connections.close_all()  # a thread that waits needs none
        line.wait(min(config.mailbox_poll_seconds, config.lease_seconds / 3), bell=guard.bell)
        guard.heard()
        session.breathe()


def _let_intake_catch_up(session: Session, guard: Watch) -> None:
    """What is fetched lies in the database until it is read: never more than a little."""
    while waiting_to_be_read() > ENOUGH_WAITING:
        session.breathe()
        guard.rest(CATCH_UP_SECONDS)


def _visit_by_pop3(session: Session) -> int:
    lines = 0
    while True:
        lines += 1
        refused = len(session.refused)
        try:
            _work_through_by_pop3(session)
        except LineTrouble as trouble:
            # Some servers hang up when they can't give a mail: the others come over a new line.
            is_about_a_mail = trouble.reason is MailboxTrouble.UNREACHABLE and len(session.refused) > refused
            if not is_about_a_mail or lines == LINES_A_VISIT:
                raise
        else:
            return session.new


def _work_through_by_pop3(session: Session) -> None:
    mailbox = session.mailbox
    with Pop3Line(where_is(mailbox)) as line:
        line.log_in(mailbox.user_name, unseal(mailbox.password))
        pop3_reading.read_mailbox(line, session)
        if is_to_be_compared(session.mailbox) or _is_to_be_told(session):
            reconcile_by_uidl(line, session)
        pop3_reading.leave(line, session)


def work_through(line: ImapLine, session: Session) -> int:
    """All that there is to do in a mailbox over one line; how many mails were new."""
    session.refused.clear()
    file_answers(line, session)
    if is_to_be_compared(session.mailbox):
        reconcile(line, session)
    new = imap_reading.read_mailbox(line, session)
    if _is_to_be_told(session):
        reconcile(line, session)
    return new


def is_to_be_compared(mailbox: Mailbox) -> bool:
    """Whether a day has passed, or somebody wants it now. Never while the first reading still goes on."""
    due_at = mailbox.reconcile_at
    return due_at is not None and due_at <= clock.now() and _is_read(mailbox)


def _is_to_be_told(session: Session) -> bool:
    """Whether a mail was refused that no comparison names yet: one does it now, not tomorrow."""
    if not session.refused or session.refused.keys() <= refused_mails(session.mailbox.pk):
        return False
    return _is_read(session.mailbox)


def _is_read(mailbox: Mailbox) -> bool:
    folders = mailbox.read_folders.filter(generation=mailbox.generation)
    return folders.exists() and not folders.filter(is_whole=False).exists()


def next_look(session: Session) -> datetime:
    """At once when there is more to fetch, else after a while."""
    pause = 0 if session.left <= 0 else config.mailbox_poll_seconds
    return clock.now() + timedelta(seconds=pause)


@contextmanager
def reported(session: Session) -> Iterator[None]:
    """What goes wrong inside is reported with its reason, and the mailbox is tried again later: nothing is lost by it.

    Afterwards the claim has ended, but for another worker's. Errors of ours are reported as such.
    """
    try:
        yield
    except Stopped:
        give_up_claim(session.mailbox, by=SYSTEM)
    except ClaimLost:
        log.warning("mailbox %d is another worker's by now, or was changed", session.mailbox.pk)
    except IntegrityError:  # another worker fetched the same mail: the database decided
        log.warning("mailbox %d: another worker was faster", session.mailbox.pk)
        give_up_claim(session.mailbox, by=SYSTEM)
    except LineTrouble as trouble:
        if session.stopping():  # it was us who hung up
            give_up_claim(session.mailbox, by=SYSTEM)
            return
        fail(session, trouble.reason, trouble.words)
    except Unsealable:
        fail(session, MailboxTrouble.UNSEALABLE, "")
    except Exception as error:  # border: one mailbox never holds up the others
        log.error("mailbox %d: %s", session.mailbox.pk, describe(error))
        fail(session, _reason(error), describe(error))


def _reason(error: Exception) -> MailboxTrouble:
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return MailboxTrouble.DISK_FULL if is_full or rows.is_full(error) else MailboxTrouble.FAILED


def fail(session: Session, reason: MailboxTrouble, words: str) -> None:
    """Report a failure; when even that can't be written, the claim runs out by itself."""
    log.warning("mailbox %d can't be read: %s", session.mailbox.pk, reason)
    try:
        report_failure(session.mailbox, reason=reason, words=words, by=SYSTEM)
    except ClaimLost:
        log.warning("mailbox %d is another worker's by now, or was changed", session.mailbox.pk)
    except OperationalError as error:
        log.error("and that could not be written: %s", describe(error))
