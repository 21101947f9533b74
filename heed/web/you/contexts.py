"""What the reader's own page shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class YouPage:
    """you/page.html."""

    nav: NavContext
    name: str
    address: str
    role: str
    teams: Sequence[str]
    time_zones: Sequence[Option]
    languages: Sequence[Option]  # by their own names
    is_saved: bool = False
    errors: Sequence[FieldError] = ()
