"""One mail, read once: bytes in, ``ParsedMail`` out. The hot path of intake: each header is decoded once."""

import re
from datetime import datetime

from heed.channels.email import automatic as automatic_mail
from heed.channels.email.authentication.signs import read_signs
from heed.channels.email.bodies import Bodies
from heed.channels.email.bounces import original_id, read_bounces
from heed.channels.email.charsets import clean
from heed.channels.email.complaints import NO_COMPLAINT, Complaint, read_complaint
from heed.channels.email.dates import read_date
from heed.channels.email.errors import Unreadable
from heed.channels.email.forwards import Inner, attached_mail, forwarded_attached, forwarded_inline
from heed.channels.email.limits import DEFAULT_LIMITS, Limits
from heed.channels.email.mail import Automatic, Bounce, Forwarded, ParsedMail
from heed.channels.email.mailboxes import Address, read_addresses
from heed.channels.email.quotes import Cut, cut_html, cut_text
from heed.channels.email.sameness import same_key
from heed.channels.email.structure import Entity, Splitter
from heed.channels.email.subjects import base_subject
from heed.channels.email.words import decode_words, unfold

_ID = re.compile(rb"<([^<>]+)>")
_SPACE = re.compile(rb"\s+")
ROUND_TRIP_CHARACTERS = 100
_DELIVERED = (
    "delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-delivered-to",
    "x-forwarded-to",
)
_REPEATABLE_NOT = (
    "from",
    "date",
    "subject",
    "message-id",
    "reply-to",
    "in-reply-to",
    "references",
    "content-type",
)


def parse(raw: bytes, limits: Limits = DEFAULT_LIMITS) -> ParsedMail:
    """Read one mail as received.

    Raises Unreadable when it is over a limit that protects the desk, and nothing else, whatever the bytes.
    What is merely broken is read as well as it can be and listed in ``defects``.
    """
    splitter = Splitter(raw, limits)
    mail = splitter.split()
    bodies = Bodies(limits, defects=splitter.defects)
    bodies.collect(mail)
    return _Reader(mail, bodies, limits).read()


