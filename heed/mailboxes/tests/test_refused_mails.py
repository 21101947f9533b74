"""A server that does not give a mail, by POP3 and IMAP: the others come, and mail health names it at once."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from heed.conversations.models import Conversation
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.mail_words import AfterFetch, MailboxTrouble, MailProtocol, Mismatch
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.actions.reconciliations import WHILE_REFUSED
from heed.mailboxes.actions.reports import FAILURES_BEFORE_ALARM
from heed.mailboxes.models import Folder, Mailbox, Reconciliation
from heed.mailboxes.queries import differences
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import handling, letter
from heed.mailboxes.tests.refusing import Refusing, refusing
from heed.people.policy import SYSTEM
from heed.testing.world import World

POP3, IMAP = MailProtocol.POP3, MailProtocol.IMAP
BOTH = pytest.mark.parametrize("protocol", [POP3, IMAP])

Connect = Callable[..., Refusing]


@pytest.fixture
def connect(world: World, post: Dovecot) -> Iterator[Connect]:
    """A mailbox of the help inbox behind a line that refuses some mails."""
    lines = []

    def connected(protocol: MailProtocol, *mails: int, **more: object) -> Refusing:
        port = post.pop3 if protocol is POP3 else post.imap
        held = refusing(port, *mails)
        line = held.__enter__()
        lines.append(held)
        account = post.account(protocol=protocol, port=line.port)
        add_mailbox(world.help, account=account, handling=handling(**more), password=PASSWORD, by=SYSTEM)
        return line

    yield connected
    for held in lines:
        held.__exit__(None, None, None)


def look_again(world: World) -> None:
    Mailbox.objects.update(due_at=clock.now())
    world.settle()


def subjects() -> list[str]:
    return sorted(Conversation.objects.values_list("subject", flat=True))


def listed(world: World) -> list[str]:
    return [row.reason for row in differences(world.edda.actor, Mailbox.objects.get().pk).rows]


@BOTH
def test_a_refused_mail_holds_up_no_other_and_mail_health_names_it_at_once(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(*(letter(number) for number in range(1, 6)))
    line = connect(protocol, 3)
    world.settle()
    assert subjects() == ["Order 1", "Order 2", "Order 4", "Order 5"]
    box = Mailbox.objects.get()
    assert (box.reason, box.last_success_at is not None) == ("", True)
    assert Folder.objects.get().is_whole
    page = world.edda.get(f"/settings/mail-health/{box.pk}/").content.decode()
    assert "its server does not give it" in page
    post.put(letter(6))
    look_again(world)
    assert "Order 6" in subjects()
    line.mails.clear()
    Mailbox.objects.update(reconcile_at=clock.now())
    look_again(world)
    assert len(subjects()) == 6
    assert listed(world) == []


@BOTH
def test_a_refused_mail_is_asked_for_again_within_the_hour(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(letter(1), letter(2))
    connect(protocol, 1)
    world.settle()
    assert listed(world) == [Mismatch.REFUSED]
    due_at = Mailbox.objects.get().reconcile_at
    assert due_at is not None
    assert due_at - clock.now() < WHILE_REFUSED + timedelta(seconds=1)


@BOTH
def test_a_mail_that_is_known_to_be_refused_does_not_make_a_comparison_of_each_look(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(letter(1), letter(2))
    connect(protocol, 1)
    for _ in range(4):
        look_again(world)
    assert Reconciliation.objects.count() == 1
    assert Mailbox.objects.get().reason == ""


@BOTH
def test_a_comparison_goes_on_past_mails_that_are_refused_each_time(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(letter(1), letter(2), letter(3))
    line = connect(protocol, 1, 2)
    world.settle()
    for _ in range(2):
        Mailbox.objects.update(reconcile_at=clock.now())
        look_again(world)
        assert listed(world) == [Mismatch.REFUSED] * 2
    post.put(letter(4))
    look_again(world)
    assert subjects() == ["Order 3", "Order 4"]
    assert line.asked.count(1) > 2


@BOTH
def test_a_server_that_gives_no_mail_at_all_is_told_as_failing_with_its_words(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(letter(1), letter(2), letter(3))
    line = connect(protocol, 1, 2, 3)
    for _ in range(FAILURES_BEFORE_ALARM):
        look_again(world)
    box = Mailbox.objects.get()
    assert (box.reason, box.is_alarmed) == (MailboxTrouble.REFUSED, True)
    assert box.words
    line.mails.clear()
    look_again(world)
    assert len(subjects()) == 3
    assert Mailbox.objects.get().reason == ""


@BOTH
def test_a_single_refused_mail_fails_no_mailbox_for_good(
    world: World, post: Dovecot, connect: Connect, protocol: MailProtocol
) -> None:
    post.put(letter(1))
    connect(protocol, 1)
    for _ in range(FAILURES_BEFORE_ALARM + 2):
        look_again(world)
    assert Mailbox.objects.get().reason == ""
    assert listed(world) == [Mismatch.REFUSED]


@pytest.mark.parametrize("mails", [{1}, {3}, {5}, {1, 2}, {4, 5}])
def test_a_server_that_hangs_up_on_what_it_refuses_is_asked_for_the_others_over_a_new_line(
    world: World, post: Dovecot, connect: Connect, mails: set[int]
) -> None:
    post.put(*(letter(number) for number in range(1, 6)))
    line = connect(POP3, *mails)
    line.hangs_up = True
    world.settle()
    assert subjects() == [f"Order {number}" for number in range(1, 6) if number not in mails]
    for _ in range(2):
        assert Mailbox.objects.get().reason == ""
        assert listed(world) == [Mismatch.REFUSED] * len(mails)
        look_again(world)


def test_what_was_given_before_a_line_broke_is_kept_and_the_next_visit_begins_elsewhere(
    world: World, post: Dovecot, connect: Connect
) -> None:
    post.put(*(letter(number) for number in range(1, 6)))
    line = connect(POP3, 3)
    line.breaks = True
    world.settle()
    assert subjects() == ["Order 1", "Order 2"]
    assert Mailbox.objects.get().reason == MailboxTrouble.UNREACHABLE
    look_again(world)
    look_again(world)
    assert subjects() == ["Order 1", "Order 2", "Order 4", "Order 5"]


def test_what_is_refused_is_not_deleted_there(world: World, post: Dovecot, connect: Connect) -> None:
    post.put(*(letter(number) for number in range(1, 5)))
    connect(POP3, 2, after_fetch=AfterFetch.DELETE)
    world.settle()
    assert post.count() == 1
    assert len(subjects()) == 3


@BOTH
def test_a_mail_that_is_too_large_counts_as_looked_at_and_is_listed_as_such(
    world: World,
    post: Dovecot,
    connect: Connect,
    protocol: MailProtocol,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(type(config), "mailbox_mail_bytes", 20_000)
    post.put(letter(1), letter(2, text="A long story. " * 3_000), letter(3))
    connect(protocol)
    world.settle()
    assert Folder.objects.get().is_whole
    assert Mailbox.objects.get().backlog == 0
    Mailbox.objects.update(reconcile_at=clock.now())
    look_again(world)
    assert listed(world) == [Mismatch.TOO_LARGE]
    assert subjects() == ["Order 1", "Order 3"]
