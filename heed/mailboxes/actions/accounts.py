"""Verbs by which people connect a mailbox, change it, let it rest and take it away."""

from datetime import timedelta
from typing import Any

from heed.brands.models import Inbox
from heed.eventlog.kinds import MailboxRecovered
from heed.eventlog.unit import add, change, lock, lock_many, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.secrets import seal
from heed.kernel.words import Deed, InboxId, MailboxId, Setting
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.models import Authorization, Mailbox
from heed.people.actions import AlreadyThere
from heed.people.noting import note_inbox
from heed.people.policy import Actor, may_set_up_mail

FIRST_RECONCILIATION = timedelta(hours=24)


class MailboxRemoved(NotAllowedNow):
    """The mailbox was taken away; adding the same account again brings it back."""

    code = "mailbox_removed"


class NothingToLogInWith(NotAllowedNow):
    """Neither a password nor a provider's leave is there."""

    code = "nothing_to_log_in_with"


@verb
def add_mailbox(inbox: Inbox, *, account: Account, handling: Handling, password: str, by: Actor) -> Mailbox:
    """Afterwards mail of this account comes to the inbox. With a provider it rests until the provider lets us in.

    An account that was removed from this inbox comes back, and what was fetched from it is not fetched again. The
    password is kept sealed. Raises Refused, AlreadyThere, and Unusable with the field that can't be right.
    """
    require(may_set_up_mail(by))
    where = account.tidy()
    how = handling.tidy(where.protocol)
    if (where.provider is None) != bool(password):
        raise Unusable("password", "missing" if where.provider is None else "not_with_oauth")
    held = lock(inbox)  # two who add the same account wait for each other
    known = Mailbox.objects.filter(
        inbox=held, protocol=where.protocol, host=where.host, user_name=where.user_name
    ).first()
    values = {**_columns(where), **_handling(how), **_begun(password)}
    if known is not None and known.removed_at is None:
        raise AlreadyThere
    note_inbox(Setting.MAILBOX, held, Deed.ADDED)
    if known is None:
        return add(Mailbox(inbox=held, **values))
    return change(lock(known), **values)


def _columns(account: Account) -> dict[str, Any]:
    return {
        "protocol": account.protocol,
        "host": account.host,
        "port": account.port,
        "security": account.security,
        "user_name": account.user_name,
        "provider": account.provider or "",
    }


def _handling(handling: Handling) -> dict[str, Any]:
    return {
        "folders": list(handling.folders),
        "after_fetch": handling.after_fetch,
        "move_to": handling.move_to,
        "work_from_on": handling.work_from_on,
        "wants_history": handling.wants_history,
        "sent_folder": handling.sent_folder,
        "wants_sent_filed": handling.wants_sent_filed,
        "checked_by": handling.checked_by,
    }


def _begun(password: str) -> dict[str, Any]:
    """How a mailbox begins, or begins again: nothing is known of it yet."""
    now = clock.now()
    return {
        "password": seal(password) if password else "",
        "is_enabled": bool(password),
        "due_at": now if password else None,
        "claimed_until": None,
        "removed_at": None,
        "reconcile_at": now + FIRST_RECONCILIATION,
        **_well(),
    }


def _well() -> dict[str, Any]:
    return {
        "failures": 0,
        "failing_since_at": None,
        "reason": MailboxTrouble.NONE,
        "words": "",
        "is_alarmed": False,
    }


def hold(mailbox: Mailbox, by: Actor) -> Mailbox:
    """Inside a verb: the mailbox, locked, for one who may set up. Raises Refused, MailboxRemoved."""
    require(may_set_up_mail(by))
    held = lock(mailbox)
    if held.removed_at is not None:
        raise MailboxRemoved
    return held


