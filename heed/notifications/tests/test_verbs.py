"""The verbs of notifications: each works, refuses the wrong person and state, and does nothing harmful twice."""

from datetime import timedelta

import pytest

from heed.conversations.actions.answering import add_note
from heed.conversations.actions.splitting import split
from heed.conversations.actions.state import assign, set_next_due
from heed.conversations.models import Conversation
from heed.eventlog import due
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.notice_words import NotificationKind
from heed.notifications import work
from heed.notifications.actions import (
    News,
    follow_messages,
    forget_notifications,
    keep_deadline,
    mark_read,
    mark_read_about,
    mark_read_up_to,
    notify,
    tell_deadline,
)
from heed.notifications.models import Deadline, Notification
from heed.notifications.queries import notifications, unread
from heed.people.policy import SYSTEM, Actor
from heed.testing.world import Colleague, World

AHEAD = timedelta(minutes=30)

BEYOND = 2_000_000_000  # a key that no row of a test has: a database counts on from test to test


def news(event: int = 7) -> News:
    return News(NotificationKind.MENTION, event=event, at=clock.now())


def assigned(world: World) -> Conversation:
    """Something that Edda made Amara responsible for."""
    row = world.conversation()
    world.read_log()
    assign(row, to=world.amara.row, by=world.edda.actor)
    world.read_log()
    return world.reload(row)


def told(who: Colleague) -> list[tuple[str, int]]:
    return [(one.row.kind, one.row.conversation_id) for one in notifications(who.actor).rows]


def people(world: World) -> tuple[Actor, ...]:
    return world.chen.actor, world.nobody.actor


# notify


def test_the_desk_notifies_those_who_may_see_it(world: World) -> None:
    row = world.conversation()
    agents = [world.amara.row.pk, world.bruno.row.pk, BEYOND]
    made = notify(row, news=news(), agents=agents, by=SYSTEM)
    assert [one.agent_id for one in made] == [world.amara.row.pk]
    assert told(world.amara) == [("mention", row.pk)]


def test_people_notify_nobody(world: World) -> None:
    row = world.conversation()
    for by in people(world):
        with pytest.raises(Refused):
            notify(row, news=news(), agents=[world.amara.row.pk], by=by)


def test_nobody_is_notified_of_what_they_did(world: World) -> None:
    row, amara = world.conversation(), world.amara.row.pk
    mine = News(NotificationKind.ASSIGNMENT, event=3, at=clock.now(), colleague=amara)
    assert notify(row, news=mine, agents=[amara], by=SYSTEM) == []


def test_the_same_news_notify_once(world: World) -> None:
    row, amara = world.conversation(), world.amara.row.pk
    assert len(notify(row, news=news(), agents=[amara, amara], by=SYSTEM)) == 1
    assert notify(row, news=news(), agents=[amara], by=SYSTEM) == []
    assert len(notify(row, news=news(8), agents=[amara], by=SYSTEM)) == 1


# mark_read


def test_one_reads_ones_own(world: World) -> None:
    assigned(world)
    assert mark_read([Notification.objects.get().pk], by=world.amara.actor) == 1
    assert unread(world.amara.actor).number == 0


def test_nobody_reads_for_another(world: World) -> None:
    assigned(world)
    number = Notification.objects.get().pk
    assert mark_read([number], by=world.edda.actor) == 0
    with pytest.raises(Refused):
        mark_read([number], by=SYSTEM)
    assert unread(world.amara.actor).number == 1


def test_what_there_is_not_is_not_read(world: World) -> None:
    assert mark_read([BEYOND], by=world.amara.actor) == 0
    assert mark_read([], by=world.amara.actor) == 0


def test_what_was_read_stays_read_as_of_then(world: World) -> None:
    assigned(world)
    number = Notification.objects.get().pk
    mark_read([number], by=world.amara.actor)
    first, size = Notification.objects.get().read_at, world.log_size()
    assert mark_read([number], by=world.amara.actor) == 0
    assert (Notification.objects.get().read_at, world.log_size()) == (first, size)


