"""A line to a server that is cut after so many bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from heed.mailboxes.tests.dovecot import free_port


@dataclass
class Cutting:
    """Passes everything on to a port, and hangs up once a connection has given `after` or got `heard` bytes.

    None: never.
    """

    to: int
    port: int
    after: int | None = None
    heard: int | None = None

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                ours, _ = listening.accept()
            except OSError:
                return
            theirs = socket.create_connection(("127.0.0.1", self.to))
            threading.Thread(target=self._pass, args=(ours, theirs, self.heard), daemon=True).start()
            threading.Thread(target=self._pass, args=(theirs, ours, self.after), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, left: int | None) -> None:
        with suppress(OSError):
            while piece := source.recv(4096):
                if left is not None:
                    piece = piece[:left]
                    left -= len(piece)
                sink.sendall(piece)
                if left == 0:
                    break
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def cutting(to: int) -> Iterator[Cutting]:
    """One such line."""
    found = Cutting(to, free_port())
    with socket.create_server(("127.0.0.1", found.port)) as listening:
        threading.Thread(target=found.serve, args=(listening,), daemon=True).start()
        yield found
        listening.shutdown(socket.SHUT_RDWR)
