"""From messages and events to the timeline that a person reads."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from heed.channels.email.mailboxes import key_of, untagged
from heed.conversations.actions.state import is_listed
from heed.conversations.models import Conversation, HeldAnswer, Message, Participant
from heed.conversations.queries import Timeline
from heed.conversations.richtext import form_of
from heed.conversations.sides import may_be_forwarded
from heed.delivery.queries import Progress
from heed.eventlog import kinds
from heed.eventlog.reader import Event
from heed.kernel import clock
from heed.kernel.words import (
    ASIDES,
    CAME_IN,
    MAILED,
    ActorKind,
    Automatic,
    Because,
    DeliveryState,
    Direction,
    Flag,
    HeldFor,
    Hold,
    JoinedBy,
    LinkReason,
    ParkReason,
    Status,
)
from heed.ui.contexts import Person
from heed.web.conversation.attached import attached
from heed.web.conversation.contexts import (
    Delivery,
    Entry,
    EventContext,
    HtmlMail,
    MessageContext,
    NewLine,
    Sender,
)
from heed.web.conversation.folding import folded, with_days
from heed.web.conversation.forms import shown
from heed.web.conversation.invitation import invitation_of
from heed.web.conversation.sides import SideLineContext
from heed.web.doors import Visit
from heed.web.refusals import reason_of

Line = Callable[..., EventContext]
SHOWN_CHARACTERS = 50_000  # of a text in the page, where many stand; what is longer has an address of its own
JOINED_WITHIN = timedelta(seconds=10)
FLAGS = {
    Flag.STRANGER: "stranger",
    Flag.REUSED_ID: "other_content",
    Flag.UNPROVEN: "sender_unproven",
    Flag.FORGED: "forged",
}
ASIDE_FLAGS = {Flag.STRANGER: "outsider", Flag.UNPROVEN: "outsider_unproven"}  # nothing is held there


@dataclass(frozen=True, slots=True)
class Teller:
    """What the words of a timeline need: who reads, whom they know, and how far our messages got."""

    visit: Visit
    conversation: Conversation
    href: str
    customer: Person | None
    told: Timeline
    progress: Mapping[int, Progress]
    sent_at: Mapping[int, datetime]  # of our messages, for the line of a bounce
    people: Sequence[Participant]
    may_change: bool
    said: Message | None = None  # the message that stands last above the event that is told
    shown_images: frozenset[int] = frozenset()
    plain: frozenset[int] = frozenset()
    held: Mapping[int, HeldAnswer] = field(default_factory=dict)  # of our messages, those that wait
    storm_rules: Mapping[int, str] = field(default_factory=dict)  # names, by version
    unseen: frozenset[int] = frozenset()  # written since the reader began to answer
    looked_at: datetime | None = None  # how far they had read before
    mentions: Mapping[int, Sequence[str]] = field(
        default_factory=dict
    )  # of notes: the words that call somebody

    sides: Sequence[SideLineContext] = ()  # side conversations that are news

    def agent(self, pk: int | None, name: str = "") -> Person | None:
        """An agent as the reader knows them."""
        if pk is None:
            return None
        return Person(
            name=name or self.told.names.agents.get(pk, f"agent {pk}"), is_me=pk == self.visit.agent.pk
        )


def entries(teller: Teller) -> list[Entry]:
    """The timeline's entries in its order: days parted, three and more events in a row folded."""
    told: list[MessageContext | EventContext] = []
    said: Message | None = None
    for item in teller.told.entries:
        said = item if isinstance(item, Message) else said
        told += _tell(item, replace(teller, said=said))
    parted = list(with_days(folded(told), begins_in_middle=bool(teller.told.before)))
    unseen = teller.unseen or _new_since(teller)
    new = (
        place
        for place, entry in enumerate(parted)
        if isinstance(entry, MessageContext) and entry.id in unseen
    )
    first = next(new, None)
    if first is None or (first == 0 and not teller.unseen):
        return parted
    return [*parted[:first], NewLine(since="began" if teller.unseen else "looked"), *parted[first:]]


