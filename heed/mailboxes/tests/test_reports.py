"""What a worker says about a mailbox: only while it is the worker's own, and each mail once."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError

from heed.eventlog.due import ClaimLost
from heed.eventlog.kinds import MailboxFailed, MailboxRecovered
from heed.eventlog.models import EventRow
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.mail_words import MailboxTrouble
from heed.kernel.words import Origin, ReceiptState
from heed.mailboxes.actions.accounts import pause_mailbox, remove_mailbox
from heed.mailboxes.actions.reports import (
    After,
    claim_mailbox,
    claim_mailboxes,
    follow_rename,
    give_up_claim,
    keep_fetched,
    note_progress,
    note_settled,
    open_folder,
    renew,
    report_alive,
    report_failure,
    report_success,
)
from heed.mailboxes.models import FetchedMail, Folder, Mailbox
from heed.mailboxes.queries import waiting
from heed.mailboxes.tests.post_office import claimed, fetched, letter, mailbox
from heed.people.policy import SYSTEM
from heed.testing.world import World

LATER = timedelta(days=365)


def alarms() -> list[str]:
    kinds = (MailboxFailed.name, MailboxRecovered.name)
    return list(EventRow.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def test_a_mailbox_that_is_due_belongs_to_one_worker(world: World) -> None:
    mailbox(world)
    assert len(claim_mailboxes(limit=5, by=SYSTEM)) == 1
    assert claim_mailboxes(limit=5, by=SYSTEM) == []


def test_what_was_fetched_is_kept_once_and_noted(world: World) -> None:
    row, folder = claimed(world)
    mails = [fetched(1, letter(1)), fetched(2, letter(2)), fetched(3, letter(1))]
    assert keep_fetched(row, folder=folder, mails=mails, by=SYSTEM) == 2
    assert FetchedMail.objects.count() == 3
    assert Receipt.objects.count() == 2
    world.settle()
    assert Receipt.objects.filter(state=ReceiptState.READ).count() == 2


def test_the_database_refuses_a_mail_that_was_fetched_already(world: World) -> None:
    row, folder = claimed(world)
    keep_fetched(row, folder=folder, mails=[fetched(1, letter(1))], by=SYSTEM)
    again = [fetched(2, letter(2)), fetched(1, letter(3))]
    with pytest.raises(IntegrityError):
        keep_fetched(row, folder=folder, mails=again, by=SYSTEM)
    assert Receipt.objects.count() == 1
    assert FetchedMail.objects.count() == 1


def test_history_is_kept_as_history(world: World) -> None:
    row, folder = claimed(world)
    mails = [fetched(1, letter(1), Origin.IMPORT), fetched(2, letter(2))]
    keep_fetched(row, folder=folder, mails=mails, by=SYSTEM)
    assert sorted(Receipt.objects.values_list("origin", flat=True)) == ["import", "live"]


def test_a_folder_under_another_uidvalidity_is_read_from_its_beginning(world: World) -> None:
    row, folder = claimed(world)
    note_progress(row, folder=folder, last_uid=40, is_whole=True, backlog=0, by=SYSTEM)
    same = open_folder(row, name="INBOX", uidvalidity=7, is_sent=False, by=SYSTEM)
    assert (same.pk, same.last_uid, same.is_whole) == (folder.pk, 40, True)
    other = open_folder(row, name="INBOX", uidvalidity=8, is_sent=False, by=SYSTEM)
    assert (other.last_uid, other.is_whole) == (0, False)
    assert Folder.objects.count() == 2


def test_progress_never_goes_back(world: World) -> None:
    row, folder = claimed(world)
    note_progress(row, folder=folder, last_uid=40, is_whole=False, backlog=3, by=SYSTEM)
    note_progress(row, folder=folder, last_uid=30, is_whole=False, backlog=2, by=SYSTEM)
    found = Folder.objects.get()
    assert (found.last_uid, found.is_whole) == (40, False)
    note_progress(row, folder=folder, last_uid=42, is_whole=True, backlog=0, by=SYSTEM)
    assert Folder.objects.get().is_whole


def test_what_waits_in_mailboxes_is_counted_honestly(world: World) -> None:
    row, folder = claimed(world)
    assert waiting() == 1
    report_alive(row, by=SYSTEM)
    assert waiting() == 0
    row = Mailbox.objects.get()
    note_progress(row, folder=folder, last_uid=1, is_whole=False, backlog=12, by=SYSTEM)
    keep_fetched(row, folder=folder, mails=[fetched(1, letter(1), after=After.POLICY)], by=SYSTEM)
    assert waiting() == 13
    note_settled(row, folder=folder, uids=["1"], taken=[], by=SYSTEM)
    assert waiting() == 12


def test_it_is_remembered_what_we_took_from_the_server(world: World) -> None:
    row, folder = claimed(world)
    mails = [fetched(number, letter(number), after=After.POLICY) for number in (1, 2)]
    keep_fetched(row, folder=folder, mails=mails, by=SYSTEM)
    note_settled(row, folder=folder, uids=["1", "2"], taken=["2"], by=SYSTEM)
    note_settled(row, folder=folder, uids=["1", "2"], taken=["1"], by=SYSTEM)
    assert list(FetchedMail.objects.filter(was_taken=True).values_list("uid", flat=True)) == ["2"]
    assert not FetchedMail.objects.filter(is_left=False).exists()


def test_a_renamed_folder_is_read_under_its_new_name(world: World) -> None:
    row, _ = claimed(world, folders=("INBOX", "Help"), sent_folder="Sent")
    follow_rename(row, old="Help", new="Support", by=SYSTEM)
    follow_rename(row, old="Help", new="Support", by=SYSTEM)
    follow_rename(row, old="Sent", new="Gone out", by=SYSTEM)
    found = Mailbox.objects.get()
    assert (found.folders, found.sent_folder) == (["INBOX", "Support"], "Gone out")


def test_a_definite_failure_is_told_at_once_and_once_until_it_recovers(world: World) -> None:
    mailbox(world)
    for _ in range(2):
        with time_machine.travel(clock.now() + timedelta(hours=1)):
            row = claim_mailboxes(limit=1, by=SYSTEM)[0]
            report_failure(row, reason=MailboxTrouble.LOGIN_REFUSED, words="no\r\nentry", by=SYSTEM)
        Mailbox.objects.update(due_at=clock.now())
    found = Mailbox.objects.get()
    assert (found.reason, found.words, found.failures) == (MailboxTrouble.LOGIN_REFUSED, "no entry", 2)
    assert alarms() == [MailboxFailed.name]
    row = claim_mailboxes(limit=1, by=SYSTEM)[0]
    report_success(row, next_at=clock.now() + LATER, by=SYSTEM)
    assert alarms() == [MailboxFailed.name, MailboxRecovered.name]
    found = Mailbox.objects.get()
    assert (found.reason, found.words, found.failing_since_at) == ("", "", None)


def test_a_line_that_breaks_once_alarms_nobody(world: World) -> None:
    mailbox(world)
    for number in range(3):
        assert alarms() == []
        with time_machine.travel(clock.now() + number * timedelta(seconds=20)):
            row = claim_mailboxes(limit=1, by=SYSTEM)[0]
            report_failure(row, reason=MailboxTrouble.UNREACHABLE, words="", by=SYSTEM)
        Mailbox.objects.update(due_at=clock.now())
    assert alarms() == [MailboxFailed.name]


def test_a_line_that_is_broken_for_minutes_alarms(world: World) -> None:
    mailbox(world)
    report_failure(
        claim_mailboxes(limit=1, by=SYSTEM)[0], reason=MailboxTrouble.TIMED_OUT, words="", by=SYSTEM
    )
    with time_machine.travel(clock.now() + timedelta(minutes=4)):
        row = claim_mailboxes(limit=1, by=SYSTEM)[0]
        report_failure(row, reason=MailboxTrouble.TIMED_OUT, words="", by=SYSTEM)
    assert alarms() == [MailboxFailed.name]


def test_a_worker_that_stops_gives_the_mailbox_back(world: World) -> None:
    row, _ = claimed(world)
    give_up_claim(row, by=SYSTEM)
    again = claim_mailboxes(limit=1, by=SYSTEM)
    assert [one.pk for one in again] == [row.pk]
    assert again[0].attempts == 1


def test_what_is_not_ours_any_more_is_not_given_back(world: World) -> None:
    row, _ = claimed(world)
    stale = Mailbox.objects.get()
    newer = renew(row, by=SYSTEM)
    give_up_claim(stale, by=SYSTEM)
    assert Mailbox.objects.get().claimed_until == newer.claimed_until
    pause_mailbox(row, by=SYSTEM)
    give_up_claim(newer, by=SYSTEM)
    give_up_claim(newer, by=SYSTEM)
    assert Mailbox.objects.get().due_at is None


def test_a_claim_is_kept_by_renewing_it(world: World) -> None:
    row, _ = claimed(world)
    with time_machine.travel(clock.now() + timedelta(seconds=100)):
        row = renew(row, by=SYSTEM)
    with time_machine.travel(clock.now() + timedelta(seconds=150)):
        assert claim_mailboxes(limit=1, by=SYSTEM) == []
        assert report_alive(row, by=SYSTEM).last_success_at is not None


def refuses_all(says: Sequence[Callable[[], Any]]) -> None:
    before = Mailbox.objects.values().get()
    for say in says:
        with pytest.raises(ClaimLost):
            say()
    assert Mailbox.objects.values().get() == before
    assert not FetchedMail.objects.exists()
    assert not Receipt.objects.exists()


def test_who_lost_the_claim_says_nothing(world: World) -> None:
    row, folder = claimed(world)
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert claim_mailboxes(limit=1, by=SYSTEM)
    says: list[Callable[[], Any]] = [
        lambda: renew(row, by=SYSTEM),
        lambda: open_folder(row, name="x", uidvalidity=1, is_sent=False, by=SYSTEM),
        lambda: keep_fetched(row, folder=folder, mails=[fetched(1, letter(1))], by=SYSTEM),
        lambda: note_progress(row, folder=folder, last_uid=9, is_whole=False, backlog=9, by=SYSTEM),
        lambda: note_settled(row, folder=folder, uids=[], taken=[], by=SYSTEM),
        lambda: follow_rename(row, old="INBOX", new="x", by=SYSTEM),
        lambda: report_alive(row, by=SYSTEM),
        lambda: report_success(row, next_at=clock.now(), by=SYSTEM),
        lambda: report_failure(row, reason=MailboxTrouble.FAILED, words="", by=SYSTEM),
    ]
    refuses_all(says)
    give_up_claim(row, by=SYSTEM)
    assert Mailbox.objects.get().claimed_until is not None


def test_nothing_is_said_about_a_mailbox_that_was_paused(world: World) -> None:
    row, folder = claimed(world)
    pause_mailbox(row, by=SYSTEM)
    says: list[Callable[[], Any]] = [
        lambda: renew(row, by=SYSTEM),
        lambda: open_folder(row, name="x", uidvalidity=1, is_sent=False, by=SYSTEM),
        lambda: keep_fetched(row, folder=folder, mails=[fetched(1, letter(1))], by=SYSTEM),
        lambda: note_progress(row, folder=folder, last_uid=9, is_whole=False, backlog=9, by=SYSTEM),
        lambda: note_settled(row, folder=folder, uids=[], taken=[], by=SYSTEM),
        lambda: follow_rename(row, old="INBOX", new="x", by=SYSTEM),
        lambda: report_alive(row, by=SYSTEM),
        lambda: report_success(row, next_at=clock.now(), by=SYSTEM),
        lambda: report_failure(row, reason=MailboxTrouble.FAILED, words="", by=SYSTEM),
    ]
    refuses_all(says)


def test_a_mailbox_that_was_removed_while_it_was_read_is_read_no_further(world: World) -> None:
    row, folder = claimed(world)
    remove_mailbox(row, by=SYSTEM)
    give_up_claim(row, by=SYSTEM)
    refuses_all(
        [
            lambda: open_folder(row, name="x", uidvalidity=1, is_sent=False, by=SYSTEM),
            lambda: follow_rename(row, old="INBOX", new="x", by=SYSTEM),
            lambda: note_progress(row, folder=folder, last_uid=9, is_whole=False, backlog=9, by=SYSTEM),
        ]
    )


def test_one_mailbox_can_be_taken_on_by_itself(world: World) -> None:
    row = mailbox(world)
    held = claim_mailbox(row, by=SYSTEM)
    assert held is not None
    assert claim_mailbox(row, by=SYSTEM) is None
    assert claim_mailboxes(limit=5, by=SYSTEM) == []
    give_up_claim(held, by=SYSTEM)
    assert claim_mailbox(row, by=SYSTEM) is not None


def test_a_claim_that_ran_out_can_be_taken_over(world: World) -> None:
    row, _ = claimed(world)
    with time_machine.travel(clock.now() + timedelta(minutes=10)):
        assert claim_mailbox(row, by=SYSTEM) is not None
        with pytest.raises(ClaimLost):
            renew(row, by=SYSTEM)


def test_a_mailbox_that_rests_is_not_taken_on(world: World) -> None:
    row = mailbox(world)
    pause_mailbox(row, by=SYSTEM)
    assert claim_mailbox(row, by=SYSTEM) is None


def test_a_mailbox_that_was_removed_is_not_taken_on(world: World) -> None:
    row = mailbox(world)
    remove_mailbox(row, by=SYSTEM)
    assert claim_mailbox(row, by=SYSTEM) is None
