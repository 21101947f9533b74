"""What the page of a round trip, and those that show one, say."""

from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripContext:
    """round_trips/_round_trip.html. href: GET shows it anew, POST begins one.

    state: heed.connecting.round_trips.TripState, empty before the first. code: NotSent. words: the server's.
    """

    address: str
    href: str
    domain_href: str  # what its domain says in DNS
    state: str = ""
    is_under_way: bool = False
    began_at: datetime | None = None
    seconds: int = 0  # from being sent until it arrived, or until now
    patience_minutes: int = 10  # how long it is looked for
    code: str = ""
    words: str = ""
    host: str = ""
    strayed_to: str = ""

    @property
    def minutes(self) -> int:
        """The same in minutes, rounded down."""
        return self.seconds // 60

    @property
    def is_wrong(self) -> bool:
        """Somebody has to look."""
        return self.state in ("not_sent", "late") or bool(self.strayed_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundTripPage:
    """round_trips/page.html; its fragment is round_trips/_round_trip.html."""

    nav: NavContext
    trip: RoundTripContext
