"""The verb that turns a letter into a message: one conversation a brand, each mail exactly once."""

from collections.abc import Iterable
from dataclasses import replace
from functools import reduce

from heed.brands.models import Inbox
from heed.channels.email.mailboxes import Address
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.receiving import (
    keep_raw,
    open_conversation,
    receive,
    receive_aside,
    receive_own,
    receive_own_aside,
)
from heed.conversations.actions.state import link, share
from heed.conversations.incoming import Incoming
from heed.conversations.models import Conversation, Message
from heed.conversations.threads import thread_key
from heed.eventlog.due import hold
from heed.eventlog.unit import change, lock_many, verb
from heed.intake.forwarding import as_original
from heed.intake.judging import after_threading
from heed.intake.known import Known, Thread
from heed.intake.letters import Opened, line_of, people_of
from heed.intake.letting_go import forget_mails
from heed.intake.models import Receipt
from heed.intake.ours import decide_ours, is_ours, known_message, other_side
from heed.intake.repeats import Enquiry
from heed.intake.reports import held_message, named_ids, reported, take_note
from heed.intake.sifting import Sifted, Written, sift
from heed.intake.threading import Decision, Letter, decide, key_of_answered, reply_addresses
from heed.kernel.errors import HeedError
from heed.kernel.words import (
    ASIDES,
    DOUBTED,
    HELD_BACK,
    AgentId,
    Automatic,
    BrandId,
    CircleId,
    CustomerId,
    LinkReason,
    MessageId,
    ReceiptState,
    RecipientRole,
    Status,
    TeamId,
)
from heed.people.actions.circles import narrower
from heed.people.policy import Actor
from heed.triage.actions.spam import hold_back
from heed.triage.actions.storms import gather

ANSWERED_AT = 10  # addresses that a mail asks for answers at; more are not kept


class NoInbox(HeedError):
    """None of a mail's recipients is an inbox any more."""

    code, status = "no_inbox", 422


@verb
def record_mail(opened: Opened, *, known: Known, by: Actor) -> None:
    """Afterwards the mail is a message in one conversation of each brand it was sent to, and its receipt is read.

    A copy of a mail that is here already adds its raw to that message, and lets the teams of its further inboxes see
    it; nothing comes of a copy of one that was removed for good, and it is kept no more. Raises NoInbox, ClaimLost, and
    IntegrityError or ThreadsChanged when another worker recorded the same mail or thread meanwhile: then do it again
    with what is known then.
    """
    held: Receipt = hold(opened.receipt)
    inboxes = _inboxes(opened, known)
    if not inboxes:
        raise NoInbox
    recorded: list[Conversation] = []
    named = dict.fromkeys(inbox.brand_id for inbox in inboxes)
    brands = [brand for brand in named if not _was_purged(opened, brand, known)]
    if not brands:
        forget_mails([held])
        return
    for brand in brands:
        mine = [inbox for inbox in inboxes if inbox.brand_id == brand]
        recorded.append(_record_for_brand(opened, mine, known, by))
    for conversation in recorded[1:]:
        link(recorded[0], other=conversation, reason=LinkReason.OTHER_BRAND, by=by)
    _link_other_brands(opened, recorded, known, by)
    change(held, state=ReceiptState.READ, due_at=None, claimed_until=None)


def _was_purged(opened: Opened, brand: int, known: Known) -> bool:
    """Whether it is a copy of a mail that this brand had and removed for good; no mail of others is known by its id."""
    letter = opened.letter
    if (brand, letter.mail.same_key) in known.purged:
        return True
    return (brand, letter.own_key) in known.purged and is_ours(letter, known, brand=BrandId(brand))


def _inboxes(opened: Opened, known: Known) -> list[Inbox]:
    """The inboxes it was sent to: of each brand in the envelope all it names, in the order of its address lines."""
    envelope = [inbox for a in opened.receipt.recipients if (inbox := known.desk.inbox_of(a)) is not None]
    brands = {inbox.brand_id for inbox in envelope}
    mail = opened.letter.mail
    named = (known.desk.inbox_of(a.address) for line in (mail.to, mail.cc) for a in line)
    in_order = [*(inbox for inbox in named if inbox is not None and inbox.brand_id in brands), *envelope]
    return list({inbox.pk: inbox for inbox in in_order}.values())


def _record_for_brand(opened: Opened, inboxes: list[Inbox], known: Known, by: Actor) -> Conversation:
    brand = BrandId(inboxes[0].brand_id)
    copy_of = known.same.get((brand, opened.letter.mail.same_key))
    if copy_of is not None:
        message, conversation = held_message(copy_of, brand, known)
        keep_raw(message, sha256=opened.receipt.sha256, by=by)
    elif is_ours(opened.letter, known, brand=brand):
        conversation = _record_ours(opened, inboxes[0], known, by)
    else:
        conversation = _record_new(opened, inboxes[0], known, by)
    for inbox in inboxes:
        team = known.desk.teams.get(inbox.pk)
        if team is not None and inbox.pk != conversation.inbox_id:
            share(conversation, team=TeamId(team), by=by)
    return conversation


