"""Every kind of event: a noun and a past participle, spelled once. Ids, enums, numbers, times; no personal text."""

# data table: every kind of event with its payload
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from heed.kernel.customer_words import CustomerPart, Outcome
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.notice_words import NotificationKind
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    Absence,
    AgentChange,
    AgentId,
    Automatic,
    BlockId,
    BrandId,
    BrandPart,
    CircleId,
    ConversationId,
    CustomerId,
    CustomerMoveId,
    Deed,
    FieldId,
    HeldFor,
    InboxId,
    JoinedBy,
    LinkReason,
    MailboxId,
    MessageId,
    ParkReason,
    Priority,
    ReceiptId,
    RestoreReason,
    Role,
    RoleChange,
    RoleId,
    SavedReplyId,
    SavedReplyPart,
    Setting,
    SideId,
    SpamReason,
    StandingId,
    Status,
    StopReason,
    StormRuleId,
    SuppressReason,
    TagId,
    TagPart,
    TeamId,
    TopicId,
    TopicPart,
    TriedStepId,
    Visibility,
)

# data table: every kind of event there is


@dataclass(frozen=True, slots=True)
class Kind:
    """What all payloads have: a name, and who may be told."""

    name: ClassVar[str]
    visibility: ClassVar[Visibility] = Visibility.CUSTOMER


@dataclass(frozen=True, slots=True)
class ConversationOpened(Kind):
    """A conversation began, standing in this team's lists with this status."""

    name: ClassVar[str] = "conversation.opened"
    inbox: InboxId
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    priority: Priority
    customer: CustomerId | None
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationAssigned(Kind):
    """An agent became responsible, or nobody did (current is None).

    Team and status say where it stands; is listed: that it does, and is not away as merged.
    """

    name: ClassVar[str] = "conversation.assigned"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: AgentId | None
    current: AgentId | None
    team: TeamId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted
    why: Absence | None = None  # it went back to its team since its assignee is not there
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class ConversationMoved(Kind):
    """Another team's lists hold the conversation now. Assignee and status say where it stands."""

    name: ClassVar[str] = "conversation.moved"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: TeamId | None
    current: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationShared(Kind):
    """A further team may open the conversation and hears of it."""

    name: ClassVar[str] = "conversation.shared"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    team: TeamId


@dataclass(frozen=True, slots=True)
class ConversationStatusChanged(Kind):
    """The conversation stands elsewhere in its life. Until: the end of a snooze. Team and assignee: where it stands."""

    name: ClassVar[str] = "conversation.status_changed"
    previous: Status
    current: Status
    team: TeamId | None
    assignee: AgentId | None
    until: datetime | None = None
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationPriorityChanged(Kind):
    """It matters more or less than before."""

    name: ClassVar[str] = "conversation.priority_changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: Priority
    current: Priority


@dataclass(frozen=True, slots=True)
class ConversationDueChanged(Kind):
    """When we next owe this customer something changed; None: nothing."""

    name: ClassVar[str] = "conversation.due_changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: datetime | None
    current: datetime | None


@dataclass(frozen=True, slots=True)
class ConversationParticipantsChanged(Kind):
    """People joined or left the address lines."""

    name: ClassVar[str] = "conversation.participants_changed"
    joined: int
    left: int
    flagged: int


@dataclass(frozen=True, slots=True)
class ConversationCustomerChanged(Kind):
    """It is another customer's from now on, or nobody's."""

    name: ClassVar[str] = "conversation.customer_changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: CustomerId | None
    current: CustomerId | None


@dataclass(frozen=True, slots=True)
class ConversationTopicChanged(Kind):
    """It is about something else, as far as somebody said; None: nothing that has a name."""

    name: ClassVar[str] = "conversation.topic_changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: TopicId | None
    current: TopicId | None


@dataclass(frozen=True, slots=True)
class ConversationNoted(Kind):
    """Something was noted down in a custom field, or taken out of it."""

    name: ClassVar[str] = "conversation.noted"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    field: FieldId


