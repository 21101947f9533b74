"""Where a mail would go, and why: the same decision as intake's, without recording anything."""

from dataclasses import dataclass
from itertools import chain

from heed.brands.models import Brand
from heed.channels.email.explain import Sight
from heed.channels.email.parse import parse
from heed.eventlog.unit import Commit, unit
from heed.intake.judging import after_threading, judge
from heed.intake.known import Known
from heed.intake.letters import letter_of
from heed.intake.limits import LIMITS
from heed.intake.models import Receipt
from heed.intake.reports import reported
from heed.intake.sifting import Sifted, Written, sieve_of, sift
from heed.intake.threading import Decision, Letter, decide
from heed.intake.work import known_of
from heed.kernel import clock
from heed.kernel.words import Because, BrandId, Confidence, Flag, JoinedBy, LinkReason, Origin, SpamReason

_JOINS = {
    JoinedBy.NEW: "Nothing that it refers to is known here.",
    JoinedBy.REPLY_ADDRESS: "It was sent to the signed reply address of that conversation.",
    JoinedBy.REFERENCES: "It refers to a message of that conversation.",
    JoinedBy.READ_BEFORE: "A mail of that conversation that was read earlier refers to it.",
    JoinedBy.NUMBER: "Its subject names that conversation's number, and its sender takes part in it.",
    JoinedBy.REPORT: "It reports about a message of that conversation.",
    JoinedBy.REPORT_GUESS: "It is a report that names no message; the newest to that address stands there. Likely.",
    JoinedBy.STORM_RULE: "A rule for mail storms joins mails like it.",
}
_SPAM = {
    SpamReason.BLOCKED: "an agent blocked its sender",
    SpamReason.BY_AGENT: "an agent said that it is spam",
    SpamReason.FILTER: "the filter of a trusted mail server marked it",
    SpamReason.CONTENT: "it reads like what agents of this desk took for spam",
    SpamReason.SENDER_CHECK: "it does not come from whom it names",
}
_LINKS = {
    LinkReason.CLOSED: "that one is closed",
    LinkReason.NEW_SUBJECT: "it has another subject after long silence",
    LinkReason.OTHER_BRAND: "it is the same mail at another brand",
    LinkReason.MENTIONS_NUMBER: "its subject names that one's number",
    LinkReason.UNPROVEN: "it refers to that one, but its sender failed the checks",
    LinkReason.SPLIT: "messages of one became the other",
    LinkReason.PERHAPS_SAME: "the same customer seems to ask the same again",
    LinkReason.BY_AGENT: "an agent said that they have to do with each other",
    LinkReason.OTHER_PEOPLE: "that one belongs to other people",
}


