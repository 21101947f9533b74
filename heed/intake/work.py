"""Due work of intake: read what was kept, in batches, and put raw bytes into blob storage."""

import random
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain

from django.db import IntegrityError

from heed.channels.email.authentication.weigh import weigh
from heed.channels.email.errors import Unreadable
from heed.conversations.actions.receiving import ThreadsChanged, note_raw_blobs
from heed.conversations.models import Blob, Conversation, Message, Participant, RawMail, ThreadKey
from heed.conversations.threads import thread_key
from heed.eventlog import due
from heed.eventlog.reader import describe
from heed.eventlog.unit import Commit, add, change, current, lock_many, unit, verb
from heed.intake.checking import Checker
from heed.intake.forwarding import files_of, store_files, with_originals
from heed.intake.judging import judge
from heed.intake.known import Desk, Known
from heed.intake.letters import Opened, open_letter, own_addresses
from heed.intake.limits import LIMITS
from heed.intake.models import Receipt, ReceiptPart
from heed.intake.notice_answers import notice_of, take_answer
from heed.intake.ours import with_asker
from heed.intake.receipts import park, raw_of
from heed.intake.recording import NoInbox, record_mail, who_asks, written_of
from heed.intake.repeats import read_repeats
from heed.intake.reports import named_ids
from heed.intake.round_trips import without_round_trips
from heed.intake.sifting import sieve_of
from heed.intake.threading import Letter, key_of_answered, reply_addresses
from heed.kernel import blobs, clock, rows
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.exclusive import exclusively
from heed.kernel.words import Automatic, Origin, ParkReason, ReceiptState
from heed.people.models import Customer, Identity, IdentityKind
from heed.people.policy import SYSTEM, Actor
from heed.people.queries import customers_by_address

TRIES_AGAINST_OTHERS = 5
TRIES_TOGETHER = 3  # of a batch, before its mails are taken one by one, which costs several times as much
MOVED_AT_ONCE = 100
DONE = (ReceiptState.READ, ReceiptState.PARKED, ReceiptState.ROUND_TRIP)
BATCH_BYTES = 20_000_000  # raw bytes of a batch held in memory; one mail may be larger
CLAIMS_TOGETHER = 2  # of a mail claimed more often, workers may have died: it is read alone, after the others
CHECKER = Checker()
CLAIMS_WITHOUT_REPORT = 20  # so often workers died over one mail: it is parked, not tried for ever


def step() -> int:
    """Read the next mails that are due; how many. What can't be read is parked with its reason.

    When database or storage are in trouble, which says nothing about the mails, they are due again, and it raises.
    """
    receipts = due.claim(
        Receipt, limit=config.intake_batch, lease_seconds=config.lease_seconds, commit=Commit.LAZY
    )
    try:
        for part in _parts(receipts):
            _read(part)
    except Exception:
        give_back(receipts, by=SYSTEM)
        raise
    return len(receipts)


def _parts(receipts: Sequence[Receipt]) -> Iterable[list[Receipt]]:
    """What is read together. Those that workers may have died of come last, alone, and each time in another order."""
    yield from _by_size([receipt for receipt in receipts if receipt.attempts <= CLAIMS_TOGETHER])
    suspects = [receipt for receipt in receipts if receipt.attempts > CLAIMS_TOGETHER]
    random.shuffle(suspects)
    for receipt in suspects:
        if receipt.attempts > CLAIMS_WITHOUT_REPORT:
            _park(receipt, ParkReason.FAILED, f"given up after {CLAIMS_WITHOUT_REPORT} crashes")
        else:
            yield [receipt]


@verb
def give_back(receipts: Sequence[Receipt], *, by: Actor) -> None:
    """Afterwards those of these claimed mails that nobody has read are due again; that counts as no attempt."""
    held = lock_many(Receipt, sorted(receipt.pk for receipt in receipts))
    for receipt in receipts:
        row = held.get(receipt.pk)
        if row is not None and row.due_at is not None and row.claimed_until == receipt.claimed_until:
            change(row, claimed_until=None, attempts=row.attempts - 1)


def waiting() -> int:
    """How many mails are due to be read."""
    return due.waiting(Receipt)


def _by_size(receipts: Sequence[Receipt]) -> Iterable[list[Receipt]]:
    part: list[Receipt] = []
    size = 0
    for receipt in receipts:
        if part and size + receipt.size > BATCH_BYTES:
            yield part
            part, size = [], 0
        part.append(receipt)
        size += receipt.size
    if part:
        yield part


