"""What the page that passes a message on shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.doubts import Doubted
from heed.ui.contexts import FieldError, NavContext, Option, Person
from heed.web.conversation.composer_contexts import KeptFile


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFile:
    """A file of the message, which may go along."""

    id: int
    name: str
    size: int  # bytes
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingContext:
    """forwarding/_form.html.

    POST to action with to, cc, subject, text, html, keep, files, kept, sender, sure, key.
    """

    action: str  # /messages/<id>/forward/
    message: int
    number: int  # of the conversation
    files_href: str  # POST files or images: answers their ids
    replies_href: str  # GET ?q=…: the saved replies that fit
    back_href: str
    conversation_subject: str
    author: Person
    at: datetime
    words: str  # of the message
    key: str  # idempotency key
    to: str = ""  # addresses, separated by commas
    cc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""  # the text with its form, as the editor takes it
    own_files: Sequence[OwnFile] = ()
    files: Sequence[KeptFile] = ()  # uploaded before
    senders: Sequence[Option] = ()  # addresses it may leave from; empty: there is one
    doubts: Sequence[Doubted] = ()  # signs of a wrong recipient, for which sending stopped once
    sure: str = ""  # what the form sends back when they were shown
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingPage:
    """forwarding/page.html."""

    nav: NavContext
    forwarding: ForwardingContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ForwardingFragment:
    """forwarding/_form.html alone, for HTMX."""

    forwarding: ForwardingContext
