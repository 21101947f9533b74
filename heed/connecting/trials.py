"""Trying whether a mailbox can be read and a server takes our mail, before anything is kept."""

import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, Literal

from heed.channels.email.authentication.proposing import Proposal, propose
from heed.channels.email.providers import provider_of_place
from heed.kernel.later import later
from heed.kernel.mail_words import MailboxTrouble, MailProtocol
from heed.kernel.outbound import SmtpResult, SmtpSecurity, SmtpSession, SmtpUrl, TokenGiver
from heed.kernel.outbound.lines import LineTrouble, Where
from heed.kernel.outbound.pop3 import Pop3Line
from heed.kernel.outbound.probe import ProbeAnswer, Prober
from heed.kernel.secrets import Unsealable, unseal
from heed.mailboxes.account import Account
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import account_of
from heed.mailboxes.tokens import access_token

if TYPE_CHECKING:
    from heed.kernel.outbound import imap as lines_by_imap
else:
    lines_by_imap = later("heed.kernel.outbound.imap")

SECONDS: Final = 10.0
"""For each step: somebody waits for the page."""
FOLDERS_SHOWN: Final = 200
NEWEST: Final = 20  # mails that are asked who checked their senders
NUMBERS: Final = 2_000  # of a folder, the highest, among which they are looked for
_SENDING: Final[dict[SmtpSecurity, Literal["tls", "starttls", "plain"]]] = {
    SmtpSecurity.TLS: "tls",
    SmtpSecurity.STARTTLS: "starttls",
    SmtpSecurity.WHEN_OFFERED: "plain",
}


class TrialCode(StrEnum):
    """What a log-in can come to beyond what a look at the server shows."""

    FINE = "fine"
    LOGIN_REFUSED = "login_refused"
    FOLDER_MISSING = "folder_missing"
    BROKE_OFF = "broke_off"
    REFUSED = "refused"
    TOKEN_LOST = "token_lost"  # noqa: S105 - a code: the provider no longer lets the desk in
    UNSEALABLE = "unsealable"  # the desk's secret was changed since
    NO_SERVER = "no_server"  # none is set: mail goes to the built-in catcher
    NO_LEAVE = "no_leave"  # it is there; its provider has not let the desk in yet


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: a code of ProbeAnswer or TrialCode; words are the server's own, or the missing folder's name."""

    code: str
    host: str
    port: int
    words: str = ""
    mails: int = 0  # in the first folder, or in all with POP3
    folders: tuple[str, ...] = ()
    sent_folder: str = ""  # the one that the server says answers are kept in
    checked_by: Proposal = field(default_factory=Proposal)  # who seems to check senders there

    @property
    def is_fine(self) -> bool:
        """It works."""
        return self.code == TrialCode.FINE


@dataclass(frozen=True, slots=True)
class Prover:
    """Tries. Tests give a trust of their own."""

    tls: ssl.SSLContext | None = None
    prober: Prober = field(default_factory=Prober)

    def receive(self, account: Account, *, password: str, folders: Sequence[str]) -> Trial:
        """Whether these folders of an account can be read with a password. Raises Unusable for an account that is none.

        One that a provider has to let us into first is only looked at.
        """
        where = account.tidy()
        if where.provider is not None:
            seen = self._seen(where)
            return seen if seen is not None else Trial(TrialCode.NO_LEAVE, where.host, where.real_port)
        return self._look(where, lambda line: line.log_in(where.user_name, password), folders)

    def receive_known(self, mailbox: Mailbox) -> Trial:
        """Whether a mailbox can be read with what is kept for it: a password, or a provider's leave."""
        account = account_of(mailbox)
        try:
            if mailbox.provider:
                token = access_token(mailbox)
                return self._look(
                    account, lambda line: line.log_in_by_token(account.user_name, token), mailbox.folders
                )
            return self.receive(account, password=unseal(mailbox.password), folders=mailbox.folders)
        except Unsealable:
            return Trial(TrialCode.UNSEALABLE, mailbox.host, mailbox.port)
        except LineTrouble as trouble:
            return Trial(_code_of(trouble), mailbox.host, mailbox.port, trouble.words)

    def _seen(self, where: Account) -> Trial | None:
        """What is wrong with its server, before anybody logs in; None: nothing."""
        service: Literal["imap", "pop3"] = "imap" if where.protocol is MailProtocol.IMAP else "pop3"
        seen = self.prober.probe(
            service, where.host, where.real_port, security=where.security.value, timeout_seconds=SECONDS
        )
        return None if seen.is_fine else Trial(seen.answer, where.host, where.real_port, seen.words)

    def _look(self, where: Account, log_in: Callable[[Any], None], folders: Sequence[str]) -> Trial:
        wrong = self._seen(where)
        if wrong is not None:
            return wrong
        host, port = where.host, where.real_port
        line = Where(host, port, where.security, timeout_seconds=SECONDS, tls=self.tls)
        try:
            if where.protocol is MailProtocol.POP3:
                with Pop3Line(line) as pop:
                    log_in(pop)
                    return Trial(TrialCode.FINE, host, port, mails=len(pop.mails()))
            with lines_by_imap.ImapLine(line) as imap:
                log_in(imap)
                return _look_into(imap, host, port, folders)
        except LineTrouble as trouble:
            return Trial(_code_of(trouble), host, port, trouble.words)

    def send(self, url: SmtpUrl, *, tokens: TokenGiver | None = None) -> Trial:
        """Whether a server lets us in to send, by a password or by these tokens. Nothing is sent."""
        seen = self.prober.probe(
            "smtp", url.host, url.port, security=_SENDING[url.security], timeout_seconds=SECONDS
        )
        if not seen.is_fine:
            return Trial(seen.answer, url.host, url.port, seen.words)
        if url.by_token and tokens is None:
            return Trial(TrialCode.NO_LEAVE, url.host, url.port)
        with SmtpSession(url, timeout_seconds=SECONDS, tls=self.tls, tokens=tokens) as session:
            answer = session.check()
        if answer.result is SmtpResult.ACCEPTED:
            return Trial(TrialCode.FINE, url.host, url.port)
        code = TrialCode.BROKE_OFF if answer.code is None else TrialCode.REFUSED
        if url.user is not None and answer.code in (530, 534, 535):
            code = TrialCode.TOKEN_LOST if url.by_token else TrialCode.LOGIN_REFUSED
        return Trial(code, url.host, url.port, answer.text)