def _new_since(teller: Teller) -> frozenset[int]:
    """What others wrote since the reader looked here; nothing for one who never did, to whom all is new."""
    if teller.looked_at is None:
        return frozenset()
    me, since = teller.visit.agent.pk, teller.looked_at
    return frozenset(m.pk for m in teller.told.said if m.at > since and m.agent_id != me)


def _tell(item: Message | Event, teller: Teller) -> Iterator[MessageContext | EventContext]:
    if isinstance(item, Event):
        found = _event(item, teller)
        if found is not None:
            yield found
    elif item.direction == Direction.OUT and item.automatic != Automatic.NO:
        yield EventContext(
            id=item.pk,
            code="acknowledged",
            at=item.at,
            until=item.answer_by_at,
            href=f"/messages/{item.pk}/text/",
        )
    elif item.automatic == Automatic.AUTO_REPLY:
        yield EventContext(
            id=item.pk,
            code="out_of_office",
            at=item.at,
            who=_author(item, teller) if item.direction in ASIDES else teller.customer,
            href=f"/messages/{item.pk}/text/",
        )
    elif item.automatic in (Automatic.BOUNCE, Automatic.REPORT):
        guessed = "guessed" if item.joined_by == JoinedBy.REPORT_GUESS else ""
        href = f"/messages/{item.pk}/text/"
        yield EventContext(id=item.pk, code="automatic", at=item.at, value=guessed, href=href)
    else:
        yield _message(item, teller)


def _html(message: Message, teller: Teller) -> HtmlMail | None:
    if not message.html or form_of(message.html) or message.pk in teller.plain:
        return None
    is_shown = message.pk in teller.shown_images
    frame = f"/messages/{message.pk}/html/"
    return HtmlMail(
        frame_href=f"{frame}?images=1" if is_shown else frame,
        shown_href=f"{frame}?images=1",
        page_with_images_href="" if is_shown else f"{teller.href}?images={message.pk}#m{message.pk}",
        plain_href=f"{teller.href}?plain={message.pk}#m{message.pk}",
        blocked_images=0 if is_shown else message.html.count("data-remote"),
    )


def _message(message: Message, teller: Teller) -> MessageContext:
    html = _html(message, teller)
    form = None if _is_long(message) else shown(message)
    raw = teller.told.raws.get(message.pk)
    return MessageContext(
        id=message.pk,
        direction=message.direction,
        author=_author(message, teller),
        at=message.at,
        text=message.text[:SHOWN_CHARACTERS],
        mentions=teller.mentions.get(message.pk, ()),
        to=_line(message.to, teller),
        cc=_line(message.cc, teller),
        bcc=_line(message.bcc, teller),
        lang=teller.conversation.language if message.direction == Direction.IN else "",
        signature=message.signature[:SHOWN_CHARACTERS],
        quoted=message.quoted[:SHOWN_CHARACTERS],
        whole_href=f"/messages/{message.pk}/text/" if _is_long(message) else "",
        html=html,
        form=form,
        attachments=[
            attached(file)
            for file in teller.told.files.get(message.pk, ())
            if not (file.is_inline and (html or form))
        ],
        flags=_flags(message),
        sender=_sender(message),
        hold=message.hold,
        decide_href=f"/messages/{message.pk}/" if message.hold and teller.may_change else "",
        answers_at=_line(message.reply_to, teller),
        delivery=_delivery(message, teller) if message.direction in MAILED else None,
        storm_rule=teller.storm_rules.get(message.storm_rule or 0, ""),
        behalf_of=_behalf(message, teller),
        forwarded_by=_forwarder(message, teller),
        invitation=invitation_of(message),
        raw_href=f"/messages/{message.pk}/raw/{raw}/" if raw else "",
        forward_href=_forward_href(message, teller),
        passes_on_href=_passed_on(message),
    )


