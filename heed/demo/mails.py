"""Mails as the customers' programs write them: the same bytes for the same step, so a second try doubles nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from inspect import cleandoc
from typing import Final

from heed.delivery.mail import ATTRIBUTIONS
from heed.demo.story import ZONE, Bounces, Writes, text_of

POLICY: Final = SMTP.clone(cte_type="8bit")
UNDERWAY: Final = timedelta(seconds=20)  # between being written and reaching us
TOO_DEEP: Final = 24  # parts within parts: more than the desk reads


@dataclass(frozen=True, slots=True)
class Answered:
    """Our message that a mail answers."""

    message_id: str
    reply_to: str
    text: str
    at: datetime


def address_of(person: str) -> str:
    """The bare address of "Name <address>"."""
    return parseaddr(person)[1]


def message_id(key: str, number: int) -> str:
    """The Message-ID, without angle brackets, of a story's step."""
    return f"{key}.{number}@mail.example.org"


def letter(
    step: Writes,
    *,
    sender: str,
    to: str,
    subject: str,
    own_id: str,
    at: datetime,
    answers: Sequence[Answered],
    quote: str,
) -> bytes:
    """The mail of a step. Answers: ours so far, oldest first; the last one is answered. Quote: below the text."""
    mail = _head(sender, to, subject, own_id, at)
    if step.cc:
        mail["Cc"] = step.cc
    if answers:
        mail["In-Reply-To"] = f"<{answers[-1].message_id}>"
        mail["References"] = " ".join(f"<{answer.message_id}>" for answer in answers)
    for name, value in step.headers:
        mail[name] = value
    text = text_of(step.text)
    mail.set_content(f"{text}\n\n{quote}" if quote else text, charset="utf-8", cte="8bit")
    if step.html:
        mail.add_alternative(cleandoc(step.html), subtype="html", charset="utf-8", cte="8bit")
    for file in step.files:
        main, _, sub = file.content_type.partition("/")
        mail.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return _bytes(mail, own_id)


def quoted(answer: Answered, *, who: str, language: str) -> str:
    """Our answer as a mail program puts it below a text."""
    pattern = ATTRIBUTIONS.get(language, ATTRIBUTIONS["en"])
    lines = "\n".join(f"> {line}".rstrip() for line in answer.text.splitlines())
    return f"{pattern.format(at=answer.at.astimezone(ZONE), who=who)}\n\n{lines}"


def bounce(step: Bounces, *, own_id: str, at: datetime, answer: Answered) -> bytes:
    """What a mail server says when it gives our answer back."""
    server, mark = f"mx.{step.address.rpartition('@')[2]}", f"=_report_{own_id.partition('@')[0]}"
    daemon = f"Mail Delivery System <mailer-daemon@{server}>"
    mail = _head(daemon, answer.reply_to, "Undelivered Mail Returned to Sender", own_id, at)
    mail["Auto-Submitted"] = "auto-replied"
    told = (
        f"This is the mail system at {server}.\n\nYour message could not be delivered to:\n\n"
        f"<{step.address}>: {step.words}\n"
    )
    report = (
        f"Reporting-MTA: dns; {server}\n\nFinal-Recipient: rfc822; {step.address}\nAction: failed\n"
        f"Status: {step.status}\nDiagnostic-Code: smtp; 550 {step.status} {step.words}\n"
    )
    parts = (
        f"Content-Type: text/plain; charset=utf-8\n\n{told}",
        f"Content-Type: message/delivery-status\n\n{report}",
        f"Content-Type: text/rfc822-headers\n\nMessage-ID: <{answer.message_id}>\nTo: {step.address}\n",
    )
    kind = (
        f'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n boundary="{mark}"'
    )
    body = "".join(f"\n--{mark}\n{part}" for part in parts)
    return _with(mail, f"{kind}\n{body}\n--{mark}--\n")


def unreadable(*, sender: str, to: str, subject: str, own_id: str, at: datetime) -> bytes:
    """A mail that a broken program packed into itself over and over."""
    mail = _head(sender, to, subject, own_id, at)
    body = "".join(
        (f"--level-{level - 1}\n" if level else "MIME-Version: 1.0\n")
        + f'Content-Type: multipart/mixed; boundary="level-{level}"\n\n'
        for level in range(TOO_DEEP)
    )
    return _with(mail, body)


def _with(mail: EmailMessage, rest: str) -> bytes:
    """The headers so far, then what is written by hand."""
    return mail.as_bytes().rstrip(b"\r\n") + b"\r\n" + rest.replace("\n", "\r\n").encode()


def _head(sender: str, to: str, subject: str, own_id: str, at: datetime) -> EmailMessage:
    mail = EmailMessage(policy=POLICY)
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = format_datetime((at - UNDERWAY).astimezone(ZONE))
    mail["Message-ID"] = f"<{own_id}>"
    return mail


def _bytes(mail: EmailMessage, own_id: str) -> bytes:
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}_{own_id.partition('@')[0]}")
    return mail.as_bytes()