def _record_new(opened: Opened, inbox: Inbox, known: Known, by: Actor) -> Conversation:
    brand = BrandId(inbox.brand_id)
    letter = opened.letter
    report = reported(letter, brand, known)
    decision = decide(letter, brand=brand, known=known)
    if report is not None:
        found = known.conversation(report.message.conversation_id, brand)
        decision = Decision(
            found,
            report.joined_by,
            decision.flag,
            answers=report.message.pk,
            is_aside=report.message.direction in ASIDES,
        )
    sifted = sift(letter, decision, written=written_of(opened), brand=brand, known=known)
    decision = sifted.decision
    mail = _incoming(opened, decision, brand, known)
    if not decision.is_aside:
        mail = as_original(mail, opened)
    if sifted.joining is not None:
        mail = replace(mail, storm_rule=sifted.joining.rule.version)
    conversation = decision.conversation
    if conversation is None:
        team, circle = known.desk.teams.get(inbox.pk), _circle_of(decision, letter, brand, known)
        conversation = open_conversation(inbox, team=team, mail=mail, circle=circle, by=by)
    for other in decision.merge:
        # Into the older; never what is open into what is closed, where nobody would look for it.
        kept, gone = sorted((conversation, other), key=lambda row: (row.status == Status.CLOSED, row.pk))
        conversation = merge_thread(gone, into=kept, by=by)
    message = (receive_aside if decision.is_aside else receive)(conversation, mail=mail, by=by)
    if decision.linked is not None and decision.link_reason is not None:
        link(conversation, other=decision.linked, reason=decision.link_reason, by=by)
    elif decision.conversation is None and not sifted.verdict.is_spam and sifted.joining is None:
        _link_repeated(letter, message, known, by)
    if report is not None:
        take_note(letter, report, told=message, by=by)
    _settle(sifted, mail, message, known, by)
    _remember(letter, message, known)
    return conversation


def _circle_of(decision: Decision, letter: Letter, brand: BrandId, known: Known) -> int | None:
    """What goes on with something restricted is shown to the same people: it quotes what was said there.

    Also where that was removed for good since.
    """
    goes_on = decision.link_reason in (LinkReason.CLOSED, LinkReason.NEW_SUBJECT, LinkReason.UNPROVEN)
    linked = decision.linked.circle_id if decision.linked is not None and goes_on else None
    answered = (key_of_answered(signed) for signed in reply_addresses(letter.recipients))
    reported_on = map(thread_key, named_ids(letter))
    gone = (known.purged.get((brand, key)) for key in (*letter.referred_keys, *answered, *reported_on))
    found = [None if one is None else CircleId(one) for one in dict.fromkeys((linked, *gone))]
    return reduce(narrower, found)


def who_asks(letters: Iterable[Letter], known: Known) -> set[int]:
    """The known customers among the writers of these mails who may ask something that they asked before."""
    threads = {key for _, key in known.threads}
    return {
        known.customers[letter.sender]
        for letter in letters
        if letter.sender in known.customers
        and _may_repeat(letter)
        and threads.isdisjoint(letter.referred_keys)
    }


def _may_repeat(letter: Letter) -> bool:
    """Whether a person asks today."""
    return letter.automatic is Automatic.NO and not letter.is_history and not letter.is_own


def _link_repeated(letter: Letter, message: Message, known: Known, by: Actor) -> None:
    """Show agents what the mail seems to repeat, of the same customer and open; merging is theirs."""
    customer, brand = message.customer_id, BrandId(message.brand_id)
    if customer is None or not _may_repeat(letter):
        return
    asked = Enquiry(message.conversation_id, letter.mail.base_subject, letter.mail.visible)
    found = known.repeats.of(asked, brand=brand, customer=customer)
    known.repeats.remember(asked, brand=brand, customer=customer)
    other = known.conversation(found, brand) if found is not None else None
    if (
        other is not None
        and other.customer_id == customer
        and other.status not in (Status.SOLVED, Status.CLOSED)
    ):
        link(message.conversation, other=other, reason=LinkReason.PERHAPS_SAME, by=by)


def _remember(letter: Letter, message: Message, known: Known) -> None:
    known.remember(
        brand=message.brand_id,
        same_key=letter.mail.same_key,
        own=letter.own_key,
        referred=letter.referred_keys,
        at=Thread(message.conversation_id, message.pk, message.direction in ASIDES),
    )


