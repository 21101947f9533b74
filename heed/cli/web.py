"""`heed web`: the pages and the event stream alone."""

import argparse
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, Protocol, cast

import uvicorn
import uvicorn.lifespan.on
import uvicorn.loops.uvloop
import uvicorn.protocols.http.httptools_impl
from django.conf import settings
from django.utils.module_loading import import_string

from heed.cli.database import migrate
from heed.cli.sockets import Listening, listen, where
from heed.kernel.config import config
from heed.kernel.hostport import HostPort

log = logging.getLogger("heed.web")

GRACE_SECONDS: Final = 10
KEEP_ALIVE_SECONDS: Final = 75


class Pages(Protocol):
    """The ASGI application, which can also be asked to end its streams."""

    def __call__(
        self, scope: Any, receive: Callable[..., Any], send: Callable[..., Any], /
    ) -> Awaitable[None]:
        """Answer one request."""

    async def close_streams(self) -> None:
        """End every event stream: browsers come back to the next process."""


class Server(uvicorn.Server):
    """Ends event streams before it waits for requests under way, since they never end by themselves."""

    async def shutdown(self, sockets: list[Listening] | None = None) -> None:
        """Stop listening, end the streams, let requests finish."""
        await cast(Pages, self.config.app).close_streams()
        await super().shutdown(sockets)


def application() -> Pages:
    """The pages, imported; by name, since this room knows nothing of the others on its floor."""
    return cast(Pages, import_string(settings.ASGI_APPLICATION))


def run(listening: Listening) -> None:
    """Answer requests until SIGTERM or SIGINT."""
    server().run(sockets=[listening.dup()])


def server() -> Server:
    """What answers requests, until it is told to stop."""
    return Server(
        uvicorn.Config(
            application(),
            loop="uvloop",
            http="httptools",
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
    )


def open_port() -> Listening:
    """Listen where the settings say. Raises Problem."""
    return listen(HostPort.read(config.http), option="--http", variable="HEED_HTTP")


def main(argv: Sequence[str]) -> int:
    """Run the pages in the foreground."""
    parser = argparse.ArgumentParser(prog="heed web", description="Run the pages and the event stream alone.")
    parser.add_argument("--http", metavar="HOST:PORT", help=f"where to listen; now {config.http}")
    parser.parse_args(argv)
    listening = open_port()
    migrate()
    log.info("pages at http://%s", where(listening))
    run(listening)
    return 0
