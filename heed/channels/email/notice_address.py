"""Signed addresses that answer to a notification mail go to: ``help+n3px.5.1xlv.r.k3jq2mzr5tva@…``.

The inbox, then the conversation, the agent who was told, the newest event they were told of, what an answer is to be,
and a signature; numbers in base 36, which leaves an inbox name of 30 octets room for billions of events. Nobody else
than that agent is obeyed there; the signature says that we wrote it.
"""

import hashlib
import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from typing import Final

from heed.channels.email.address import MAX_LOCAL_PART, SIGNATURE_CHARACTERS, InboxAddressTooLong, base36

_NUMBER: Final = "[0-9a-z]{1,12}"
_SIGNED: Final = re.compile(
    rf"(?P<inbox>[^\s@]+)\+n(?P<conversation>{_NUMBER})\.(?P<agent>{_NUMBER})\.(?P<event>{_NUMBER})"
    rf"\.(?P<mode>[nr])\.(?P<signature>[a-z2-7]{{{SIGNATURE_CHARACTERS}}})@(?P<domain>[^\s@]+)"
)


@dataclass(frozen=True, slots=True)
class NoticeAddress:
    """Whose answer to what it is. conversation 0: the mail told of several, and the answer does not say which."""

    conversation: int
    agent: int
    event: int  # the newest that they were told of
    is_reply: bool = False  # to the customer; a note to the team otherwise


def sign_notice(inbox_address: str, notice: NoticeAddress, *, secret: bytes) -> str:
    """The address that answers go to; the same for the same arguments. Raises InboxAddressTooLong."""
    local, _, domain = inbox_address.lower().rpartition("@")
    tagged = f"{local}+n{_claim(notice)}.{_proof(f'{local}@{domain}', notice, secret)}"
    if len(tagged.encode()) > MAX_LOCAL_PART:
        raise InboxAddressTooLong(inbox_address)
    return f"{tagged}@{domain}"


def read_notice(address: str, *, secret: bytes) -> NoticeAddress | None:
    """What a signed address says, or None if it is none of ours or not genuine."""
    found = _SIGNED.fullmatch(address.strip().strip("<>").lower()) if len(address) <= 320 else None
    if found is None:
        return None
    conversation, agent, event = (int(found[part], 36) for part in ("conversation", "agent", "event"))
    notice = NoticeAddress(conversation, agent, event, is_reply=found["mode"] == "r")
    expected = _proof(f"{found['inbox']}@{found['domain']}", notice, secret)
    return notice if hmac.compare_digest(expected, found["signature"]) else None


def _claim(notice: NoticeAddress) -> str:
    mode = "r" if notice.is_reply else "n"
    return ".".join([*map(base36, (notice.conversation, notice.agent, notice.event)), mode])


def _proof(inbox: str, notice: NoticeAddress, secret: bytes) -> str:
    # The first words keep this use of the secret apart from every other one.
    claim = f"heed notice address\0{inbox}\0{_claim(notice)}"
    digest = hmac.new(secret, claim.encode(), hashlib.sha256).digest()
    return b32encode(digest).decode("ascii")[:SIGNATURE_CHARACTERS].lower()
