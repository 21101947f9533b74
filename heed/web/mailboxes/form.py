"""The form of a mailbox: what was typed, read strictly into what the verbs take, with every error at its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from django.http import QueryDict

from heed.channels.email.finding import Found
from heed.connecting.actions.connections import Connection
from heed.kernel.mail_words import AfterFetch, MailProtocol, MailProvider, MailSecurity
from heed.kernel.outbound import SmtpUrl
from heed.mailboxes.account import Account, Handling
from heed.ui.contexts import FieldError
from heed.web.mailboxes.contexts import Typed
from heed.web.sending.servers import SCHEMES, TypedServer, read_port

CHARACTERS = 4_000
CODES = {"missing": "required"}
E = TypeVar("E", MailProtocol, MailSecurity, AfterFetch)


@dataclass(slots=True)
class Posted:
    """What was posted: as typed, and read as far as it can be used. Passwords stand here only."""

    typed: Typed
    password: str = field(default="", repr=False)
    send_password: str = field(default="", repr=False)
    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, name: str, code: str, value: str = "") -> None:
        """Note why a field can't be used; the first reason of a field stands."""
        if name not in {error.field for error in self.errors}:
            self.errors.append(FieldError(field=name, code=CODES.get(code, code), value=value))

    def account(self) -> Account:
        """Where the mailbox is, as the verbs take it; whether it can be right they say themselves."""
        typed = self.typed
        provider = MailProvider(typed.provider) if typed.provider in set(MailProvider) else None
        return Account(
            typed.host,
            typed.user_name,
            MailProtocol(typed.protocol),
            MailSecurity(typed.security),
            self._port(typed.port, "port"),
            provider,
        )

    def handling(self) -> Handling:
        """What is done with its mail."""
        typed = self.typed
        work_from = date.min
        try:
            work_from = date.fromisoformat(typed.work_from_on)
        except ValueError:
            self.wrong("work_from_on", "required" if not typed.work_from_on else "malformed")
        moves = typed.after_fetch == AfterFetch.MOVE
        is_imap = typed.protocol == MailProtocol.IMAP
        return Handling(
            work_from,
            typed.wants_history,
            tuple(typed.folders.splitlines()),
            AfterFetch(typed.after_fetch),
            typed.move_to if moves else "",
            typed.sent_folder if is_imap else "",
            typed.wants_sent_filed and is_imap,
            typed.checked_by,
        )

    def server(self) -> str | None:
        """The address of the server that answers leave through; None: as it is."""
        typed = self.typed
        if typed.sends == "keep":
            return None
        server = TypedServer(
            host=typed.send_host, port=typed.send_port, security=typed.send_security, user=typed.send_user
        )
        by_token = typed.provider in set(MailProvider) and not self.send_password
        try:
            if by_token:
                return server.address_by_token()
            return server.address(password=self.send_password or self.password)
        except ValueError as error:
            name, _, code = str(error).partition(" ")
            self.wrong(f"send_{name}", code)
            return None

    def connection(self) -> Connection:
        """All of it; look at errors before using it."""
        return Connection(self.account(), self.handling(), self.password or None, self.server())

    def _port(self, text: str, name: str) -> int:
        try:
            return read_port(text)
        except ValueError:
            self.wrong(name, "malformed")
            return 0


def _choice(kind: type[E], text: str, usual: E) -> E:
    return kind(text) if text in list(kind) else usual


def read_post(post: QueryDict | Mapping[str, str]) -> Posted:
    """Read the form's fields. What is no choice becomes the usual one."""

    def text(name: str) -> str:
        return post.get(name, "")[:CHARACTERS]

    security = text("send_security")
    typed = Typed(
        address=text("address").strip(),
        inbox=text("inbox"),
        protocol=_choice(MailProtocol, text("protocol"), MailProtocol.IMAP).value,
        host=text("host").strip(),
        port=text("port").strip(),
        security=_choice(MailSecurity, text("security"), MailSecurity.TLS).value,
        user_name=text("user_name").strip(),
        provider=text("provider"),
        folders=text("folders").replace("\r\n", "\n"),
        work_from_on=text("work_from_on"),
        wants_history=bool(text("wants_history")),
        after_fetch=_choice(AfterFetch, text("after_fetch"), AfterFetch.LEAVE).value,
        move_to=text("move_to").strip(),
        sent_folder=text("sent_folder").strip(),
        wants_sent_filed=bool(text("wants_sent_filed")),
        checked_by=text("checked_by").strip(),
        sends="keep" if text("sends") == "keep" else "server",
        send_host=text("send_host").strip(),
        send_port=text("send_port").strip(),
        send_security=security if security in SCHEMES else "tls",
        send_user=text("send_user").strip(),
    )
    return Posted(typed, text("password"), text("send_password"))


def from_found(address: str, found: Found, *, today: date) -> Typed:
    """The form as far as an address fills it."""
    typed = Typed(address=address, user_name=address, send_user=address, work_from_on=today.isoformat())
    if place := found.receiving:
        typed = replace(
            typed,
            protocol=place.service,
            host=place.host,
            port=str(place.port),
            security=place.security,
            user_name=found.user_name or address,
        )
    if place := found.sending:
        typed = replace(
            typed,
            send_host=place.host,
            send_port=str(place.port),
            send_security=place.security,
            send_user=found.send_user_name or address,
        )
    if found.provider is not None:
        typed = replace(typed, checked_by=" ".join(found.provider.checked_by))
    return typed


def from_known(account: Account, handling: Handling, server: SmtpUrl | None) -> Typed:
    """The form as a mailbox is now."""
    sending = TypedServer.of(server)
    return Typed(
        protocol=account.protocol,
        host=account.host,
        port=str(account.real_port),
        security=account.security,
        user_name=account.user_name,
        provider=account.provider or "",
        folders="\n".join(handling.folders),
        work_from_on=handling.work_from_on.isoformat(),
        wants_history=handling.wants_history,
        after_fetch=handling.after_fetch,
        move_to=handling.move_to,
        sent_folder=handling.sent_folder,
        wants_sent_filed=handling.wants_sent_filed,
        checked_by=handling.checked_by,
        sends="keep",
        send_host=sending.host,
        send_port=sending.port,
        send_security=sending.security,
        send_user=sending.user,
    )
