"""The ports of a desk, opened before anything is started, so that a port in use is told at once."""

import errno
import socket
from typing import Final

from heed.cli.problem import Problem
from heed.kernel.hostport import HostPort

_BACKLOG: Final = 512

Listening = socket.socket


def listen(where: HostPort, *, option: str, variable: str) -> Listening:
    """Listen there. Connections wait until someone takes them. Raises Problem, saying what to do."""
    other = f"Choose another address with {option} HOST:PORT or {variable}."
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError:
        raise Problem(f"{where.host} is no address of this machine. {other}") from None
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise Problem(f"{_reason(error, where)} {other}") from None
    return listening


def inherited(number: int) -> Listening:
    """One that another process opened and left to us under this number."""
    listening = socket.socket(fileno=number)
    listening.set_inheritable(False)
    return listening


def where(listening: Listening) -> HostPort:
    """The address at which it really listens; port 0 asked for a free one."""
    host, port = listening.getsockname()[:2]
    return HostPort(host, port)


def _reason(error: OSError, where: HostPort) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {where.port} on {where.host} is in use, perhaps by another Heed. Stop that one, or else:"
        )
    if error.errno == errno.EACCES:
        return f"Port {where.port} is reserved for the administrator of this machine."
    return f"Can't listen on {where}: {error.strerror}."
