"""Which addresses are inside: everything that isn't plainly a public one."""

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Thread
from typing import Final

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], list[str]]

# Python's is_global changes with its tables and leaves these out, in some versions or all.
_INSIDE_4: Final = tuple(
    ip_network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carriers' and clouds' own, with a metadata server
        "192.0.0.0/24",  # protocol assignments, with a metadata server
        "192.88.99.0/24",  # relays into 6to4
        "168.63.129.16/32",  # a cloud's host, on an address that looks public
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
_PUBLIC_6: Final = ip_network(
    "2000::/3"
)  # leaves out mapped, compatible, NAT64, unique local, link and site local
_INSIDE_6: Final = tuple(
    ip_network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo: carries an IPv4 address
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: carries an IPv4 address
        "3fff::/20",  # documentation
    )
)
_INSIDE_NAMES: Final = (
    "local",
    "localhost",
    "internal",
    "intranet",
    "lan",
    "home",
    "corp",
    "home.arpa",
    "onion",
)


def is_public(address: Address) -> bool:
    """Whether this is an address that anybody in the world may reach."""
    if address.is_multicast or address.is_reserved or not address.is_global:
        return False
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _INSIDE_4)
    return (
        address.scope_id is None
        and address in _PUBLIC_6
        and not any(address in network for network in _INSIDE_6)
    )


def is_inside_name(host: str) -> bool:
    """Whether a name belongs to a machine or a local network whatever it resolves to."""
    name = host.rstrip(".").lower()
    return any(name == inside or name.endswith(f".{inside}") for inside in _INSIDE_NAMES)


def system_resolver(host: str, port: int) -> list[str]:
    """Ask the system. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def resolve(host: str, port: int, *, resolver: Resolver, timeout_seconds: float) -> list[Address]:
    """All addresses of a host. Raises OSError; TimeoutError, one of them, when it takes too long.

    In a thread of its own, since the system's resolver knows no time-out; a late answer is thrown away.
    """
    answers: list[list[str] | OSError] = []

    def ask() -> None:
        try:
            answers.append(resolver(host, port))
        except (OSError, UnicodeError) as error:
            answers.append(error if isinstance(error, OSError) else OSError(str(error)))

    thread = Thread(target=ask, name="heed-resolve", daemon=True)
    thread.start()
    thread.join(timeout_seconds)
    if not answers:
        raise TimeoutError("the name was not resolved in time")
    answer = answers[0]
    if isinstance(answer, OSError):
        raise answer
    return [ip_address(text) for text in answer]