@dataclass(frozen=True, slots=True)
class ConversationTagged(Kind):
    """A tag was put on."""

    name: ClassVar[str] = "conversation.tagged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    tag: TagId


@dataclass(frozen=True, slots=True)
class ConversationUntagged(Kind):
    """A tag was taken off."""

    name: ClassVar[str] = "conversation.untagged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    tag: TagId


@dataclass(frozen=True, slots=True)
class ConversationLinked(Kind):
    """It has to do with another conversation, and why."""

    name: ClassVar[str] = "conversation.linked"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    other: ConversationId
    reason: LinkReason


@dataclass(frozen=True, slots=True)
class ConversationUnlinked(Kind):
    """It has nothing to do with that other conversation after all."""

    name: ClassVar[str] = "conversation.unlinked"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    other: ConversationId


@dataclass(frozen=True, slots=True)
class ConversationUnshared(Kind):
    """A further team may not open the conversation any more."""

    name: ClassVar[str] = "conversation.unshared"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    team: TeamId


@dataclass(frozen=True, slots=True)
class ConversationAbsorbed(Kind):
    """The messages of another conversation, so many, moved into this one."""

    name: ClassVar[str] = "conversation.absorbed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    other: ConversationId
    messages: int


@dataclass(frozen=True, slots=True)
class ConversationReleased(Kind):
    """A merge was undone: so many messages went back to the other conversation."""

    name: ClassVar[str] = "conversation.released"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    other: ConversationId
    messages: int


@dataclass(frozen=True, slots=True)
class ConversationUnmerged(Kind):
    """It stands for itself again, with its messages. Team, assignee and status say where."""

    name: ClassVar[str] = "conversation.unmerged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    out_of: ConversationId
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationSplit(Kind):
    """Some of its messages, so many, became a conversation of their own."""

    name: ClassVar[str] = "conversation.split"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    part: ConversationId
    messages: int


@dataclass(frozen=True, slots=True)
class ConversationMerged(Kind):
    """Its messages moved into another conversation: they are one matter, an agent said or a later mail showed."""

    name: ClassVar[str] = "conversation.merged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    into: ConversationId
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationQuarantined(Kind):
    """It was taken for spam and stands in no list. Team, assignee and status say where it stood."""

    name: ClassVar[str] = "conversation.quarantined"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    reason: SpamReason
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationUnquarantined(Kind):
    """It is no spam and stands in the lists again. Message: the one that is owed what it would have got on arrival."""

    name: ClassVar[str] = "conversation.unquarantined"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId | None
    may_acknowledge: bool
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationTrashed(Kind):
    """It was put into the trash and stands in no list. Team, assignee and status say where it stood."""

    name: ClassVar[str] = "conversation.trashed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationRestored(Kind):
    """It came out of the trash and stands in the lists again. Team, assignee and status say where."""

    name: ClassVar[str] = "conversation.restored"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    reason: RestoreReason
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    circle: CircleId | None = None  # to whom alone it is restricted


@dataclass(frozen=True, slots=True)
class ConversationPurged(Kind):
    """What lay in the trash is being removed for good: so many messages, with all that belongs to them."""

    name: ClassVar[str] = "conversation.purged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    messages: int


@dataclass(frozen=True, slots=True)
class MessageReceived(Kind):
    """A message came in. Automatic ones change no status. May acknowledge: RFC 3834 allows an automatic answer."""

    name: ClassVar[str] = "message.received"
    message: MessageId
    customer: CustomerId | None
    automatic: Automatic
    joined_by: JoinedBy
    flagged: bool
    may_acknowledge: bool


@dataclass(frozen=True, slots=True)
class MessageAdmitted(Kind):
    """An agent let in a message that was held: those who came by it take part."""

    name: ClassVar[str] = "message.admitted"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MessageRejected(Kind):
    """An agent kept out a message that was held: no customer sees it, and its writer gets nothing."""

    name: ClassVar[str] = "message.rejected"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MessageQueued(Kind):
    """A message of ours waits to be delivered. First reply: the first one a person wrote here."""

    name: ClassVar[str] = "message.queued"
    message: MessageId
    automatic: Automatic
    first_reply: bool


