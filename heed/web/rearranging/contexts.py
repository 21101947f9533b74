"""What the page for merging, splitting and linking shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.kernel.words import ASIDES
from heed.ui.contexts import NavContext
from heed.web.conversation.icons import STATUS_ICONS


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """Another conversation."""

    number: int
    subject: str
    status: str
    href: str

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return STATUS_ICONS[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A message in few words."""

    id: int
    direction: str
    author: str
    at: datetime
    words: str

    @property
    def is_aside(self) -> bool:
        """Said to or by somebody outside: no customer sees it."""
        return self.direction in ASIDES


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """What will stand in the conversation that stays."""

    into: Other
    lines: Sequence[Line]
    people: Sequence[str]
    newcomers: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPreview:
    """Two conversations that are to show each other: what the other one is, and what was said there last."""

    other: Other
    customer: str
    brand: str
    lines: Sequence[Line]
    is_linked: bool  # already
    is_elsewhere: bool  # another brand's, or another customer's


@dataclass(frozen=True, slots=True, kw_only=True)
class RearrangingContext:
    """rearranging/_forms.html. error: a code of the verbs, or not_found; empty: none."""

    number: int
    href: str  # of the conversation
    subject: str
    customer: str
    others: Sequence[Other]  # of the same customer
    messages: Sequence[Line]
    merged_here: Sequence[Other]
    split_off: Other | None
    linked: Sequence[Other]
    preview: PreviewContext | None = None
    linking: LinkPreview | None = None
    given_link: str = ""  # the number that was typed to link
    given: str = ""  # the number that was typed
    error: str = ""
    merged_into: Other | None = None  # it lives on there: all that is offered is the undo


@dataclass(frozen=True, slots=True, kw_only=True)
class RearrangingPage:
    """rearranging/page.html."""

    nav: NavContext
    forms: RearrangingContext
