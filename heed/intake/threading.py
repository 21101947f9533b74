"""Which conversation a mail belongs to, and why. Reads what is known; changes nothing."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from heed.channels.email.address import ReplyAddress, message_id_for
from heed.channels.email.address import read as read_reply_address
from heed.channels.email.authentication.results import NOT_CHECKED, Authentication
from heed.channels.email.mail import ParsedMail
from heed.channels.email.mailboxes import Address
from heed.channels.email.subjects import base_subject
from heed.conversations.actions.state import is_listed
from heed.conversations.models import Conversation
from heed.conversations.threads import thread_key
from heed.intake.known import Known, Thread
from heed.kernel.config import config
from heed.kernel.words import (
    AgentId,
    Automatic,
    Because,
    BrandId,
    Confidence,
    Flag,
    JoinedBy,
    LinkReason,
    Status,
)

NUMBER = re.compile(r"#(\d{1,12})\b")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail on its way in, with what its headers come to."""

    mail: ParsedMail
    at: datetime  # when it was written, as far as we can believe it
    sender: str  # normalised; '' for none
    automatic: Automatic
    recipients: tuple[str, ...]  # of envelope and headers, as written
    own_key: str
    referred_keys: tuple[str, ...]  # oldest first
    is_history: bool = False  # imported: old mail in its old order
    checks: Authentication = NOT_CHECKED  # what a trusted server, or we ourselves, found out about From
    writer: Address | None = (
        None  # who is taken to have written it: From, or whom a form, a list or a forward names
    )
    confidence: Confidence = Confidence.NONE
    because: Because = Because.NONE
    path: str = ""  # a domain that vouches, though not the sender's own
    forwarder: AgentId | None = None  # the agent who passed on what the writer wrote
    is_known: bool = False  # the sender is a customer from before this mail
    is_own: bool = False  # it lay where we keep what we sent

    @property
    def is_typed(self) -> bool:
        """A form or a list says who wrote it: anybody could have, so it is shown nothing of theirs by that alone."""
        return self.because in (Because.FORM, Because.LIST) and not self.is_history

    @property
    def doubt(self) -> Flag:
        """Why it may join nothing and speak for nobody: it claims us, or a customer, and the checks say no."""
        if self.is_history or self.is_own:
            return Flag.NONE
        if self.confidence is Confidence.FORGED_OURS:
            return Flag.FORGED
        return Flag.UNPROVEN if self.confidence is Confidence.FAILED and self.is_known else Flag.NONE


@dataclass(frozen=True, slots=True)
class Decision:
    """Join this conversation, or open one (None), linked to another if there is one. Those to merge are one thread."""

    conversation: Conversation | None
    joined_by: JoinedBy
    flag: Flag = Flag.NONE
    linked: Conversation | None = None
    link_reason: LinkReason | None = None
    merge: tuple[Conversation, ...] = ()
    answers: int | None = None
    is_aside: bool = False  # it answers what was said to somebody outside, and is kept from the customer


def decide(letter: Letter, *, brand: BrandId, known: Known) -> Decision:
    """Find the conversation: by a signed reply address, then by the nearest known Message-ID referred to, then by mails
    that referred to this one, then by its number in a participant's subject. Nothing else ever joins.
    """
    aside = _aside(letter, brand, known)
    if aside is not None:
        return aside
    thread = known.threads.get((brand, letter.own_key))
    flag = Flag.REUSED_ID if thread is not None and thread.message is not None else Flag.NONE
    flag = letter.doubt or flag
    for conversation, joined_by, answers in _candidates(letter, brand, known):
        decision = _weigh(letter, conversation, joined_by, answers, flag=flag, known=known)
        if decision is not None:
            return decision
    return _by_number(letter, brand, known, flag)


def _aside(letter: Letter, brand: BrandId, known: Known) -> Decision | None:
    """What answers an aside stays in its side conversation, whoever wrote it, also when the conversation was closed.

    But for those who take part, whose words are their own: unless the aside was sent to them, or the checks say that
    somebody else wrote in their name.
    """
    if letter.automatic is Automatic.BOUNCE:
        return None
    for joined_by, number, message in _answered_aside(letter, brand, known):
        conversation = known.conversation(number, brand)
        if conversation is None:
            continue
        speaks_for_itself = known.takes_part(conversation, letter.sender) and not letter.doubt
        if speaks_for_itself and not known.was_asked(message, letter.sender):
            return None
        is_stranger = letter.sender not in known.agents and not known.was_sent(message, letter.sender)
        flag = letter.doubt or (Flag.STRANGER if is_stranger else Flag.NONE)
        return Decision(conversation, joined_by, flag, answers=message, is_aside=True)
    return None


