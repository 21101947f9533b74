"""What is removed for good is gone from every table and store, stays away, and leaves log and counts right."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import CASCADE, SET_NULL, ProtectedError

from heed import flow
from heed.channels.email.address import sign
from heed.conversations import purging
from heed.conversations.actions.answering import reply
from heed.conversations.actions.labels import save_draft, tag
from heed.conversations.actions.merging import merge
from heed.conversations.actions.purging import (
    NotTrashed,
    purge,
    purge_in_time,
    remove_conversation,
    remove_messages,
)
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.splitting import split
from heed.conversations.actions.trashing import StillLeaving, restore, trash
from heed.conversations.actions.uploads import upload
from heed.conversations.models import (
    Attachment,
    Blob,
    Conversation,
    Draft,
    Message,
    Purge,
    PurgedMail,
    SearchDocument,
    Timer,
)
from heed.conversations.queries import can_see
from heed.delivery.actions.letting_go import let_go_of_deliveries
from heed.delivery.models import Delivery
from heed.eventlog import due
from heed.eventlog.kinds import ConversationPurged
from heed.eventlog.models import EventRow
from heed.intake import checks
from heed.intake.letting_go import let_go_of_mails
from heed.intake.models import Receipt, ReceiptPart
from heed.intake.receipts import accepted_now, keep
from heed.kernel import blobs, clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused
from heed.kernel.words import AgentId, Direction, Origin, ReceiptState, TimerKind
from heed.people.policy import SYSTEM
from heed.testing.world import World

SECRET = "persimmon"  # stands in everything that was said


def posted(world: World, *, number: int, answers: str = "", to: str = "") -> bytes:
    """A mail of Dalia's with a file, kept and read: its bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"Dalia <{world.dalia.address}>"
    mail["To"] = to or world.help.address
    mail["Subject"] = f"About the {SECRET}"
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{SECRET}-{number}@example.org>"
    if answers:
        mail["In-Reply-To"] = mail["References"] = f"<{answers}>"
    mail.set_content(f"The {SECRET} number {number}.")
    mail.add_attachment(b"what a picture", maintype="image", subtype="png", filename=f"{SECRET}.png")
    raw = mail.as_bytes()
    deliver(world, raw)
    return raw


def deliver(world: World, raw: bytes) -> None:
    keep(
        [accepted_now(raw, mail_from=f"{SECRET}@example.org", recipients=[world.help.address])],
        origin=Origin.LIVE,
        by=SYSTEM,
    )
    world.settle()


def signed_address(ours: Message) -> str:
    """Where a mail of ours asks for answers, which is all that some programs keep of it."""
    return sign(
        ours.from_address,
        conversation=ours.conversation_id,
        message=ours.pk,
        secret=config.secret_bytes(),
    )


def purged(world: World, row: Conversation) -> None:
    trash(world.reload(row), by=world.amara.actor)
    purge(world.reload(row), by=world.chen.actor)
    world.settle()


def whole_database_but_the_log() -> str:
    tables = [model for model in apps.get_models() if model.__module__.startswith("heed.")]
    kept = [model for model in tables if model not in (EventRow, SearchDocument)]
    return repr([list(model._base_manager.values()) for model in kept])


def test_nothing_of_it_is_left_but_the_log_and_hashes(world: World) -> None:
    posted(world, number=1)
    row = Conversation.objects.get()
    tag(row, name=SECRET, by=world.amara.actor)
    world.answered(row, text=f"We have your {SECRET}.")
    save_draft(row, kind=Direction.NOTE, text=SECRET, by=world.amara.actor)
    world.settle()
    hashes = set(Blob.objects.values_list("pk", flat=True))
    assert hashes
    assert all(blobs.exists(one) for one in hashes)
    assert SECRET in whole_database_but_the_log()
    purged(world, row)
    assert not Conversation.objects.exists()
    assert not SearchDocument.objects.exists()
    told = whole_database_but_the_log()
    assert told.count(SECRET) == told.count(f"'name': '{SECRET}'") == 1, (
        "the brand's tag, which others may carry"
    )
    assert {receipt.state for receipt in Receipt.objects.all()} == {ReceiptState.PURGED}
    assert not ReceiptPart.objects.exists()
    assert not list(checks.findings())
    with clock.at(clock.now() + timedelta(days=2)):
        for one in hashes:
            os.utime(blobs._folder() / blobs.path_of(one), (1, 1))  # type: ignore[operator]  # nobody found it since
        world.settle()
    assert not any(blobs.exists(one) for one in hashes)
    assert not Blob.objects.exists()


