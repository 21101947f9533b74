"""What the page of one conversation shows: head and timeline, composer, panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.safestring import SafeString

from heed.kernel.words import ASIDES
from heed.ui.contexts import NavContext, Option, Person, Tone
from heed.web.conversation.composer_contexts import ComposerContext, Recipient
from heed.web.conversation.icons import EVENT_ICONS, STATUS_ICONS
from heed.web.conversation.invitation import InvitationContext
from heed.web.conversation.later import SnoozeChoice as SnoozeChoice  # part of what the page shows
from heed.web.conversation.remembered import RememberedContext
from heed.web.conversation.sides import SideLineContext
from heed.web.inbox.contexts import ListContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """When we next owe this customer something."""

    at: datetime
    is_first: bool = False  # the first reply
    tone: Tone = ""  # over: at lies behind us


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """An attachment of a message, shown before anything opens."""

    id: int
    name: str
    kind: str  # image, pdf, text, document, sheet, archive, mail, audio, video, program, file
    size: int  # bytes
    href: str = ""  # download; empty: kept but not offered
    preview_href: str = ""  # a page that shows it; empty: there is nothing to show
    thumb_href: str = ""  # the image itself, shown small; its door answers in a way that runs nothing

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        if not self.href:
            return "lock"
        return {"image": "image", "mail": "mail"}.get(self.kind, "file")


@dataclass(frozen=True, slots=True, kw_only=True)
class HtmlMail:
    """A customer's HTML mail in its frame."""

    frame_href: str  # /messages/<id>/html/: its own document, its own policy
    shown_href: str = ""  # the same with remote images through the proxy
    page_with_images_href: str = (
        ""  # this page with the images of this mail shown, for readers without scripts
    )
    always_href: str = ""  # POST: always show this sender's images; empty: not offered
    plain_href: str = ""  # this page with this mail as plain text
    blocked_images: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How far our own message got.

    state: held, queued, over_limit, retrying, sent, deferred, delivered, failed, bounced.
    reason: address_refused, mailbox_full, server_refused, server_busy, not_reached, too_large, gave_up,
    bounced, other.
    """

    state: str
    at: datetime  # queued, last tried, sent or failed at
    next_at: datetime | None = None  # retrying, over_limit: the next attempt; held: its time
    attempts: int = 0
    reason: str = ""
    server: str = ""  # who said so, or who could not be reached
    address: str = ""  # the recipient it is about
    retry_href: str = ""  # POST; empty: the reader may not
    undo_href: str = ""  # POST, while it has not left
    undo_leads_away: bool = False  # what was taken back stands on a page of its own
    held_href: str = ""  # held for later: POST to now/ and later/ below it
    leaves_in: int | None = None  # held for undo: seconds
    stopped: str = ""  # held: heed.kernel.words.StopReason; soon: the customer wrote, so it will be


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """conversation/_sender.html: how sure the desk is of who sent a message, and why."""

    confidence: str  # heed.kernel.words.Confidence
    because: str  # heed.kernel.words.Because
    path: str = ""  # another domain that vouches for the way


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPreview:
    """conversation/_preview_head.html and _preview_words.html: a mail that has not been sent."""

    sender: str
    to: Sequence[str]
    cc: Sequence[str]
    bcc: Sequence[str]
    subject: str
    files: Sequence[str]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageContext:
    """conversation/_message.html: a message in or out, a note, or an aside."""

    shape: ClassVar[str] = "message"
    id: int
    direction: str  # heed.kernel.words.Direction
    author: Person
    at: datetime
    text: str  # without what was quoted; card numbers already replaced
    to: Sequence[Person] = ()
    cc: Sequence[Person] = ()
    bcc: Sequence[Person] = ()
    lang: str = ""
    mentions: Sequence[str] = ()  # of a note: the words after @ that call somebody
    signature: str = ""  # folded, with the notices below it
    quoted: str = ""  # folded
    whole_href: str = ""  # set where text or quoted are only beginnings
    quoted_messages: int = 0  # how many earlier messages the fold holds; 0: unknown
    html: HtmlMail | None = None
    form: SafeString | None = None  # the text once more, as an agent of ours formed it
    attachments: Sequence[Attached] = ()
    hidden: Sequence[str] = ()  # card, password: replaced on arrival
    flags: Sequence[
        str
    ] = ()  # stranger, sender_unproven, forged, other_content, incomplete, outsider, outsider_unproven
    sender: Sender | None = None
    hold: str = ""  # heed.kernel.words.Hold
    decide_href: str = ""  # POST admit/ and reject/ below it; empty: the reader may not
    answers_at: Sequence[Person] = ()  # where the writer asks for answers, if not at their own address
    delivery: Delivery | None = None
    raw_href: str = ""  # "download as it came", for leads and admins
    storm_rule: str = ""  # the name of the rule for mail storms that joined it
    behalf_of: Person | None = None  # an agent wrote this down for the customer
    forwarded_by: Person | None = None  # the agent who passed it on
    invitation: InvitationContext | None = None
    forward_href: str = ""  # passes it on to somebody outside; empty: not offered
    passes_on_href: str = ""  # the message of the conversation that an aside of ours passes on

    @property
    def is_aside(self) -> bool:
        """Said to or by somebody outside: no customer sees it."""
        return self.direction in ASIDES

    @property
    def anchor(self) -> str:
        """The element's id in the page; stable, so that live changes find it."""
        return f"m{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventContext:
    """conversation/_event.html: one quiet line in plain words. code is a key of EVENT_ICONS."""

    shape: ClassVar[str] = "event"
    id: int
    code: str
    at: datetime
    by: Person | None = None  # None: the desk itself
    who: Person | None = None  # whom it is about: the assignee, the customer, a participant
    # a priority, a tag's or team's name; linked: heed.kernel.words.LinkReason; bounced: a Delivery reason
    value: str = ""
    into: str = ""  # tagged, untagged: the tag that stands for it since
    until: datetime | None = None  # snoozed until, answered by, out of office until, reopens until
    about_at: datetime | None = None  # bounced: when our message left
    number: int | None = None  # of the other conversation
    messages: int | None = None  # how many went there or came from there
    href: str = ""

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return EVENT_ICONS[self.code]

    @property
    def anchor(self) -> str:
        """The element's id in the page."""
        return f"e{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldedEvents:
    """conversation/_folded.html: three or more events in a row.

    about: status, people, tags, priority, delivery, links; in the order to be named.
    """

    shape: ClassVar[str] = "folded"
    events: Sequence[EventContext]
    about: Sequence[str]
    by: str  # who did it, in words

    @property
    def anchor(self) -> str:
        """The element's id in the page."""
        return f"f{self.events[0].id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """The day changes here."""

    shape: ClassVar[str] = "day"
    at: datetime

    @property
    def anchor(self) -> str:
        """The element's id in the page."""
        return f"d{self.at:%Y%m%d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """Everything below arrived since the reader began to write, or since they looked here."""

    shape: ClassVar[str] = "new"
    since: str = "began"  # began, looked
    anchor: ClassVar[str] = "new"


Entry = MessageContext | EventContext | FoldedEvents | DayLine | NewLine


@dataclass(frozen=True, slots=True, kw_only=True)
class SpamChoice:
    """What "Spam" offers: with whom to block. Empty: there is nobody, or a whole domain may not be."""

    address: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationContext:
    """conversation/_head.html and conversation/_timeline.html."""

    number: int
    # /inbox/<view>/<number>/; below it timeline/, reply/, status/, assign/, team/, priority/, tags/,
    # details/
    href: str
    list_href: str
    view: str  # the view's code, for the way back
    subject: str
    customer: Person | None  # None: mail without a sender
    status: str  # heed.kernel.words.Status
    status_at: datetime
    entries: Sequence[Entry]
    last_event: int  # the newest event on this page
    lang: str = ""
    status_by: Person | None = None
    snoozed_until: datetime | None = None
    due: Due | None = None
    older_href: str = ""  # the page with earlier entries, when this one begins in the middle
    older_count: int = 0
    newer_href: str = ""  # the page with the entries that come next, where this is a part in the middle
    newest_href: str = ""  # set where this is a part with later entries after it
    may_change: bool = True  # status, snooze
    snooze_choices: Sequence[SnoozeChoice] = ()
    gathered: int = 0  # how many mails a rule for storms joined here
    spam: SpamChoice | None = None  # None: the reader may not, or it is in the quarantine
    may_trash: bool = False  # POST trash/
    sides: Sequence[SideLineContext] = ()  # side conversations that are news

    @property
    def status_icon(self) -> str:
        """The icon's name in the sprite."""
        return STATUS_ICONS[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOnly:
    """Stands in place of the composer: why one can't answer, and whom to ask.

    reason: viewer, merged, closed, other_team, quarantine, trash, purged (it is being removed for good).
    """

    reason: str
    why: Sequence[str] = ()  # quarantine: heed.kernel.words.SpamReason, the weightiest first
    release_href: str = ""  # quarantine, POST: it is no spam; empty: the reader may not say so
    blocked: Sequence[
        str
    ] = ()  # quarantine: who of its writers is blocked; POST with unblock lets them in again
    by: Person | None = None  # trash: who deleted it; None: the desk
    until: datetime | None = None  # trash: how long it is kept
    restore_href: str = ""  # trash, POST; empty: the reader may not
    ask: Person | None = None
    number: int | None = None
    href: str = ""
    undo_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLine:
    """One line of Times.

    code: acknowledged, first_reply, next_reply, closes. tone: kept, due, over, or empty while there is
    time.
    """

    code: str
    tone: str = ""
    due_at: datetime | None = None
    at: datetime | None = None  # when it happened


@dataclass(frozen=True, slots=True, kw_only=True)
class TagContext:
    """A tag of this conversation."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """Who it is. Empty values are left out."""

    person: Person
    addresses: Sequence[str] = ()  # further ones
    inbox: str = ""
    languages: Sequence[str] = ()  # BCP 47
    zone: str = ""  # IANA
    since: datetime | None = None
    company: str = ""
    href: str = ""  # their own page


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierContext:
    """Another conversation of the same customer, or a linked one."""

    number: int
    href: str
    subject: str
    status: str
    at: datetime
    by: Person | None = None
    link: str = ""  # heed.kernel.words.LinkReason when linked

    @property
    def icon(self) -> str:
        """The icon's name in the sprite."""
        return STATUS_ICONS[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedField:
    """conversation/_noted.html: a custom field. kind: heed.kernel.words.FieldKind; choices: also of yes and no."""

    id: int
    name: str
    kind: str
    value: str
    choices: Sequence[Option] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelContext:
    """conversation/_panel.html.

    Each field is a form of its own, so that a change says only what it changes.
    """

    href: str  # of the conversation; the forms post below it
    times: Sequence[TimeLine] = ()
    assignees: Sequence[Option] = ()  # value "": nobody; empty: shown as words
    take: int | None = None  # as whom the reader takes it, where they choose from no assignees
    teams: Sequence[Option] = ()  # empty: shown as words
    priorities: Sequence[Option] = ()  # codes, worded by the template
    topics: Sequence[Option] = ()  # value "": none; empty where the brand has no topic
    topic: str = ""  # shown as words when may_change is false
    noted: Sequence[NotedField] = ()
    tags: Sequence[TagContext] = ()
    known_tags: Sequence[str] = ()
    customer: CustomerFacts | None = None
    participants: Sequence[Recipient] = ()  # people in copy
    earlier: Sequence[EarlierContext] = ()
    linked: Sequence[EarlierContext] = ()
    repeat: EarlierContext | None = None  # open, and perhaps the same enquiry
    sides: Sequence[SideLineContext] = ()  # side conversations, the newest first
    begin_side_href: str = ""  # empty: none may be begun here
    may_change: bool = True
    may_merge: bool = True
    may_take_away: bool = True  # print and export
    may_restrict: bool = False
    is_restricted: bool = False
    assignee: Person | None = None
    team: str = ""
    priority: str = "normal"

    @property
    def words_of_place(self) -> bool:
        """Something of whose it is can't be chosen, and is said in words."""
        return not self.assignees or (bool(self.team) and not self.teams)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingContext:
    """conversation/_reading.html: conversation, composer and panel beside the list.

    at: conversation or panel, whichever the address opens on narrow screens.
    """

    conversation: ConversationContext
    panel: PanelContext
    remembered: RememberedContext | None = None
    composer: ComposerContext | None = None
    read_only: ReadOnly | None = None  # set exactly when composer is not
    at: str = "conversation"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationPage:
    """conversation/page.html."""

    nav: NavContext
    list: ListContext
    reading: ReadingContext


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingFragment:
    """conversation/_reading.html alone, for HTMX: after opening a row, and after every form of this page."""

    reading: ReadingContext


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineFragment:
    """conversation/_timeline.html alone, for live changes: head and timeline, never the composer."""

    conversation: ConversationContext