@dataclass(frozen=True, slots=True)
class MessageSent(Kind):
    """The next server said 250."""

    name: ClassVar[str] = "message.sent"
    message: MessageId
    automatic: Automatic
    attempts: int


@dataclass(frozen=True, slots=True)
class MessageHeld(Kind):
    """An answer was written and waits until a time; until then nothing has been said."""

    name: ClassVar[str] = "message.held"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    until: datetime
    held_for: HeldFor


@dataclass(frozen=True, slots=True)
class MessageRecalled(Kind):
    """An answer that waited was taken back before anybody got it."""

    name: ClassVar[str] = "message.recalled"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MessageStopped(Kind):
    """An answer did not leave at its time, since something happened first; it waits for a person."""

    name: ClassVar[str] = "message.stopped"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    reason: StopReason


@dataclass(frozen=True, slots=True)
class MessageDeferred(Kind):
    """A provider says that a server further on does not take it yet; it goes on trying by itself."""

    name: ClassVar[str] = "message.deferred"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MessageDelivered(Kind):
    """A provider says that the servers of all its recipients have it. Nobody can say that it was read."""

    name: ClassVar[str] = "message.delivered"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MessageFound(Kind):
    """A message of ours was found that left past the desk: in a Sent folder, or with us in copy. It is sent already."""

    name: ClassVar[str] = "message.found"
    message: MessageId
    agent: AgentId | None
    automatic: Automatic
    joined_by: JoinedBy


@dataclass(frozen=True, slots=True)
class AsideHeld(Kind):
    """An aside was written and waits until a time; until then nothing has been said."""

    name: ClassVar[str] = "aside.held"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    until: datetime
    held_for: HeldFor


@dataclass(frozen=True, slots=True)
class AsideQueued(Kind):
    """A message of ours to somebody outside waits to be delivered: it begins a side conversation or goes on in it."""

    name: ClassVar[str] = "aside.queued"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    forwarded: MessageId | None


@dataclass(frozen=True, slots=True)
class AsideSent(Kind):
    """The next server said 250 to an aside."""

    name: ClassVar[str] = "aside.sent"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    attempts: int


@dataclass(frozen=True, slots=True)
class AsideReceived(Kind):
    """Somebody outside answered an aside. Flagged: it was not sent to who wrote this, or they are not proven."""

    name: ClassVar[str] = "aside.received"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    automatic: Automatic
    joined_by: JoinedBy
    flagged: bool


@dataclass(frozen=True, slots=True)
class AsideFound(Kind):
    """An aside of ours was found that left past the desk. It is sent already."""

    name: ClassVar[str] = "aside.found"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    agent: AgentId | None


@dataclass(frozen=True, slots=True)
class AsideSaid(Kind):
    """Somebody of the desk wrote in a side conversation with another team. Is answer: the team that was asked did."""

    name: ClassVar[str] = "aside.said"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    side: SideId
    team: TeamId
    is_answer: bool


@dataclass(frozen=True, slots=True)
class SideBegun(Kind):
    """A side conversation began: with a team of the desk, or with somebody outside (team is None)."""

    name: ClassVar[str] = "side.begun"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    side: SideId
    team: TeamId | None


@dataclass(frozen=True, slots=True)
class SideFinished(Kind):
    """Somebody said that a side conversation is done."""

    name: ClassVar[str] = "side.finished"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    side: SideId


@dataclass(frozen=True, slots=True)
class SideReopened(Kind):
    """A side conversation that was done goes on."""

    name: ClassVar[str] = "side.reopened"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    side: SideId


@dataclass(frozen=True, slots=True)
class MessageFailed(Kind):
    """The next server refused for good, or we gave up. SMTP code 0: none was given."""

    name: ClassVar[str] = "message.failed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    automatic: Automatic
    reason: ParkReason
    smtp_code: int


@dataclass(frozen=True, slots=True)
class MessageBounced(Kind):
    """A server further on gave it back; report is the message that said so, None when a provider's webhook did."""

    name: ClassVar[str] = "message.bounced"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    automatic: Automatic
    report: MessageId | None