@verb
def change_mailbox(mailbox: Mailbox, *, account: Account, handling: Handling, by: Actor) -> Mailbox:
    """Afterwards it is read so, and looked at now. Password or OAuth stay as they are.

    Another server, user or protocol is another account: its folders are read from the beginning, and what was fetched
    before does not come again as long as its bytes are the same. Raises Refused, MailboxRemoved, AlreadyThere, and
    Unusable; changing between password and OAuth is adding another mailbox (provider: fixed).
    """
    held = hold(mailbox, by)
    where = account.tidy()
    how = handling.tidy(where.protocol)
    if (where.provider or "") != held.provider:
        raise Unusable("provider", "fixed")
    before = (held.protocol, held.host, held.user_name)
    is_another = before != (where.protocol, where.host, where.user_name)
    if is_another and _is_taken(held, where):
        raise AlreadyThere
    values = {**_columns(where), **_handling(how)}
    if all(getattr(held, name) == value for name, value in values.items()):
        return held
    note_inbox(Setting.MAILBOX, held.inbox)
    values["generation"] = held.generation + is_another
    # Whoever reads it now loses the claim, so that nothing of the old account is taken for the new one's.
    return change(held, **values, due_at=clock.now() if held.is_enabled else None, claimed_until=None)


def _is_taken(held: Mailbox, where: Account) -> bool:
    same = Mailbox.objects.filter(
        inbox_id=held.inbox_id, protocol=where.protocol, host=where.host, user_name=where.user_name
    )
    return same.exclude(pk=held.pk).exists()


@verb
def set_mailbox_password(mailbox: Mailbox, *, password: str, by: Actor) -> Mailbox:
    """Afterwards this password, kept sealed, opens the mailbox; it is tried now.

    Raises Refused, MailboxRemoved, and Unusable for one that a provider lets us into (password: not_with_oauth).
    """
    held = hold(mailbox, by)
    if held.provider or not password:
        raise Unusable("password", "not_with_oauth" if held.provider else "missing")
    note_inbox(Setting.MAILBOX_PASSWORD, held.inbox)
    return change(
        held, password=seal(password), due_at=clock.now() if held.is_enabled else None, claimed_until=None
    )


@verb
def pause_mailbox(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards it is left alone until it is resumed; its mail waits on its server. Raises Refused, MailboxRemoved."""
    held = hold(mailbox, by)
    if not held.is_enabled:
        return held
    note_inbox(Setting.MAILBOX, held.inbox, Deed.PAUSED)
    return change(held, is_enabled=False, due_at=None, claimed_until=None)


@verb
def resume_mailbox(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards it is read again, from now on. Nothing for one that is not paused.

    Raises Refused, MailboxRemoved, NothingToLogInWith.
    """
    held = hold(mailbox, by)
    if held.is_enabled:
        return held
    if not held.password and not Authorization.objects.filter(mailbox=held).exclude(refresh="").exists():
        raise NothingToLogInWith
    note_inbox(Setting.MAILBOX, held.inbox, Deed.RESUMED)
    return change(held, is_enabled=True, due_at=clock.now())


@verb
def look_now(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards it is due now, and compared with the desk mail by mail as well. Nothing for one that is paused.

    Raises Refused, MailboxRemoved.
    """
    held = hold(mailbox, by)
    if not held.is_enabled:
        return held
    now = clock.now()
    return change(held, due_at=min(held.due_at or now, now), reconcile_at=now)


@verb
def look_soon(inbox: Inbox, *, by: Actor) -> int:
    """Afterwards the mailboxes of an inbox are due now, for the desk itself, which expects a mail; how many.

    Nothing for those that are paused or failing: they are tried again in their own time.
    """
    now = clock.now()
    wanted = Mailbox.objects.filter(inbox=inbox, is_enabled=True, reason=MailboxTrouble.NONE, due_at__gt=now)
    rows = lock_many(Mailbox, sorted(wanted.values_list("pk", flat=True))).values()
    for row in rows:
        change(row, due_at=now)
    return len(rows)


@verb
def remove_mailbox(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards it is no mailbox of the desk, and its password or tokens are gone; mails and conversations stay.

    That its mails were fetched is remembered. Records mailbox.recovered when it had failed, since nobody has to see to
    it any more. Raises Refused. Nothing happens twice.
    """
    require(may_set_up_mail(by))
    held = lock(mailbox)
    if held.removed_at is not None:
        return held
    if held.is_alarmed:
        record(MailboxRecovered(mailbox=MailboxId(held.pk), inbox=InboxId(held.inbox_id)))
    tokens = Authorization.objects.filter(mailbox=held).first()
    if tokens is not None:
        remove(tokens)
    note_inbox(Setting.MAILBOX, held.inbox, Deed.REMOVED)
    gone = {"removed_at": clock.now(), "is_enabled": False, "due_at": None, "claimed_until": None}
    return change(held, **gone, password="", backlog=0, **_well())
