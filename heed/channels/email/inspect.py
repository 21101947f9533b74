"""What Heed sees in a mail, for people who wonder and for programs that measure."""

import hashlib
from dataclasses import asdict

from heed.channels.email.bodies import tnef_parts
from heed.channels.email.charsets import decode
from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.mail import Automatic, Bounce, Forwarded, Invitation, ParsedMail, Part
from heed.channels.email.parse import parse
from heed.channels.email.quotes import Cut, cut_html, cut_text
from heed.channels.email.tnef import read_tnef

_REPORTS = (Automatic.BOUNCE, Automatic.DELIVERY, Automatic.READ_RECEIPT)


def describe(raw: bytes, kind: str) -> dict[str, object]:
    """Return what is seen in ``raw`` as plain data, without a database.

    ``kind`` is ``rfc822`` (a whole mail), ``text-body`` or ``html-body`` (a body alone, UTF-8) or ``tnef`` (a
    winmail.dat). Raises Unreadable for a mail over the limits, ValueError for another kind.
    """
    if kind == "rfc822":
        return _mail(parse(raw))
    if kind == "text-body":
        return _body(cut_text(decode(raw, "utf-8"), DEFAULT_LIMITS))
    if kind == "html-body":
        return _body(cut_html(decode(raw, "utf-8"), DEFAULT_LIMITS))
    if kind == "tnef":
        found = read_tnef(raw, DEFAULT_LIMITS)
        return {"attachments": [_part(part) for part in tnef_parts(found, DEFAULT_LIMITS)] if found else []}
    raise ValueError(kind)


def _body(cut: Cut) -> dict[str, object]:
    return {"text": cut.text, "visible_reply": cut.visible, "quoted": cut.quoted, "signature": cut.signature}


def _mail(mail: ParsedMail) -> dict[str, object]:
    sender = mail.sender
    return {
        "from": sender.address if sender else None,
        "from_name": sender.name if sender else None,
        "to": [who.address for who in mail.to],
        "cc": [who.address for who in mail.cc],
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to[0] if mail.in_reply_to else None,
        "references": list(mail.references),
        "text": mail.text,
        "html": mail.html,
        "visible_reply": mail.visible,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "attachments": [_part(part) for part in mail.attachments if not part.is_inline],
        "inline": [_part(part) for part in mail.attachments if part.is_inline],
        "is_auto_reply": mail.automatic is Automatic.AUTO_REPLY,
        "is_bounce": mail.automatic is Automatic.BOUNCE,
        "is_complaint": mail.automatic is Automatic.COMPLAINT,
        "is_delivery_report": mail.automatic in _REPORTS,
        "bounce": [_bounce(bounce) for bounce in mail.bounces],
        "date": mail.date.isoformat() if mail.date else None,
        "reply_to": [who.address for who in mail.reply_to],
        "automatic": mail.automatic.value,
        "may_acknowledge": mail.may_acknowledge,
        "language_hint": mail.language_hint,
        "defects": list(mail.defects),
        "same_key": mail.same_key,
        "invitation": _invitation(mail.invitation) if mail.invitation else None,
        "forwarded": _forwarded(mail.forwarded) if mail.forwarded else None,
    }


def _bounce(bounce: Bounce) -> dict[str, object]:
    return {
        "status": bounce.status,
        "reason": bounce.reason,
        "hard": bounce.hard,
        "recipient": bounce.recipient,
        "original_message_id": bounce.original_message_id,
    }


def _invitation(invitation: Invitation) -> dict[str, object]:
    starts, ends = invitation.starts_at, invitation.ends_at
    return {
        **asdict(invitation),
        "starts_at": starts.isoformat() if starts else None,
        "ends_at": ends.isoformat() if ends else None,
    }


def _forwarded(original: Forwarded) -> dict[str, object]:
    return {
        "from": original.sender.address,
        "from_name": original.sender.name,
        "subject": original.subject,
        "date": original.date.isoformat() if original.date else None,
        "message_id": original.message_id,
        "note": original.note,
        "text": original.text,
        "visible_reply": original.visible,
        "attachments": [_part(part) for part in original.attachments],
    }


def _part(part: Part) -> dict[str, object]:
    return {
        "name": part.filename if part.is_named else None,
        "type": part.content_type,
        "content_id": part.content_id,
        "size": len(part.content),
        "sha256": hashlib.sha256(part.content).hexdigest(),
    }