def test_what_others_point_to_stays(world: World) -> None:
    posted(world, number=1)
    first = Conversation.objects.get()
    posted(world, number=2)
    second = Conversation.objects.exclude(pk=first.pk).get()
    file = Attachment.objects.get(message__conversation=second)
    assert Blob.objects.get(pk=file.blob_id).uses == 2
    purged(world, first)
    assert Blob.objects.get(pk=file.blob_id).uses == 1
    assert blobs.read(file.blob_id) == b"what a picture"
    assert not list(checks.findings())
    assert Message.objects.get(conversation=second, direction=Direction.IN).subject == f"About the {SECRET}"


def test_a_copy_that_comes_later_becomes_nothing_and_a_new_answer_a_conversation_of_its_own(
    world: World,
) -> None:
    raw = posted(world, number=1)
    row = Conversation.objects.get()
    ours = world.answered(row)
    purged(world, row)
    deliver(world, raw)
    deliver(world, raw.replace(b"\r\n\r\n", b"\r\nX-Second-Way: yes\r\n\r\n", 1))
    assert not Message.objects.exists()
    assert not ReceiptPart.objects.exists()
    assert not list(checks.findings())
    posted(world, number=2, answers=ours.message_id)
    assert Conversation.objects.get().pk > row.pk
    assert Message.objects.get(direction=Direction.IN).subject == f"About the {SECRET}"


def test_an_answer_on_the_way_while_it_is_removed_begins_a_conversation(world: World) -> None:
    posted(world, number=1)
    row = Conversation.objects.get()
    trash(row, by=world.amara.actor)
    purge(world.reload(row), by=world.chen.actor)
    assert Purge.objects.exists()
    posted(world, number=2, answers=f"{SECRET}-1@example.org")
    assert Conversation.objects.get().pk > row.pk
    assert Message.objects.filter(direction=Direction.IN).count() == 1


