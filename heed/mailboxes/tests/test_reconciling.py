"""Mailbox and desk are compared mail by mail: they agree, or each difference is told with its reason."""

from datetime import timedelta

import pytest
import time_machine

from heed.conversations.models import Conversation, Message, RawMail
from heed.eventlog.due import ClaimLost
from heed.intake.models import Receipt
from heed.kernel import clock
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.mail_words import AfterFetch, MailProtocol, Mismatch
from heed.mailboxes.actions.accounts import add_mailbox, look_now, pause_mailbox
from heed.mailboxes.actions.reconciliations import (
    KEPT,
    Compared,
    Differing,
    keep_reconciliation,
)
from heed.mailboxes.actions.reports import claim_mailboxes
from heed.mailboxes.models import Difference, FetchedMail, Mailbox, Reconciliation
from heed.mailboxes.queries import differences, newest_reconciliation
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import ACCOUNT, claimed, handling, letter, mailbox
from heed.mailboxes.visiting import visit
from heed.people.policy import SYSTEM
from heed.testing.world import World


def connect(world: World, post: Dovecot, **more: object) -> Mailbox:
    row = add_mailbox(
        world.help, account=post.account(), handling=handling(**more), password=PASSWORD, by=SYSTEM
    )
    world.settle()
    return row


def compared(world: World, row: Mailbox) -> Reconciliation:
    look_now(row, by=world.chen.actor)
    world.settle()
    found = newest_reconciliation(world.edda.actor, row.pk)
    assert found is not None
    return found


def reasons(world: World, row: Mailbox) -> list[tuple[str, str]]:
    return [(one.reason, one.uid) for one in differences(world.edda.actor, row.pk).rows]


def test_mailbox_and_desk_agree(world: World, post: Dovecot) -> None:
    post.put(*(letter(number) for number in range(1, 8)))
    row = connect(world, post)
    found = compared(world, row)
    assert (found.there, found.here, found.fetched, found.differing) == (7, 7, 0, 0)
    assert reasons(world, row) == []


def test_every_difference_is_told_mail_by_mail_with_its_reason(unchecked_world: World, post: Dovecot) -> None:
    world = unchecked_world
    today = clock.now()
    post.put(letter(1), letter(2), letter(3))
    post.put(
        b"Subject: deep\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n" + b"--a\r\n\r\nx\r\n" * 300
    )
    row = connect(world, post, work_from_on=today.date() - timedelta(days=1), wants_history=False)
    post.put(letter(5), at=today - timedelta(days=60))  # somebody copies an old mail there
    with post.looked_into() as line:
        line.delete_messages([2])
        line.expunge()
    third = Message.objects.get(message_id="order-3@example.org")
    RawMail.objects.filter(message=third).delete()
    found = compared(world, row)
    assert reasons(world, row) == [
        (Mismatch.GONE_THERE, "2"),
        (Mismatch.DELETED_HERE, "3"),
        (Mismatch.PARKED, "4"),
        (Mismatch.BEFORE_WORK, "5"),
    ]
    assert (found.there, found.here, found.differing) == (4, 1, 4)
    named = Difference.objects.get(reason=Mismatch.BEFORE_WORK)
    assert (named.folder, named.message_key) == ("INBOX", "order-5@example.org")