class _Reader:
    """Holds what the steps of reading one mail share."""

    def __init__(self, mail: Entity, bodies: Bodies, limits: Limits) -> None:
        self.mail = mail
        self.bodies = bodies
        self.limits = limits
        self.defects = bodies.defects
        self.charset = mail.type.charset

    def read(self) -> ParsedMail:
        mail, newest = self.mail, slice(-self.limits.references, None)
        subject, sender = self.subject(), self._sender()
        reply_to = self.people("reply-to")
        html, plain = self.bodies.html(), self.bodies.text()
        cut = self.cut(plain, html)
        automatic, bounces = self._automatic(subject, sender, cut.text)
        message_id, at = self.message_id(), self.date()
        self._note_missing(sender, message_id, is_dated=at is not None)
        return ParsedMail(
            message_id=message_id,
            in_reply_to=self._ids("in-reply-to")[newest],
            references=self._ids("references")[newest],
            sender=sender,
            reply_to=reply_to,
            to=self.people("to"),
            cc=self.people("cc"),
            bcc=self.people("bcc"),
            delivered_to=self._delivered_to(),
            subject=subject,
            base_subject=base_subject(subject),
            date=at,
            text=cut.text,
            html=html,
            visible=cut.visible,
            quoted=cut.quoted,
            signature=cut.signature,
            attachments=tuple(self.bodies.attachments),
            automatic=automatic,
            may_acknowledge=automatic_mail.may_acknowledge(mail, automatic, sender, reply_to),
            bounces=bounces,
            language_hint=self._language(),
            defects=tuple(dict.fromkeys(self.defects)),
            same_key=same_key(mail),
            signs=read_signs(mail),
            complaint=self._complaint(automatic),
            forwarded=self._forwarded(subject, cut, html, at) if automatic is Automatic.NO else None,
            invitation=self.bodies.invitation,
            round_trip=self._round_trip(),
        )

    def _round_trip(self) -> str:
        value = self.mail.first("x-heed-round-trip")
        return "" if value is None else value.strip()[:ROUND_TRIP_CHARACTERS].decode("ascii", "replace")

    def _forwarded(self, subject: str, cut: Cut, html: str, at: datetime | None) -> Forwarded | None:
        """Return the mail that this one passes on. Ordinary mail costs a look at its subject and attachments."""
        files = tuple(self.bodies.attachments)
        part = attached_mail(subject, cut.visible, files) if files else None
        if part is None:
            return forwarded_inline(subject, cut.text, html, sent_at=at, files=files, limits=self.limits)
        try:
            inner = _inner(part.content, self.limits)
        except Unreadable:
            return None
        return forwarded_attached(inner, note=cut.visible, part=part, beside=files)

    def cut(self, plain: str | None, html: str) -> Cut:
        if plain is not None and plain.strip():
            return cut_text(plain, self.limits)
        return cut_html(html, self.limits) if html else cut_text(plain or "", self.limits)

    def _complaint(self, automatic: Automatic) -> Complaint:
        if automatic is not Automatic.COMPLAINT:
            return NO_COMPLAINT
        return read_complaint(self.mail, original_id(self.mail, self.limits), self.limits)

    def _automatic(
        self, subject: str, sender: Address | None, text: str
    ) -> tuple[Automatic, tuple[Bounce, ...]]:
        found = automatic_mail.classify(
            self.mail, subject, sender, calendar_reply=self.bodies.has_calendar_reply
        )
        return read_bounces(self.mail, found, subject, sender, text, self.limits)

    def subject(self) -> str:
        value = self.mail.first("subject")
        if value is None:
            return ""
        return decode_words(value, self.charset)[: self.limits.subject_chars]

    def _sender(self) -> Address | None:
        senders = self.people("from") or self.people("sender")
        return senders[0] if senders else None

    def date(self) -> datetime | None:
        value = self.mail.first("date")
        return read_date(value) if value is not None else None

    def people(self, name: str) -> tuple[Address, ...]:
        values = self.mail.headers.get(name)
        if values is None:
            return ()
        value = values[0] if len(values) == 1 or name in _REPEATABLE_NOT else b", ".join(values)
        people, defects = read_addresses(value, self.limits, self.charset)
        self.defects.extend(f"{defect}-in-{name}" for defect in defects)
        return people

    def _delivered_to(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for name in _DELIVERED:
            for value in self.mail.headers.get(name, ()):
                for address in read_addresses(value, self.limits)[0]:
                    found[address.address] = None
        return tuple(found)

    def message_id(self) -> str | None:
        value = self.mail.first("message-id")
        ids = self._ids_of(value) if value is not None else ()
        return ids[0] if ids else None

    def _ids(self, name: str) -> tuple[str, ...]:
        values = self.mail.headers.get(name)
        if not values:
            return ()
        return tuple(dict.fromkeys(self._ids_of(b" ".join(values))))

    def _ids_of(self, value: bytes) -> tuple[str, ...]:
        """Return the ids of a raw header value without brackets; without any bracket, its words with an @."""
        found = _ID.findall(value)
        if not found:
            found = [word.strip(b"<>,;") for word in unfold(value).split() if b"@" in word]
        ids = [clean(_SPACE.sub(b"", item).decode("utf-8", "replace")) for item in found]
        kept = tuple(item for item in ids if item and len(item) <= self.limits.message_id_chars)
        if len(kept) < len(ids):
            self.defects.append("unusable-message-id")
        return kept

    def _language(self) -> str | None:
        value = self.mail.first("content-language")
        if value is None:
            return None
        return decode_words(value.partition(b",")[0])[:35] or None

    def _note_missing(self, sender: Address | None, message_id: str | None, *, is_dated: bool) -> None:
        headers = self.mail.headers
        if sender is None:
            self.defects.append("no-sender")
        if message_id is None:
            self.defects.append("no-message-id")
        if not is_dated:
            self.defects.append("unreadable-date" if "date" in headers else "no-date")
        for name in _REPEATABLE_NOT:
            if len(headers.get(name, ())) > 1:
                self.defects.append(f"repeated-{name}")


def _inner(raw: bytes, limits: Limits) -> Inner:
    """Read an attached mail; mails attached to that one stay closed."""
    splitter = Splitter(raw, limits)
    mail = splitter.split()
    bodies = Bodies(limits, defects=splitter.defects)
    bodies.collect(mail)
    reader = _Reader(mail, bodies, limits)
    html = bodies.html()
    senders = reader.people("from") or reader.people("reply-to")
    return Inner(
        sender=senders[0] if senders else None,
        subject=reader.subject(),
        date=reader.date(),
        message_id=reader.message_id(),
        cut=reader.cut(bodies.text(), html),
        html=html,
        attachments=tuple(bodies.attachments),
    )
