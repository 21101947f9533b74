"""Complaints: someone marked a mail of ours as spam, and their provider says so (RFC 5965, ARF)."""

from dataclasses import dataclass

from heed.channels.email.charsets import decode
from heed.channels.email.limits import Limits
from heed.channels.email.structure import Entity
from heed.channels.email.transfer import content_of

UNWANTED = frozenset(
    {"abuse", "opt-out", "opt-out-list"}
)  # the other kinds tell of forgery, viruses, or of no spam
_FIELDS = ("feedback-type", "original-rcpt-to", "removal-recipient")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What a provider reports. Empty: it does not say, or has blacked it out."""

    kind: str = ""  # abuse, opt-out, not-spam, …
    recipient: str = ""  # who complained
    original_message_id: str = ""

    @property
    def is_unwanted(self) -> bool:
        """Whether somebody wants no more of it."""
        return self.kind in UNWANTED


NO_COMPLAINT = Complaint()


def read_complaint(mail: Entity, original: str | None, limits: Limits) -> Complaint:
    """What a feedback report says. Original: the Message-ID of the mail that it returns."""
    fields: dict[str, str] = {}
    for leaf in mail.leaves():
        if leaf.type.main == "message" and leaf.type.sub == "feedback-report":
            text = decode(content_of(leaf)[: limits.report_bytes], "utf-8")
            for line in text.splitlines()[:100]:
                name, colon, value = line.partition(":")
                if colon and name.strip().lower() in _FIELDS:
                    fields.setdefault(name.strip().lower(), value.strip().strip("<>"))
    return Complaint(
        kind=fields.get("feedback-type", "").lower(),
        recipient=fields.get("original-rcpt-to") or fields.get("removal-recipient") or "",
        original_message_id=original or "",
    )