def _read(receipts: list[Receipt]) -> None:
    receipts = [receipt for receipt in receipts if not _was_too_large(receipt)]
    raws = raw_of(receipt.pk for receipt in receipts if not receipt.is_moved)
    opened: list[Opened] = []
    kept: dict[int, bytes] = {}
    for receipt in receipts:
        try:
            # A mail that was parked may have been moved since it was claimed.
            raw = raws[receipt.pk] if receipt.pk in raws else blobs.read(receipt.sha256)
            opened.append(open_letter(receipt, raw))
            kept[receipt.pk] = raw
        except Unreadable as error:
            _park(receipt, ParkReason.UNREADABLE, f"{error.code}: {error.detail}")
        except Exception as error:  # border: one mail never holds up the others
            _park_for(error, receipt)
    opened = with_originals(_without_answers(CHECKER.check(without_round_trips(opened), kept)))
    store_files(opened)
    # Workers take turns: what one records while another looks would be recorded in vain, and waiting costs less.
    # Nothing rests on it: the database keeps each mail once and each thread whole however many record at a time.
    with exclusively("intake"):
        for origin in (Origin.LIVE, Origin.IMPORT):
            mails = [one for one in opened if one.receipt.origin == origin]
            if mails and not _record(mails, origin):
                for one in mails:
                    _record_singly(one, origin)


def _without_answers(opened: Sequence[Opened]) -> list[Opened]:
    """A batch without what agents answer to their notifications, which is done afterwards."""
    rest = []
    for one in opened:
        notice = notice_of(one)
        if notice is None:
            rest.append(one)
            continue
        try:
            store_files([one])
            take_answer(one.receipt, opened=one, notice=notice, by=SYSTEM)
        except due.ClaimLost:
            continue  # another worker has it
        except HeedError as error:  # what it says has no values in it
            _park(one.receipt, ParkReason.ANSWER, str(error) or error.code)
        except Exception as error:  # border: one mail never holds up the others
            _park_for(error, one.receipt)
    return rest


def _was_too_large(receipt: Receipt) -> bool:
    """Park what no parser may see, without holding it in memory; its bytes are kept."""
    if receipt.size <= LIMITS.message_bytes:
        return False
    _park(receipt, ParkReason.TOO_LARGE, f"{receipt.size} bytes, limit {LIMITS.message_bytes}")
    return True


def _park(receipt: Receipt, reason: ParkReason, detail: str) -> None:
    with suppress(due.ClaimLost):  # another worker has it, and finds out for itself
        park(receipt, reason=reason, detail=detail, by=SYSTEM)


def _park_for(error: Exception, receipt: Receipt) -> None:
    """Park a mail for an error of ours; one of database or storage is raised on, for it says nothing about the mail."""
    if rows.is_passing(error) or (isinstance(error, OSError) and not isinstance(error, FileNotFoundError)):
        raise error
    _park(receipt, ParkReason.FAILED, describe(error))


def known_of(letters: Sequence[Letter]) -> Known:
    """What the desk knows that these letters may have to do with; a constant number of queries."""
    named = (name for letter in letters for name in named_ids(letter))
    signed = [found for letter in letters for found in reply_addresses(letter.recipients)]
    known = Known.read(
        Desk.read(),
        same_keys=[letter.mail.same_key for letter in letters],
        thread_keys=chain(
            (key for letter in letters for key in (letter.own_key, *letter.referred_keys) if key),
            map(thread_key, named),
            map(key_of_answered, signed),
            (thread_key(first) for letter in letters if (first := _first_id(letter))),
        ),
        addresses=[address for letter in letters for address in own_addresses(letter)],
        answered=[found.message for found in signed],
    )
    known.read_paths((letter.sender, weigh(letter.checks).path) for letter in letters)
    return known


def _first_id(letter: Letter) -> str | None:
    """The Message-ID of the mail that this one passes on, if it says."""
    return letter.mail.forwarded.message_id if letter.mail.forwarded else None


def _record(opened: Sequence[Opened], origin: Origin) -> bool:
    """Record all in one transaction; False when that did not work for at least one of them."""
    for _ in range(TRIES_TOGETHER):
        try:
            known, judged = _looked_up(opened)
            with unit(Commit.LAZY, origin=origin) as work:
                work.expect(len(judged), Message, RawMail, Participant, ThreadKey)
                work.expect(len(judged) - len(known.threads), Conversation)
                _lock_all(judged, known)
                for one in judged:
                    record_mail(one, known=known, by=SYSTEM)
            return True
        except IntegrityError:  # another worker recorded a mail of these threads meanwhile: look again
            continue
        except Exception:  # border: done again one by one, which says whose fault it is
            return False
    return False


def _lock_all(opened: Sequence[Opened], known: Known) -> None:
    """Hold what these mails change, in the order of every unit: receipts, conversations, files."""
    lock_many(Receipt, sorted(one.receipt.pk for one in opened))
    threads = {thread.conversation for thread in known.threads.values()}
    signed = {found.conversation for one in opened for found in reply_addresses(one.letter.recipients)}
    gathered, repeated = set(known.sieve.groups.values()), known.repeats.conversations()
    lock_many(Conversation, sorted(threads | signed | gathered | repeated | set(known.places.values())))
    files = {file.sha256 for one in opened for file in files_of(one)}
    if files:
        lock_many(Blob, sorted(files))


