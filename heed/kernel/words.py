"""Words that rows and events share: typed ids and codes. Codes are stored; words for people are made at the edge."""

# data table: typed ids, and every code that rows and events hold
from enum import StrEnum
from typing import Final, NewType

AgentId = NewType("AgentId", int)
BlockId = NewType("BlockId", int)
BrandId = NewType("BrandId", int)
CircleId = NewType("CircleId", int)
ConversationId = NewType("ConversationId", int)
CustomerId = NewType("CustomerId", int)
CustomerMoveId = NewType("CustomerMoveId", int)
TriedStepId = NewType("TriedStepId", int)
EventId = NewType("EventId", int)
FieldId = NewType("FieldId", int)
InboxId = NewType("InboxId", int)
MailboxId = NewType("MailboxId", int)
MessageId = NewType("MessageId", int)
ReceiptId = NewType("ReceiptId", int)
SavedReplyId = NewType("SavedReplyId", int)
RoleId = NewType("RoleId", int)
SideId = NewType("SideId", int)
StandingId = NewType("StandingId", int)
StormRuleId = NewType("StormRuleId", int)
TagId = NewType("TagId", int)
TeamId = NewType("TeamId", int)
TopicId = NewType("TopicId", int)


class BrandPart(StrEnum):
    """What of a brand says something else now."""

    NAME = "name"
    LANGUAGE = "language"
    TIME_ZONE = "time_zone"
    HOURS = "hours"  # with holidays
    FIRST_REPLY = "first_reply"
    ACKNOWLEDGEMENT = "acknowledgement"
    SIGNATURE = "signature"
    CLOSING = "closing"


class FieldKind(StrEnum):
    """What a custom field holds."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


class WordsFor(StrEnum):
    """When a brand's own words for the first automatic answer serve."""

    ANY = "any"
    CLOSED = "closed"  # for what comes outside opening hours


class TopicPart(StrEnum):
    """What of a topic, or of a custom field, says something else now."""

    ADDED = "added"
    NAME = "name"
    PLACE = "place"  # below another topic
    CHOICES = "choices"
    ARCHIVED = "archived"
    RESTORED = "restored"


class TagPart(StrEnum):
    """What of a tag says something else now."""

    NAME = "name"
    MERGED = "merged"  # another one stands for it
    ARCHIVED = "archived"
    RESTORED = "restored"


class AgentChange(StrEnum):
    """What became of an agent."""

    ADDED = "added"
    NAME = "name"
    ROLE = "role"
    TEAMS = "teams"
    INVITED = "invited"
    SWITCHED_OFF = "switched_off"
    SWITCHED_ON = "switched_on"
    PASSWORD = "password"  # noqa: S105 - they set another one
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    CODES_MADE = "codes_made"
    FACTORS_RESET = "factors_reset"
    SESSIONS_ENDED = "sessions_ended"


class Setting(StrEnum):
    """What of the desk's settings a change was about. The number beside it in an event is its row's."""

    BRAND = "brand"
    TEAM = "team"
    TEAM_MEMBERS = "team_members"
    AGENT = "agent"
    TIME_ZONE = "time_zone"  # in which an agent reads times
    LANGUAGE = "language"  # in which an agent reads pages
    UNDO_SECONDS = "undo_seconds"  # of an agent
    NOTIFICATIONS = "notifications"  # what an agent is told of
    PUSH_DEVICE = "push_device"  # on which an agent is told; its number is the agent's
    AGENT_SIGNATURE = "agent_signature"  # its number is the agent's, as of the five below
    AVAILABILITY = "availability"
    WORK_HOURS = "work_hours"
    LEAVE = "leave"
    SKILLS = "skills"
    LANGUAGES_ANSWERED = "languages_answered"
    SECOND_FACTOR = "second_factor"  # who has to have one
    INBOX = "inbox"
    INBOX_TEAM = "inbox_team"
    INBOX_ADDRESS = "inbox_address"  # its number is the inbox's, as of all below
    MAIL_SERVER = "mail_server"
    PROVIDER = "provider"
    PLUS_ADDRESSES = "plus_addresses"
    SEND_LIMITS = "send_limits"
    MOST_BYTES = "most_bytes"
    SENDER_NAME = "sender_name"  # its number is the brand's
    MAILBOX = "mailbox"
    MAILBOX_PASSWORD = "mailbox_password"  # noqa: S105 - that it was changed, never which it is
    MAILBOX_LEAVE = "mailbox_leave"  # a provider lets us in
    MAIL_HOOK = "mail_hook"
    DKIM_KEY = "dkim_key"
    FIRST_HOUR = "first_hour"


