"""What the settings show: their sections, and parked work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext
from heed.web.settings.finding import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """settings/home.html: every section that the reader may open, and what was found for a query."""

    nav: NavContext
    query: str = ""
    hits: Sequence[Hit] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFragment:
    """settings/_found.html alone, for HTMX."""

    query: str
    hits: Sequence[Hit]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Who took a mail off the desk last, as it came, and when. who: empty for one who is not known any more."""

    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedMail:
    """A mail that could not be read, kept byte for byte.

    reason: unreadable, too_large, too_deep, too_many_parts, too_many_headers, unknown_charset,
    no_inbox, failed.
    """

    id: int
    at: datetime
    size: int  # bytes
    reason: str
    sender: str = ""  # empty: unreadable
    value: str = ""  # what the reason names: a depth, a charset, an error's code
    limit: str = ""
    attempts: int = 1
    last_at: datetime | None = None
    retry_href: str = ""  # POST
    raw_href: str = ""  # download as it came
    taken: Taken | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedEvent:
    """An event that one consumer could not follow; all others did."""

    id: int
    at: datetime
    kind: str
    consumer: str
    error: str  # the error's class and place, no personal text
    retry_href: str = ""
    number: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedDelivery:
    """A message of ours that will not be tried again by itself. reason: see conversation's Delivery."""

    id: int
    at: datetime
    address: str
    reason: str
    number: int | None = None
    href: str = ""
    server: str = ""
    attempts: int = 1
    retry_href: str = ""
    is_acknowledgement: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedContext:
    """settings/_parked.html: everything that waits for a person."""

    mails: Sequence[ParkedMail] = ()
    mails_count: int = 0
    oldest_at: datetime | None = None
    events: Sequence[ParkedEvent] = ()
    deliveries: Sequence[ParkedDelivery] = ()
    mails_next_href: str = ""  # empty: no further ones
    events_next_href: str = ""
    deliveries_next_href: str = ""
    retry_mails_href: str = ""  # POST, all of them
    retry_events_href: str = ""
    retry_deliveries_href: str = ""
    retried: int | None = None  # how many were tried again just now

    @property
    def is_empty(self) -> bool:
        """Nothing waits."""
        return not (self.mails or self.events or self.deliveries)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedPage:
    """settings/parked.html; its fragment is settings/_parked.html."""

    nav: NavContext
    parked: ParkedContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedFragment:
    """settings/_parked.html alone, for HTMX."""

    parked: ParkedContext