def _record_singly(one: Opened, origin: Origin) -> None:
    for attempt in range(TRIES_AGAINST_OTHERS):
        try:
            known, judged = _looked_up([one])
            with unit(Commit.LAZY, origin=origin):
                _lock_all(judged, known)
                record_mail(judged[0], known=known, by=SYSTEM)
            return
        except due.ClaimLost:
            return
        except NoInbox:
            _park(one.receipt, ParkReason.NO_INBOX, "")
            return
        except Exception as error:  # border: one mail never holds up the others
            # Another worker recorded the same mail or thread, or held what we wanted: look again.
            is_others = isinstance(error, IntegrityError | ThreadsChanged) or rows.is_passing(error)
            if not is_others or attempt == TRIES_AGAINST_OTHERS - 1:
                _park_for(error, one.receipt)
                return


def _looked_up(opened: Sequence[Opened]) -> tuple[Known, list[Opened]]:
    """What the desk knows of these mails, and the mails with their writers; customers of all of them are there."""
    known = known_of([one.letter for one in opened])
    judged = [replace(one, letter=judge(one.letter, known)) for one in opened]
    known.sieve = sieve_of([(one.letter, written_of(one)) for one in judged])
    known.repeats = read_repeats(who_asks([one.letter for one in judged], known))
    return _with_customers(known, judged), judged


def _with_customers(known: Known, opened: Sequence[Opened]) -> Known:
    """Make customers of senders not seen before, in a short transaction: two workers may meet the same one."""
    new: dict[str, Opened] = {}
    for one in filter(None, (with_asker(found, known) for found in opened)):
        sender = one.letter.sender
        is_nobody = not sender or sender in known.customers or sender in known.agents
        if (
            not is_nobody
            and one.letter.automatic is not Automatic.BOUNCE
            and known.desk.inbox_of(sender) is None
        ):
            new.setdefault(sender, one)
    for attempt in range(TRIES_AGAINST_OTHERS):
        if not new:
            break
        try:
            known.customers |= add_customers(new, by=SYSTEM)
            break
        except IntegrityError:
            if attempt == TRIES_AGAINST_OTHERS - 1:
                raise
            known.customers |= customers_by_address(new)
            new = {address: one for address, one in new.items() if address not in known.customers}
    return known


@verb
def add_customers(senders: dict[str, Opened], *, by: Actor) -> dict[str, int]:
    """Afterwards each of these addresses belongs to a customer of its own; returns them by address."""
    made: dict[str, int] = {}
    current().expect(len(senders), Customer, Identity)
    for address, one in sorted(senders.items()):
        sender = one.letter.writer
        customer = add(
            Customer(
                name=sender.name[:200] if sender else "",
                language=one.language,
                created_at=one.receipt.received_at,
            )
        )
        add(Identity(customer=customer, kind=IdentityKind.EMAIL, value=address))
        made[address] = customer.pk
    return made


def move_raw() -> int:
    """Put raw bytes of read mails into blob storage, flushed, and only then clear them from their rows; how many.

    They are safe where they are, so none is moved while mails wait to be read.
    """
    oldest = due.next_due(Receipt)
    if oldest is not None and oldest <= clock.now():
        return 0
    rows = Receipt.objects.filter(is_moved=False).order_by("pk")[:MOVED_AT_ONCE]
    receipts = [row for part in list(_by_size(list(rows)))[:1] for row in part if row.state in DONE]
    if not receipts:
        return 0
    raws = raw_of(receipt.pk for receipt in receipts)
    receipts = [receipt for receipt in receipts if receipt.pk in raws]  # another worker may have been faster
    blobs.put_many(raws[receipt.pk] for receipt in receipts)
    clear_raw(receipts, by=SYSTEM)
    return len(receipts)


@verb
def clear_raw(receipts: Sequence[Receipt], *, by: Actor) -> None:
    """Afterwards these receipts' bytes are counted in blob storage only."""
    held = lock_many(Receipt, sorted(receipt.pk for receipt in receipts))
    todo = [receipt for receipt in held.values() if not receipt.is_moved]
    note_raw_blobs([(receipt.sha256, receipt.size) for receipt in todo], by=by)
    ReceiptPart.objects.filter(receipt_id__in=[receipt.pk for receipt in todo]).delete()
    for receipt in todo:
        change(receipt, is_moved=True)


def to_move() -> int:
    """How many read mails still have their bytes in the database."""
    return Receipt.objects.filter(is_moved=False, state__in=DONE).count()
