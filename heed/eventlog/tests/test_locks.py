"""Who holds a row keeps others from changing it, not from referring to it: commits under the log's lock have to."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import connection

from heed.brands.models import Brand
from heed.conversations.actions.answering import start
from heed.conversations.models import Message, Tag
from heed.eventlog.unit import lock, unit
from heed.kernel.rows import is_postgres
from heed.testing.world import World, build

pytestmark = pytest.mark.django_db(transaction=True)


def apart(work: object) -> object:
    """Do this in a thread, so on a connection of its own, and give it back."""

    def run() -> object:
        try:
            return work()  # type: ignore[operator]  # each caller gives a function
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(run).result()


def test_a_row_that_is_held_can_be_referred_to_by_others() -> None:
    if not is_postgres():
        pytest.skip("on SQLite one writes at a time")
    world = build()

    def refer() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return Tag.objects.create(brand_id=world.linden.pk, name="urgent").pk

    with unit():
        lock(Brand(pk=world.linden.pk))
        assert apart(refer)


def test_a_new_conversation_sent_twice_at_the_same_moment_is_one_and_both_are_told_so() -> None:
    world = build()
    together = Barrier(2)

    def send(world: World = world) -> int:
        try:
            together.wait(10)
            answer = replace(world.answer(sent_once="key"), subject="Your order")
            who = world.amara.actor
            return start(world.help, answer=answer, team=world.payments, customer=world.dalia.id, by=who).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as clicks:
        first, second = [done.result() for done in [clicks.submit(send) for _ in range(2)]]
    assert first == second
    assert Message.objects.count() == 1