class Deed(StrEnum):
    """What became of a setting."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    PAUSED = "paused"
    RESUMED = "resumed"
    ARCHIVED = "archived"
    RESTORED = "restored"


class FirstStep(StrEnum):
    """What a new desk needs, in this order."""

    BRAND = "brand"
    MAILBOX = "mailbox"
    PEOPLE = "people"
    HOURS = "hours"
    TEST_MAIL = "test_mail"


class StepOutcome(StrEnum):
    """What became of a first step."""

    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"


class SavedReplyPart(StrEnum):
    """What of a saved reply was made, or says something else now."""

    MADE = "made"
    NAME = "name"
    FOLDER = "folder"
    SHARING = "sharing"
    TEXTS = "texts"
    FILES = "files"
    ARCHIVED = "archived"
    RESTORED = "restored"


class PresenceKind(StrEnum):
    """What an agent does in a conversation at this moment."""

    LOOKING = "looking"
    WRITING = "writing"


class RoleChange(StrEnum):
    """What became of a role that the desk made."""

    ADDED = "added"
    NAME = "name"
    GIVEN = "given"  # it allows one thing more
    TAKEN = "taken"  # it allows one thing less
    REMOVED = "removed"


class ActorKind(StrEnum):
    """Who acts or looks."""

    AGENT = "agent"
    CUSTOMER = "customer"
    SYSTEM = "system"
    NOBODY = "nobody"


class Role(StrEnum):
    """What an agent may do on this desk."""

    ADMIN = "admin"
    LEAD = "lead"
    AGENT = "agent"
    VIEWER = "viewer"
    CUSTOM = "custom"  # what it allows stands in a row of the desk's own


BUILT_IN: Final = (Role.ADMIN, Role.LEAD, Role.AGENT, Role.VIEWER)
"""The roles that every desk has, with the most rights first."""


class Availability(StrEnum):
    """What an agent says of themselves."""

    AVAILABLE = "available"
    AWAY = "away"  # back soon
    OFF = "off"  # not today


class Absence(StrEnum):
    """Why somebody can't take care of what a customer wrote."""

    AWAY = "away"  # longer than HEED_AWAY_MINUTES
    OFF = "off"  # they said so
    OFF_SHIFT = "off_shift"
    ON_LEAVE = "on_leave"
    SWITCHED_OFF = "switched_off"


class Status(StrEnum):
    """Where a conversation stands."""

    OPEN = "open"  # we owe something
    WAITING = "waiting"  # for the customer
    SNOOZED = "snoozed"  # until a time
    SOLVED = "solved"  # an agent says so
    CLOSED = "closed"  # the customer agrees, or silence confirms


class Priority(StrEnum):
    """How much a conversation matters."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Direction(StrEnum):
    """Which way a message went. Asides are said in a side conversation: no customer ever sees them."""

    IN = "in"
    OUT = "out"
    NOTE = "note"
    ASIDE_IN = "aside_in"
    ASIDE_OUT = "aside_out"
    ASIDE_HERE = "aside"  # between a conversation's people and another team of the desk; no mail


SPOKEN: Final = frozenset({Direction.IN, Direction.OUT})
"""What a customer and the desk say to each other."""

ASIDES: Final = frozenset({Direction.ASIDE_IN, Direction.ASIDE_OUT, Direction.ASIDE_HERE})

CAME_IN: Final = frozenset({Direction.IN, Direction.ASIDE_IN})
"""What others wrote."""

MAILED: Final = frozenset({Direction.OUT, Direction.ASIDE_OUT})
"""What the desk sends."""


class DeliveryState(StrEnum):
    """How far a message of ours got. Messages in and notes have NONE."""

    NONE = "none"
    HELD = "held"  # waits for its time, and can be taken back
    QUEUED = "queued"
    SENT = "sent"  # the next server said 250
    DEFERRED = "deferred"  # a server further on, or the provider, tries again
    DELIVERED = "delivered"  # the provider says that the recipient's server has it
    FAILED = "failed"
    BOUNCED = "bounced"


class HeldFor(StrEnum):
    """Why an answer waits before it leaves."""

    UNDO = "undo"  # some seconds, in which the writer may think again
    LATER = "later"  # until a time that the writer chose


class StopReason(StrEnum):
    """Why an answer that was to leave at a time did not."""

    CUSTOMER_WROTE = "customer_wrote"
    CLOSED = "closed"  # the conversation is
    TRASHED = "trashed"  # the conversation lies in the trash


class SenderName(StrEnum):
    """Whose name an answer carries."""

    BRAND = "brand"
    AGENT_AND_BRAND = "agent_and_brand"


class PlusAddresses(StrEnum):
    """Where an inbox's mail uses help+…@example.org: what its mail server lets through."""

    EVERYWHERE = "everywhere"
    REPLIES = "replies"  # in Reply-To; bounces go to the plain address
    NOWHERE = "nowhere"


