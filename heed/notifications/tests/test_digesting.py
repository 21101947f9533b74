"""The verbs of digests: each works, refuses the wrong person and state, and does nothing harmful twice."""

from datetime import timedelta

import pytest

from heed.conversations.actions.answering import add_note
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.notifications.actions import mark_read
from heed.notifications.actions.digesting import TRIES, begin_digest, end_digest, put_off_digest
from heed.notifications.models import Digest, Notification
from heed.people.policy import SYSTEM
from heed.testing.world import World


def mention(world: World) -> Notification:
    row = world.conversation()
    add_note(row, text="@Edda look", sent_once="", files=(), by=world.amara.actor)
    world.read_log()
    return Notification.objects.order_by("-pk")[0]


def claimed() -> Digest:
    Digest.objects.update(due_at=clock.now(), claimed_until=None)
    [digest] = due.claim(Digest, limit=5, lease_seconds=60)
    return digest


def test_a_digest_tells_of_what_waits(world: World) -> None:
    first, second = mention(world), mention(world)
    assert begin_digest(claimed(), by=SYSTEM) == [first, second]


def test_people_begin_no_digests(world: World) -> None:
    mention(world)
    with pytest.raises(Refused):
        begin_digest(claimed(), by=world.chen.actor)


def test_a_digest_of_another_worker_is_not_begun(world: World) -> None:
    mention(world)
    digest = claimed()
    claimed()
    with pytest.raises(due.ClaimLost):
        begin_digest(digest, by=SYSTEM)


def test_a_digest_begun_again_tells_the_same_without_what_was_read(world: World) -> None:
    first, second = mention(world), mention(world)
    assert begin_digest(claimed(), by=SYSTEM) == [first, second]
    mention(world)
    mark_read([first.pk], by=world.edda.actor)
    assert begin_digest(claimed(), by=SYSTEM) == [second]


def test_what_was_told_waits_no_more_and_what_came_since_does(world: World) -> None:
    first = mention(world)
    digest = claimed()
    begin_digest(digest, by=SYSTEM)
    second = mention(world)
    end_digest(digest, by=SYSTEM)
    assert list(Notification.objects.filter(wants_mail=True)) == [second]
    assert Digest.objects.get().due_at is not None
    assert first.read_at is None


def test_people_end_no_digests(world: World) -> None:
    mention(world)
    with pytest.raises(Refused):
        end_digest(claimed(), by=world.chen.actor)


def test_a_digest_that_was_not_begun_ends_with_all_waiting(world: World) -> None:
    one = mention(world)
    end_digest(claimed(), by=SYSTEM)
    assert list(Notification.objects.filter(wants_mail=True)) == [one]


def test_a_digest_ends_once(world: World) -> None:
    mention(world)
    digest = claimed()
    begin_digest(digest, by=SYSTEM)
    end_digest(digest, by=SYSTEM)
    assert Digest.objects.get().due_at is None
    with pytest.raises(due.ClaimLost):
        end_digest(digest, by=SYSTEM)


def test_a_digest_is_put_off_until_then(world: World) -> None:
    mention(world)
    then = clock.now() + timedelta(hours=3)
    put_off_digest(claimed(), until=then, by=SYSTEM)
    assert Digest.objects.get().due_at == then


def test_people_put_off_no_digests(world: World) -> None:
    mention(world)
    with pytest.raises(Refused):
        put_off_digest(claimed(), until=None, by=world.chen.actor)


def test_a_digest_is_not_tried_for_ever(world: World) -> None:
    mention(world)
    digest = claimed()
    put_off_digest(digest, until=None, by=SYSTEM)
    assert Notification.objects.filter(wants_mail=True).exists()
    Digest.objects.update(attempts=TRIES)
    digest = claimed()
    begin_digest(digest, by=SYSTEM)
    put_off_digest(digest, until=None, by=SYSTEM)
    assert not Notification.objects.filter(wants_mail=True).exists()


def test_a_digest_is_put_off_once(world: World) -> None:
    mention(world)
    digest = claimed()
    put_off_digest(digest, until=None, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        put_off_digest(digest, until=None, by=SYSTEM)
