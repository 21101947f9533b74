"""What a mail's headers hold of its sender, kept raw until somebody asks: most mail costs a few look-ups only."""

from dataclasses import dataclass
from typing import Final

from heed.channels.email.structure import Entity

SPAM_LEVEL: Final = 5  # of Exchange, 0 to 9: from here on it is spam
HEADERS: Final = 20  # of one name that are kept, the topmost first


@dataclass(frozen=True, slots=True)
class Signs:
    """Raw header values, topmost first."""

    results: tuple[bytes, ...] = ()  # Authentication-Results
    received_spf: tuple[bytes, ...] = ()
    arc_results: tuple[bytes, ...] = ()
    arc_seals: tuple[bytes, ...] = ()
    signatures: tuple[bytes, ...] = ()  # DKIM-Signature
    original_from: bytes = b""  # as a list noted it before it put its own address there
    is_list: bool = False
    is_marked_spam: bool = (
        False  # by the filter of a server on the way; counts only where that server is trusted
    )
    has_one_sender: bool = True  # one From header; with several, nobody knows which one a reader is shown


NO_SIGNS = Signs()


def read_signs(mail: Entity) -> Signs:
    """The signs of a mail."""
    headers = mail.headers

    def of(name: str) -> tuple[bytes, ...]:
        values = headers.get(name)
        return tuple(values[:HEADERS]) if values else ()

    return Signs(
        results=of("authentication-results"),
        received_spf=of("received-spf"),
        arc_results=of("arc-authentication-results"),
        arc_seals=of("arc-seal"),
        signatures=of("dkim-signature"),
        original_from=mail.first("x-original-from") or mail.first("x-original-sender") or b"",
        is_list="list-id" in headers or "list-post" in headers or "x-google-group-id" in headers,
        is_marked_spam=_is_marked_spam(mail),
        has_one_sender=len(headers.get("from", ())) == 1,
    )


def _is_marked_spam(mail: Entity) -> bool:
    """Whether a filter wrote that it is spam: SpamAssassin, Rspamd, Exchange, and those who write as they do."""
    headers = mail.headers
    for name in ("x-spam-flag", "x-spam-status", "x-spam"):
        if name in headers and (mail.first(name) or b"").strip().lower().startswith(
            (b"yes", b"true", b"spam")
        ):
            return True
    if "x-ms-exchange-organization-scl" in headers:
        level = (mail.first("x-ms-exchange-organization-scl") or b"").strip()
        if level.isdigit() and len(level) < 3 and int(level) >= SPAM_LEVEL:
            return True
    report = (mail.first("x-forefront-antispam-report") or b"")[:2_000].upper()
    return any(part.strip() in (b"SFV:SPM", b"SFV:SKB") for part in report.split(b";")) if report else False