class Automatic(StrEnum):
    """What machine made a message, if any."""

    NO = "no"
    ACKNOWLEDGEMENT = "acknowledgement"  # ours
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    BULK = "bulk"  # lists, newsletters, notifications
    REPORT = "report"  # complaints and delivery reports


class RecipientRole(StrEnum):
    """How a participant stands in the address lines."""

    FROM = "from"
    TO = "to"
    CC = "cc"
    BCC = "bcc"


class Origin(StrEnum):
    """Where a change comes from. Imported history fires no mail, rule or promise."""

    LIVE = "live"
    IMPORT = "import"
    REPAIR = "repair"


class Visibility(StrEnum):
    """Who may be told of an event."""

    CUSTOMER = "customer"
    AGENT = "agent"


class JoinedBy(StrEnum):
    """Why a message stands in its conversation."""

    NEW = "new"  # it opened the conversation
    REPLY_ADDRESS = "reply_address"
    REFERENCES = "references"
    READ_BEFORE = "read_before"  # a reply to it had been read before it
    NUMBER = "number"  # a participant wrote the conversation's number in the subject
    REPORT = "report"  # a bounce or report about a message of ours
    REPORT_GUESS = "report_guess"  # a report that names no message: the newest one to that address
    STORM_RULE = "storm_rule"  # a rule for mail storms joins mails like it


class SpamReason(StrEnum):
    """What speaks for a mail being spam."""

    BLOCKED = "blocked"  # an agent blocked its sender
    BY_AGENT = "by_agent"  # an agent said so
    FILTER = "filter"  # the filter of a mail server that we trust
    CONTENT = "content"  # it reads like what agents of this desk took for spam
    SENDER_CHECK = "sender_check"  # it does not come from whom it names


class BlockScope(StrEnum):
    """How much of a sender is blocked."""

    ADDRESS = "address"
    DOMAIN = "domain"


class StormKey(StrEnum):
    """What mails of a storm rule must have in common to join one conversation."""

    RULE = "rule"  # nothing: all that match
    SENDER = "sender"
    SUBJECT = "subject"  # but for numbers
    PATTERN = "pattern"  # what {key} stands for in one of the patterns


class LinkReason(StrEnum):
    """Why two conversations are linked."""

    CLOSED = "closed"  # a reply to something closed
    NEW_SUBJECT = "new_subject"  # another subject after long silence
    OTHER_BRAND = "other_brand"  # the same mail reached two brands
    MENTIONS_NUMBER = "mentions_number"  # a stranger wrote a conversation's number in the subject
    UNPROVEN = "unproven"  # it refers there, but its sender failed the checks
    OTHER_PEOPLE = "other_people"  # a reference to a conversation of others
    SPLIT = "split"  # messages of one became the other
    BY_AGENT = "by_agent"  # an agent said that they have to do with each other
    PERHAPS_SAME = "perhaps_same"  # the same customer seems to ask the same again


class Flag(StrEnum):
    """Why an agent should look twice at a message."""

    NONE = ""
    STRANGER = "stranger"  # someone new came in by a reply address or reference: sees no history
    REUSED_ID = "reused_id"  # its Message-ID belongs to another mail with other content
    UNPROVEN = "unproven"  # the checks failed while it claims somebody whom we know: sees no history
    FORGED = "forged"  # claims to be one of our agents or inboxes without proof