# mark_read_up_to


def test_all_up_to_one_are_read_and_what_came_since_is_not(world: World) -> None:
    first, second = assigned(world), assigned(world)
    found = unread(world.amara.actor)
    assert (found.number, set(found.conversations)) == (2, {first.pk, second.pk})
    third = assigned(world)
    assert mark_read_up_to(found.up_to, by=world.amara.actor) == 2
    assert unread(world.amara.actor).conversations == [third.pk]


def test_only_an_agent_reads_all_and_only_their_own(world: World) -> None:
    assigned(world)
    for by in (SYSTEM, world.nobody.actor):
        with pytest.raises(Refused):
            mark_read_up_to(BEYOND, by=by)
    assert mark_read_up_to(BEYOND, by=world.edda.actor) == 0


def test_up_to_nothing_reads_nothing(world: World) -> None:
    assigned(world)
    assert mark_read_up_to(0, by=world.amara.actor) == 0
    assert unread(world.amara.actor).number == 1


def test_reading_all_again_reads_nothing_more(world: World) -> None:
    assigned(world)
    assert mark_read_up_to(BEYOND, by=world.amara.actor) == 1
    assert mark_read_up_to(BEYOND, by=world.amara.actor) == 0


# mark_read_about


def test_who_looked_at_a_conversation_has_read_what_is_about_it(world: World) -> None:
    first, second = assigned(world), assigned(world)
    assert mark_read_about(first, by=world.amara.actor) == 1
    assert unread(world.amara.actor).conversations == [second.pk]


def test_others_who_look_read_nothing_for_one(world: World) -> None:
    row = assigned(world)
    assert mark_read_about(row, by=world.edda.actor) == 0
    with pytest.raises(Refused):
        mark_read_about(row, by=SYSTEM)
    assert unread(world.amara.actor).number == 1


def test_looking_at_what_one_was_not_told_of_changes_nothing(world: World) -> None:
    assigned(world)
    assert mark_read_about(world.conversation(), by=world.amara.actor) == 0
    assert unread(world.amara.actor).number == 1


def test_looking_again_reads_nothing_more(world: World) -> None:
    row = assigned(world)
    mark_read_about(row, by=world.amara.actor)
    assert mark_read_about(row, by=world.amara.actor) == 0


# keep_deadline


def owed(world: World) -> Conversation:
    return world.conversation(assignee=world.amara, due_at=clock.now() + timedelta(hours=2))


def test_a_deadline_is_kept_anew_when_it_changes(world: World) -> None:
    row = owed(world)
    keep_deadline(row, event=1, ahead=AHEAD, by=SYSTEM)
    first = Deadline.objects.get()
    set_next_due(row, due_at=clock.now() + timedelta(hours=9), by=SYSTEM)
    keep_deadline(row, event=2, ahead=AHEAD, by=SYSTEM)
    moved = Deadline.objects.get()
    assert (moved.promised_at > first.promised_at, moved.event) == (True, 2)


def test_people_keep_no_deadlines(world: World) -> None:
    for by in people(world):
        with pytest.raises(Refused):
            keep_deadline(owed(world), event=1, ahead=AHEAD, by=by)


def test_what_is_not_owed_or_overdue_has_no_deadline(world: World) -> None:
    assert keep_deadline(world.conversation(), event=1, ahead=AHEAD, by=SYSTEM) is None
    row = owed(world)
    keep_deadline(row, event=1, ahead=AHEAD, by=SYSTEM)
    for due_at in (None, clock.now() - timedelta(hours=1)):
        set_next_due(row, due_at=due_at, by=SYSTEM)
        keep_deadline(row, event=3, ahead=AHEAD, by=SYSTEM)
        assert Deadline.objects.get().due_at is None


def test_a_deadline_kept_again_is_the_same(world: World) -> None:
    row = owed(world)
    keep_deadline(row, event=1, ahead=AHEAD, by=SYSTEM)
    first = Deadline.objects.get()
    keep_deadline(row, event=1, ahead=AHEAD, by=SYSTEM)
    assert Deadline.objects.get().due_at == first.due_at


