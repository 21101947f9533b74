"""What the catcher has held long enough goes; what is younger, and every message, stays."""

from datetime import timedelta

import pytest

from heed.conversations.actions.answering import reply
from heed.conversations.models import Message
from heed.delivery import catcher
from heed.delivery.actions import discard_caught
from heed.delivery.models import CaughtMail
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Refused
from heed.people.policy import SYSTEM
from heed.testing.world import World


def caught(world: World, *, days: int) -> CaughtMail:
    """A mail that the catcher has held so long."""
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    row = CaughtMail.objects.get(message=message)
    CaughtMail.objects.filter(pk=row.pk).update(at=clock.now() - timedelta(days=days))
    return row


def test_what_is_too_old_is_discarded_and_its_message_stays(world: World) -> None:
    young, old = caught(world, days=config.catcher_days - 1), caught(world, days=config.catcher_days + 1)
    assert discard_caught([old.pk, young.pk], by=SYSTEM) == 1
    assert list(CaughtMail.objects.values_list("pk", flat=True)) == [young.pk]
    assert Message.objects.filter(pk=old.message_id).exists()


def test_a_worker_discards_what_is_too_old(world: World) -> None:
    caught(world, days=config.catcher_days + 1)
    assert catcher.waiting() == 1
    assert catcher.step() == 1
    assert not CaughtMail.objects.exists()
    assert (catcher.waiting(), catcher.step()) == (0, 0)


def test_nobody_discards_caught_mail_by_hand(world: World) -> None:
    old = caught(world, days=config.catcher_days + 1)
    with pytest.raises(Refused):
        discard_caught([old.pk], by=world.chen.actor)
    assert CaughtMail.objects.exists()


def test_what_is_young_is_kept_whoever_names_it(world: World) -> None:
    young = caught(world, days=1)
    assert discard_caught([young.pk], by=SYSTEM) == 0
    assert CaughtMail.objects.exists()


def test_discarding_twice_does_nothing_more(world: World) -> None:
    old = caught(world, days=config.catcher_days + 1)
    assert discard_caught([old.pk], by=SYSTEM) == 1
    assert discard_caught([old.pk], by=SYSTEM) == 0