class Confidence(StrEnum):
    """How sure the desk is that a mail comes from whom it names. NONE: nobody asked, as of our own messages."""

    NONE = ""
    PROVEN = "proven"
    LIKELY = "likely"
    UNKNOWN = "unknown"
    FAILED = "failed"  # the checks failed while it claims this domain
    FORGED_OURS = "forged_ours"  # claims to be an agent or inbox of ours, and nothing proves it


class Because(StrEnum):
    """Why the desk is as sure of a sender as it is."""

    NONE = ""
    DMARC = "dmarc"  # the sender's domain vouches for it (DMARC passed)
    DKIM = "dkim"  # signed by the sender's own domain
    SPF = "spf"  # came from a server of the sender's own domain
    SUBMITTED = (
        "submitted"  # the sender had logged in at a server that we trust, or it lay in our Sent folder
    )
    ARC = "arc"  # a forwarder that we trust says that it passed on arrival there
    REPLY_ADDRESS = "reply_address"  # a participant used the signed address of a mail of ours
    THREAD = "thread"  # a participant answered a mail of this conversation
    USUAL_PATH = "usual_path"  # a known customer, by the way that their mail usually comes
    DMARC_FAILED = "dmarc_failed"
    SPF_FAILED = "spf_failed"  # the domain says that this server does not send its mail
    OTHER_DOMAIN = "other_domain"  # something passed, for another domain than the sender's
    NO_PROOF = "no_proof"  # checked, and the domain offers nothing to go by
    TEMPORARY = "temporary"  # a lookup failed: nothing is known
    NOT_CHECKED = "not_checked"  # no trusted server checked it, and we could or should not
    UNCLEAR_SENDER = "unclear_sender"  # no sender, or several
    FORM = "form"  # a form sent it; whoever filled it in typed this address
    LIST = "list"  # a list sent it on in its own name
    FORWARDED = "forwarded"  # an agent forwarded it; this is whom the forwarded mail names


DOUBTED = (Flag.UNPROVEN, Flag.FORGED)  # they speak for nobody: no customer, no agent
HELD_BACK = (Flag.STRANGER, *DOUBTED)  # kept from customers until an agent lets them in


class Hold(StrEnum):
    """Whether a message is kept from customers until an agent lets it in."""

    NONE = ""
    HELD = "held"
    ADMITTED = "admitted"
    REJECTED = "rejected"


class MoveKind(StrEnum):
    """Why identities and conversations went from one customer to another."""

    MERGE = "merge"  # two turned out to be one person
    SPLIT = "split"  # an address turned out to be somebody else's


class RestoreReason(StrEnum):
    """Why a conversation came back out of the trash."""

    BY_AGENT = "by_agent"
    SOMEBODY_WROTE = "somebody_wrote"  # a person's mail joined it


class TimerKind(StrEnum):
    """What happens to a conversation at a given time."""

    WAKE = "wake"
    CLOSE = "close"
    PURGE = "purge"  # of what lies in the trash


class ReceiptState(StrEnum):
    """What became of an accepted mail."""

    WAITING = "waiting"
    READ = "read"
    PARKED = "parked"
    ROUND_TRIP = "round_trip"  # a mail of ours to ourselves, which becomes no message
    PURGED = "purged"  # it was removed for good: neither its bytes nor its envelope are kept


class ParkReason(StrEnum):
    """Why something waits for a person."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    FAILED = "failed"  # our own error; the code stands beside it
    NO_INBOX = "no_inbox"
    ANSWER = "answer"  # it answers a notification, and was not obeyed
    REFUSED = "refused"  # the next server said no for good
    EXHAUSTED = "exhausted"  # tried for days


class SuppressReason(StrEnum):
    """Why nothing is sent to an address any more."""

    NO_MAILBOX = "no_mailbox"  # its server knows nobody of this name
    NO_DOMAIN = "no_domain"  # there is no server for it
    MOVED = "moved"  # its server says that they are elsewhere now
    REFUSED = "refused"  # it takes no mail at all
    COMPLAINT = "complaint"  # its owner marked a mail of ours as spam: nothing automatic any more


class Density(StrEnum):
    """How much room a row of a list takes."""

    COMFORTABLE = "comfortable"
    COMPACT = "compact"
