"""Merging by agents, and its undo: later replies land where they belong, histories are as before."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from heed.channels.email.address import sign
from heed.conversations import queries
from heed.conversations.actions.answering import reply
from heed.conversations.actions.labels import save_draft, tag
from heed.conversations.actions.merging import (
    DifferentBrand,
    DifferentCustomer,
    IntoClosed,
    SameConversation,
    merge,
    merge_thread,
)
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.sheets import save_sheet
from heed.conversations.actions.state import Merged, Quarantined, assign, set_next_due, share
from heed.conversations.actions.unmerging import NotMerged, unmerge
from heed.conversations.documents import key_of
from heed.conversations.models import (
    Conversation,
    ConversationTag,
    ConversationTeam,
    Draft,
    Merge,
    Message,
    SearchDocument,
    ThreadKey,
    Timer,
)
from heed.conversations.sheets import Begun, beside, sheet_at
from heed.eventlog.kinds import (
    ConversationAbsorbed,
    ConversationMerged,
    ConversationReleased,
    ConversationUnmerged,
)
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused
from heed.kernel.words import SpamReason, Status, TeamId, TimerKind
from heed.people.policy import SYSTEM
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def picture(row: Conversation) -> dict[str, Any]:
    """All of a conversation that a person or a later mail could tell apart."""
    kept = Conversation.objects.filter(pk=row.pk).values().get()
    return {
        **kept,
        "messages": list(row.messages.order_by("pk").values_list("pk", "text")),
        "keys": sorted(ThreadKey.objects.filter(conversation=row).values_list("key", "message_id")),
        "people": sorted(
            row.participants.values_list("address", "role", "is_flagged", "confidence", "left_at")
        ),
        "tags": sorted(ConversationTag.objects.filter(conversation=row).values_list("tag__name", flat=True)),
        "teams": sorted(ConversationTeam.objects.filter(conversation=row).values_list("team_id", flat=True)),
        "drafts": sorted(Draft.objects.filter(conversation=row).values_list("agent_id", "kind", "text")),
        "timers": sorted(
            Timer.objects.filter(conversation=row, due_at__isnull=False).values_list("kind", "due_at")
        ),
    }


def test_an_agent_makes_two_conversations_of_a_customer_one(world: World) -> None:
    source, target = world.conversation(subject="The bell"), world.conversation()
    share(source, team=TeamId(world.repairs.pk), by=SYSTEM)
    tag(source, name="bell", by=world.amara.actor)
    save_draft(source, kind="out", text="Dear Dalia", by=world.amara.actor)
    assert merge(source, into=target, by=world.amara.actor) == target
    assert world.reload(source).merged_into == target
    assert [one.pk for one in queries.unassigned(world.amara.actor).rows] == [target.pk]
    assert target.messages.count() == 2
    assert queries.panel(queries.opened(world.bruno.actor, target.pk)).tags[0].name == "bell"
    assert queries.drafts(world.amara.actor, target)["out"].text == "Dear Dalia"
    assert ConversationMerged.name in world.kinds(source)
    assert world.kinds(target).count(ConversationAbsorbed.name) == 1
    assert SearchDocument.objects.filter(pk__in=map(key_of, target.messages.all())).count() == 2


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("other", [Status.OPEN, Status.WAITING, Status.SNOOZED, Status.SOLVED])
def test_after_undo_both_are_exactly_as_before(world: World, status: Status, other: Status) -> None:
    with time_machine.travel(clock.now(), tick=False):
        source = world.conversation(status=status, subject="The bell", assignee=world.chen)
        target = world.conversation(status=other, due_at=clock.now() + timedelta(hours=5))
        if status is Status.OPEN:
            set_next_due(source, due_at=clock.now() + timedelta(hours=1), by=SYSTEM)
        for row, name in ((source, "bell"), (source, "chain"), (target, "chain")):
            if row.status != Status.CLOSED:
                tag(row, name=name, by=SYSTEM)
        share(source, team=TeamId(world.repairs.pk), by=SYSTEM)
        save_draft(source, kind="out", text="Dear Dalia", by=world.amara.actor)
        world.read_log()
        before = picture(source), picture(target)
        merge(source, into=target, by=world.amara.actor)
        assert picture(source) != before[0]
        world.check()
        assert unmerge(source, by=world.amara.actor) == source
        world.read_log()
        assert picture(world.reload(source)) == before[0]
        assert picture(world.reload(target)) == before[1]
    assert ConversationUnmerged.name in world.kinds(source)
    assert ConversationReleased.name in world.kinds(target)


def test_what_is_owed_in_one_is_owed_in_the_other(world: World) -> None:
    soon = clock.now() + timedelta(minutes=5)
    source = world.conversation(due_at=soon)
    target = world.conversation(status=Status.WAITING)
    merge(source, into=target, by=world.amara.actor)
    there = world.reload(target)
    assert (there.status, there.next_due_at) == (Status.OPEN, soon)


def test_a_reply_to_what_was_merged_lands_in_what_is_left_and_after_the_undo_where_it_belongs(
    world: World,
) -> None:
    source, target = world.conversation(subject="The bell"), world.conversation()
    ours = sent(world, source)
    merge(source, into=target, by=world.amara.actor)

    world.mail_from(world.dalia, reply_to=target, subject="Re: The bell", headers=_answering(ours.message_id))
    world.settle()
    later = target.messages.order_by("-pk")[0]
    assert (target.messages.count(), source.messages.count()) == (4, 0)

    unmerge(source, by=world.amara.actor)
    assert source.messages.count() == 3
    assert target.messages.count() == 1
    assert later in source.messages.all()
    back = world.reload(source)
    assert (back.status, back.next_due_at is not None) == (Status.OPEN, True)
    world.mail_from(world.dalia, reply_to=source, headers=_answering(later.message_id))
    world.mail_from(world.dalia, reply_to=target)
    world.settle()
    assert source.messages.count() == 4
    assert target.messages.count() == 2


def test_the_signed_address_of_an_answer_follows_it(world: World) -> None:
    source, target = world.conversation(subject="The bell"), world.conversation()
    merge(source, into=target, by=world.amara.actor)
    world.writes(target, subject="The bell", answers=source_message(target, "The bell"))
    ours = sent(world, target)  # answers the newest, which belongs to the bell
    unmerge(source, by=world.amara.actor)
    assert ours in source.messages.all()
    world.mail_from(world.dalia, to=[_signed(world, target, ours.pk)], subject="Re: The bell")
    world.settle()
    assert source.messages.order_by("-pk")[0].answers_id == ours.pk
    assert target.messages.count() == 1


def sent(world: World, row: Conversation) -> Message:
    """Amara answers, and the answer leaves."""
    message = reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    message.refresh_from_db()
    return message


def source_message(row: Conversation, subject: str) -> int:
    return row.messages.get(subject=subject).pk


def _answering(message_id: str) -> dict[str, str]:
    return {"In-Reply-To": f"<{message_id}>", "References": f"<{message_id}>"}


def _signed(world: World, sent_from: Conversation, message: int) -> str:
    from_address = sent_from.inbox.address
    return sign(from_address, conversation=sent_from.pk, message=message, secret=config.secret_bytes())


def test_an_answer_written_while_merged_goes_with_what_it_answers(world: World) -> None:
    target = world.conversation(due_at=clock.now() + timedelta(hours=3))
    source = world.conversation(subject="The bell", due_at=clock.now() + timedelta(hours=1))
    merge(source, into=target, by=world.amara.actor)
    ours = world.answered(target)
    world.read_log()
    unmerge(source, by=world.amara.actor)
    assert ours in source.messages.all()
    assert world.reload(source).status == Status.WAITING
    left = world.reload(target)
    assert (left.status, left.next_due_at is not None) == (Status.OPEN, True)


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_change_both_merge_and_undo(
    world: World, who: str, error: type[Exception]
) -> None:
    source, target = world.conversation(), world.conversation()
    with pytest.raises(error):
        merge(source, into=target, by=world.colleague(who).actor)
    merge(source, into=target, by=world.amara.actor)
    with pytest.raises(error):
        unmerge(source, by=world.colleague(who).actor)
    assert world.reload(source).merged_into == target


def test_what_one_may_not_see_is_merged_with_nothing(world: World) -> None:
    mine, theirs = world.conversation(), world.conversation(inbox=world.workshop)
    for source, target in ((mine, theirs), (theirs, mine)):
        with pytest.raises(NotFound):
            merge(source, into=target, by=world.amara.actor)


def test_merging_and_undoing_twice_is_once(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    merge(source, into=target, by=world.amara.actor)
    size = world.log_size()
    merge(source, into=target, by=world.amara.actor)
    assert world.log_size() == size
    unmerge(source, by=world.amara.actor)
    size = world.log_size()
    unmerge(source, by=world.amara.actor)
    assert world.log_size() == size
    merge(source, into=target, by=world.amara.actor)
    assert Merge.objects.count() == 2


def test_two_agents_who_merge_both_ways_make_one(world: World) -> None:
    one, two = world.conversation(), world.conversation()
    merge(one, into=two, by=world.amara.actor)
    with pytest.raises(Merged):
        merge(two, into=one, by=world.edda.actor)
    assert two.messages.count() == 2


def test_conversations_of_two_brands_customers_or_of_one_are_not_merged(world: World) -> None:
    here = world.conversation()
    for other, error in (
        (world.conversation(inbox=world.hello), DifferentBrand),
        (world.conversation(customer=world.ines), DifferentCustomer),
        (world.conversation(status=Status.CLOSED), IntoClosed),
        (here, SameConversation),
    ):
        with pytest.raises(error):
            merge(here, into=other, by=SYSTEM)
    assert world.reload(here).merged_into is None


def test_what_is_in_quarantine_is_not_merged(world: World) -> None:
    here, spam = world.conversation(), world.conversation()
    quarantine(spam, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    for one, other in ((here, spam), (spam, here)):
        with pytest.raises(Quarantined):
            merge(one, into=other, by=world.amara.actor)


def test_there_is_nothing_to_undo_where_nothing_was_merged(world: World) -> None:
    with pytest.raises(NotMerged):
        unmerge(world.conversation(), by=world.amara.actor)


def test_a_later_merge_is_undone_before_an_earlier_one(world: World) -> None:
    one, two, three = (world.conversation(subject=name) for name in ("one", "two", "three"))
    merge(one, into=two, by=world.amara.actor)
    merge(two, into=three, by=world.amara.actor)
    with pytest.raises(Merged):
        unmerge(one, by=world.amara.actor)
    unmerge(two, by=world.amara.actor)
    unmerge(one, by=world.amara.actor)
    assert [row.messages.get().subject for row in (one, two, three)] == ["one", "two", "three"]


def test_what_the_desk_merged_by_itself_is_undone_too(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    merge_thread(source, into=target, by=SYSTEM)
    unmerge(source, by=world.amara.actor)
    assert source.messages.count() == target.messages.count() == 1


def test_the_teams_of_both_see_what_is_left_until_it_is_undone(world: World) -> None:
    source, target = world.conversation(inbox=world.workshop), world.conversation()
    merge(source, into=target, by=world.chen.actor)
    assert queries.can_see(world.bruno.actor, target.pk)
    unmerge(source, by=world.chen.actor)
    assert not queries.can_see(world.bruno.actor, target.pk)
    assert queries.can_see(world.bruno.actor, source.pk)


def test_drafts_of_both_stand_in_one_text(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    save_draft(source, kind="out", text="About the bell", by=world.amara.actor)
    save_draft(target, kind="out", text="About the chain", by=world.amara.actor)
    merge(source, into=target, by=world.amara.actor)
    text = queries.drafts(world.amara.actor, target)["out"].text
    assert text == "About the chain\n\nAbout the bell"
    unmerge(source, by=world.amara.actor)
    assert queries.drafts(world.amara.actor, source)["out"].text == "About the bell"


def beside_text(world: World, row: Conversation) -> str | None:
    draft = queries.sheet_draft(world.amara.actor, sheet_at(beside(row.pk)))
    return None if draft is None else draft.text


def test_side_conversations_that_were_begun_stand_beside_the_other_and_come_back(world: World) -> None:
    source, target = world.conversation(), world.conversation()
    asks = Begun("Where is the bell?", fields={"to": ["carrier@example.org"]})
    save_sheet(sheet_at(beside(source.pk)), begun=asks, by=world.amara.actor)
    merge(source, into=target, by=world.amara.actor)
    assert beside_text(world, target) == "Where is the bell?"
    save_sheet(sheet_at(beside(target.pk)), begun=replace(asks, text="Where is it?"), by=world.amara.actor)
    unmerge(source, by=world.amara.actor)
    assert beside_text(world, source) == "Where is it?"
    assert beside_text(world, target) is None


def test_of_two_side_conversations_that_were_begun_both_texts_stay_and_neither_reaches_another(
    world: World,
) -> None:
    source, target = world.conversation(), world.conversation()
    for row, text, to in (
        (source, "And the bell?", "bells@example.org"),
        (target, "The chain?", "c@example.org"),
    ):
        save_sheet(sheet_at(beside(row.pk)), begun=Begun(text, fields={"to": [to]}), by=world.amara.actor)
    save_sheet(sheet_at(beside(source.pk)), begun=Begun("Chen asks"), by=world.chen.actor)
    merge(source, into=target, by=world.amara.actor)
    draft = queries.sheet_draft(world.amara.actor, sheet_at(beside(target.pk)))
    assert draft is not None
    assert (draft.text, draft.fields) == ("The chain?\n\nAnd the bell?", {"to": ["c@example.org"]})
    theirs = queries.sheet_draft(world.chen.actor, sheet_at(beside(target.pk)))
    assert theirs is not None
    assert theirs.text == "Chen asks"
    unmerge(source, by=world.amara.actor)
    assert beside_text(world, source) == "And the bell?"
    assert beside_text(world, target) == "The chain?\n\nAnd the bell?"


def test_what_slept_or_was_solved_wakes_and_closes_after_the_undo(world: World) -> None:
    target = world.conversation()
    for status, kind in ((Status.SNOOZED, TimerKind.WAKE), (Status.SOLVED, TimerKind.CLOSE)):
        source = world.conversation(status=status)
        due_at = Timer.objects.get(conversation=source, kind=kind).due_at
        merge(source, into=target, by=world.amara.actor)
        assert not Timer.objects.filter(conversation=source, due_at__isnull=False).exists()
        unmerge(source, by=world.amara.actor)
        assert Timer.objects.get(conversation=source, kind=kind).due_at == due_at


def test_an_assignee_stays_who_they_were(world: World) -> None:
    source, target = world.conversation(assignee=world.chen), world.conversation(assignee=world.amara)
    merge(source, into=target, by=world.amara.actor)
    assert world.reload(target).assignee == world.amara.row
    with pytest.raises(Merged):
        assign(source, to=world.amara.row, by=world.amara.actor)
