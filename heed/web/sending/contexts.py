"""What the two settings pages about sending show."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureForm:
    """The agent's lines for one brand."""

    brand: int
    name: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersPage:
    """sending/answers.html: how the reader's own answers leave."""

    nav: NavContext
    undo: Sequence[Option] = ()  # seconds; value "": as the desk says
    desk_undo: int = 0
    signatures: Sequence[SignatureForm] = ()
    is_saved: bool = False
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxForm:
    """How one inbox sends."""

    id: int
    address: str
    brand: str
    further: Sequence[str] = ()  # addresses
    plus: Sequence[Option] = ()
    sender_name: Sequence[Option] = ()
    a_minute: str = ""
    an_hour: str = ""
    a_day: str = ""
    megabytes: str = ""
    desk_megabytes: int = 0
    server: str = ""  # provider's code; smtp, desk: an own server, the desk's


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """A DKIM key and the record that has to stand in DNS."""

    id: int
    name: str
    value: str
    signs: bool
    is_found: bool
    signing: Sequence[Option] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainLine:
    """A domain that inboxes write from."""

    domain: str
    keys: Sequence[KeyLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingPage:
    """sending/sending.html: how inboxes send and how their mail is signed."""

    nav: NavContext
    inboxes: Sequence[InboxForm] = ()
    domains: Sequence[DomainLine] = ()
    saved: int | None = None  # the inbox that was just changed
    wrong: int | None = None  # the inbox whose form came back
    errors: Sequence[FieldError] = ()