def _answered_aside(letter: Letter, brand: BrandId, known: Known) -> Iterator[tuple[JoinedBy, int, int]]:
    """How, in which conversation, which aside: by its signed address, else by the nearest Message-ID referred to."""
    for signed in reply_addresses(letter.recipients):
        if signed.message in known.asides:
            yield JoinedBy.REPLY_ADDRESS, known.places[signed.message], signed.message
            return
    # Mails that they wrote among themselves hold places in the thread, and say nothing of which side it is on.
    nearest = next((one for one in _threads(letter, brand, known) if one.message is not None), None)
    if nearest is not None and nearest.message is not None and nearest.is_aside:
        yield JoinedBy.REFERENCES, nearest.conversation, nearest.message


def _candidates(
    letter: Letter, brand: BrandId, known: Known
) -> Iterator[tuple[Conversation, JoinedBy, int | None]]:
    for signed in reply_addresses(letter.recipients):
        if (brand, key_of_answered(signed)) in known.purged:
            continue  # it stood elsewhere when it was removed for good than when it was sent
        found = known.conversation(known.places.get(signed.message, signed.conversation), brand)
        if found is not None:
            yield found, JoinedBy.REPLY_ADDRESS, signed.message
    for thread in _threads(letter, brand, known):
        found = known.conversation(thread.conversation, brand)
        if found is not None:
            yield found, JoinedBy.REFERENCES, thread.message
    own = known.threads.get((brand, letter.own_key))
    if own is not None and own.message is None:
        found = known.conversation(own.conversation, brand)
        if found is not None:
            yield found, JoinedBy.READ_BEFORE, None


def _threads(letter: Letter, brand: BrandId, known: Known) -> Iterator[Thread]:
    for key in reversed(letter.referred_keys):
        thread = known.threads.get((brand, key))
        if thread is not None:
            yield thread


def reply_addresses(recipients: tuple[str, ...]) -> Iterator[ReplyAddress]:
    """The signed reply addresses among these, signatures checked."""
    for address in recipients:
        found = read_reply_address(address, secret=config.secret_bytes())
        if found is not None:
            yield found


def key_of_answered(signed: ReplyAddress) -> str:
    """The thread key of the mail of ours that a signed address answers: its Message-ID says the same as the address.

    So what is remembered of a mail by its Message-ID is found by its reply address alone.
    """
    own = message_id_for(
        signed.inbox_address,
        conversation=signed.conversation,
        message=signed.message,
        secret=config.secret_bytes(),
    )
    return thread_key(own)


def _weigh(
    letter: Letter,
    conversation: Conversation,
    joined_by: JoinedBy,
    answers: int | None,
    *,
    flag: Flag,
    known: Known,
) -> Decision | None:
    if letter.automatic is Automatic.BOUNCE:
        return Decision(conversation, JoinedBy.REPORT, flag, answers=answers)
    if letter.doubt or _fails_as_participant(letter, conversation, known):
        return _doubtful(letter, conversation, joined_by, answers)
    if letter.automatic is not Automatic.NO or letter.is_history:
        if _is_robot(letter) and _is_stranger(letter, conversation, joined_by, known):
            flag = Flag.STRANGER
        merge = tuple(_same_thread(letter, conversation, known))
        return Decision(conversation, joined_by, flag, merge=merge, answers=answers)
    if conversation.status == Status.CLOSED:
        return _after_closing(letter, conversation, joined_by, flag=flag, known=known)
    if _is_another_matter(letter, conversation):
        return Decision(None, JoinedBy.NEW, flag, conversation, LinkReason.NEW_SUBJECT)
    if _is_stranger(letter, conversation, joined_by, known):
        flag = Flag.STRANGER  # weighs more than a Message-ID used twice: it keeps history from them
    merge = tuple(_same_thread(letter, conversation, known))
    return Decision(conversation, joined_by, flag, merge=merge, answers=answers)


