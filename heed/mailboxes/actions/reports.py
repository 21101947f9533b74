"""Verbs by which a worker takes a mailbox on, keeps what it fetches, and says how it went. All check the claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from heed.channels.email.listener_types import Accepted
from heed.eventlog import due
from heed.eventlog.kinds import MailboxFailed, MailboxRecovered
from heed.eventlog.unit import add, change, lock_many, record, verb
from heed.intake.history import keep_parked
from heed.intake.receipts import keep, keep_own
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.words import InboxId, MailboxId, Origin
from heed.mailboxes.models import FetchedMail, Folder, Mailbox
from heed.people.policy import Actor

WORDS_CHARACTERS = 300
FAILURES_BEFORE_ALARM = 3
ALARM_AFTER = timedelta(minutes=3)
# What somebody has to see to, however often we try: said at once.
CERTAIN = frozenset(
    {
        MailboxTrouble.LOGIN_REFUSED,
        MailboxTrouble.AUTHORIZATION_LOST,
        MailboxTrouble.FOLDER_MISSING,
        MailboxTrouble.CERTIFICATE,
        MailboxTrouble.NO_TLS,
        MailboxTrouble.UNSEALABLE,
        MailboxTrouble.DISK_FULL,
    }
)
LONGEST_PAUSE_SECONDS = 600.0


class After(Enum):
    """Whether something is still to be done about a fetched mail on its server."""

    NOTHING = "nothing"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Stored:
    """A mail that no parser may see: its bytes are in blob storage already, and it is parked."""

    size: int
    mail_from: str
    recipients: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it came from a mailbox, and what is still to be done about it there."""

    uid: str
    sha256: str
    mail: Accepted | Stored | None  # None: it was looked at, and nobody wants it
    origin: Origin
    after: After = After.NOTHING


@verb
def claim_mailboxes(*, limit: int, by: Actor) -> list[Mailbox]:
    """Afterwards up to `limit` mailboxes that are due belong to the caller for config.lease_seconds."""
    return due.claim(Mailbox, limit=limit, lease_seconds=config.lease_seconds)


@verb
def claim_mailbox(mailbox: Mailbox, *, by: Actor) -> Mailbox | None:
    """Afterwards this mailbox belongs to the caller for config.lease_seconds. Nothing, and None, when it is another's.

    Nothing for one that is paused either.
    """
    held = lock_many(Mailbox, [mailbox.pk]).get(mailbox.pk)
    now = clock.now()
    if held is None or held.due_at is None or (held.claimed_until is not None and held.claimed_until >= now):
        return None
    ends = now + timedelta(seconds=config.lease_seconds)
    return change(held, claimed_until=ends, attempts=held.attempts + 1)


