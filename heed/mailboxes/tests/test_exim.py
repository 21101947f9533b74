"""With a real Exim on the other side: it wants a password, the line breaks within a mail, it hands mail on to us."""

import asyncio
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import connections

from heed.brands.models import Inbox
from heed.channels.email.listener import serve
from heed.channels.email.listener_types import Accepted
from heed.conversations.actions.answering import reply
from heed.conversations.models import Conversation, Message
from heed.delivery import work
from heed.delivery.models import Delivery
from heed.eventlog.unit import change, lock, unit
from heed.intake.models import Receipt
from heed.intake.receipts import InboxKeeper
from heed.kernel import clock
from heed.kernel.hostport import HostPort
from heed.kernel.words import DeliveryState
from heed.mailboxes.tests.cutting import cutting
from heed.mailboxes.tests.dovecot import Dovecot
from heed.mailboxes.tests.exim import exim
from heed.mailboxes.tests.post_office import letter
from heed.mailboxes.tests.test_round_trip import PATIENCE_SECONDS, arrived, send
from heed.people.actions import set_mail_server
from heed.people.policy import SYSTEM
from heed.testing.world import World

SECRET = "leaves.under.the.bridge"
LOCAL = HostPort("127.0.0.1", 0)
EXIM_SECONDS = 1.5  # it looks into its queue every second: what is to come has come by then


def answered(world: World, url: str, *, text: str = "It is on its way.") -> Message:
    """An answer of Amara's that is to leave by this server, tried once."""
    work.servers.forget()
    set_mail_server(Inbox.objects.get(pk=world.help.pk), url=url, by=SYSTEM)
    message = reply(world.conversation(), answer=world.answer(text=text), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    return message


def again(world: World, message: Message) -> Message:
    """Later."""
    work.servers.forget()
    with unit():
        for row in Delivery.objects.filter(due_at__isnull=False):
            change(lock(row), due_at=clock.now(), claimed_until=None)
    world.settle()
    message.refresh_from_db()
    return message


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < until, "waited too long"
        time.sleep(0.1)


def test_a_wrong_password_costs_no_answer_which_leaves_once_it_is_right(world: World, post: Dovecot) -> None:
    with exim(post, password=SECRET) as port:
        message = answered(world, f"smtp://help:wrong@127.0.0.1:{port}")
        assert message.state == DeliveryState.QUEUED
        assert Delivery.objects.get().due_at is not None
        [health] = work.servers.known.values()
        assert health.code == 535
        set_mail_server(
            Inbox.objects.get(pk=world.help.pk), url=f"smtp://help:{SECRET}@127.0.0.1:{port}", by=SYSTEM
        )
        assert again(world, message).state == DeliveryState.SENT
        [answer] = arrived(post, "dalia", 1)
        assert b"It is on its way." in answer


def test_a_line_that_breaks_within_a_mail_sends_it_once(world: World, post: Dovecot) -> None:
    with exim(post) as port, cutting(port) as line:
        line.heard = 30_000
        message = answered(world, f"smtp://127.0.0.1:{line.port}", text="A long story. " * 5_000)
        assert message.state == DeliveryState.QUEUED
        time.sleep(EXIM_SECONDS)
        assert post.count("dalia") == 0
        line.heard = None
        assert again(world, message).state == DeliveryState.SENT
        arrived(post, "dalia", 1)
        time.sleep(EXIM_SECONDS)
        assert post.count("dalia") == 1


class Hesitant(InboxKeeper):
    """Keeps nothing until it is told to. Its threads leave no connection behind."""

    is_ready = False
    refused = 0

    def keep(self, accepted: Accepted) -> None:
        if not self.is_ready:
            self.refused += 1
            raise OSError("not yet")
        try:
            super().keep(accepted)
        finally:
            connections.close_all()

    def accepts(self, address: str) -> bool:
        try:
            return super().accepts(address)
        finally:
            connections.close_all()


@contextmanager
def lmtp(keeper: InboxKeeper) -> Iterator[int]:
    """Our own LMTP; gives its port."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(serve(keeper, smtp=None, lmtp=LOCAL), loop).result(10)
    assert server.lmtp is not None
    try:
        yield server.lmtp.port
    finally:
        asyncio.run_coroutine_threadsafe(server.stop(2), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@pytest.mark.django_db(transaction=True)
def test_what_exim_hands_on_by_lmtp_is_kept_once_and_refused_addresses_come_back(
    world: World, post: Dovecot
) -> None:
    keeper = Hesitant()
    with lmtp(keeper) as door, exim(post, lmtp=door) as port:
        send(port, letter(1, Return_Path=""), to="help@linden.example")
        wait_for(lambda: keeper.refused > 0)
        assert not Receipt.objects.exists()
        keeper.is_ready = True
        wait_for(lambda: Receipt.objects.count() == 1)
        with smtplib.SMTP("127.0.0.1", port, timeout=20) as line:
            to = ["help+later@linden.example", "nobody@linden.example"]
            line.sendmail("dalia@example.org", to, letter(2, Return_Path=""))
        [back] = arrived(post, "dalia", 1)
        assert b"nobody@linden.example" in back
        wait_for(lambda: Receipt.objects.count() == 2)
        time.sleep(EXIM_SECONDS)
        world.settle()
        assert sorted(Conversation.objects.values_list("subject", flat=True)) == ["Order 1", "Order 2"]
        assert set(Receipt.objects.values_list("mail_from", flat=True)) == {"dalia@example.org"}
