"""`heed inbox-server`: the server that an inbox's mail leaves through."""

import argparse
from collections.abc import Sequence

from heed.brands.models import Inbox
from heed.cli.asking import hidden
from heed.cli.problem import Problem
from heed.cli.setup import inbox_called
from heed.delivery.actions.setup import set_provider
from heed.kernel.errors import Unusable
from heed.kernel.outbound import PROVIDERS, ProviderAccess, SmtpUrl
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM

FORM = "smtp[s]://user:password@host:port"


def main(argv: Sequence[str]) -> int:
    """Give an inbox a server of its own, or take it back."""
    options = _options(argv)
    inbox = inbox_called(options.address)
    if not options.provider and inbox.provider:
        set_provider(inbox, access=None, by=SYSTEM)
        print(f"Mail of {inbox.address} leaves through no provider any more.")
    if options.default:
        done = _set(inbox, "")
        print(f"Mail of {inbox.address} leaves as HEED_SMTP_URL says{'' if done else ' already'}.")
        return 0
    if options.provider:
        print(_provider(inbox, options.provider))
        return 0
    url = hidden(f"Server, as {FORM}", variable="HEED_INBOX_SMTP_URL").strip()
    if not url:
        raise Problem("no server was given, so nothing was changed; --default takes the inbox's own away.")
    done = _set(inbox, url)
    server = SmtpUrl.read(url)
    print(
        f"Mail of {inbox.address} leaves through {server.host}:{server.port}"
        f"{' from now on' if done else ' already'} (protection: {server.security})."
    )
    return 0


def _provider(inbox: Inbox, code: str) -> str:
    needs = PROVIDERS[code].needs
    form = " ".join(f"{name}=…" for name in needs)
    given = hidden(f"What {code} has to be told, as {form}", variable="HEED_INBOX_PROVIDER").split()
    try:
        access = ProviderAccess.read(code, dict(part.split("=", 1) for part in given if "=" in part))
    except ValueError as error:
        raise Problem(
            f"{error} is missing, unknown or can't be used, so nothing was changed; it is {form}."
        ) from None
    set_provider(inbox, access=access, by=SYSTEM)
    return f"Mail of {inbox.address} leaves through {code} from now on."


def _set(inbox: Inbox, url: str) -> bool:
    """Whether that changed anything."""
    before = inbox.smtp_url
    try:
        return set_mail_server(inbox, url=url, by=SYSTEM).smtp_url != before
    except Unusable:
        raise Problem(
            f"this is no {FORM}, so nothing was changed. In a password write @ as %40, / as %2F, # as %23 and % as %25."
        ) from None


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed inbox-server",
        description=f"Say which server an inbox's mail leaves through. Its address, {FORM}, comes from "
        "HEED_INBOX_SMTP_URL, or is asked for, and is kept encrypted. Running it again changes nothing.",
    )
    parser.add_argument("address", metavar="ADDRESS", help="the inbox")
    parser.add_argument(
        "--default", action="store_true", help="as HEED_SMTP_URL says, like all other inboxes"
    )
    parser.add_argument(
        "--provider",
        choices=sorted(PROVIDERS),
        help="through this provider's API; its keys come from HEED_INBOX_PROVIDER, or are asked for",
    )
    return parser.parse_args(argv)