@dataclass(frozen=True, slots=True)
class AddressSuppressed(Kind):
    """Nothing is sent to an address any more; for a complaint, nothing automatic. Report: the message that said why."""

    name: ClassVar[str] = "address.suppressed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    address: StandingId
    reason: SuppressReason
    report: MessageId | None


@dataclass(frozen=True, slots=True)
class AddressReleased(Kind):
    """An agent said that an address may be written to again."""

    name: ClassVar[str] = "address.released"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    address: StandingId


@dataclass(frozen=True, slots=True)
class AddressUnsubscribed(Kind):
    """Somebody asked for no more automatic mail of a brand."""

    name: ClassVar[str] = "address.unsubscribed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    address: StandingId
    brand: BrandId


@dataclass(frozen=True, slots=True)
class AddressResubscribed(Kind):
    """Automatic mail of a brand may leave to an address again: they asked for it, or an agent did for them."""

    name: ClassVar[str] = "address.resubscribed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    address: StandingId
    brand: BrandId


@dataclass(frozen=True, slots=True)
class SenderBlocked(Kind):
    """Mail of a sender goes to the quarantine from now on."""

    name: ClassVar[str] = "sender.blocked"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    block: BlockId


@dataclass(frozen=True, slots=True)
class SenderUnblocked(Kind):
    """Mail of a sender is judged like any other again."""

    name: ClassVar[str] = "sender.unblocked"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    block: BlockId


@dataclass(frozen=True, slots=True)
class StormRuleChanged(Kind):
    """A rule for mail storms was made, or says something else now: its version of this number."""

    name: ClassVar[str] = "storm.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    rule: StormRuleId
    version: int


@dataclass(frozen=True, slots=True)
class AgentChanged(Kind):
    """Somebody of the desk is called otherwise, may do something else, or is not there any more. Role: the new one.

    Custom role: which one, where it is one that the desk made.
    """

    name: ClassVar[str] = "agent.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    agent: AgentId
    change: AgentChange
    role: Role | None
    custom_role: RoleId | None = None


@dataclass(frozen=True, slots=True)
class AgentNotified(Kind):
    """Somebody of the desk was told of something, and why."""

    name: ClassVar[str] = "agent.notified"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    agent: AgentId
    reason: NotificationKind


@dataclass(frozen=True, slots=True)
class RoleChanged(Kind):
    """A role that the desk made is there, is called otherwise, allows one thing more or less, or is gone."""

    name: ClassVar[str] = "role.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    role: RoleId
    change: RoleChange
    permission: Permission | None = None


@dataclass(frozen=True, slots=True)
class ConversationRestricted(Kind):
    """Only the people of a circle see it from now on; all who see its team again, where current is None.

    Team, assignee and status say where it stands; is listed: that it does, and is not away as spam or as merged.
    """

    name: ClassVar[str] = "conversation.restricted"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    previous: CircleId | None
    current: CircleId | None
    team: TeamId | None
    assignee: AgentId | None
    status: Status
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class BrandChanged(Kind):
    """A part of a brand's settings says something else now."""

    name: ClassVar[str] = "brand.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    brand: BrandId
    part: BrandPart


@dataclass(frozen=True, slots=True)
class SettingChanged(Kind):
    """A setting of the desk says something else now. Number: of the row; brand: whose leads may know, None: admins."""

    name: ClassVar[str] = "setting.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    setting: Setting
    deed: Deed
    number: int | None
    brand: BrandId | None


@dataclass(frozen=True, slots=True)
class TopicChanged(Kind):
    """A topic was added, or says something else, or stands elsewhere in the tree."""

    name: ClassVar[str] = "topic.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    topic: TopicId
    brand: BrandId
    part: TopicPart


@dataclass(frozen=True, slots=True)
class CustomFieldChanged(Kind):
    """A custom field was added, or says something else."""

    name: ClassVar[str] = "field.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    field: FieldId
    brand: BrandId
    part: TopicPart