def _passed_on(message: Message) -> str:
    source = message.forwards_id
    return f"/conversations/{message.conversation_id}/?message={source}" if source else ""


def _flags(message: Message) -> Sequence[str]:
    if not message.flag or message.hold == Hold.ADMITTED:
        return ()
    flag = Flag(message.flag)
    return [ASIDE_FLAGS.get(flag, FLAGS[flag]) if message.direction in ASIDES else FLAGS[flag]]


def _forward_href(message: Message, teller: Teller) -> str:
    row = teller.conversation
    is_at_rest = row.status == Status.CLOSED or row.merged_into_id is not None
    if not teller.may_change or is_at_rest or not is_listed(row):
        return ""
    return f"/messages/{message.pk}/forward/" if may_be_forwarded(message) else ""


def _sender(message: Message) -> Sender | None:
    """Nothing where nobody looked: there a word would stand at every message and say nothing."""
    if message.direction not in CAME_IN or message.because in (Because.NONE, Because.NOT_CHECKED):
        return None
    return Sender(confidence=message.confidence, because=message.because, path=message.path)


def _is_long(message: Message) -> bool:
    return max(len(message.text), len(message.quoted)) > SHOWN_CHARACTERS


def _author(message: Message, teller: Teller) -> Person:
    if message.agent is not None and not _is_taken_down(message):
        return Person(name=message.agent.name, is_me=message.agent.pk == teller.visit.agent.pk)
    name = message.from_name or (message.customer.name if message.customer else "") or message.from_address
    return Person(name=name or f"#{message.conversation_id}", address=message.from_address)


def _forwarder(message: Message, teller: Teller) -> Person | None:
    return teller.agent(message.forwarded_by_id, message.forwarded_by.name) if message.forwarded_by else None


def _behalf(message: Message, teller: Teller) -> Person | None:
    return (
        teller.agent(message.agent_id, message.agent.name)
        if message.agent and _is_taken_down(message)
        else None
    )


def _is_taken_down(message: Message) -> bool:
    """An agent wrote down what a customer told elsewhere."""
    return (
        message.direction == Direction.IN and message.customer_id is not None and message.agent_id is not None
    )


def _line(line: Iterable[Sequence[str]], teller: Teller) -> list[Person]:
    """The people of an address line; a signed reply address of ours is called by the inbox it belongs to."""
    own = teller.conversation.inbox.address
    return [
        Person(name=own, address=own)
        if untagged(key_of(address)) == own
        else Person(name=name or address, address=address)
        for name, address in line
    ]


def _held(message: Message, held: HeldAnswer, teller: Teller) -> Delivery:
    is_short = held.held_for == HeldFor.UNDO
    left = None if held.due_at is None else max(0, round((held.due_at - clock.now()).total_seconds()))
    wrote = (m for m in teller.told.said if m.direction == Direction.IN and m.automatic == Automatic.NO)
    is_answered = not is_short and any(m.received_at > held.held_at for m in wrote)
    may = teller.may_change
    return Delivery(
        state="held",
        at=held.held_at,
        next_at=held.due_at,
        leaves_in=left if is_short else None,
        stopped=held.stopped or ("soon" if is_answered else ""),
        undo_href=f"/messages/{message.pk}/undo/" if may else "",
        undo_leads_away=message.direction == Direction.ASIDE_OUT,
        held_href=f"/messages/{message.pk}/" if may and not is_short else "",
    )


def _delivery(message: Message, teller: Teller) -> Delivery:
    held = teller.held.get(message.pk)
    if held is not None:
        return _held(message, held, teller)
    progress = teller.progress.get(message.pk)
    state = message.state
    is_retrying = state == DeliveryState.QUEUED and progress is not None and progress.failures > 0
    is_limited = state == DeliveryState.QUEUED and progress is not None and progress.is_over_limit
    may_retry = teller.may_change and state in (DeliveryState.FAILED, DeliveryState.BOUNCED)
    trouble = message.trouble or (progress.trouble if progress else "")
    refused = progress.refused[0].address if progress and progress.refused else ""
    return Delivery(
        state="over_limit" if is_limited else "retrying" if is_retrying else state,
        at=message.state_at or message.at,
        next_at=progress.next_try_at if progress and (is_retrying or is_limited) else None,
        attempts=progress.failures if progress else 0,
        reason=reason_of(trouble, is_given_up=bool(progress and progress.reason == ParkReason.EXHAUSTED)),
        server=refused.rpartition("@")[2],
        address=refused,
        retry_href=f"/messages/{message.pk}/retry/" if may_retry else "",
    )


