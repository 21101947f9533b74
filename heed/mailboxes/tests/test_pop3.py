"""Reading a mailbox by POP3 on a real Dovecot."""

from datetime import timedelta

import time_machine

from heed.conversations.models import Conversation, Message
from heed.intake.history import keep_history
from heed.intake.models import Receipt
from heed.kernel import blobs, clock
from heed.kernel.mail_words import AfterFetch, MailboxTrouble, MailProtocol
from heed.kernel.words import Direction, Origin
from heed.mailboxes.actions.accounts import add_mailbox
from heed.mailboxes.models import FetchedMail, Mailbox
from heed.mailboxes.tests.cutting import cutting
from heed.mailboxes.tests.dovecot import PASSWORD, Dovecot
from heed.mailboxes.tests.post_office import forget, handling, letter
from heed.people.policy import SYSTEM
from heed.testing.world import World


def connect(
    world: World, post: Dovecot, *, password: str = PASSWORD, port: int = 0, **more: object
) -> Mailbox:
    account = post.account(protocol=MailProtocol.POP3, port=port or post.pop3)
    return add_mailbox(world.help, account=account, handling=handling(**more), password=password, by=SYSTEM)


def look_again(world: World) -> None:
    Mailbox.objects.update(due_at=clock.now())
    world.settle()


def test_each_mail_is_fetched_once_and_left_there(world: World, post: Dovecot) -> None:
    odd = letter(2, text=".a line that begins with a dot\n" + "x" * 9_000).replace(b"=\r\n", b"")
    post.put(letter(1), odd)
    connect(world, post)
    world.settle()
    post.put(letter(3))
    look_again(world)
    look_again(world)
    assert Mailbox.objects.get().reason == MailboxTrouble.NONE
    assert Conversation.objects.count() == Receipt.objects.count() == post.count() == 3
    assert blobs.sha256_of(odd) in set(Receipt.objects.values_list("sha256", flat=True))


def test_fetched_mail_is_deleted_only_where_somebody_chose_so(world: World, post: Dovecot) -> None:
    post.put(letter(1), letter(2))
    connect(world, post, after_fetch=AfterFetch.DELETE)
    world.settle()
    assert post.count() == 0
    assert Conversation.objects.count() == 2


def test_old_mail_is_history_and_stays_or_is_not_wanted(world: World, post: Dovecot) -> None:
    then = clock.now() - timedelta(days=40)
    with time_machine.travel(then):
        old = letter(1)
    post.put(old, letter(2))
    connect(world, post, work_from_on=clock.now().date(), after_fetch=AfterFetch.DELETE)
    world.settle()
    assert sorted(Receipt.objects.values_list("origin", flat=True)) == [Origin.IMPORT, Origin.LIVE]
    assert post.count() == 1


def test_history_that_nobody_wants_is_looked_at_once(world: World, post: Dovecot) -> None:
    with time_machine.travel(clock.now() - timedelta(days=40)):
        old = letter(1)
    post.put(old, letter(2))
    connect(world, post, work_from_on=clock.now().date(), wants_history=False)
    world.settle()
    look_again(world)
    assert [row.subject for row in Conversation.objects.all()] == ["Order 2"]


def test_a_deleted_conversation_does_not_come_back_and_a_reply_to_it_does(
    unchecked_world: World, post: Dovecot
) -> None:
    world = unchecked_world
    post.put(letter(1))
    connect(world, post)
    world.settle()
    forget(Conversation.objects.get())
    look_again(world)
    post.new_validity()  # each mail has another UIDL, and the same bytes
    look_again(world)
    assert FetchedMail.objects.count() == 2
    assert not Message.objects.exists()
    post.put(letter(2, In_Reply_To="<order-1@example.org>", References="<order-1@example.org>"))
    look_again(world)
    assert Message.objects.get(direction=Direction.IN).subject == "Order 2"


def test_a_deleted_conversation_does_not_come_back_with_the_history_of_the_same_mails(
    unchecked_world: World,
) -> None:
    world = unchecked_world
    one, two, three = letter(1), letter(2), letter(3)
    assert keep_history([one, two], inbox=world.help.address) == 2
    world.settle()
    kept = list(Receipt.objects.values())
    forget(Conversation.objects.get(subject="Order 1"))
    Receipt.objects.bulk_create(Receipt(**row) for row in kept)  # what was accepted stays on record
    assert keep_history([one, two, three], inbox=world.help.address) == 1
    world.settle()
    assert sorted(Conversation.objects.values_list("subject", flat=True)) == ["Order 2", "Order 3"]


def test_a_wrong_password_is_told(world: World, post: Dovecot) -> None:
    connect(world, post, password="wrong")
    world.settle()
    assert Mailbox.objects.get().reason == MailboxTrouble.LOGIN_REFUSED


def test_a_line_cut_in_the_middle_costs_nothing_but_time(world: World, post: Dovecot) -> None:
    post.put(*(letter(number, text="A long story. " * 500) for number in range(1, 9)))
    with cutting(post.pop3) as line:
        line.after = 30_000
        connect(world, post, port=line.port, after_fetch=AfterFetch.DELETE)
        world.settle()
        assert Mailbox.objects.get().reason == MailboxTrouble.UNREACHABLE
        line.after = None
        look_again(world)
    assert Conversation.objects.count() == Receipt.objects.count() == 8
    assert post.count() == 0
