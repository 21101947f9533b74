"""What the form for answers and notes shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.conversations.doubts import Doubted
from heed.ui.contexts import FieldError, Option, Person
from heed.web.conversation.later import SnoozeChoice


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong with an address. reason: heed.kernel.words.SuppressReason, or soft: mails came back lately."""

    reason: str
    at: datetime
    href: str  # where it stands, and can be lifted
    times: int = 0  # soft: how often


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody who will get the answer."""

    person: Person
    is_new: bool = False  # has not been in the conversation before
    added_by: Person | None = None
    added_at: datetime | None = None
    is_flagged: bool = False  # came by a mail that is held: nothing is quoted to them
    is_unproven: bool = False  # their newest mail failed the checks
    is_outside: bool = False  # not of the customer's company, as far as addresses tell
    trouble: Trouble | None = None  # something is wrong with their address


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """A file that is already with the draft."""

    id: int
    name: str
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """Somebody wrote while the reader was writing; sending stops once."""

    by: Person
    at: datetime
    is_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The same mail reached another brand, and somebody there answered it."""

    by: Person
    at: datetime
    brand: str
    number: int
    href: str
    text: str  # how their answer begins
    event: int  # by which it was queued


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerContext:
    """conversation/_composer.html. Fields of the form: see the template's head.

    Each kind keeps its own text and files, so nothing meant for the team can reach the customer.
    """

    action: str  # POST, /inbox/<view>/<number>/reply/
    preview_action: str  # POST, /inbox/<view>/<number>/preview/
    draft_action: str  # POST, /drafts/
    number: int
    key: str  # idempotency key: sent once however often it is posted
    seen: int  # the newest event that the reader has seen
    customer: Person
    to: Sequence[Recipient] = ()
    cc: Sequence[Recipient] = ()
    bcc: Sequence[Recipient] = ()
    kind: str = "reply"  # reply, note
    may_reply: bool = True
    may_note: bool = True
    text: str = ""
    note: str = ""
    html: str = ""  # the text with its form, as the editor takes it; empty: words alone
    note_html: str = ""
    files: Sequence[KeptFile] = ()
    note_files: Sequence[KeptFile] = ()
    then: str = "waiting"  # waiting, open, solved
    doubts: Sequence[Doubted] = ()  # signs of a wrong recipient, for which sending stopped once
    sure: str = ""  # what the form sends back when they were shown
    later: str = ""  # when it was to leave
    later_choices: Sequence[SnoozeChoice] = ()  # when it may leave, beside at once
    inbox_address: str = ""  # what the customer sees as sender
    senders: Sequence[Option] = ()  # addresses it may leave from; empty: there is one
    draft_at: datetime | None = None  # the newer of the next two
    text_at: datetime | None = None  # when the text was saved as a draft
    note_at: datetime | None = None
    meanwhile: Meanwhile | None = None
    elsewhere: Elsewhere | None = None
    is_stopped_by_elsewhere: bool = False  # that answer was queued while the reader was writing
    removed: Sequence[Person] = ()  # who got our last answer and will not get this one
    to_vouch: Sequence[Person] = ()  # flagged people for whom sending stopped once
    company: str = ""  # the domain of the customer's company; empty: none that tells
    errors: Sequence[FieldError] = ()

    @property
    def is_open(self) -> bool:
        """Drawn open even without focus."""
        return bool(
            self.text
            or self.note
            or self.meanwhile
            or self.to_vouch
            or self.doubts
            or self.is_stopped_by_elsewhere
            or self.errors
            or self.files
            or self.note_files
            or (self.kind == "note" and self.may_reply)
        )

    @property
    def vouched(self) -> str:
        """What the button that sends all the same says: exactly those whom the reader was shown."""
        return ",".join(person.address for person in self.to_vouch)

    @property
    def newcomers(self) -> Sequence[Recipient]:
        """Who gets their first message with this one."""
        return tuple(one for one in (*self.to, *self.cc, *self.bcc) if one.is_new)

    @property
    def troubled(self) -> Sequence[Recipient]:
        """Whose address something is wrong with."""
        return tuple(one for one in (*self.to, *self.cc, *self.bcc) if one.trouble)

    @property
    def flagged(self) -> Sequence[Recipient]:
        """Who joined by the address alone."""
        return tuple(one for one in (*self.to, *self.cc, *self.bcc) if one.is_flagged)
