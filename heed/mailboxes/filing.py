"""Putting answers of the desk into a mailbox's Sent folder, each once: by its Message-ID, whoever else put it there."""

import logging
from typing import Final

from heed.delivery.mail import build
from heed.delivery.models import Delivery
from heed.kernel import blobs, clock
from heed.kernel.errors import HeedError, describe
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.outbound.imap import ImapLine
from heed.kernel.outbound.lines import LineTrouble
from heed.mailboxes.actions.filings import file_later, note_filed
from heed.mailboxes.keeping import Session
from heed.mailboxes.models import Filing
from heed.people.policy import SYSTEM

AT_ONCE: Final = 20

log = logging.getLogger(__name__)


def file_answers(line: ImapLine, session: Session) -> None:
    """File what is due for this mailbox; what a server refuses is tried again later. Raises LineTrouble otherwise."""
    sent = session.mailbox.sent_folder
    due = Filing.objects.filter(mailbox=session.mailbox, due_at__lte=clock.now()).order_by("due_at", "pk")
    rows = list(due.select_related("message__conversation__inbox__brand")[:AT_ONCE])
    if not rows or not sent:
        return
    line.make(sent)
    line.open(sent)
    for row in rows:
        session.breathe()
        try:
            if not line.has(row.message.message_id):
                line.append(sent, _raw(row), at=row.message.at)
        except LineTrouble as trouble:
            if trouble.reason is not MailboxTrouble.REFUSED:
                raise
            file_later(row, words=trouble.words, by=SYSTEM)
        except (HeedError, OSError) as error:
            log.error("message %d can't be filed: %s", row.pk, describe(error))
            file_later(row, words=describe(error), by=SYSTEM)
        else:
            note_filed(row, by=SYSTEM)


def _raw(row: Filing) -> bytes:
    """The bytes that left; made again from the same rows for a mail whose bytes could not be kept."""
    delivery = Delivery.objects.get(pk=row.pk)
    if delivery.raw_sha256:
        return blobs.read(delivery.raw_sha256)
    delivery.message = row.message
    return build(delivery).raw
