"""`heed mail serve`: the SMTP and LMTP listener alone."""

import argparse
import asyncio
import logging
import signal
import ssl
from collections.abc import Sequence
from urllib.parse import urlsplit

import uvloop
from django.db import close_old_connections

from heed.channels.email.listener import Accepted, ListenerLimits, serve, tls_context
from heed.cli.database import migrate
from heed.cli.problem import Problem
from heed.cli.sockets import Listening, listen, where
from heed.intake.receipts import InboxKeeper
from heed.kernel.config import config
from heed.kernel.hostport import HostPort

log = logging.getLogger("heed.mail")
logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd tells of every connection


class Keeper(InboxKeeper):
    """Keeps mail from the listener's threads, each with a connection of its own that may break and heal."""

    def accepts(self, address: str) -> bool:
        """Say whether the address is ours."""
        close_old_connections()
        return super().accepts(address)

    def keep(self, accepted: Accepted) -> None:
        """Return only when the mail is durable."""
        close_old_connections()
        super().keep(accepted)

    def keep_many(self, batch: Sequence[Accepted]) -> None:
        """Keep all or none."""
        close_old_connections()
        super().keep_many(batch)


def run(smtp: Listening, lmtp: Listening) -> None:
    """Take mail until SIGTERM or SIGINT; mails under way may end first."""
    uvloop.run(_listen(smtp, lmtp))


async def _listen(smtp: Listening, lmtp: Listening) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await take(smtp, lmtp, stop)


async def take(smtp: Listening, lmtp: Listening, stop: asyncio.Event) -> None:
    """Take mail until stop is set."""
    server = await serve(
        Keeper(),
        smtp=smtp,
        lmtp=lmtp,
        limits=ListenerLimits.for_mails_of(config.mail_max_bytes),
        tls=_tls(),
        hostname=urlsplit(config.public_url).hostname or "localhost",
    )
    await stop.wait()
    await server.stop()


def _tls() -> ssl.SSLContext | None:
    """What STARTTLS is offered with; None where no certificate is set. Raises Problem."""
    if not (config.smtp_certificate or config.smtp_key):
        return None
    try:
        return tls_context(config.smtp_certificate, config.smtp_key or config.smtp_certificate)
    except OSError as error:
        raise Problem(
            f"HEED_SMTP_CERTIFICATE ({config.smtp_certificate}) and HEED_SMTP_KEY can't be used: {error}. "
            "They name PEM files; the first may hold both."
        ) from error


def open_ports() -> tuple[Listening, Listening]:
    """Listen for SMTP and LMTP where the settings say. Raises Problem."""
    smtp = listen(HostPort.read(config.smtp), option="--smtp", variable="HEED_SMTP")
    lmtp = listen(HostPort.read(config.lmtp), option="--lmtp", variable="HEED_LMTP")
    return smtp, lmtp


def main(argv: Sequence[str]) -> int:
    """Run the listener in the foreground."""
    parser = argparse.ArgumentParser(prog="heed mail serve", description="Take mail by SMTP and LMTP.")
    parser.add_argument("--smtp", metavar="HOST:PORT", help=f"where SMTP listens; now {config.smtp}")
    parser.add_argument("--lmtp", metavar="HOST:PORT", help=f"where LMTP listens; now {config.lmtp}")
    parser.parse_args(argv)
    smtp, lmtp = open_ports()
    migrate()
    log.info("mail by SMTP at %s, by LMTP at %s", where(smtp), where(lmtp))
    run(smtp, lmtp)
    return 0