def _record_ours(opened: Opened, inbox: Inbox, known: Known, by: Actor) -> Conversation:
    """A mail of ours that left past the desk; a copy of one that left by it only adds its raw."""
    brand = BrandId(inbox.brand_id)
    letter = opened.letter
    copy_of = known_message(letter, brand=brand, known=known)
    if copy_of is not None:
        message, conversation = held_message(copy_of, brand, known)
        keep_raw(message, sha256=opened.receipt.sha256, by=by)
        return conversation
    decision = decide_ours(letter, brand=brand, known=known)
    mail = _incoming(opened, decision, brand, known)
    asker = other_side(letter, known)
    customer = None if asker is None else known.customers.get(asker.key)
    mail = replace(mail, customer=None if customer is None else CustomerId(customer), may_acknowledge=False)
    mail = replace(mail, participants=tuple(one for one in mail.participants if one[2] != RecipientRole.FROM))
    team = known.desk.teams.get(inbox.pk)
    circle = _circle_of(decision, letter, brand, known)
    conversation = decision.conversation or open_conversation(
        inbox, team=team, mail=mail, circle=circle, by=by
    )
    message = (receive_own_aside if decision.is_aside else receive_own)(conversation, mail=mail, by=by)
    _remember(letter, message, known)
    return conversation


def written_of(opened: Opened) -> Written:
    """What of a mail is sifted."""
    mail = opened.letter.mail
    text = f"{mail.visible}\n\n{mail.signature}".strip()
    return Written(text, opened.html, opened.receipt.received_at)


def _settle(sifted: Sifted, mail: Incoming, message: Message, known: Known, by: Actor) -> None:
    """Hold back what is spam; remember where a storm gathers."""
    if sifted.verdict.is_spam:
        hold_back(
            message,
            verdict=sifted.verdict,
            likely=sifted.likely,
            may_acknowledge=mail.may_acknowledge,
            by=by,
        )
    elif sifted.joining is not None:
        place = (sifted.joining.rule.rule, sifted.joining.key)
        if known.sieve.groups.get(place) != message.conversation_id:
            gather(sifted.joining, conversation=message.conversation, by=by)
            known.sieve.groups[place] = message.conversation_id


def _incoming(opened: Opened, decision: Decision, brand: BrandId, known: Known) -> Incoming:
    letter, mail = opened.letter, opened.letter.mail
    writer = letter.writer or Address("", "")
    agent, customer = _speaks(letter, decision, known)
    standing = after_threading(letter, decision)
    own_key, free = _keys(letter, brand, known)
    return Incoming(
        from_name=writer.name,
        from_address=writer.address,
        to=line_of(mail.to),
        cc=line_of(mail.cc),
        subject=mail.subject,
        text=mail.visible,
        signature=mail.signature,
        quoted=mail.quoted,
        html=opened.html,
        at=letter.at,
        received_at=opened.receipt.received_at,
        message_id=mail.message_id or "",
        own_key=own_key,
        referred_keys=tuple(key for key in letter.referred_keys if key in free),
        free_keys=free,
        same_key=mail.same_key,
        raw_sha256=opened.receipt.sha256,
        automatic=letter.automatic,
        language=opened.language,
        customer=customer,
        agent=agent,
        participants=_people(letter, known),
        answers=None if decision.answers is None else MessageId(decision.answers),
        joined_by=decision.joined_by,
        flag=decision.flag,
        confidence=standing.confidence,
        because=standing.because,
        path=standing.path,
        reply_to=line_of(_asked_for(letter)),
        may_acknowledge=opened.may_acknowledge and customer is not None and decision.flag not in HELD_BACK,
        files=opened.files,
        invitation=mail.invitation,
    )


def _keys(letter: Letter, brand: BrandId, known: Known) -> tuple[str, frozenset[str]]:
    """The mail's own thread key, unless another mail has it; and those of its keys that no conversation has."""
    own = known.threads.get((brand, letter.own_key))
    is_reused = own is not None and own.message is not None
    keys = (letter.own_key, *letter.referred_keys)
    return "" if is_reused else letter.own_key, frozenset(k for k in keys if (brand, k) not in known.threads)


def _speaks(letter: Letter, decision: Decision, known: Known) -> tuple[AgentId | None, CustomerId | None]:
    """The agent or customer whose words these are; nobody's where it claims somebody and can't prove it."""
    if decision.flag in DOUBTED:
        return None, None
    agent = known.agents.get(letter.sender)
    if agent is not None:
        return AgentId(agent), None
    customer = known.customers.get(letter.sender)
    return None, None if customer is None else CustomerId(customer)


def _asked_for(letter: Letter) -> tuple[Address, ...]:
    """Where the writer asks for answers, if not at their own address."""
    return tuple(one for one in letter.mail.reply_to if one.key != letter.sender)[:ANSWERED_AT]


def _people(letter: Letter, known: Known) -> tuple[tuple[str, str, str], ...]:
    """Who takes part by this mail: a mail server that reports does not, or it would get copies of our answers."""
    reports = letter.automatic in (Automatic.BOUNCE, Automatic.REPORT)
    return () if reports else people_of(letter, known.desk, known.agents)


def _link_other_brands(opened: Opened, recorded: list[Conversation], known: Known, by: Actor) -> None:
    """Link to what the same mail became in brands that got a copy of their own."""
    here = {conversation.brand_id for conversation in recorded}
    key = opened.letter.mail.same_key
    others = [pk for (brand, same), pk in known.same.items() if same == key and brand not in here]
    for message in lock_many(Message, others).values():
        link(recorded[0], other=message.conversation, reason=LinkReason.OTHER_BRAND, by=by)
