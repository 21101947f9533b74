"""What was written now, and what is history."""

from dataclasses import dataclass

from heed.channels.email.charsets import clean
from heed.channels.email.htmltext import to_text
from heed.channels.email.limits import Limits


@dataclass(frozen=True, slots=True)
class Cut:
    """A body and its three parts."""

    text: str
    visible: str
    quoted: str
    signature: str


def cut_text(text: str, limits: Limits) -> Cut:
    """Split a plain body."""
    return Cut(text, text, "", "")


def cut_html(html: str, limits: Limits) -> Cut:
    """Split an HTML body."""
    return cut_text(clean(to_text(html)), limits)
