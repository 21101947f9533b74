"""The side conversations beside one, as its page shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.models import SideConversation
from heed.conversations.queries import SideLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SideLineContext:
    """conversation/_side_line.html: one side conversation. state: answered, not_sent, open, done."""

    number: int
    href: str
    subject: str
    whom: str
    is_team: bool  # of this desk, without mail
    state: str
    at: datetime  # when somebody last wrote there

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return {"answered": "reply", "not_sent": "alert", "done": "check"}.get(self.state, "clock")


def side_lines(found: Iterable[SideLine]) -> list[SideLineContext]:
    """As they were read."""
    return [side_line(one) for one in found]


def news_of(found: Iterable[SideLine]) -> list[SideLineContext]:
    """Those that somebody should look at: they were answered, or our mail did not get through."""
    return [one for one in side_lines(found) if one.state in ("answered", "not_sent")]


def side_line(found: SideLine) -> SideLineContext:
    """One of them."""
    side = found.side
    return SideLineContext(
        number=side.pk,
        href=f"/sides/{side.pk}/",
        subject=side.subject,
        whom=found.whom,
        is_team=side.team_id is not None,
        state=state_of(side),
        at=side.last_message_at,
    )


def state_of(side: SideConversation) -> str:
    """Done; else what somebody should look at; else open: they have the word."""
    if side.done_at is not None:
        return "done"
    if side.trouble:
        return "not_sent"
    return "answered" if side.answered_at is not None else "open"