def _event(event: Event, teller: Teller) -> EventContext | None:
    by = teller.agent(event.actor_id) if event.actor_kind is ActorKind.AGENT else None
    said = _said(event, teller, by)
    return None if said is None else replace(said, id=event.id, at=event.at, by=by)


def _said(event: Event, teller: Teller, by: Person | None) -> EventContext | None:
    def line(code: str, **values: object) -> EventContext:
        return EventContext(id=event.id, code=code, at=event.at, **values)  # type: ignore[arg-type]  # each call names its fields

    match event.data:
        case kinds.ConversationOpened() if by:
            return line("started", who=teller.customer)
        case kinds.ConversationAssigned(previous=previous, current=None, why=why):
            return line("unassigned", who=teller.agent(previous) if why else None, value=why or "")
        case kinds.ConversationAssigned(current=current):
            return line("assigned", who=teller.agent(current))
        case kinds.ConversationStatusChanged():
            return _status(event.data, event.at, teller, by, line)
        case kinds.ConversationParticipantsChanged(joined=joined, left=left):
            return _participants(event, teller, joined, left, line)
        case kinds.MailDownloaded(message=message):
            is_ours = any(one.pk == message and one.direction == Direction.OUT for one in teller.told.said)
            return line("downloaded", value="left" if is_ours else "came")
        case kinds.MessageAdmitted():
            return line("admitted")
        case kinds.MessageRejected():
            return line("rejected")
        case kinds.ConversationCustomerChanged(current=current):
            return line("customer_changed", who=teller.customer if current else None)
        case kinds.MessageBounced(message=message, automatic=automatic) if message in teller.sent_at:
            about_at = teller.sent_at.get(message, event.at)
            is_ours = automatic is Automatic.NO
            return line("bounced" if is_ours else "acknowledgement_bounced", about_at=about_at)
        case kinds.MessageFailed(automatic=automatic) if automatic is not Automatic.NO:
            return line("acknowledgement_failed")
    return (
        _aside(event.data, teller, line)
        or _labelled(event.data, teller, line)
        or _about_another(event.data, teller, line)
        or _judged(event.data, teller.conversation.pk, line)
    )


def _aside(data: kinds.Kind, teller: Teller, line: Line) -> EventContext | None:
    """What happened in a side conversation: one line that leads there; its words stand there alone."""
    match data:
        case kinds.SideBegun(side=side):
            code = "side_begun"
        case (
            kinds.AsideReceived(side=side, automatic=Automatic.NO)
            | kinds.AsideSaid(side=side, is_answer=True)
        ):
            code = "side_answered"
        case kinds.SideFinished(side=side):
            code = "side_finished"
        case _:
            return None
    return line(code, value=teller.told.names.sides.get(side, ""), href=f"/sides/{side}/")


def _labelled(data: kinds.Kind, teller: Teller, line: Line) -> EventContext | None:
    names = teller.told.names
    match data:
        case kinds.ConversationMoved(current=current):
            return line("moved", value=names.teams.get(current or 0, ""))
        case kinds.ConversationPriorityChanged(current=current):
            return line("priority_changed", value=current)
        case kinds.ConversationTopicChanged(current=topic):
            return line("topic_changed", value=names.topics.get(topic or 0, ""))
        case kinds.ConversationNoted(field=noted):
            return line("noted", value=names.fields.get(noted, ""))
        case kinds.ConversationTagged(tag=tag):
            return line("tagged", value=names.tags.get(tag, ""), into=names.merged.get(tag, ""))
        case kinds.ConversationUntagged(tag=tag):
            return line("untagged", value=names.tags.get(tag, ""), into=names.merged.get(tag, ""))
    return None


