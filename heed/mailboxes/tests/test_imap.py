"""Reading an IMAP mailbox on a real Dovecot."""

import errno
import resource
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import Storage
from django.db import IntegrityError
from pytest_django import Settings

from heed.conversations.models import Conversation, Message
from heed.delivery.models import CaughtMail
from heed.intake.models import Receipt
from heed.intake.queries import all_parked
from heed.intake.receipts import try_again
from heed.kernel import blobs, clock
from heed.kernel.mail_words import AfterFetch, MailboxTrouble, MailSecurity
from heed.kernel.outbound.imap import ImapLine
from heed.kernel.words import Direction, Origin, ParkReason, ReceiptState, Status
from heed.mailboxes.account import Account
from heed.mailboxes.actions.accounts import add_mailbox, set_mailbox_password
from heed.mailboxes.actions.reports import claim_mailboxes, give_up_claim
from heed.mailboxes.imap_reading import read_mailbox
from heed.mailboxes.keeping import Session
from heed.mailboxes.models import FetchedMail, Folder, Mailbox
from heed.mailboxes.tests.cutting import cutting
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot, free_port
from heed.mailboxes.tests.post_office import forget, handling, letter
from heed.mailboxes.visiting import visit, where_is
from heed.people.policy import SYSTEM
from heed.testing.world import World


def connect(world: World, post: Dovecot, password: str = PASSWORD, **more: object) -> Mailbox:
    return add_mailbox(
        world.help, account=post.account(), handling=handling(**more), password=password, by=SYSTEM
    )


def look_again(world: World) -> None:
    """A minute later."""
    Mailbox.objects.update(due_at=clock.now())
    world.settle()