# tell_deadline


def claimed(world: World) -> tuple[Conversation, Deadline]:
    row = owed(world)
    world.settle()
    Notification.objects.all().delete()
    Deadline.objects.filter(pk=row.pk).update(due_at=clock.now())
    [deadline] = due.claim(Deadline, limit=5, lease_seconds=60)
    return row, deadline


def test_a_deadline_is_told_to_who_is_responsible(world: World) -> None:
    row, deadline = claimed(world)
    tell_deadline(deadline, by=SYSTEM)
    assert told(world.amara) == [("due_soon", row.pk)]


def test_people_tell_no_deadlines(world: World) -> None:
    _, deadline = claimed(world)
    for by in people(world):
        with pytest.raises(Refused):
            tell_deadline(deadline, by=by)


def test_a_deadline_of_what_is_owed_no_more_tells_nobody(world: World) -> None:
    row, deadline = claimed(world)
    set_next_due(row, due_at=None, by=SYSTEM)
    tell_deadline(deadline, by=SYSTEM)
    assert told(world.amara) == []
    assert Deadline.objects.get().due_at is None


def test_a_deadline_is_told_once(world: World) -> None:
    row, deadline = claimed(world)
    tell_deadline(deadline, by=SYSTEM)
    with pytest.raises(due.ClaimLost):
        tell_deadline(deadline, by=SYSTEM)
    assert told(world.amara) == [("due_soon", row.pk)]


# follow_messages


def moved(world: World) -> tuple[Conversation, Conversation]:
    """A note that calls Edda went to another conversation, and nobody has followed it."""
    row = world.conversation()
    add_note(row, text="@Edda look", sent_once="", files=(), by=world.amara.actor)
    second = world.writes(row)
    world.read_log()
    note = row.messages.get(direction="note")
    return row, split(row, messages=[note.pk, second.pk], subject="", by=world.amara.actor)


def test_notifications_follow_their_messages(world: World) -> None:
    row, part = moved(world)
    assert follow_messages([row.pk, part.pk], by=SYSTEM) == 1
    assert told(world.edda) == [("mention", part.pk)]


def test_people_let_nothing_follow(world: World) -> None:
    row, part = moved(world)
    for by in people(world):
        with pytest.raises(Refused):
            follow_messages([row.pk, part.pk], by=by)


def test_what_moved_between_others_is_left(world: World) -> None:
    row, part = moved(world)
    assert follow_messages([part.pk], by=SYSTEM) == 0
    assert follow_messages([], by=SYSTEM) == 0
    assert told(world.edda) == [("mention", row.pk)]


def test_following_again_changes_nothing(world: World) -> None:
    row, part = moved(world)
    follow_messages([row.pk, part.pk], by=SYSTEM)
    assert follow_messages([row.pk, part.pk], by=SYSTEM) == 0


# forget_notifications


def test_what_is_old_is_forgotten_and_nothing_else(world: World) -> None:
    assigned(world)
    young = assigned(world)
    old = Notification.objects.order_by("pk")[0]
    Notification.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(days=91))
    assert work.to_forget() == 1
    assert work.forget() == 1
    assert work.forget() == 0
    assert told(world.amara) == [("assignment", young.pk)]


def test_the_desk_forgets_notifications(world: World) -> None:
    assigned(world)
    assert forget_notifications([Notification.objects.get().pk], by=SYSTEM) == 1
    assert told(world.amara) == []


def test_people_forget_no_notifications(world: World) -> None:
    assigned(world)
    for by in (*people(world), world.amara.actor):
        with pytest.raises(Refused):
            forget_notifications([Notification.objects.get().pk], by=by)


def test_what_there_is_not_is_not_forgotten(world: World) -> None:
    assert forget_notifications([BEYOND], by=SYSTEM) == 0


def test_forgetting_again_changes_nothing(world: World) -> None:
    assigned(world)
    number = Notification.objects.get().pk
    forget_notifications([number], by=SYSTEM)
    assert forget_notifications([number], by=SYSTEM) == 0
