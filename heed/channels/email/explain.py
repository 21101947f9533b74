"""What Heed sees in a mail and why, in sentences for the people who run a desk."""

from collections.abc import Iterator
from dataclasses import dataclass

from heed.channels.email.errors import Unreadable, UnreadableCode
from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.mail import Automatic, Bounce, ParsedMail
from heed.channels.email.parse import parse


@dataclass(frozen=True, slots=True)
class Sight:
    """One thing seen: ``about`` names it, ``sees`` says what, ``why`` says from what (or is '')."""

    about: str
    sees: str
    why: str


_REFUSED = {
    UnreadableCode.TOO_LARGE: "The mail is larger than this desk takes.",
    UnreadableCode.HEADERS_TOO_LARGE: "Its headers are too large to be headers.",
    UnreadableCode.TOO_MANY_PARTS: "It has more parts than a mail needs.",
    UnreadableCode.TOO_DEEP: "Its parts are nested too deeply.",
}
_WRITERS = {
    Automatic.NO: ("A person wrote it.", "No header, sender or subject says otherwise."),
    Automatic.AUTO_REPLY: (
        "A machine answered for somebody.",
        "Auto-Submitted, an answering machine's header, or the subject says so.",
    ),
    Automatic.BOUNCE: (
        "A mail server reports that a mail did not arrive.",
        "It is, or reads like, a delivery report.",
    ),
    Automatic.DELIVERY: (
        "A mail server confirms that a mail arrived.",
        "It is a delivery report without failures.",
    ),
    Automatic.READ_RECEIPT: (
        "It confirms that a mail was opened.",
        "It is a disposition notification (RFC 8098).",
    ),
    Automatic.COMPLAINT: (
        "A provider reports that somebody called a mail spam or unsubscribed.",
        "It is a feedback report (RFC 5965), or reads like one.",
    ),
    Automatic.CALENDAR: ("It answers an invitation.", "It carries a calendar reply."),
    Automatic.LIST: ("It comes from a mailing list.", "It has List headers, or Precedence: list."),
    Automatic.BULK: (
        "It was sent to many, or by a program.",
        "Auto-Submitted, Precedence, List-Unsubscribe or a campaign header says so.",
    ),
}
_DEFECTS = {
    "no-sender": "no sender that can be read",
    "no-message-id": "no Message-ID",
    "no-date": "no date",
    "unreadable-date": "a date that is none",
    "multipart-not-closed": "parts that are not closed; the mail may have been cut off",
    "multipart-without-boundary": "parts without a boundary",
    "broken-header-line": "a line among the headers that is no header",
    "no-blank-line-after-headers": "no empty line after the headers",
    "headers-cut": "so many headers that only the needed ones were read",
    "html-over-limits": "HTML too large or too deep to be shown; it is kept as an attachment",
    "text-too-long": "a text too long to be shown; it is kept as an attachment",
    "unusable-message-id": "a Message-ID too long to be one",
}