def test_what_waits_to_be_read_is_a_difference_only_after_a_while(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    add_mailbox(world.help, account=post.account(), handling=handling(), password=PASSWORD, by=SYSTEM)
    visit(claim_mailboxes(limit=1, by=SYSTEM)[0])
    for after, expected in ((timedelta(minutes=1), []), (timedelta(hours=1), [(Mismatch.WAITING, "1")])):
        with time_machine.travel(clock.now() + after):
            row = Mailbox.objects.get()
            look_now(row, by=SYSTEM)
            visit(claim_mailboxes(limit=1, by=SYSTEM)[0])
            assert reasons(world, row) == expected


def test_what_is_missing_is_fetched(world: World, post: Dovecot) -> None:
    post.put(*(letter(number) for number in range(1, 5)))
    row = connect(world, post)
    FetchedMail.objects.filter(uid="2").delete()
    Receipt.objects.all().delete()
    with post.looked_into() as line:  # another mail takes the place that nobody knows of
        raw = line.fetch([2], ["BODY.PEEK[]"])[2][b"BODY[]"]
    assert b"Order 2" in raw
    found = compared(world, row)
    assert (found.there, found.fetched) == (4, 1)
    assert Conversation.objects.count() == 4


def test_what_we_moved_ourselves_is_no_difference(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    row = connect(world, post, after_fetch=AfterFetch.MOVE, move_to="Done")
    found = compared(world, row)
    assert (found.there, found.differing) == (0, 0)


def test_a_mailbox_by_pop3_is_compared_too(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    account = post.account(protocol=MailProtocol.POP3, port=post.pop3)
    row = add_mailbox(world.help, account=account, handling=handling(), password=PASSWORD, by=SYSTEM)
    world.settle()
    with post.looked_into() as line:
        line.delete_messages([1])
        line.expunge()
    found = compared(world, row)
    assert (found.there, found.here) == (1, 1)
    assert [reason for reason, _ in reasons(world, row)] == [Mismatch.GONE_THERE]


def test_once_a_day_without_being_asked(world: World, post: Dovecot) -> None:
    post.put(letter(1))
    row = connect(world, post)
    assert newest_reconciliation(SYSTEM, row.pk) is None
    Mailbox.objects.update(reconcile_at=clock.now(), due_at=clock.now())
    world.settle()
    assert newest_reconciliation(SYSTEM, row.pk) is not None
    due = Mailbox.objects.get().reconcile_at
    assert due is not None
    assert due > clock.now() + timedelta(hours=23)


def test_differences_come_in_pages_to_those_who_look_after_the_mailbox(world: World) -> None:
    row, _ = claimed(world)
    some = tuple(Differing(Mismatch.GONE_THERE, "INBOX", str(number), "", "a" * 64) for number in range(120))
    keep_reconciliation(row, found=Compared(0, 0, 0, some), by=SYSTEM)
    seen: list[str] = []
    after = ""
    while True:
        page = differences(world.edda.actor, row.pk, after=after)
        seen += [one.uid for one in page.rows]
        after = page.after
        if not after:
            break
    assert seen == [str(number) for number in range(120)]
    for who in (world.hugo, world.amara, world.nobody):
        with pytest.raises(NotFound):
            differences(who.actor, row.pk)
    with pytest.raises(Unusable):
        differences(world.edda.actor, row.pk, after="x")


def test_only_the_newest_comparison_keeps_its_differences(world: World) -> None:
    row, _ = claimed(world)
    one = (Differing(Mismatch.PARKED, "INBOX", "1", "", "a" * 64),)
    for _ in range(KEPT + 3):
        keep_reconciliation(row, found=Compared(1, 0, 0, one), by=SYSTEM)
    assert Reconciliation.objects.count() == KEPT
    assert Difference.objects.count() == 1


def test_who_lost_the_claim_keeps_no_comparison(world: World) -> None:
    row, _ = claimed(world)
    pause_mailbox(row, by=SYSTEM)
    with pytest.raises(ClaimLost):
        keep_reconciliation(row, found=Compared(1, 1, 0), by=SYSTEM)
    assert not Reconciliation.objects.exists()


def test_a_comparison_of_another_mailbox_is_left_alone(world: World) -> None:
    row, _ = claimed(world)
    keep_reconciliation(row, found=Compared(1, 1, 0), by=SYSTEM)
    other = mailbox(world, type(ACCOUNT)("other.example", "help"))
    second = claim_mailboxes(limit=1, by=SYSTEM)[0]
    assert second.pk == other.pk
    keep_reconciliation(second, found=Compared(2, 2, 0), by=SYSTEM)
    assert [one.there for one in Reconciliation.objects.order_by("pk")] == [1, 2]