@verb
def renew(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards a claimed mailbox belongs to the caller for config.lease_seconds more. Refuses with ClaimLost."""
    held = due.hold(mailbox)
    return change(held, claimed_until=clock.now() + timedelta(seconds=config.lease_seconds))


@verb
def open_folder(mailbox: Mailbox, *, name: str, uidvalidity: int, is_sent: bool, by: Actor) -> Folder:
    """Afterwards the folder under this UIDVALIDITY is known, and read from its beginning if it was not before.

    Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    found = Folder.objects.filter(
        mailbox=held, generation=held.generation, name=name, uidvalidity=uidvalidity
    ).first()
    if found is not None:
        return found if found.is_sent == is_sent else change(_held(found), is_sent=is_sent)
    return add(
        Folder(mailbox=held, generation=held.generation, name=name, uidvalidity=uidvalidity, is_sent=is_sent)
    )


def _held(folder: Folder) -> Folder:
    return lock_many(Folder, [folder.pk])[folder.pk]


@verb
def keep_fetched(mailbox: Mailbox, *, folder: Folder, mails: Sequence[Fetched], by: Actor) -> int:
    """Afterwards these mails are kept, in one durable commit, and none is ever fetched again; how many were new.

    A mail whose exact bytes came from this mailbox before is only noted. Refuses with ClaimLost, and raises
    IntegrityError when another worker has fetched one of them, whatever the time: then nothing is kept.
    """
    held = due.hold(mailbox)
    fresh = _fresh(held, mails)
    for origin in (Origin.LIVE, Origin.IMPORT):
        _keep([one for one in fresh if one.origin is origin], origin, folder, by)
    for mail in mails:
        row = FetchedMail(
            folder=folder, uid=mail.uid, sha256=mail.sha256, is_left=mail.after is After.NOTHING
        )
        add(row)
    kept = sum(1 for one in fresh if one.mail is not None)
    if kept:
        change(held, last_mail_at=clock.now())
    return kept


def _keep(mails: Sequence[Fetched], origin: Origin, folder: Folder, by: Actor) -> None:
    batch = [one.mail for one in mails if isinstance(one.mail, Accepted)]
    if batch and folder.is_sent:
        keep_own(batch, origin=origin, by=by)
    elif batch:
        keep(batch, origin=origin, by=by)
    for one in mails:
        if isinstance(one.mail, Stored):
            keep_parked(
                one.sha256,
                size=one.mail.size,
                recipients=one.mail.recipients,
                mail_from=one.mail.mail_from,
                origin=origin,
                by=by,
            )


def _fresh(mailbox: Mailbox, mails: Sequence[Fetched]) -> list[Fetched]:
    seen = set(known_hashes(mailbox, [mail.sha256 for mail in mails]))
    fresh = []
    for mail in mails:
        if mail.sha256 not in seen:
            seen.add(mail.sha256)
            fresh.append(mail)
    return fresh


def known_hashes(mailbox: Mailbox, hashes: Sequence[str]) -> frozenset[str]:
    """Those of these hashes whose bytes came from this mailbox before, whatever folder or number they had."""
    rows = FetchedMail.objects.filter(folder__mailbox=mailbox, sha256__in=hashes)
    return frozenset(rows.values_list("sha256", flat=True))


@verb
def note_progress(
    mailbox: Mailbox, *, folder: Folder, last_uid: int, is_whole: bool, backlog: int, by: Actor
) -> None:
    """Afterwards the folder was read up to this number, wholly or not, and so many mails of the mailbox are to come.

    Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    row = _held(folder)
    last = max(row.last_uid, last_uid)
    if (row.last_uid, row.is_whole) != (last, is_whole):
        change(row, last_uid=last, is_whole=is_whole)
    if held.backlog != backlog:
        change(held, backlog=backlog)


@verb
def note_settled(
    mailbox: Mailbox, *, uids: Sequence[str], folder: Folder, taken: Sequence[str], by: Actor
) -> None:
    """Afterwards nothing more is to be done on the server about these mails; those in `taken` are no longer there.

    Refuses with ClaimLost.
    """
    due.hold(mailbox)
    rows = FetchedMail.objects.filter(folder=folder, uid__in=uids, is_left=False)
    gone = frozenset(taken)
    for row in rows:
        change(row, is_left=True, was_taken=row.uid in gone)


@verb
def follow_rename(mailbox: Mailbox, *, old: str, new: str, by: Actor) -> Mailbox:
    """Afterwards a folder that somebody renamed on the server is read under its new name. Refuses with ClaimLost."""
    held = due.hold(mailbox)
    names = list(dict.fromkeys(new if name == old else name for name in held.folders))
    return change(held, folders=names, sent_folder=new if held.sent_folder == old else held.sent_folder)


@verb
def report_success(mailbox: Mailbox, *, next_at: datetime, by: Actor) -> Mailbox:
    """Afterwards the mailbox is well and due again at `next_at`; the claim ends.

    Records mailbox.recovered if it had failed. Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    _well(held)
    return change(held, due_at=next_at, claimed_until=None, attempts=0)


@verb
def report_alive(mailbox: Mailbox, *, by: Actor) -> Mailbox:
    """Afterwards the mailbox is well and goes on being the caller's. Records mailbox.recovered if it had failed.

    Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    _well(held)
    ends = clock.now() + timedelta(seconds=config.lease_seconds)
    return change(
        held, claimed_until=ends, due_at=ends, attempts=0
    )  # due sooner: somebody wants it looked at


def _well(held: Mailbox) -> None:
    if held.is_alarmed:
        record(MailboxRecovered(mailbox=MailboxId(held.pk), inbox=InboxId(held.inbox_id)))
    change(
        held,
        last_success_at=clock.now(),
        failing_since_at=None,
        failures=0,
        reason=MailboxTrouble.NONE,
        words="",
        is_alarmed=False,
    )


@verb
def report_failure(mailbox: Mailbox, *, reason: MailboxTrouble, words: str, by: Actor) -> Mailbox:
    """Afterwards it is on record why the mailbox can't be read, and it is tried again after a growing pause.

    Records mailbox.failed, once until it recovers: at once for what somebody has to see to, else when it failed
    FAILURES_BEFORE_ALARM times in a row or for ALARM_AFTER. Refuses with ClaimLost.
    """
    held = due.hold(mailbox)
    now = clock.now()
    since = held.failing_since_at or now
    failures = held.failures + 1
    lasting = reason in CERTAIN or failures >= FAILURES_BEFORE_ALARM or now - since >= ALARM_AFTER
    if lasting and not held.is_alarmed:
        record(MailboxFailed(mailbox=MailboxId(held.pk), inbox=InboxId(held.inbox_id), reason=reason))
    pause = due.pause_seconds(failures, first=10.0, longest=LONGEST_PAUSE_SECONDS)
    return change(
        held,
        failing_since_at=since,
        failures=failures,
        reason=reason,
        words=" ".join(words.split())[:WORDS_CHARACTERS],
        is_alarmed=held.is_alarmed or lasting,
        due_at=now + timedelta(seconds=pause),
        claimed_until=None,
    )


@verb
def give_up_claim(mailbox: Mailbox, *, by: Actor) -> None:
    """Afterwards a claimed mailbox is due again at once: the worker stops. Nothing when it is another's by now."""
    held = lock_many(Mailbox, [mailbox.pk]).get(mailbox.pk)
    if held is not None and held.due_at is not None and held.claimed_until == mailbox.claimed_until:
        change(held, claimed_until=None, attempts=max(held.attempts - 1, 0))