def explain(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> tuple[Sight, ...]:
    """Return what is seen in a mail alone, in the order in which a reader asks. Never raises."""
    try:
        mail = parse(raw, limits)
    except Unreadable as refused:
        words = _REFUSED[refused.code]
        return (Sight("reading", f"{words} It would be parked.", f"{refused.code.value}: {refused.detail}"),)
    sights = [
        _sender(mail),
        _recipients(mail),
        Sight("subject", mail.subject or "None.", f"Compared with others as “{mail.base_subject}”."),
        _thread(mail),
        Sight("writer", *_WRITERS[mail.automatic]),
        _acknowledgement(mail),
        _body(mail),
    ]
    sights.extend(_bounced(bounce) for bounce in mail.bounces)
    sights.extend(
        Sight(
            "attachment",
            f"{part.filename}, {part.content_type}, {len(part.content)} bytes.",
            "Shown within the text." if part.is_inline else "",
        )
        for part in mail.attachments
    )
    sights.extend(_passed_on(mail))
    if mail.defects:
        listed = "; ".join(_DEFECTS.get(code, code.replace("-", " ")) for code in mail.defects)
        sights.append(Sight("defects", f"It has {listed}.", "It is read all the same."))
    sights.append(Sight("sameness", mail.same_key, _sameness(mail)))
    return tuple(sights)


def as_text(sights: tuple[Sight, ...]) -> str:
    """Return the sights for a terminal: one paragraph each."""
    return "\n".join(
        f"{sight.about:16} {sight.sees}" + (f"\n{'':16} {sight.why}" if sight.why else "") for sight in sights
    )


def _passed_on(mail: ParsedMail) -> Iterator[Sight]:
    """The mail that it forwards, and the event that it invites to."""
    if mail.forwarded is not None:
        said = f"It forwards a mail of {mail.forwarded.sender}: {mail.forwarded.subject or 'no subject'}."
        yield Sight("forwarded", said, "From one of our agents, it would be that person's conversation.")
    if mail.invitation is not None:
        at = mail.invitation.starts_at
        when = f"{at:%Y-%m-%d %H:%M} UTC" if at else "at no time"
        yield Sight(
            "invitation", f"{mail.invitation.summary or 'No title'}, {when}.", "Nothing is done with it."
        )


def _sender(mail: ParsedMail) -> Sight:
    if mail.sender is None:
        return Sight("sender", "Nobody.", "From and Sender hold no address that can be read in only one way.")
    answers = ", ".join(str(who) for who in mail.reply_to)
    return Sight("sender", str(mail.sender), f"Answers go to {answers} (Reply-To)." if answers else "From.")


def _recipients(mail: ParsedMail) -> Sight:
    named = [f"{label} {who}" for label, people in (("To", mail.to), ("Cc", mail.cc)) for who in people]
    more = f" and {len(named) - 20} more" if len(named) > 20 else ""
    arrived = ", ".join(mail.delivered_to)
    why = f"Servers on the way noted {arrived}." if arrived else ""
    return Sight("recipients", "; ".join(named[:20]) + more if named else "Nobody is named.", why)


def _thread(mail: ParsedMail) -> Sight:
    known = dict.fromkeys((*mail.references, *mail.in_reply_to))
    if not known:
        return Sight("thread", "It answers no other mail.", "It has neither References nor In-Reply-To.")
    return Sight(
        "thread", f"It names {len(known)} earlier mails, last {list(known)[-1]}.", "References, In-Reply-To."
    )


def _acknowledgement(mail: ParsedMail) -> Sight:
    if mail.may_acknowledge:
        return Sight("acknowledgement", "It may be acknowledged.", "A person wrote, and can be answered.")
    if mail.automatic is not Automatic.NO:
        return Sight("acknowledgement", "Never.", "Machines are not answered by machines (RFC 3834).")
    return Sight(
        "acknowledgement",
        "Never.",
        "Its sender is empty, a machine's address, or asks for no automatic answers.",
    )


def _body(mail: ParsedMail) -> Sight:
    written, quoted = len(mail.visible), len(mail.quoted)
    form = "HTML" if mail.html else "plain text"
    sees = f"{written} characters written now"
    if quoted:
        sees += f", {quoted} of quoted history"
    if mail.signature:
        sees += f", {len(mail.signature)} of signature"
    return Sight(
        "body", f"{sees} ({form}).", f"Begins: “{' '.join(mail.visible[:120].split())}”" if written else ""
    )


def _bounced(bounce: Bounce) -> Sight:
    fate = (
        "will be tried again"
        if bounce.action == "delayed"
        else "failed for good"
        if bounce.hard
        else "failed"
    )
    original = f" It answers {bounce.original_message_id}." if bounce.original_message_id else ""
    return Sight(
        "bounce", f"{bounce.recipient or 'Somebody'}: {fate}.", f"{bounce.reason} {bounce.status}.{original}"
    )


def _sameness(mail: ParsedMail) -> str:
    if mail.message_id is None and mail.date is None:
        return "Without Message-ID and date, only equal bytes are the same mail."
    return "Any mail with this key is the same: Message-ID, From, Date, Subject and body agree."
