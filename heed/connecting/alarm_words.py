"""The words of alarms by mail: what does not work, since when, what it means, and where to see to it."""

from datetime import datetime

from heed.connecting.models import Outage
from heed.connecting.outages import OutageKind
from heed.kernel.words import MailboxTrouble, Mismatch

REASONS = {
    MailboxTrouble.UNREACHABLE: "Its server does not answer, or the line breaks off.",
    MailboxTrouble.TIMED_OUT: "Its server takes too long to answer.",
    MailboxTrouble.CERTIFICATE: "Its server can't prove who it is: the certificate ran out or is another's.",
    MailboxTrouble.NO_TLS: "Its server does not protect the line as it was set.",
    MailboxTrouble.LOGIN_REFUSED: "Its password is refused. Enter it again; some providers ask for an app password.",
    MailboxTrouble.AUTHORIZATION_LOST: "Its provider no longer lets the desk in. Log in there once more.",
    MailboxTrouble.FOLDER_MISSING: "A folder that is to be read is gone.",
    MailboxTrouble.REFUSED: "Its server refuses.",
    MailboxTrouble.DISK_FULL: "The desk's own disk is full.",
    MailboxTrouble.UNSEALABLE: "The desk's secret was changed: the password has to be entered again.",
    MailboxTrouble.FAILED: "Reading it failed for a reason of the desk's own.",
}
UNFETCHED = {
    Mismatch.NOT_FETCHED: "They stand in the mailbox and not here, and the desk could not fetch them.",
    Mismatch.REFUSED: "Their server lists them and does not give them. The desk asks again every hour.",
    Mismatch.TOO_LARGE: "They are larger than this desk takes (HEED_MAILBOX_MAIL_BYTES).",
}
STALLED = {
    "mail": "Mail that arrived is not read.",
    "sending": "Answers that were written are not sent.",
    "log": "What happens is not followed up: counts, due times and acknowledgements stand still.",
}


def subject_of(outage: Outage) -> str:
    """One line that says it all."""
    if outage.told_at is not None:
        return f"Works again: {_what(outage)}"
    return f"Does not work: {_what(outage)}"


def _what(outage: Outage) -> str:
    address = outage.inbox.address if outage.inbox else ""
    if outage.kind == OutageKind.MAILBOX:
        return f"fetching mail of {address}"
    if outage.kind == OutageKind.UNFETCHED:
        return f"fetching some mails of {address}"
    if outage.kind == OutageKind.SENDING:
        return f"sending answers of {address}"
    if outage.kind == OutageKind.PARKED:
        return "taking in all mail" if outage.reason == "mails" else "following up all that happens"
    return "the desk's own work"


def body_of(outage: Outage, *, url: str) -> str:
    """What happened, what is safe, what to do."""
    began = _time(outage.started_at)
    if outage.told_at is not None:
        ended = _time(outage.ended_at) if outage.ended_at else ""
        lines = [f"{_what(outage).capitalize()} works again.", f"It did not work from {began} to {ended}."]
    else:
        lines = [f"{_what(outage).capitalize()} does not work since {began}.", *_why(outage)]
    lines += [
        "",
        f"How everything is: {url}/settings/mail-health/",
        "",
        "This mail was written by the desk itself.",
    ]
    return "\n".join(lines)


def _why(outage: Outage) -> list[str]:
    said = [f"The server's words: {outage.words}"] if outage.words else []
    if outage.kind == OutageKind.MAILBOX:
        why = REASONS.get(MailboxTrouble(outage.reason), "") if outage.reason in set(MailboxTrouble) else ""
        return [why, *said, "Its mails wait on their server; none is lost."]
    if outage.kind == OutageKind.UNFETCHED:
        why = UNFETCHED.get(Mismatch(outage.reason), "") if outage.reason in set(Mismatch) else ""
        return [
            why,
            "Which ones is listed under Mail health. Until then read them with another mail program.",
        ]
    if outage.kind == OutageKind.SENDING:
        return [*said, "Answers wait and are tried again by themselves. Their server may be down."]
    if outage.kind == OutageKind.PARKED:
        return [
            "Something waits for a person to decide. It is kept, byte for byte, and holds up nothing else."
        ]
    return [STALLED.get(outage.reason, ""), "Nothing is lost. Start the worker again, and look at its log."]


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"
