"""Trying a mailbox out: log in and look, change nothing. For doors, outside any transaction.

The mail libraries are loaded by the first try, not with this module: a page that offers one costs nothing.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from heed.kernel.config import config
from heed.kernel.outbound.lines import LineTrouble, Where
from heed.kernel.secrets import Unsealable, unseal
from heed.kernel.words import MailboxTrouble, MailProtocol
from heed.mailboxes.account import Account
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import account_of
from heed.mailboxes.tokens import access_token

IMAP: Final = "heed.kernel.outbound.imap"
POP3: Final = "heed.kernel.outbound.pop3"
TRY_SECONDS: Final = 10.0


@dataclass(frozen=True, slots=True)
class Found:
    """What a try came to. With a reason it went wrong, and words are the server's."""

    reason: MailboxTrouble = MailboxTrouble.NONE
    words: str = ""
    mails: int = 0  # in INBOX, or in all with POP3
    folders: tuple[str, ...] = field(default=())
    sent_folder: str = ""  # the one that the server says answers are kept in
    can_listen: bool = False  # it tells of new mail by itself


def try_account(account: Account, password: str) -> Found:
    """Log in with a password and look. Never raises for what the server does."""
    return _try(account, lambda line: line.log_in(account.user_name, password))


def try_mailbox(mailbox: Mailbox) -> Found:
    """The same with what a mailbox has: its password, or its provider's leave."""
    account = account_of(mailbox)
    try:
        if mailbox.provider:
            token = access_token(mailbox)
            return _try(account, lambda line: line.log_in_by_token(account.user_name, token))
        return try_account(account, unseal(mailbox.password))
    except Unsealable:
        return Found(MailboxTrouble.UNSEALABLE)
    except LineTrouble as trouble:
        return Found(trouble.reason, trouble.words)


def _try(account: Account, log_in: Callable[[Any], None]) -> Found:
    seconds = min(TRY_SECONDS, config.mailbox_timeout_seconds)
    where = Where(account.host, account.real_port, account.security, timeout_seconds=seconds)
    try:
        if account.protocol is MailProtocol.POP3:
            with importlib.import_module(POP3).Pop3Line(where) as line:
                log_in(line)
                return Found(mails=len(line.mails()))
        with importlib.import_module(IMAP).ImapLine(where) as line:
            log_in(line)
            folders = line.folders()
            sent = next((name for name, flags in folders.items() if "\\sent" in flags), "")
            mails = line.open("INBOX").mails
            return Found(
                mails=mails, folders=tuple(folders), sent_folder=sent, can_listen=bool(line.can_wait)
            )
    except LineTrouble as trouble:
        return Found(trouble.reason, trouble.words)
