"""`heed mailbox`: connect a mailbox to an inbox, list them, let one rest, take one away, try one out."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from heed.channels.email.providers import provider_of_place
from heed.cli.asking import hidden
from heed.cli.problem import Problem
from heed.cli.setup import inbox_called, plainly
from heed.connecting.trials import Prover
from heed.kernel import clock
from heed.kernel.mail_words import AfterFetch, MailProtocol, MailSecurity
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import (
    add_mailbox,
    change_mailbox,
    pause_mailbox,
    remove_mailbox,
    resume_mailbox,
)
from heed.mailboxes.models import Mailbox
from heed.mailboxes.queries import account_of, handling_of, mailbox, mailboxes
from heed.people.policy import SYSTEM

VARIABLE = "HEED_MAILBOX_PASSWORD"
REASONS = {
    "unreachable": "its server can't be reached",
    "timed_out": "its server does not answer in time",
    "certificate": "its server can't show who it is (its certificate is not valid for this name)",
    "no_tls": "its server has no STARTTLS",
    "login_refused": "its server refuses user name or password",
    "authorization_lost": "the provider no longer lets us in; it has to be connected anew",
    "folder_missing": "a folder is missing on its server",
    "refused": "its server refuses",
    "disk_full": "this desk's disk is full; the mail waits on its server",
    "unsealable": "the desk's secret changed; its password has to be entered again",
    "failed": "an error of Heed's own",
}
TRIALS = {  # what a trial comes to beyond what a visit can
    "no_name": "there is no server of this name",
    "no_answer": "nobody answers there",
    "certificate_name": "its server's certificate is for another name",
    "certificate_expired": "its server's certificate has run out",
    "certificate_not_yet": "its server's certificate is not valid yet",
    "certificate_self_signed": "its server signed its certificate itself",
    "certificate_unknown": "its server's certificate is signed by somebody whom this machine does not trust",
    "not_mail": "what answers there is no such mail server",
    "broke_off": "its server answered and then broke off",
    "token_lost": REASONS["authorization_lost"],
    "no_leave": REASONS["authorization_lost"],
}


def main(argv: Sequence[str]) -> int:
    """Do one of these."""
    options = _options(argv)
    work: Callable[[argparse.Namespace], int] = options.work
    return work(options)


def _add(options: argparse.Namespace) -> int:
    inbox = inbox_called(options.inbox)
    account = Account(
        options.host,
        options.user or inbox.address,
        MailProtocol(options.protocol),
        MailSecurity(options.security),
        options.port,
    )
    handling = Handling(
        options.work_from or clock.now().date(),
        not options.no_history,
        tuple(options.folder or ["INBOX"]),
        AfterFetch(options.after),
        options.move_to,
        options.sent_folder,
        options.file_sent,
        _checked_by(options),
    )
    password = hidden(f"Password of {account.user_name} at {account.host}", variable=VARIABLE)
    with plainly():
        row = add_mailbox(inbox, account=account, handling=handling, password=password, by=SYSTEM)
    print(
        f"Mailbox {row.pk}, {row.user_name} at {row.host}:{row.port}, is connected to {inbox.address}; "
        f"mail from {row.work_from_on} on is work. `heed mailbox test {row.pk}` tries it."
    )
    return 0


def _checked_by(options: argparse.Namespace) -> str:
    """The servers that were named, else those that the table of providers knows for this host."""
    if options.checked_by is not None:
        return str(options.checked_by)
    provider = provider_of_place(options.host)
    return " ".join(provider.checked_by) if provider else ""


def _list(options: argparse.Namespace) -> int:
    rows = mailboxes(SYSTEM)
    if not rows:
        print("No mailbox is connected; `heed mailbox add` connects one.")
    for row in rows:
        print(
            f"{row.pk:>4}  {row.inbox.address}  {row.user_name} at {row.host}:{row.port} ({row.protocol}, "
            f"{row.security})  {_state(row)}"
        )
    return 0


def _state(row: Mailbox) -> str:
    if not row.is_enabled:
        return "paused"
    if row.reason:
        words = f": {row.words}" if row.words else ""
        return f"FAILING since {row.failing_since_at:%Y-%m-%d %H:%M} UTC, {REASONS[row.reason]}{words}"
    if row.last_success_at is None:
        return "not looked at yet"
    waits = f", {row.backlog} mails to come" if row.backlog else ""
    return f"well at {row.last_success_at:%Y-%m-%d %H:%M} UTC{waits}"


def _pause(options: argparse.Namespace) -> int:
    pause_mailbox(mailbox(SYSTEM, options.number), by=SYSTEM)
    print(f"Mailbox {options.number} is left alone; `heed mailbox resume {options.number}` goes on.")
    return 0


def _resume(options: argparse.Namespace) -> int:
    resume_mailbox(mailbox(SYSTEM, options.number), by=SYSTEM)
    print(f"Mailbox {options.number} is read.")
    return 0


def _remove(options: argparse.Namespace) -> int:
    remove_mailbox(mailbox(SYSTEM, options.number), by=SYSTEM)
    print(f"Mailbox {options.number} is no longer read; what was fetched stays, here and there.")
    return 0


def _test(options: argparse.Namespace) -> int:
    row = mailbox(SYSTEM, options.number)
    found = Prover().receive_known(row)
    if not found.is_fine:
        words = f" It says: {found.words}" if found.words else ""
        raise Problem(f"mailbox {row.pk} can't be read: {(TRIALS | REASONS)[found.code]}.{words}")
    folders = f" Its folders: {', '.join(found.folders)}." if found.folders else ""
    print(f"Mailbox {row.pk}, {row.user_name} at {row.host}, lets us in: {found.mails} mails.{folders}")
    if row.checked_by:
        print(f"Senders are checked by {row.checked_by}.")
    elif found.checked_by.name:
        print(
            f"Senders seem to be checked by {found.checked_by.name}; `heed mailbox trust {row.pk}` believes it."
        )
    else:
        print("Nobody's word about its senders counts: a forged one is not noticed.")
    return 0


def _trust(options: argparse.Namespace) -> int:
    row = mailbox(SYSTEM, options.number)
    names = options.names or Prover().receive_known(row).checked_by.name.split()
    if not names:
        raise Problem(
            f"mailbox {row.pk}: its newest mails name no server that checks senders; name it yourself."
        )
    handling = replace(handling_of(row), checked_by=" ".join(names))
    with plainly():
        row = change_mailbox(row, account=account_of(row), handling=handling, by=SYSTEM)
    print(f"Mailbox {row.pk}: what {row.checked_by} says about senders counts from the next mail on.")
    return 0


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="heed mailbox", description="Mailboxes on other servers whose mail comes to an inbox."
    )
    parts = parser.add_subparsers(required=True, metavar="WHAT")
    _add_options(
        parts.add_parser(
            "add",
            help="connect one",
            description="Connect a mailbox to an inbox. Its password comes from HEED_MAILBOX_PASSWORD, or is asked "
            "for, and is kept encrypted. Nothing is ever deleted there unless --after delete says so.",
        )
    )
    parts.add_parser("list", help="show all, and how they are").set_defaults(work=_list)
    for name, work, words in (
        ("pause", _pause, "leave one alone until it is resumed"),
        ("resume", _resume, "read a paused one again"),
        ("remove", _remove, "take one away; mails and conversations stay"),
        ("test", _test, "log in and look, changing nothing"),
    ):
        part = parts.add_parser(name, help=words)
        part.add_argument("number", type=int, metavar="NUMBER", help="as `heed mailbox list` shows it")
        part.set_defaults(work=work)
    trust = parts.add_parser(
        "trust", help="say whose word about senders counts; left out: whom its newest mails name"
    )
    trust.add_argument("number", type=int, metavar="NUMBER", help="as `heed mailbox list` shows it")
    trust.add_argument("names", nargs="*", metavar="SERVER", help="such as mx.example.com, or *.example.com")
    trust.set_defaults(work=_trust)
    return parser.parse_args(argv)


def _add_options(part: argparse.ArgumentParser) -> None:
    part.set_defaults(work=_add)
    part.add_argument("host", metavar="HOST", help="the mail server; one inside your network is allowed")
    part.add_argument("--inbox", required=True, metavar="ADDRESS", help="the inbox that the mail comes to")
    part.add_argument("--user", default="", help="user name; the inbox's address if left out")
    part.add_argument("--protocol", choices=list(MailProtocol), default=MailProtocol.IMAP)
    part.add_argument("--security", choices=list(MailSecurity), default=MailSecurity.TLS)
    part.add_argument("--port", type=int, default=0, help="the usual one if left out")
    part.add_argument("--folder", action="append", metavar="NAME", help="may be repeated; INBOX if left out")
    part.add_argument(
        "--work-from",
        type=date.fromisoformat,
        metavar="DAY",
        help="mail from before is history; today if left out",
    )
    part.add_argument("--no-history", action="store_true", help="leave mail from before where it is")
    part.add_argument(
        "--after",
        choices=list(AfterFetch),
        default=AfterFetch.LEAVE,
        help="what becomes of fetched mail there: leave it (the rule), flag it as read, move or delete it",
    )
    part.add_argument("--move-to", default="", metavar="FOLDER", help="with --after move")
    part.add_argument("--sent-folder", default="", metavar="FOLDER", help="its answers are taken in as ours")
    part.add_argument("--file-sent", action="store_true", help="put the desk's answers there too")
    part.add_argument(
        "--checked-by",
        metavar="SERVERS",
        help="whose Authentication-Results are believed; of large providers the desk knows it",
    )
