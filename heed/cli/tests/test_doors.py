"""Both doors in one process."""

import socket

import pytest

from heed.cli import doors
from heed.cli.sockets import listen
from heed.kernel.hostport import HostPort

ANY = HostPort("127.0.0.1", 0)


def test_when_mail_cant_be_taken_the_pages_end_too_and_the_error_is_raised() -> None:
    pages, mail = (listen(ANY, option="--http", variable="HEED_HTTP") for _ in range(2))
    mail.close()
    with pytest.raises((OSError, ValueError)):
        doors.run(pages, mail, mail)
    address = pages.getsockname()
    pages.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(address, timeout=5)