def _look_into(imap: "lines_by_imap.ImapLine", host: str, port: int, folders: Sequence[str]) -> Trial:
    there = imap.folders()
    names = tuple(sorted(there, key=lambda name: (name.upper() != "INBOX", name)))[:FOLDERS_SHOWN]
    sent = next((name for name, flags in there.items() if "\\sent" in flags), "")
    known = {name.upper() if name.upper() == "INBOX" else name for name in there}
    for name in folders:
        if (name.upper() if name.upper() == "INBOX" else name) not in known:
            return Trial(TrialCode.FOLDER_MISSING, host, port, name, folders=names, sent_folder=sent)
    opened = imap.open(folders[0]) if folders else None
    return Trial(
        TrialCode.FINE,
        host,
        port,
        mails=opened.mails if opened else 0,
        folders=names,
        sent_folder=sent,
        checked_by=_checked_by(imap, host, opened),
    )


def _checked_by(imap: "lines_by_imap.ImapLine", host: str, opened: "lines_by_imap.Opened | None") -> Proposal:
    """Who checks senders there: as the table of providers knows, else as the newest mails say."""
    provider = provider_of_place(host)
    if provider is not None and provider.checked_by:
        return Proposal(" ".join(provider.checked_by))
    if opened is None or not opened.mails:
        return Proposal()
    try:
        newest = imap.uids(above=max(0, opened.next_uid - NUMBERS), next_uid=opened.next_uid)[-NEWEST:]
        return propose(list(imap.results(newest).values())) if newest else Proposal()
    except LineTrouble:  # the mailbox can be read all the same, which is what was asked
        return Proposal()


def _code_of(trouble: LineTrouble) -> str:
    codes = {
        MailboxTrouble.LOGIN_REFUSED: TrialCode.LOGIN_REFUSED,
        MailboxTrouble.AUTHORIZATION_LOST: TrialCode.TOKEN_LOST,
        MailboxTrouble.FOLDER_MISSING: TrialCode.FOLDER_MISSING,
        MailboxTrouble.REFUSED: TrialCode.REFUSED,
        MailboxTrouble.NO_TLS: ProbeAnswer.NO_TLS,
        MailboxTrouble.CERTIFICATE: ProbeAnswer.CERTIFICATE_UNKNOWN,
        MailboxTrouble.TIMED_OUT: ProbeAnswer.NO_ANSWER,
    }
    return codes.get(trouble.reason, TrialCode.BROKE_OFF)
