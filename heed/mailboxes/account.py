"""What a mailbox is, as people say it: where it is, and what is done with its mail. Pure; checked in one place."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from heed.channels.email.authentication.names import is_name, read_names
from heed.kernel.errors import Unusable
from heed.kernel.mail_words import AfterFetch, MailProtocol, MailProvider, MailSecurity

HOST: Final = re.compile(r"[A-Za-z0-9._:-]+")  # names, and both kinds of addresses
HOST_CHARACTERS: Final = 253
USER_CHARACTERS: Final = 254
FOLDERS: Final = 50
FOLDER_CHARACTERS: Final = 255
CHECKING_SERVERS: Final = 10
PORTS: Final = {
    (MailProtocol.IMAP, MailSecurity.TLS): 993,
    (MailProtocol.IMAP, MailSecurity.STARTTLS): 143,
    (MailProtocol.IMAP, MailSecurity.PLAIN): 143,
    (MailProtocol.POP3, MailSecurity.TLS): 995,
    (MailProtocol.POP3, MailSecurity.STARTTLS): 110,
    (MailProtocol.POP3, MailSecurity.PLAIN): 110,
}


@dataclass(frozen=True, slots=True)
class Account:
    """Where a mailbox is, and who we are there. With a provider, OAuth lets us in, else a password."""

    host: str
    user_name: str
    protocol: MailProtocol = MailProtocol.IMAP
    security: MailSecurity = MailSecurity.TLS
    port: int = 0  # 0: the usual one of protocol and security
    provider: MailProvider | None = None

    @property
    def real_port(self) -> int:
        """The port that is connected to."""
        return self.port or PORTS[self.protocol, self.security]

    def tidy(self) -> "Account":
        """The same without blanks. Raises Unusable with the field that can't be right.

        Any host is allowed, also one inside our own network: only an admin names one, and it is theirs to know.
        """
        host, user = self.host.strip().lower().rstrip("."), self.user_name.strip()
        if not host or len(host) > HOST_CHARACTERS or not HOST.fullmatch(host):
            raise Unusable("host", "malformed" if host else "missing")
        if not user or len(user) > USER_CHARACTERS or not user.isprintable():
            raise Unusable("user_name", "malformed" if user else "missing")
        if not 1 <= self.real_port <= 65535:
            raise Unusable("port", "malformed")
        if self.provider is not None and self.protocol is not MailProtocol.IMAP:
            raise Unusable("protocol", "no_oauth")
        if self.provider is not None and self.security is MailSecurity.PLAIN:
            raise Unusable("security", "token_in_the_clear")
        return Account(host, user, self.protocol, self.security, self.real_port, self.provider)


def tidy_names(checked_by: str) -> str:
    """Names of servers that check senders, with one blank between them. Raises Unusable (checked_by)."""
    names = read_names(checked_by)
    if len(names) > CHECKING_SERVERS or not all(map(is_name, names)):
        raise Unusable("checked_by", "malformed")
    return " ".join(names)


@dataclass(frozen=True, slots=True)
class Handling:
    """What is done with the mail of a mailbox. Nothing is ever deleted there unless after_fetch says so."""

    work_from_on: date  # mail from before is history: no acknowledgement, no promise
    wants_history: bool = True
    folders: tuple[str, ...] = ("INBOX",)
    after_fetch: AfterFetch = AfterFetch.LEAVE
    move_to: str = ""
    sent_folder: str = ""
    wants_sent_filed: bool = False
    checked_by: str = ""  # names of the servers that check senders there; empty: nobody's word counts

    def tidy(self, protocol: MailProtocol) -> "Handling":
        """The same without blanks and doubles. Raises Unusable with the field that can't be right."""
        folders = tuple(dict.fromkeys(filter(None, map(str.strip, self.folders))))
        move_to, sent = self.move_to.strip(), self.sent_folder.strip()
        if protocol is MailProtocol.POP3:
            self._check_pop3(sent)
            folders = ()
        else:
            _check_folders(folders, move_to, sent)
        if (self.after_fetch is AfterFetch.MOVE) != bool(move_to) or move_to in folders:
            raise Unusable("move_to", "malformed")
        if sent in folders:
            raise Unusable("sent_folder", "read_already")
        if self.wants_sent_filed and not sent:
            raise Unusable("sent_folder", "missing")
        checked_by = tidy_names(self.checked_by)
        return Handling(
            self.work_from_on,
            self.wants_history,
            folders,
            self.after_fetch,
            move_to,
            sent,
            self.wants_sent_filed,
            checked_by,
        )

    def _check_pop3(self, sent: str) -> None:
        """POP3 knows one folder and no flags."""
        if self.after_fetch not in (AfterFetch.LEAVE, AfterFetch.DELETE):
            raise Unusable("after_fetch", "not_with_pop3")
        if sent:
            raise Unusable("sent_folder", "not_with_pop3")


def _check_folders(folders: tuple[str, ...], move_to: str, sent: str) -> None:
    if not folders or len(folders) > FOLDERS:
        raise Unusable("folders", "too_many" if folders else "missing")
    for name in (*folders, move_to, sent):
        if len(name) > FOLDER_CHARACTERS or not name.isprintable():
            raise Unusable("folders", "malformed")
