"""What a mail's headers hold of its sender, kept raw until somebody asks: most mail costs a few look-ups only."""

from dataclasses import dataclass
from typing import Final

from heed.channels.email.structure import Entity

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
        has_one_sender=len(headers.get("from", ())) == 1,
    )