@dataclass(frozen=True, slots=True)
class TagChanged(Kind):
    """A tag is called otherwise, is offered no more or again, or another one stands for it."""

    name: ClassVar[str] = "tag.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    tag: TagId
    brand: BrandId
    part: TagPart


@dataclass(frozen=True, slots=True)
class NoteAdded(Kind):
    """An agent wrote to the team only."""

    name: ClassVar[str] = "note.added"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId


@dataclass(frozen=True, slots=True)
class MentionAdded(Kind):
    """A note calls an agent, or a team; one event each."""

    name: ClassVar[str] = "mention.added"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId
    agent: AgentId | None
    team: TeamId | None


@dataclass(frozen=True, slots=True)
class AnswerKept(Kind):
    """What an agent answered by mail could not be sent to the customer, and is a note now."""

    name: ClassVar[str] = "answer.kept"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    agent: AgentId
    message: MessageId


@dataclass(frozen=True, slots=True)
class SavedReplyChanged(Kind):
    """A saved reply was made, says something else, or was put away; one event for each part."""

    name: ClassVar[str] = "reply.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    reply: SavedReplyId
    brand: BrandId
    part: SavedReplyPart


@dataclass(frozen=True, slots=True)
class CustomerMerged(Kind):
    """Two customers turned out to be one person: identities and conversations of the one are the other's now."""

    name: ClassVar[str] = "customer.merged"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    move: CustomerMoveId
    source: CustomerId
    target: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerSeparated(Kind):
    """An identity turned out to be somebody else's, who is a customer of their own now."""

    name: ClassVar[str] = "customer.separated"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    move: CustomerMoveId
    source: CustomerId
    target: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerRestored(Kind):
    """A merge or split of customers was undone: what moved by it, and came since by the same addresses, is back."""

    name: ClassVar[str] = "customer.restored"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    move: CustomerMoveId
    source: CustomerId
    target: CustomerId


@dataclass(frozen=True, slots=True)
class CustomerChanged(Kind):
    """What the desk knows of a customer says something else now; what, stands in no log."""

    name: ClassVar[str] = "customer.changed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    customer: CustomerId
    part: CustomerPart


@dataclass(frozen=True, slots=True)
class ConversationStepTried(Kind):
    """An agent recorded what was tried to help the customer, or how it went after all."""

    name: ClassVar[str] = "conversation.step_tried"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    step: TriedStepId
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ConversationStepRemoved(Kind):
    """What was recorded as tried was taken back."""

    name: ClassVar[str] = "conversation.step_removed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    step: TriedStepId


@dataclass(frozen=True, slots=True)
class MailParked(Kind):
    """An accepted mail could not be read, and waits for a person."""

    name: ClassVar[str] = "mail.parked"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    receipt: ReceiptId
    reason: ParkReason


@dataclass(frozen=True, slots=True)
class MailDownloaded(Kind):
    """Someone took a mail's raw bytes off the desk; kept as the audit line."""

    name: ClassVar[str] = "mail.downloaded"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    message: MessageId | None
    receipt: ReceiptId | None


@dataclass(frozen=True, slots=True)
class MailboxFailed(Kind):
    """A mailbox can't be read, and not for a moment only. Until mailbox.recovered it is tried again and again."""

    name: ClassVar[str] = "mailbox.failed"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    mailbox: MailboxId
    inbox: InboxId
    reason: MailboxTrouble


@dataclass(frozen=True, slots=True)
class MailboxRecovered(Kind):
    """A mailbox that had failed can be read again."""

    name: ClassVar[str] = "mailbox.recovered"
    visibility: ClassVar[Visibility] = Visibility.AGENT
    mailbox: MailboxId
    inbox: InboxId


@dataclass(frozen=True, slots=True)
class KindUnknown(Kind):
    """Stands for a payload that a newer version wrote. No consumer hears it."""

    name: ClassVar[str] = "kind.unknown"
    visibility: ClassVar[Visibility] = Visibility.AGENT


KINDS: dict[str, type[Kind]] = {
    kind.name: kind for kind in Kind.__subclasses__() if kind.name != KindUnknown.name
}