@pytest.mark.parametrize("is_gone", [False, True])
@pytest.mark.parametrize("answers", ["ours", "own", "address"])
def test_an_answer_to_something_restricted_is_shown_to_the_same_people_when_that_is_gone(
    world: World, answers: str, is_gone: bool
) -> None:
    posted(world, number=1)
    row = Conversation.objects.get()
    ours = reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    ours.refresh_from_db()
    restrict(world.reload(row), agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
    trash(world.reload(row), by=SYSTEM)
    purge(world.reload(row), by=SYSTEM)
    if is_gone:
        world.settle()
        assert not Conversation.objects.exists()
    named = {"ours": ours.message_id, "own": f"{SECRET}-1@example.org", "address": ""}[answers]
    posted(world, number=2, answers=named, to=signed_address(ours) if answers == "address" else "")
    further = Conversation.objects.latest("pk")
    assert further.pk > row.pk
    assert not can_see(world.amara.actor, further.pk)
    assert can_see(world.edda.actor, further.pk)
    raw = posted(world, number=3)
    unrelated = Conversation.objects.latest("pk")
    assert can_see(world.amara.actor, unrelated.pk), "what answers nothing of it is everybody's"
    deliver(world, raw)
    assert Conversation.objects.latest("pk") == unrelated


def test_an_answer_to_a_part_that_is_gone_does_not_end_up_where_it_was_split_off(world: World) -> None:
    """By its address alone it would join the conversation in which our mail was sent, which more people see."""
    posted(world, number=1)
    row = Conversation.objects.get()
    ours = reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    ours.refresh_from_db()
    answered_at = signed_address(ours)
    part = split(world.reload(row), messages=[ours.pk], subject="", by=world.amara.actor)
    restrict(world.reload(part), agents=[AgentId(world.edda.row.pk)], teams=[], by=SYSTEM)
    trash(world.reload(part), by=SYSTEM)
    purge(world.reload(part), by=SYSTEM)
    world.settle()
    assert can_see(world.amara.actor, row.pk)
    posted(world, number=2, to=answered_at)
    further = Conversation.objects.latest("pk")
    assert further.pk not in (row.pk, part.pk)
    assert not can_see(world.amara.actor, further.pk)
    assert can_see(world.edda.actor, further.pk)


def test_only_an_admin_removes_and_only_what_lies_in_the_trash(world: World) -> None:
    row = world.conversation()
    with pytest.raises(NotTrashed):
        purge(row, by=world.chen.actor)
    trash(row, by=world.amara.actor)
    for who in (world.amara, world.edda, world.farid):
        with pytest.raises(Refused):
            purge(row, by=who.actor)
    for who in (world.bruno, world.hugo, world.nobody):
        with pytest.raises(NotFound):
            purge(row, by=who.actor)
    purge(row, by=world.chen.actor)
    purge(row, by=world.chen.actor)
    assert world.kinds(row).count(ConversationPurged.name) == 1
    world.settle()
    with pytest.raises(NotFound):
        purge(row, by=world.chen.actor)


def test_an_answer_that_is_still_leaving_is_waited_for(world: World) -> None:
    row = world.conversation()
    reply(row, answer=world.answer(), by=world.amara.actor)
    trash(world.reload(row), by=world.amara.actor)
    with pytest.raises(StillLeaving):
        purge(world.reload(row), by=world.chen.actor)
    timer = Timer.objects.get(kind=TimerKind.PURGE)
    with clock.at(clock.now() + timedelta(days=31)):
        (claimed,) = due.claim(Timer, limit=1, lease_seconds=60)
        purge_in_time(claimed, by=SYSTEM)
        timer.refresh_from_db()
        assert timer.due_at == clock.now() + timedelta(hours=1)
        assert not Purge.objects.exists()


def test_after_its_days_it_goes_by_itself_and_what_was_restored_does_not(world: World) -> None:
    gone, back = world.conversation(), world.conversation()
    for row in (gone, back):
        trash(row, by=world.amara.actor)
    restore(world.reload(back), by=world.amara.actor)
    with clock.at(clock.now() + timedelta(days=29)):
        world.settle()
        assert Conversation.objects.count() == 2
    with clock.at(clock.now() + timedelta(days=30, minutes=1)):
        world.settle()
        assert Conversation.objects.get() == back
        purges = EventRow.objects.filter(kind=ConversationPurged.name)
        assert [(row.conversation_id, row.actor_kind) for row in purges] == [(gone.pk, "system")]


def test_a_timer_that_another_worker_has_removes_nothing(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    with clock.at(clock.now() + timedelta(days=31)):
        (claimed,) = due.claim(Timer, limit=1, lease_seconds=60)
        with clock.at(clock.now() + timedelta(minutes=2)):
            (other,) = due.claim(Timer, limit=1, lease_seconds=60)
            with pytest.raises(due.ClaimLost):
                purge_in_time(claimed, by=SYSTEM)
            for _ in range(2):
                with suppress(due.ClaimLost):
                    purge_in_time(other, by=SYSTEM)
    assert world.kinds(row).count(ConversationPurged.name) == 1


def test_people_do_not_wait_for_the_time_to_purge(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    with clock.at(clock.now() + timedelta(days=31)):
        (claimed,) = due.claim(Timer, limit=1, lease_seconds=60)
        with pytest.raises(Refused):
            purge_in_time(claimed, by=world.amara.actor)
    assert not Purge.objects.exists()


def test_a_timer_of_what_is_in_no_trash_any_more_removes_nothing(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    with clock.at(clock.now() + timedelta(days=31)):
        (claimed,) = due.claim(Timer, limit=1, lease_seconds=60)
        restore(world.reload(row), by=world.amara.actor)
        with pytest.raises(due.ClaimLost):
            purge_in_time(claimed, by=SYSTEM)
        assert not Purge.objects.exists()


def test_what_was_merged_into_it_goes_along_and_what_was_linked_to_it_stays(world: World) -> None:
    row, merged, other = world.conversation(), world.conversation(), world.conversation()
    merge(merged, into=row, by=world.amara.actor)
    answer = world.answered(row)
    Message.objects.filter(conversation=other).update(answers=answer)
    purged(world, row)
    assert Conversation.objects.get() == other
    assert Message.objects.get().answers is None


def test_nothing_goes_before_the_log_was_read(world: World) -> None:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    purge(row, by=world.chen.actor)
    assert purging.step(flow.LET_GO) == 0
    assert Message.objects.filter(conversation=row).exists()
    world.settle()
    assert not Conversation.objects.exists()


def test_what_was_not_read_waits_also_while_another_worker_has_what_was(world: World) -> None:
    read, unread = world.conversation(), world.conversation()
    trash(read, by=world.amara.actor)
    purge(read, by=world.chen.actor)
    world.read_log()
    trash(unread, by=world.amara.actor)
    purge(unread, by=world.chen.actor)
    (others,) = due.claim(Purge, limit=1, lease_seconds=60)
    assert others.pk == read.pk
    assert purging.step(flow.LET_GO) == 0
    assert Message.objects.filter(conversation=unread).exists()
    waiting = Purge.objects.get(pk=unread.pk)
    assert (waiting.claimed_until, waiting.attempts) == (None, 0), "it was given back"
    world.read_log()
    assert purging.step(flow.LET_GO) == 1
    assert not Message.objects.filter(conversation=unread).exists()
    assert Message.objects.filter(conversation=read).exists()


@pytest.fixture
def claimed(world: World) -> Purge:
    row = world.conversation()
    trash(row, by=world.amara.actor)
    purge(row, by=world.chen.actor)
    world.read_log()
    (found,) = due.claim(Purge, limit=1, lease_seconds=60)
    return found


def everything(purge: Purge) -> list[int]:
    return list(Message.objects.filter(conversation_id=purge.pk).values_list("pk", flat=True))


def test_a_worker_whose_claim_ran_out_removes_nothing(world: World, claimed: Purge) -> None:
    with clock.at(clock.now() + timedelta(minutes=5)):
        (other,) = due.claim(Purge, limit=1, lease_seconds=60)
        with pytest.raises(due.ClaimLost):
            remove_messages(claimed, messages=everything(claimed), by=SYSTEM)
        with pytest.raises(due.ClaimLost):
            remove_conversation(claimed, by=SYSTEM)
        assert everything(claimed)
        remove_messages(other, messages=everything(other), by=SYSTEM)
        assert not everything(claimed)


def test_what_another_worker_ended_is_ended(world: World, claimed: Purge) -> None:
    numbers = everything(claimed)
    remove_messages(claimed, messages=numbers, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        remove_messages(claimed, messages=numbers, by=SYSTEM)
    (again,) = due.claim(Purge, limit=1, lease_seconds=60)
    remove_messages(again, messages=numbers, by=SYSTEM)  # they are gone: nothing more happens
    (last,) = due.claim(Purge, limit=1, lease_seconds=60)
    remove_conversation(last, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        remove_conversation(last, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        remove_messages(last, messages=numbers, by=SYSTEM)


def test_only_the_desk_itself_removes_the_parts(world: World, claimed: Purge) -> None:
    with pytest.raises(Refused):
        remove_messages(claimed, messages=everything(claimed), by=world.chen.actor)
    with pytest.raises(Refused):
        remove_conversation(claimed, by=world.chen.actor)
    assert everything(claimed)


def test_a_conversation_with_messages_left_is_not_removed(world: World, claimed: Purge) -> None:
    with pytest.raises(ProtectedError):
        remove_conversation(claimed, by=SYSTEM)
    assert everything(claimed)


def test_files_of_a_draft_go_along_and_those_of_other_drafts_stay(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    files = [
        upload(
            Attachment(blob_id=blobs.put(name), filename="x", content_type="text/plain", size=1),
            by=world.amara.actor,
        )
        for name in (b"mine", b"theirs")
    ]
    for where, file in zip((row, other), files, strict=True):
        save_draft(where, kind=Direction.NOTE, text="See this", by=world.amara.actor)
        Draft.objects.filter(conversation=where).update(files=[file.pk])
    purged(world, row)
    assert list(Attachment.objects.values_list("pk", flat=True)) == [files[1].pk]
    assert {blob.pk: blob.uses for blob in Blob.objects.filter(pk__in=[file.blob_id for file in files])} == {
        files[0].blob_id: 0,
        files[1].blob_id: 1,
    }


def sent_with_its_bytes(world: World) -> Delivery:
    """An answer of ours that the catcher took."""
    reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.settle()
    return Delivery.objects.exclude(raw_sha256="").get()


def test_what_left_is_let_go_of_once(world: World) -> None:
    delivery = sent_with_its_bytes(world)
    sha256 = delivery.raw_sha256
    assert Blob.objects.get(pk=sha256).uses == 1
    for _ in range(2):
        let_go_of_deliveries([delivery.pk], by=SYSTEM)
    assert Blob.objects.get(pk=sha256).uses == 0
    assert Delivery.objects.get(pk=delivery.pk).raw_sha256 == ""


def test_deliveries_of_other_messages_keep_what_left(world: World) -> None:
    delivery = sent_with_its_bytes(world)
    let_go_of_deliveries([delivery.pk + 1], by=SYSTEM)
    assert Blob.objects.get(pk=delivery.raw_sha256).uses == 1


def test_a_delivery_that_has_not_left_has_nothing_to_let_go_of(world: World) -> None:
    message = reply(world.conversation(), answer=world.answer(), by=world.amara.actor)
    world.read_log()
    let_go_of_deliveries([message.pk], by=SYSTEM)
    assert Delivery.objects.get(pk=message.pk).due_at is not None


def test_nobody_but_the_desk_lets_go_of_mails_and_deliveries(world: World) -> None:
    raw = posted(world, number=1)
    (message,) = Message.objects.filter(direction=Direction.IN)
    for let_go in (let_go_of_mails, let_go_of_deliveries):
        with pytest.raises(Refused):
            let_go([message.pk], by=world.chen.actor)
    (receipt,) = Receipt.objects.all()
    for _ in range(2):
        let_go_of_mails([message.pk], by=SYSTEM)
    receipt.refresh_from_db()
    assert (receipt.state, receipt.mail_from, receipt.recipients) == (ReceiptState.PURGED, "", [])
    assert Blob.objects.get(pk=blobs.sha256_of(raw)).uses == 0


def test_only_messages_of_what_is_purged_are_removed(world: World, claimed: Purge) -> None:
    other = world.conversation()
    remove_messages(claimed, messages=list(Message.objects.values_list("pk", flat=True)), by=SYSTEM)
    assert {message.conversation_id for message in Message.objects.all()} == {other.pk}
    assert PurgedMail.objects.count() == 1


def run(home: Path, database_url: str, *words: str, expect: int = 0, **more: str) -> list[object]:
    environment = {
        **os.environ,
        "HEED_HOME": str(home),
        "HEED_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "heed.project.settings",
        **more,
    }
    command = [sys.executable, "-m", "heed.conversations.tests.purging_desk", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == expect, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.journey
def test_a_worker_killed_between_any_two_parts_leaves_what_the_next_one_ends(
    heed_home: Path, database_url: str
) -> None:
    assert run(heed_home, database_url, "prepare") == [{"messages": 250, "other": 1}]
    for hours, turn in enumerate(
        ("1", "2", "1"), 1
    ):  # after mails were let go of, after messages went, and again
        run(heed_home, database_url, "work", expect=-9, DIE_AT=turn, LATER=str(hours))
    (half,) = run(heed_home, database_url, "look")
    assert isinstance(half, dict)
    assert 0 < half["messages"] < 250
    assert half["findings"] == []
    (end,) = run(heed_home, database_url, "work", "look", LATER="4")[-1:]
    assert end == {
        "conversations": 1,
        "messages": 1,
        "documents": 1,
        "receipts": ["purged", "read"],
        "findings": [],
    }


def test_whatever_belongs_to_a_conversation_or_message_goes_along() -> None:
    """What would hold up a purge is found here, and not on the day on which somebody's mail has to go."""
    unlinked = {"merged_into", "messages", "answers", "forwards"}  # the purge itself lets go of these
    for model in (Conversation, Message, Attachment):
        for relation in model._meta.related_objects:
            if relation.field.name not in unlinked and relation.get_accessor_name() not in unlinked:
                where = f"{relation.related_model.__name__}.{relation.field.name}"
                assert relation.on_delete in (CASCADE, SET_NULL), where
