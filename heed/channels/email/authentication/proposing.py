"""Who seems to check senders where a mailbox is: guessed from its newest mails, for an admin to confirm. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from heed.channels.email.authentication.alignment import is_public_suffix, registered
from heed.channels.email.authentication.header import read_results
from heed.channels.email.authentication.names import NAMELESS, is_name
from heed.channels.email.words import unfold

_HEADER = b"authentication-results:"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A name as `names.read_names` takes it, and how many of the mails that were looked at bear it on top."""

    name: str = ""
    seen: int = 0
    of: int = 0


def propose(heads: Sequence[bytes]) -> Proposal:
    """The server whose header stands on top of more than half of these mails; none where there is no such server.

    Of a provider with many servers it is all below their domain. heads: header lines, of each mail.
    """
    servers = [server for head in heads if (server := _on_top(head))]
    for names in (servers, [wide for server in servers if (wide := _wide(server))]):
        for name, seen in Counter(names).most_common(1):
            if seen * 2 > len(heads) and is_name(name):
                return Proposal(name, seen, len(heads))
    return Proposal(of=len(heads))


def _on_top(head: bytes) -> str:
    lines = head.replace(b"\r\n", b"\n").split(b"\n")
    begins = next((place for place, line in enumerate(lines) if line[:23].lower() == _HEADER), None)
    if begins is None:
        return ""
    ends = next(
        (place for place in range(begins + 1, len(lines)) if lines[place][:1] not in (b" ", b"\t")),
        len(lines),
    )
    found = read_results(unfold(b"\r\n".join(lines[begins:ends])[len(_HEADER) :]))
    return "" if found is None else found.server or NAMELESS


def _wide(server: str) -> str:
    above = registered(server)
    return f"*.{above}" if above != server and not is_public_suffix(above) else ""