def _after_closing(
    letter: Letter, closed: Conversation, joined_by: JoinedBy, *, flag: Flag, known: Known
) -> Decision:
    """Join what an earlier mail of the same customer about the same matter began already, else begin it.

    The same customer and subject, so that it is the same with the two mails in the other order; and nobody else's mail
    joins, since whoever wrote the other one would get the answer to this.
    """
    writer = known.customers.get(letter.sender)
    for pk in known.successors(closed) if writer is not None else ():
        found = known.conversation(pk, BrandId(closed.brand_id))
        if found is None or found.status == Status.CLOSED or not is_listed(found):
            continue
        if found.customer_id == writer and base_subject(found.subject) == letter.mail.base_subject:
            return Decision(found, joined_by, flag)
    return Decision(None, JoinedBy.NEW, flag, closed, LinkReason.CLOSED)


def _doubtful(
    letter: Letter, conversation: Conversation, joined_by: JoinedBy, answers: int | None
) -> Decision:
    """Whoever has the signed address of a mail of ours has that mail: they join, flagged. Others get their own."""
    flag = letter.doubt or Flag.UNPROVEN
    if joined_by is JoinedBy.REPLY_ADDRESS and conversation.status != Status.CLOSED:
        return Decision(conversation, joined_by, flag, answers=answers)
    return Decision(None, JoinedBy.NEW, flag, conversation, LinkReason.UNPROVEN)


def _fails_as_participant(letter: Letter, conversation: Conversation, known: Known) -> bool:
    """Somebody who was in copy and never wrote is no customer yet, and can be claimed as well."""
    if letter.confidence is not Confidence.FAILED or letter.is_history:
        return False
    return known.takes_part(conversation, letter.sender)


def _is_robot(letter: Letter) -> bool:
    """A machine that writes to people; reports are about our own mail and reach nobody."""
    return letter.automatic in (Automatic.AUTO_REPLY, Automatic.BULK) and not letter.is_history


def _is_stranger(letter: Letter, conversation: Conversation, joined_by: JoinedBy, known: Known) -> bool:
    if letter.is_typed and joined_by is not JoinedBy.REPLY_ADDRESS:
        return True
    if letter.sender in known.agents or known.takes_part(conversation, letter.sender):
        return False
    if joined_by is not JoinedBy.READ_BEFORE:
        return True
    # Read in their order, the one who answered would have been in copy of this mail: so would be known to its writer.
    mail = letter.mail
    return not known.anyone_takes_part(conversation, {a.key for a in (*mail.to, *mail.cc)})


def _is_another_matter(letter: Letter, conversation: Conversation) -> bool:
    silence = letter.at - conversation.last_message_at
    if conversation.status == Status.SOLVED or silence < timedelta(days=config.silence_days):
        return False
    return letter.mail.base_subject != base_subject(conversation.subject)


def _same_thread(letter: Letter, conversation: Conversation, known: Known) -> Iterator[Conversation]:
    """Conversations that this mail shows to be the same thread: opened by replies that were read before their mail.

    Only with someone in both, and never two that were set apart on purpose.
    """
    brand = BrandId(conversation.brand_id)
    seen = {conversation.pk}
    if not is_listed(conversation):
        return
    for key in (letter.own_key, *letter.referred_keys):
        thread = known.threads.get((brand, key))
        if thread is None or thread.message is not None:
            continue
        other = known.conversation(thread.conversation, brand)
        if other is None or other.pk in seen or not is_listed(other):
            continue
        seen.add(other.pk)
        if known.share_people(conversation, other) and not known.are_linked(conversation.pk, other.pk):
            yield other


def _by_number(letter: Letter, brand: BrandId, known: Known, flag: Flag) -> Decision:
    new = Decision(None, JoinedBy.NEW, flag)
    written = NUMBER.search(letter.mail.subject)
    if written is None or letter.automatic is not Automatic.NO or letter.is_history:
        return new
    found = known.conversation(int(written[1]), brand)
    if found is None:
        return new
    if letter.doubt:
        return Decision(None, JoinedBy.NEW, flag, found, LinkReason.UNPROVEN)
    if letter.is_typed or not known.takes_part(found, letter.sender):
        return Decision(None, JoinedBy.NEW, flag, found, LinkReason.MENTIONS_NUMBER)
    if found.status == Status.CLOSED:
        return Decision(None, JoinedBy.NEW, flag, found, LinkReason.CLOSED)
    return Decision(found, JoinedBy.NUMBER, flag)
