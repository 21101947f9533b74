"""One visit to one mailbox: connect, fetch, file answers, compare, report. Loads the mail libraries."""

import errno
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, OperationalError

from heed.eventlog.due import ClaimLost
from heed.kernel import clock, rows
from heed.kernel.config import config
from heed.kernel.errors import describe
from heed.kernel.outbound.imap import ImapLine
from heed.kernel.outbound.lines import LineTrouble, Where
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.secrets import Unsealable, unseal
from heed.kernel.words import MailboxTrouble, MailProtocol, MailSecurity
from heed.mailboxes import imap_reading, pop3_reading
from heed.mailboxes.actions.reports import give_up_claim, report_failure, report_success
from heed.mailboxes.keeping import Session, Stopped, never
from heed.mailboxes.models import Mailbox
from heed.people.policy import SYSTEM

log = logging.getLogger(__name__)


def where_is(mailbox: Mailbox) -> Where:
    """Where its server is."""
    security = MailSecurity(mailbox.security)
    return Where(mailbox.host, mailbox.port, security, timeout_seconds=config.mailbox_timeout_seconds)


def connect(mailbox: Mailbox) -> ImapLine:
    """A line to an IMAP mailbox, logged in. Raises LineTrouble, Unsealable."""
    line = ImapLine(where_is(mailbox))
    try:
        _log_in(line, mailbox)
    except BaseException:
        line.close()
        raise
    return line


def _log_in(line: ImapLine, mailbox: Mailbox) -> None:
    line.log_in(mailbox.user_name, unseal(mailbox.password))


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


def _visit_by_pop3(session: Session) -> int:
    mailbox = session.mailbox
    with Pop3Line(where_is(mailbox)) as line:
        line.log_in(mailbox.user_name, unseal(mailbox.password))
        return pop3_reading.read_mailbox(line, session)


def work_through(line: ImapLine, session: Session) -> int:
    """All that there is to do in a mailbox over one line; how many mails were new."""
    return imap_reading.read_mailbox(line, session)


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
