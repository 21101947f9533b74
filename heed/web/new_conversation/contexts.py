"""What the page of a new conversation shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.conversations.doubts import Doubted
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConversation:
    """One that this customer already has, so that nobody starts a second by accident."""

    number: int
    href: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCustomer:
    """Who the first address of To belongs to."""

    person: Person
    since_year: int | None = None
    open: Sequence[OpenConversation] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversationContext:
    """new_conversation/_form.html.

    POST to action with direction, inbox, to, cc, bcc, subject, text, html, files, key, then.
    """

    action: str  # /new/
    known_href: str  # GET ?to=…: answers new_conversation/_known.html
    key: str  # idempotency key
    files_href: str  # POST files or images: answers their ids
    replies_href: str  # GET ?q=…&inbox=…&to=…&subject=…: the saved replies that fit
    inboxes: Sequence[Option]
    cancel_href: str
    direction: str = (
        "out"  # out: a message to the customer; in: what a customer told us elsewhere, nothing is mailed
    )
    to: str = ""  # addresses, separated by commas
    cc: str = ""
    bcc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""  # the text with its form, as the editor takes it
    then: str = "waiting"
    files: Sequence[KeptFile] = ()  # uploaded before, when the form comes back
    known: KnownCustomer | None = None
    doubts: Sequence[Doubted] = ()  # signs of a wrong recipient, for which sending stopped once
    sure: str = ""  # what the form sends back when they were shown
    errors: Sequence[FieldError] = ()

    @property
    def shows_copies(self) -> bool:
        """Cc and Bcc are unfolded when they hold something."""
        return bool(self.cc or self.bcc)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversationPage:
    """new_conversation/page.html; its fragment is new_conversation/_form.html."""

    nav: NavContext
    new: NewConversationContext


@dataclass(frozen=True, slots=True, kw_only=True)
class NewConversationFragment:
    """new_conversation/_form.html alone, for HTMX."""

    new: NewConversationContext


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFragment:
    """new_conversation/_known.html alone."""

    known: KnownCustomer | None