def _about_another(data: kinds.Kind, teller: Teller, line: Line) -> EventContext | None:
    """What this conversation has to do with another one; nothing of one that the reader may not see."""
    value = ""
    messages: int | None = None
    match data:
        case kinds.ConversationLinked(other=other, reason=reason):
            code, value = "linked", str(reason)
        case kinds.ConversationUnlinked(other=other):
            code = "unlinked"
        case kinds.ConversationMerged(into=other):
            code = "merged"
        case kinds.ConversationUnmerged(out_of=other):
            code = "unmerged"
        case kinds.ConversationAbsorbed(other=other):
            code, messages = "absorbed", data.messages
        case kinds.ConversationReleased(other=other):
            code, messages = "released", data.messages
        case kinds.ConversationSplit(part=other):
            code, messages = "split", data.messages
        case _:
            return None
    if other not in teller.told.names.others:
        named = value == LinkReason.MENTIONS_NUMBER  # as the subject of the mail, which they read
        return line(code, value=value, number=other) if named else None
    return line(code, value=value, number=other, href=f"/conversations/{other}/", messages=messages)


def _judged(data: kinds.Kind, number: int, line: Line) -> EventContext | None:
    """What was said of senders and addresses, of spam and of what was deleted."""
    match data:
        case kinds.AddressSuppressed(reason=reason):
            return line("suppressed", value=reason)
        case kinds.AddressReleased():
            return line("lifted")
        case kinds.AddressUnsubscribed(address=address):
            return line("unsubscribed", href=f"/addresses/{address}/?conversation={number}")
        case kinds.AddressResubscribed(address=address):
            return line("resubscribed", href=f"/addresses/{address}/?conversation={number}")
        case kinds.ConversationQuarantined(reason=reason):
            return line("quarantined", value=reason)
        case kinds.ConversationUnquarantined():
            return line("unquarantined")
        case kinds.ConversationTrashed():
            return line("trashed")
        case kinds.ConversationRestored(reason=reason):
            return line("restored", value=reason)
    return None


def _status(
    data: kinds.ConversationStatusChanged, at: datetime, teller: Teller, by: Person | None, line: Line
) -> EventContext | None:
    if data.current is Status.OPEN:
        if data.previous is Status.SNOOZED and by is None:
            return line("back_from_snooze")
        if data.previous is Status.WAITING and by is None:
            return None  # what opened it, a message or one of ours that failed, stands right above
        return line("opened_again", who=_who_wrote(teller) if by is None else None)
    if data.current is Status.WAITING:
        if teller.said is not None and teller.said.agent_id is not None and _is_of(teller.said, at):
            return None  # that an answer waits for the customer goes without saying
        return line("waiting", who=teller.customer)
    if data.current is Status.SNOOZED:
        return line("snoozed", until=data.until)
    return line(data.current, value="silence" if data.current is Status.CLOSED and by is None else "")


def _who_wrote(teller: Teller) -> Person | None:
    """Whose message opened it again; None when it was no person's."""
    said = teller.said
    wrote = said is not None and said.direction == Direction.IN and said.automatic == Automatic.NO
    return _author(said, teller) if said is not None and wrote else None


def _is_of(message: Message, at: datetime) -> bool:
    return message.direction == Direction.OUT and at - message.at < JOINED_WITHIN


def _participants(event: Event, teller: Teller, joined: int, left: int, line: Line) -> EventContext | None:
    """Named from the rows: events carry no personal text."""
    for person in teller.people:
        at = person.joined_at if joined else person.left_at
        if at is not None and abs(event.at - at) < JOINED_WITHIN:
            who = Person(name=person.name or person.address, address=person.address)
            return line("participants_added" if joined else "participants_removed", who=who)
    return None