_SURE = {
    Confidence.NONE: "Nobody asked who sent it.",
    Confidence.PROVEN: "It is proven to be from {writer}.",
    Confidence.LIKELY: "It is likely from {writer}.",
    Confidence.UNKNOWN: "It says that it is from {writer}; nothing proves or disproves it.",
    Confidence.FAILED: "It says that it is from {writer}, and the checks failed.",
    Confidence.FORGED_OURS: "It says that it is from {writer}, who is of this desk, and nothing proves it.",
}
_BECAUSE = {
    Because.NONE: "",
    Because.DMARC: "DMARC passed.",
    Because.DKIM: "It is signed by the sender's own domain (DKIM).",
    Because.SPF: "It came from a server of the sender's own domain (SPF).",
    Because.SUBMITTED: "The sender had logged in at a trusted server.",
    Because.ARC: "A trusted forwarder says that the checks passed there (ARC).",
    Because.REPLY_ADDRESS: "A participant used the signed reply address.",
    Because.THREAD: "A participant refers to a mail of that conversation.",
    Because.USUAL_PATH: "It comes the way that this customer's mail came before.",
    Because.DMARC_FAILED: "DMARC failed.",
    Because.SPF_FAILED: "The domain says that this server does not send its mail (SPF).",
    Because.OTHER_DOMAIN: "Something passed, for another domain than the sender's.",
    Because.NO_PROOF: "It was checked, and the domain offers nothing to go by.",
    Because.TEMPORARY: "Name servers did not answer.",
    Because.NOT_CHECKED: "No trusted server (a mailbox's, HEED_TRUSTED_AUTHSERV) checked it; a file came from nowhere.",
    Because.UNCLEAR_SENDER: "From names nobody, or several.",
    Because.FORM: "A form sent it; the writer stands in Reply-To.",
    Because.LIST: "A list sent it on in its own name.",
    Because.FORWARDED: "An agent forwarded it.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail would go in one brand. Numbers are those of conversations; None: a new one."""

    brand: str
    conversation: int | None
    joined_by: str
    flag: str = ""
    linked: int | None = None
    link_reason: str = ""
    merges: tuple[int, ...] = ()
    held_back: tuple[SpamReason, ...] = ()  # it would go to the quarantine, and why
    same_message: int | None = None  # the message that this mail already is
    confidence: str = ""  # how sure the desk would be of the sender; '' where it is here already
    because: str = ""
    writer: str = ""  # who would be taken to have written it


def places(raw: bytes) -> list[Place]:
    """Where a mail would go now, in each brand that it is addressed to. Raises Unreadable. Changes nothing."""
    receipt = Receipt(received_at=clock.now(), recipients=[], origin=Origin.LIVE)
    letter = letter_of(parse(raw, LIMITS), receipt)
    known = known_of([letter])
    letter = judge(letter, known)
    written = Written(letter.mail.visible, letter.mail.html, receipt.received_at)
    known.sieve = sieve_of([(letter, written)])
    addressed = (known.desk.inbox_of(address) for address in letter.recipients)
    brands = list(dict.fromkeys(inbox.brand for inbox in addressed if inbox is not None))
    with unit(Commit.LAZY):  # reads hold what they find, so that no worker moves it meanwhile
        return [
            _same(brand, same)
            if same is not None
            else _place(brand, letter, _sifted(letter, written, BrandId(brand.pk), known))
            for brand in brands
            for same in (known.same.get((brand.pk, letter.mail.same_key)),)
        ]


def _same(brand: Brand, message: int) -> Place:
    return Place(brand.name, None, "", same_message=message)


def _sifted(letter: Letter, written: Written, brand: BrandId, known: Known) -> Sifted:
    decision = decide(letter, brand=brand, known=known)
    report = reported(letter, brand, known)
    if report is not None:
        found = known.conversation(report.message.conversation_id, brand)
        decision = Decision(found, report.joined_by, decision.flag, answers=report.message.pk)
    return sift(letter, decision, written=written, brand=brand, known=known)


def _place(brand: Brand, letter: Letter, sifted: Sifted) -> Place:
    decision = sifted.decision
    standing = after_threading(letter, decision)
    return Place(
        brand.name,
        None if decision.conversation is None else decision.conversation.pk,
        decision.joined_by,
        decision.flag,
        None if decision.linked is None else decision.linked.pk,
        decision.link_reason or "",
        tuple(row.pk for row in decision.merge),
        sifted.verdict.reasons if sifted.verdict.is_spam else (),
        confidence=standing.confidence,
        because=standing.because,
        writer="" if letter.writer is None else str(letter.writer),
    )


def in_words(found: list[Place]) -> list[Sight]:
    """The same in sentences."""
    if not found:
        return [
            Sight(
                "place", "None: no inbox of this desk is addressed.", "It would have to be delivered to one."
            )
        ]
    return list(chain.from_iterable(map(_sentences, found)))


def _sentences(place: Place) -> list[Sight]:
    if place.same_message is not None:
        why = "Message-ID, sender, date, subject and body are the same."
        return [Sight("place", f"{place.brand}: it is here already, as message {place.same_message}.", why)]
    why = "" if place.linked is not None else _JOINS[JoinedBy(place.joined_by)]
    where = "a new conversation" if place.conversation is None else f"conversation #{place.conversation}"
    sights = [Sight("place", f"{place.brand}: {where}.", why)]
    if place.linked is not None:
        reason = _LINKS[LinkReason(place.link_reason)]
        sights.append(Sight("link", f"Linked to conversation #{place.linked}, since {reason}.", ""))
    if place.merges:
        numbers = ", ".join(f"#{number}" for number in place.merges)
        sights.append(Sight("merge", f"It shows that {numbers} are the same thread; they become one.", ""))
    if place.confidence:
        sure = _SURE[Confidence(place.confidence)].format(writer=place.writer or "nobody")
        sights.append(Sight("identity", sure, _BECAUSE[Because(place.because)]))
    if place.held_back:
        why = "; ".join(_SPAM[reason] for reason in place.held_back)
        sights.append(Sight("quarantine", "It would be kept in the quarantine, unanswered.", f"{why}."))
    if place.flag != Flag.NONE:
        sights.append(Sight("flag", f"An agent is asked to look twice: {place.flag.replace('_', ' ')}.", ""))
    return sights
