"""How a mail came to the desk, and what a trusted server noted about its sender on the way."""

from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_address

from heed.channels.email.authentication.names import read_names
from heed.channels.email.authentication.own import Arrival
from heed.channels.email.authentication.results import Authentication
from heed.channels.email.authentication.server import from_server
from heed.channels.email.mail import ParsedMail
from heed.intake.models import Receipt
from heed.kernel.config import config, listed
from heed.kernel.outbound.inside import is_public


def arrival_of(receipt: Receipt) -> Arrival | None:
    """The server of the public network that handed it to our own listener; None for every other way.

    None means that a mail server of our own had it before, which is who knows where it came from.
    """
    if not receipt.peer:
        return None
    try:
        peer = ip_address(receipt.peer)
    except ValueError:
        return None
    peer = getattr(peer, "ipv4_mapped", None) or peer
    if not is_public(peer) or any(peer in network for network in _relays()):
        return None
    return Arrival(str(peer), receipt.helo, receipt.mail_from)


@cache
def _relays() -> tuple[IPv4Network | IPv6Network, ...]:
    return config.relay_networks()


def told(mail: ParsedMail, receipt: Receipt) -> Authentication:
    """What a trusted server found out about the sender; nothing where the sender's own server handed it to us.

    There every header is the sender's, whichever name it bears. Trusted are the servers that the desk's settings name,
    and where it was fetched, those that check senders for its mailbox.
    """
    domain = domain_of(mail)
    trusted, fetched = listed(config.trusted_authserv), read_names(receipt.checked_by)
    if domain and (trusted or fetched) and arrival_of(receipt) is None:
        found = from_server(
            mail.signs, domain, trusted=trusted, on_top=fetched, sealers=listed(config.trusted_sealers)
        )
        if found is not None:
            return found
    return Authentication(domain=domain)


def domain_of(mail: ParsedMail) -> str:
    """The domain that a mail claims; '' when it claims none or several."""
    return mail.sender.domain if mail.sender is not None and mail.signs.has_one_sender else ""
