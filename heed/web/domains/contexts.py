"""What the pages of sending domains show."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainRow:
    """A domain that inboxes send from."""

    href: str
    name: str
    addresses: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainsPage:
    """domains/list.html; its fragment is domains/_list.html."""

    nav: NavContext
    domains: Sequence[DomainRow]
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyLine:
    """The key of our own that a DKIM record is about. POST to href: signing, or retire."""

    id: int
    href: str
    signs: bool  # mail is signed with this one now
    signing: Sequence[Option] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLine:
    """One record: where it belongs, what stands there, what should.

    kind: spf, dkim, dmarc. state: RecordState; trouble: RecordTrouble; detail: the part that it is about.
    """

    kind: str
    name: str
    state: str
    wanted: str
    value: str = ""
    trouble: str = ""
    detail: str = ""
    key: KeyLine | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainContext:
    """domains/_one.html."""

    name: str
    records: Sequence[RecordLine]
    servers: Sequence[str]  # that our mail is handed to, hosts or providers' codes, and whose SPF is known
    unknown: Sequence[str] = ()  # names of providers that alone know what SPF has to say
    has_key: bool = False  # its mail is signed, or will be once DNS says so
    href: str
    keys_href: str  # POST: make a key
    back_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DomainPage:
    """domains/one.html; its fragment is domains/_one.html."""

    nav: NavContext
    domain: DomainContext
