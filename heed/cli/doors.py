"""Both doors of a desk in one process: its pages, and mail by SMTP and LMTP.

`heed web` and `heed mail serve` are the same apart, each as often as wanted.
"""

import asyncio

import uvloop

from heed.cli import mail_serve, web
from heed.cli.sockets import Listening


def run(pages: Listening, smtp: Listening, lmtp: Listening) -> None:
    """Answer requests and take mail until SIGTERM or SIGINT; what is under way may end first.

    When one of the doors fails the other ends too and its error is raised: whoever started both starts them again.
    """
    uvloop.run(_both(pages, smtp, lmtp))


async def _both(pages: Listening, smtp: Listening, lmtp: Listening) -> None:
    server, stop = web.server(), asyncio.Event()
    mail = asyncio.create_task(mail_serve.take(smtp, lmtp, stop))
    mail.add_done_callback(lambda _: setattr(server, "should_exit", True))
    try:
        await server.serve(sockets=[pages.dup()])
    finally:
        stop.set()
        await mail
