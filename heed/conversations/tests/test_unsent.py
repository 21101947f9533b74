"""Files that were attached and never sent go after a while, their bytes later; what somebody still needs stays."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from heed.conversations import unsent
from heed.conversations.actions import holding
from heed.conversations.actions.answering import Wait, add_note, reply
from heed.conversations.actions.uploads import UNUSED_FOR, discard_uploads, forget_blobs
from heed.conversations.models import Attachment, Blob, Draft
from heed.eventlog.unit import change, lock, unit
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import Refused, Unusable
from heed.kernel.words import HeldFor
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.web.files import keep_upload

KEPT = timedelta(days=config.unsent_days)


def attach(world: World, content: bytes = b"a bell", name: str = "bell.txt") -> Attachment:
    return keep_upload(SimpleUploadedFile(name, content, content_type="text/plain"), by=world.amara.actor)


@contextmanager
def later(by: timedelta) -> Iterator[None]:
    with clock.at(clock.now() + by):
        yield


def test_what_was_never_sent_goes_after_its_days_and_its_bytes_a_day_later(world: World) -> None:
    file = attach(world)
    with later(KEPT - timedelta(hours=1)):
        assert (unsent.step(), unsent.waiting()) == (0, 0)
        assert Attachment.objects.filter(pk=file.pk).exists()
    with later(KEPT + timedelta(hours=1)):
        assert unsent.waiting() == 1
        assert unsent.step() == 1
        assert not Attachment.objects.exists()
        assert Blob.objects.get().uses == 0
        assert unsent.step() == 0
        assert blobs.exists(file.blob_id)
    with later(KEPT + UNUSED_FOR + timedelta(hours=2)):
        assert unsent.step() == 1
    assert not blobs.exists(file.blob_id)
    assert not Blob.objects.exists()


def test_what_was_sent_or_noted_stays(world: World) -> None:
    row = world.conversation()
    sent, noted = attach(world, b"one"), attach(world, b"two")
    reply(row, answer=world.answer(files=[sent.pk]), by=world.amara.actor)
    add_note(row, text="See", sent_once="", files=[noted.pk], by=world.amara.actor)
    with later(KEPT * 2):
        assert unsent.step() == 0
    assert Attachment.objects.filter(message__isnull=False).count() == 2


def test_what_stands_in_a_draft_stays_as_long_as_the_draft(world: World) -> None:
    row = world.conversation()
    file = attach(world)
    wait = Wait(clock.now() + timedelta(seconds=10), HeldFor.UNDO)
    held = reply(row, answer=world.answer(files=[file.pk], wait=wait), by=world.amara.actor)
    holding.take_back(held, by=world.amara.actor)
    with later(KEPT + timedelta(hours=1)):
        assert unsent.step() == 1  # looked at, and kept
        assert unsent.step() == 0
        assert Attachment.objects.filter(pk=file.pk).exists()
        Draft.objects.all().delete()
    with later(KEPT * 2 + timedelta(hours=2)):
        unsent.step()
        assert not Attachment.objects.exists()


def test_bytes_that_something_else_needs_stay(world: World) -> None:
    row = world.conversation()
    mine, other = attach(world), attach(world)
    reply(row, answer=world.answer(files=[mine.pk]), by=world.amara.actor)
    with later(KEPT + timedelta(hours=1)):
        assert unsent.step() == 1
    with later(KEPT * 2):
        assert unsent.step() == 0
    assert (Blob.objects.get().uses, blobs.exists(other.blob_id)) == (1, True)


def test_bytes_that_came_again_meanwhile_stay(world: World) -> None:
    file = attach(world)
    with later(KEPT + timedelta(hours=1)):
        unsent.step()
    again = attach(world)
    with later(KEPT - timedelta(hours=1)):
        assert unsent.step() == 0
    assert blobs.read(again.blob_id) == b"a bell"
    assert again.blob_id == file.blob_id


def test_bytes_that_somebody_found_but_has_not_written_down_stay(world: World) -> None:
    """As an upload that ends between two looks: its bytes are there, its row is not yet."""
    file = attach(world)
    with later(KEPT + timedelta(hours=1)):
        unsent.step()
    path = blobs._folder() / blobs.path_of(file.blob_id)  # type: ignore[operator]  # a local folder
    with later(KEPT + UNUSED_FOR + timedelta(hours=2)):
        os.utime(path, (clock.now().timestamp(), clock.now().timestamp()))  # what put() does, at that time
        assert unsent.step() == 0
    assert blobs.exists(file.blob_id)
    assert Blob.objects.exists()


def test_a_worker_that_died_between_bytes_and_row_is_followed_by_another(world: World) -> None:
    file = attach(world)
    with later(KEPT + timedelta(hours=1)):
        unsent.step()
    blobs.delete(file.blob_id)
    with later(KEPT + UNUSED_FOR + timedelta(hours=2)):
        assert unsent.step() == 1
    assert not Blob.objects.exists()
    assert blobs.read(attach(world).blob_id) == b"a bell"


def test_discarding_twice_or_what_is_young_does_nothing(world: World) -> None:
    old, before = attach(world), world.log_size()
    assert discard_uploads([old.pk], by=SYSTEM) == 0
    with later(KEPT + timedelta(hours=1)):
        assert discard_uploads([old.pk, old.pk + 1], by=SYSTEM) == 1
        assert discard_uploads([old.pk], by=SYSTEM) == 0
        assert forget_blobs([old.blob_id], by=SYSTEM) == 0
    with later(KEPT + UNUSED_FOR + timedelta(hours=2)):
        assert forget_blobs([old.blob_id], by=SYSTEM) == 1
        assert forget_blobs([old.blob_id], by=SYSTEM) == 0
    assert world.log_size() == before


def test_people_discard_nothing(world: World) -> None:
    for verb in (discard_uploads, forget_blobs):
        with pytest.raises(Refused):
            verb([], by=world.chen.actor)


def test_looking_for_what_to_discard_costs_a_query_a_kind(world: World) -> None:
    """Drafts, files and bytes."""
    attach(world)
    unsent.waiting()
    with assert_queries(at_most=3):
        unsent.step()


def in_thread(work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


@pytest.mark.django_db(transaction=True)
def test_a_file_that_is_being_sent_while_it_would_be_discarded_is_sent_whole(unchecked_world: World) -> None:
    world = unchecked_world
    row, file = world.conversation(), attach(world)
    at = clock.now() + KEPT + timedelta(hours=1)

    def discard() -> None:
        with clock.at(at):
            discard_uploads([file.pk], by=SYSTEM)

    with unit():
        message = reply(row, answer=world.answer(files=[file.pk]), by=world.amara.actor)
        other = in_thread(discard)
        time.sleep(0.3)
        assert other.is_alive()  # it waits for the one who sends
    other.join(10)
    assert message.attachments.get().pk == file.pk
    assert Blob.objects.get().uses == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_that_was_discarded_first_is_missed_before_anything_is_sent(unchecked_world: World) -> None:
    world = unchecked_world
    row, file = world.conversation(), attach(world)
    told: list[str] = []

    def send() -> None:
        try:
            reply(row, answer=world.answer(files=[file.pk]), by=world.amara.actor)
        except Unusable as error:
            told.append(error.field)

    with unit(), clock.at(clock.now() + KEPT + timedelta(hours=1)):
        discard_uploads([file.pk], by=SYSTEM)
        other = in_thread(send)
        time.sleep(0.3)
        assert other.is_alive()
    other.join(10)
    assert told == ["files"]
    assert row.messages.count() == 1


def test_bytes_that_a_row_points_to_are_never_forgotten(world: World) -> None:
    file = attach(world)
    with unit():
        change(lock(Blob(pk=file.blob_id)), unused_at=clock.now())
    with later(KEPT * 2):
        assert forget_blobs([file.blob_id], by=SYSTEM) == 0
    assert Blob.objects.get().uses == 1


def test_bytes_are_forgotten_only_a_day_after_the_last_row_that_pointed_to_them(world: World) -> None:
    file = attach(world)
    with later(KEPT + timedelta(hours=1)):
        unsent.step()
        with later(UNUSED_FOR - timedelta(hours=1)):
            assert forget_blobs([file.blob_id], by=SYSTEM) == 0
        with later(UNUSED_FOR + timedelta(hours=1)):
            assert forget_blobs([file.blob_id, "f" * 64], by=SYSTEM) == 1
