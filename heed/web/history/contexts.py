"""What the history of the settings shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One change. sort: setting, brand, agent, reply; code: of what was changed; who: empty for the desk itself."""

    sort: str
    code: str
    at: datetime
    deed: str = ""
    subject: str = ""  # whose or which, as it is called now
    brand: str = ""
    who: str = ""
    who_href: str = ""  # what they did alone


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """history/page.html; its next part is history/_lines.html."""

    nav: NavContext
    lines: Sequence[Line]
    sections: Sequence[Option]
    section: str = ""
    by: str = ""  # the name of the one whose changes are shown alone
    by_number: int | None = None
    all_href: str = ""
    next_href: str = ""
