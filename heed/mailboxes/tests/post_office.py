"""What tests of mailboxes share: an account, its handling, mailboxes of the company, and mails to be fetched."""

from datetime import date
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from heed.conversations.models import Conversation, Message
from heed.delivery.models import CaughtMail
from heed.intake.models import Receipt
from heed.intake.receipts import accepted_now
from heed.kernel import blobs, clock
from heed.kernel.mail_words import MailSecurity
from heed.kernel.words import Origin
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.reports import After, Fetched, claim_mailboxes, open_folder
from heed.mailboxes.models import Folder, Mailbox
from heed.people.policy import SYSTEM
from heed.testing.world import World

ACCOUNT = Account("mail.linden.example", "help@linden.example")
PASSWORD = "the owl at noon"


def handling(**more: Any) -> Handling:
    """All mail is work, and nothing is done about it on the server."""
    return Handling(**{"work_from_on": date(2020, 1, 1), **more})


def mailbox(world: World, account: Account = ACCOUNT, **more: Any) -> Mailbox:
    """A mailbox of Linden's help inbox."""
    return add_mailbox(world.help, account=account, handling=handling(**more), password=PASSWORD, by=SYSTEM)


def claimed(world: World, **more: Any) -> tuple[Mailbox, Folder]:
    """A mailbox that a worker has taken on, with its first folder."""
    mailbox(world, **more)
    row = claim_mailboxes(limit=1, by=SYSTEM)[0]
    return row, open_folder(row, name="INBOX", uidvalidity=7, is_sent=False, by=SYSTEM)


def plain(host: str, port: int, user: str, **more: Any) -> Account:
    """An account on a server of the tests' own, which speaks in the clear."""
    return Account(host, user, security=MailSecurity.PLAIN, port=port, **more)


def letter(number: int, *, text: str = "The bell is missing.", **headers: str) -> bytes:
    """A mail from Dalia to the help inbox; each number makes another one."""
    mail = EmailMessage(policy=SMTP)
    told = {
        "Return-Path": "<dalia@example.org>",
        "From": "Dalia Haddad <dalia@example.org>",
        "To": "help@linden.example",
        "Subject": f"Order {number}",
        "Date": format_datetime(clock.now()),
        "Message-ID": f"<order-{number}@example.org>",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    for name, value in told.items():
        if value:
            mail[name] = value
    mail.set_content(text)
    return mail.as_bytes()


def fetched(uid: int, raw: bytes, origin: Origin = Origin.LIVE, after: After = After.NOTHING) -> Fetched:
    """A mail as a worker hands it on."""
    accepted = accepted_now(raw, mail_from="dalia@example.org", recipients=["help@linden.example"])
    return Fetched(str(uid), blobs.sha256_of(raw), accepted, origin, after)


def forget(conversation: Conversation) -> None:
    """Erase everything that the desk knows of a conversation, its kept mails as well."""
    CaughtMail.objects.all().delete()
    Receipt.objects.all().delete()
    Message.objects.update(answers=None)
    for relation in Conversation._meta.related_objects:
        relation.related_model._base_manager.filter(**{relation.field.name: conversation}).delete()
    conversation.delete()
