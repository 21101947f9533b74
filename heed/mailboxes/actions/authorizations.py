"""Verbs about a provider's leave to read a mailbox: asked for, given, renewed, lost. Tokens are kept sealed."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from heed.eventlog.unit import add, change, lock, lock_many, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable
from heed.kernel.secrets import seal, unseal
from heed.kernel.words import Setting
from heed.mailboxes.actions.accounts import hold
from heed.mailboxes.models import Authorization, Mailbox, PendingAuthorization
from heed.people.noting import note_inbox
from heed.people.policy import Actor

PENDING_SECONDS = 900  # how long a person may take at the provider's
REFRESH_SECONDS = 60  # how long one process may take to get a new token, before another one tries


class UnknownState(NotAllowedNow):
    """Nobody of this desk began this, it was somebody else, it was used already, or it took too long."""

    code = "unknown_state"


@dataclass(frozen=True, slots=True)
class Begun:
    """What the provider is told: a state that it gives back, and the challenge of a verifier that only we know."""

    state: str
    challenge_of: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What we remember of it when the person comes back."""

    mailbox: Mailbox
    verifier: str
    return_to: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider gave. Without a refresh token the one before goes on being good."""

    access: str
    refresh: str
    ends_at: datetime


@verb
def begin_asking(mailbox: Mailbox, *, return_to: str, by: Actor) -> Begun:
    """Afterwards this desk waits for who was sent to the provider; earlier ones of this mailbox are forgotten.

    Raises Refused, MailboxRemoved, and Unusable for a mailbox with a password (provider: missing).
    """
    held = hold(mailbox, by)
    if not held.provider:
        raise Unusable("provider", "missing")
    for row in PendingAuthorization.objects.filter(mailbox=held):
        remove(row)
    state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    add(
        PendingAuthorization(
            mailbox=held,
            agent_id=by.agent_id,
            state=_hash(state),
            verifier=seal(verifier),
            return_to=return_to,
            ends_at=clock.now() + timedelta(seconds=PENDING_SECONDS),
        )
    )
    return Begun(state, verifier)


def _hash(state: str) -> str:
    return hashlib.sha256(state.encode("utf-8", "replace")).hexdigest()


@verb
def take_pending(state: str, *, by: Actor) -> Pending:
    """Afterwards this state is used up, and the caller has what it stood for.

    Refuses with UnknownState, also for another person than who began; Refused, MailboxRemoved as ever.
    """
    row = PendingAuthorization.objects.filter(state=_hash(state)).select_related("mailbox").first()
    if row is None or row.ends_at < clock.now() or row.agent_id != by.agent_id:
        raise UnknownState
    mailbox = hold(row.mailbox, by)
    if not lock_many(PendingAuthorization, [row.pk]):
        raise UnknownState  # two came back with the same
    remove(row)
    return Pending(mailbox, unseal(row.verifier), row.return_to)


@verb
def keep_tokens(mailbox: Mailbox, *, tokens: Tokens, by: Actor) -> None:
    """Afterwards the provider lets us in with these: the mailbox is enabled and looked at now.

    Raises Refused, MailboxRemoved.
    """
    held = hold(mailbox, by)
    values = {
        "provider": held.provider,
        "access": seal(tokens.access),
        "refresh": seal(tokens.refresh),
        "ends_at": tokens.ends_at,
        "claimed_until": None,
    }
    known = lock_many(Authorization, [held.pk]).get(held.pk)
    if known is None:
        add(Authorization(mailbox=held, **values))
    else:
        change(known, **values)
    change(held, is_enabled=True, due_at=clock.now(), claimed_until=None)
    note_inbox(Setting.MAILBOX_LEAVE, held.inbox)


@verb
def claim_refresh(mailbox: Mailbox, *, stale: str, by: Actor) -> Authorization | None:
    """Afterwards the caller alone may ask for a new token in place of the stale one, for REFRESH_SECONDS.

    Nothing is changed, and None returned, when somebody else does already, or has done: then look again.
    """
    row = lock(Authorization(mailbox_id=mailbox.pk))
    now = clock.now()
    if row.access != stale or not row.refresh or (row.claimed_until is not None and row.claimed_until > now):
        return None
    return change(row, claimed_until=now + timedelta(seconds=REFRESH_SECONDS))


def _mine(claimed: Authorization) -> Authorization | None:
    """The row, locked, while the caller's claim is good."""
    row = lock_many(Authorization, [claimed.pk]).get(claimed.pk)
    return row if row is not None and row.claimed_until == claimed.claimed_until else None


@verb
def keep_refreshed(authorization: Authorization, *, tokens: Tokens, by: Actor) -> None:
    """Afterwards these tokens are the good ones. Nothing when the caller's claim is another's by now."""
    row = _mine(authorization)
    if row is not None:
        refresh = seal(tokens.refresh) if tokens.refresh else row.refresh
        change(row, access=seal(tokens.access), refresh=refresh, ends_at=tokens.ends_at, claimed_until=None)


@verb
def give_up_refresh(authorization: Authorization, *, by: Actor) -> None:
    """Afterwards somebody else may try: the provider did not answer. Nothing when the claim is another's by now."""
    row = _mine(authorization)
    if row is not None:
        change(row, claimed_until=None)


@verb
def lose_authorization(authorization: Authorization, *, by: Actor) -> None:
    """Afterwards the desk knows that the provider took its leave back. Nothing when the claim is another's by now."""
    row = _mine(authorization)
    if row is not None:
        change(row, access="", refresh="", claimed_until=None)