def test_mail_of_a_mailbox_becomes_conversations_seen_and_unseen_alike(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    post.put(letter(3), seen=True)
    connect(world, post)
    world.settle()
    assert Conversation.objects.count() == 3
    assert post.unseen() == 2
    found = Mailbox.objects.get()
    assert found.last_success_at is not None
    assert found.last_mail_at is not None
    assert found.backlog == 0
    post.put(letter(4))
    look_again(world)
    look_again(world)
    assert Conversation.objects.count() == 4
    assert Receipt.objects.count() == 4


def test_a_customer_hears_that_their_mail_arrived(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post)
    world.settle()
    assert CaughtMail.objects.get().recipients == ["dalia@example.org"]


def test_mail_from_before_is_history_without_acknowledgement_and_mail_from_then_on_is_work(
    world: World, post: Dovecot
) -> None:
    today = clock.now()
    post.put(letter(1), at=today - timedelta(days=40))
    post.put(letter(2), at=today)
    connect(world, post, work_from_on=today.date() - timedelta(days=3))
    world.settle()
    old, new = (Conversation.objects.get(subject=f"Order {number}") for number in (1, 2))
    assert (old.status, new.status) == (Status.CLOSED, Status.OPEN)
    assert CaughtMail.objects.count() == 1
    assert sorted(Receipt.objects.values_list("origin", flat=True)) == [Origin.IMPORT, Origin.LIVE]


def test_who_wants_no_history_gets_none_and_its_mail_is_not_fetched(world: World, post: Dovecot) -> None:
    today = clock.now()
    post.put(letter(1), letter(2), at=today - timedelta(days=40))
    post.put(letter(3), at=today)
    connect(world, post, work_from_on=today.date(), wants_history=False)
    world.settle()
    assert [row.subject for row in Conversation.objects.all()] == ["Order 3"]
    post.put(letter(4), at=today - timedelta(days=50))  # someone copies old mail into the folder
    post.put(letter(5))
    look_again(world)
    assert Conversation.objects.count() == 2


def test_fetched_mail_is_marked_as_read_where_that_is_wished(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    connect(world, post, after_fetch=AfterFetch.FLAG)
    world.settle()
    assert (post.count(), post.unseen()) == (2, 0)


def test_fetched_mail_is_moved_where_that_is_wished_and_history_stays(world: World, post: Dovecot) -> None:
    post.put(letter(1), at=clock.now() - timedelta(days=90))
    post.put(letter(2), letter(3))
    connect(
        world, post, work_from_on=clock.now().date(), after_fetch=AfterFetch.MOVE, move_to="Done by the desk"
    )
    world.settle()
    assert (post.count(), post.count(folder="Done by the desk")) == (1, 2)
    look_again(world)
    assert Conversation.objects.count() == 3


def test_fetched_mail_is_deleted_only_where_somebody_chose_so(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    with post.looked_into() as line:
        line.add_flags([1], [b"\\Deleted"])  # somebody else's, not to be expunged along
    post.put(letter(3))
    connect(world, post, after_fetch=AfterFetch.DELETE)
    world.settle()
    assert Conversation.objects.count() == 3
    assert post.count() == 0


def test_a_deleted_conversation_does_not_come_back_and_a_reply_to_it_does(
    unchecked_world: World, post: Dovecot
) -> None:
    world = unchecked_world
    post.put(letter(1))
    connect(world, post)
    world.settle()
    gone = Conversation.objects.get()
    for table in (FetchedMail,):
        assert table.objects.count() == 1
    forget(gone)
    assert not Message.objects.exists()
    look_again(world)
    post.new_validity()
    look_again(world)
    assert Folder.objects.count() == 2
    assert not Message.objects.exists()
    post.put(letter(2, In_Reply_To="<order-1@example.org>", References="<order-1@example.org>"))
    look_again(world)
    assert Message.objects.get(direction=Direction.IN).subject == "Order 2"


def test_numbers_given_anew_double_nothing_and_lose_nothing(world: World, post: Dovecot) -> None:
    post.put(*(letter(number) for number in range(1, 6)))
    connect(world, post)
    world.settle()
    post.new_validity()
    post.put(letter(6))
    look_again(world)
    assert Conversation.objects.count() == Receipt.objects.count() == 6
    assert sorted(Folder.objects.values_list("is_whole", flat=True)) == [True, True]


def test_a_renamed_folder_is_found_under_its_new_name(world: World, post: Dovecot) -> None:
    with post.looked_into(folder="") as line:
        line.create_folder("Support")
    post.put(letter(1), folder="Support")
    connect(world, post, folders=("INBOX", "Support"))
    world.settle()
    with post.looked_into(folder="") as line:
        line.rename_folder("Support", "Help desk")
    post.put(letter(2), folder="Help desk")
    look_again(world)
    assert Mailbox.objects.get().folders == ["INBOX", "Help desk"]
    assert Conversation.objects.count() == Receipt.objects.count() == 2


def test_a_missing_folder_is_told_and_the_others_are_read(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    connect(world, post, folders=("Nowhere", "INBOX"))
    world.settle()
    found = Mailbox.objects.get()
    assert (found.reason, found.is_alarmed) == (MailboxTrouble.FOLDER_MISSING, True)
    assert Conversation.objects.count() == 1


def test_a_wrong_password_is_told_with_the_servers_words_and_a_right_one_mends_it(
    world: World, post: Dovecot
) -> None:
    post.put(letter(1))
    row = connect(world, post, password="wrong")
    world.settle()
    found = Mailbox.objects.get()
    assert (found.reason, found.is_alarmed) == (MailboxTrouble.LOGIN_REFUSED, True)
    assert "uthentication failed" in found.words
    set_mailbox_password(row, password=PASSWORD, by=SYSTEM)
    world.settle()
    assert Mailbox.objects.get().reason == ""
    assert Conversation.objects.count() == 1


def test_nobody_there_is_told_as_unreachable(world: World) -> None:
    account = Account("127.0.0.1", "help", security=MailSecurity.PLAIN, port=free_port())
    add_mailbox(world.help, account=account, handling=handling(), password="x", by=SYSTEM)
    world.settle()
    assert Mailbox.objects.get().reason == MailboxTrouble.UNREACHABLE


def test_a_server_without_tls_gets_no_password(world: World, post: Dovecot) -> None:
    account = replace(post.account(), security=MailSecurity.STARTTLS)
    add_mailbox(world.help, account=account, handling=handling(), password="x", by=SYSTEM)
    world.settle()
    assert Mailbox.objects.get().reason == MailboxTrouble.NO_TLS


def test_after_nine_days_away_everything_of_that_time_is_here_read_or_not(
    world: World, post: Dovecot
) -> None:
    connect(world, post)
    world.settle()
    began = clock.now()
    for day in range(1, 10):
        at = began + timedelta(days=day)
        post.put(letter(day), at=at, seen=day % 2 == 0)
        post.put(letter(100 + day), at=at)
    with post.looked_into() as line:
        line.delete_messages([1])
        line.expunge()
    with time_machine.travel(began + timedelta(days=9, hours=1)):
        look_again(world)
        assert Conversation.objects.count() == 17
        assert Mailbox.objects.get().backlog == 0


@pytest.mark.parametrize("after", [1_500, 20_000, 60_000, 140_000])
def test_a_line_cut_in_the_middle_costs_nothing_but_time(world: World, post: Dovecot, after: int) -> None:
    post.put(*(letter(number, text="A long story. " * 500) for number in range(1, 21)))
    with cutting(post.imap) as line:
        account = replace(post.account(), port=line.port)
        add_mailbox(world.help, account=account, handling=handling(), password=PASSWORD, by=SYSTEM)
        line.after = after
        world.settle()
        assert Mailbox.objects.get().reason == MailboxTrouble.UNREACHABLE
        line.after = None
        look_again(world)
    assert Mailbox.objects.get().reason == ""
    assert Conversation.objects.count() == Receipt.objects.count() == FetchedMail.objects.count() == 20


def test_two_workers_in_one_mailbox_at_once_keep_each_mail_once(world: World, post: Dovecot) -> None:
    post.put(*(letter(number) for number in range(1, 8)))
    connect(world, post)
    row = claim_mailboxes(limit=1, by=SYSTEM)[0]
    with ImapLine(where_is(row)) as other:
        other.log_in("help", PASSWORD)

        class Overtaken(ImapLine):
            """Between its fetching and its keeping, the other one does both."""

            def bodies(self, uids: Sequence[int], *, at_most: int) -> dict[int, bytes]:
                found = super().bodies(uids, at_most=at_most)
                assert read_mailbox(other, Session(row)) == 7
                return found

        with Overtaken(where_is(row)) as line, pytest.raises(IntegrityError):
            line.log_in("help", PASSWORD)
            read_mailbox(line, Session(row))
    give_up_claim(row, by=SYSTEM)
    world.settle()
    assert Conversation.objects.count() == Receipt.objects.count() == FetchedMail.objects.count() == 7


def test_a_mail_that_vanishes_between_two_questions_is_no_trouble(world: World, post: Dovecot) -> None:
    post.put(*(letter(number) for number in range(1, 5)))
    connect(world, post)
    row = claim_mailboxes(limit=1, by=SYSTEM)[0]

    class Robbed(ImapLine):
        """Somebody deletes the second mail just before it is fetched."""

        def bodies(self, uids: Sequence[int], *, at_most: int) -> dict[int, bytes]:
            with post.looked_into() as thief:
                thief.delete_messages([2])
                thief.expunge()
            self._imap.noop()  # the server shows what vanished until it said so
            return super().bodies(uids, at_most=at_most)

    with Robbed(where_is(row)) as line:
        line.log_in("help", PASSWORD)
        assert read_mailbox(line, Session(row)) == 3
    give_up_claim(row, by=SYSTEM)
    world.settle()
    assert Conversation.objects.count() == 3


def test_of_two_hundred_mails_the_odd_ones_are_parked_and_the_others_are_read(
    world: World, post: Dovecot
) -> None:
    for number in range(1, 201):
        if number == 17:
            post.put(
                b"Subject: deep\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n"
                + b"--a\r\n\r\nx\r\n" * 300
            )
        elif number == 40:
            post.put(large(LARGE_BYTES))
        else:
            post.put(letter(number))
    connect(world, post)
    before = peak_memory()
    world.settle()
    assert peak_memory() - before < 60_000_000
    assert Message.objects.filter(direction=Direction.IN).count() == 198
    parked = Receipt.objects.filter(state=ReceiptState.PARKED)
    assert sorted(parked.values_list("reason", flat=True)) == [ParkReason.TOO_LARGE, ParkReason.UNREADABLE]
    big = parked.get(reason=ParkReason.TOO_LARGE)
    assert blobs.exists(big.sha256)
    assert big.size == LARGE_BYTES
    assert all_parked(world.chen.actor).count == 2
    try_again(big, by=world.chen.actor)


LARGE_BYTES = 60_000_000


def large(size: int) -> bytes:
    head = b"From: dalia@example.org\r\nTo: help@linden.example\r\nSubject: film\r\n\r\n"
    return head + (b"x" * 76 + b"\r\n") * ((size - len(head)) // 78) + b"x" * ((size - len(head)) % 78)


def peak_memory() -> int:
    """The most bytes this process has used."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def test_a_full_blob_storage_loses_nothing(world: World, post: Dovecot, settings: Settings) -> None:
    post.put(large(LARGE_BYTES), letter(2))
    connect(world, post, after_fetch=AfterFetch.DELETE)
    kept = settings.STORAGES
    settings.STORAGES = {**kept, "default": {"BACKEND": "heed.mailboxes.tests.test_imap.FullStorage"}}
    row = claim_mailboxes(limit=1, by=SYSTEM)[0]
    visit(row)
    assert Mailbox.objects.get().reason == MailboxTrouble.DISK_FULL
    assert post.count() == 2
    settings.STORAGES = kept
    look_again(world)
    assert post.count() == 0
    assert Receipt.objects.count() == 2


class FullStorage(Storage):
    """A disk without room."""

    def exists(self, name: str) -> bool:
        return False

    def _save(self, name: str, content: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")
