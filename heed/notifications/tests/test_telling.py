"""Who is told of what, once, and only while they may see it."""

from datetime import timedelta

import pytest

from heed.conversations.actions.answering import Answer, add_note
from heed.conversations.actions.merging import merge
from heed.conversations.actions.presence import say_present
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.sides import Asked, begin_side, say_aside
from heed.conversations.actions.splitting import split, unsplit
from heed.conversations.actions.state import assign, change_status, move, set_next_due
from heed.conversations.actions.trashing import restore, trash
from heed.conversations.models import Conversation, Message, SideConversation
from heed.eventlog.kinds import AgentNotified
from heed.eventlog.models import EventRow
from heed.eventlog.reader import read_after
from heed.eventlog.unit import unit
from heed.kernel import clock
from heed.kernel.errors import Refused
from heed.kernel.notice_words import NotificationKind
from heed.kernel.words import AgentId, Automatic, Origin, PresenceKind, Status, TeamId
from heed.notifications import consumer, work
from heed.notifications.actions import mark_read_about, mark_read_aside
from heed.notifications.actions.choosing import choose_notifications
from heed.notifications.choices import Wanted
from heed.notifications.models import Deadline, Notification
from heed.notifications.queries import notifications, unread
from heed.people.actions import join_team, leave_team
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

AHEAD = timedelta(minutes=30)


def note(world: World, row: Conversation, text: str, *, by: Colleague | None = None) -> Message:
    return add_note(row, text=text, sent_once="", files=(), by=(by or world.amara).actor)


def told(who: Colleague) -> list[tuple[str, int]]:
    """What somebody finds in their list, newest first."""
    return [(one.row.kind, one.row.conversation_id) for one in notifications(who.actor).rows]


def assigned(world: World, who: Colleague | None = None) -> Conversation:
    """Something that Edda made Amara responsible for."""
    row = world.conversation()
    world.read_log()
    assign(row, to=(who or world.amara).row, by=world.edda.actor)
    world.read_log()
    return world.reload(row)


def hear_again() -> None:
    """Every event is handed to the consumer once more."""
    heard = [event for event in read_after(0, limit=1000) if isinstance(event.data, consumer.HEARS)]
    assert heard
    with unit(origin=Origin.LIVE):
        for event in heard:
            consumer.on_event(event)


def test_who_is_called_by_a_note_is_told_and_its_writer_is_not(world: World) -> None:
    row = world.conversation()
    said = note(world, row, "@Edda @Amara look")
    world.read_log()
    assert told(world.edda) == [("mention", row.pk)]
    one = Notification.objects.get(agent=world.edda.row)
    assert (one.message_id, one.by_id) == (said.pk, world.amara.row.pk)
    assert told(world.amara) == []


def test_a_team_that_is_called_is_told_and_nobody_twice(world: World) -> None:
    row = world.conversation()
    note(world, row, "@Payments and above all @Edda, look")
    world.read_log()
    for who in (world.edda, world.chen, world.farid):
        assert told(who) == [("mention", row.pk)]
    assert told(world.amara) == [] == told(world.bruno)


def test_who_is_made_responsible_is_told_unless_they_took_it(world: World) -> None:
    row = assigned(world)
    assert told(world.amara) == [("assignment", row.pk)]
    taken = world.conversation()
    assign(taken, to=world.chen.row, by=world.chen.actor)
    world.read_log()
    assert told(world.chen) == []


def test_who_is_responsible_hears_of_answers_of_persons_alone(world: World) -> None:
    row = assigned(world)
    Notification.objects.all().delete()
    world.writes(row, automatic=Automatic.AUTO_REPLY)
    world.read_log()
    assert told(world.amara) == []
    world.writes(row)
    world.read_log()
    assert told(world.amara) == [("reply", row.pk)]
    assert told(world.edda) == []


def test_what_is_told_is_recorded_without_a_word_of_anybody(world: World) -> None:
    assigned(world)
    events = [event for event in read_after(0, limit=1000) if isinstance(event.data, AgentNotified)]
    assert [(one.data, one.conversation_id) for one in events] == [
        (AgentNotified(agent=AgentId(world.amara.row.pk), reason=NotificationKind.ASSIGNMENT), None)
    ]


def test_an_event_that_is_handed_on_again_tells_nobody_twice(world: World) -> None:
    row = assigned(world)
    note(world, row, "@Amara look", by=world.edda)
    world.writes(row)
    world.read_log()
    before = told(world.amara)
    assert [kind for kind, _ in before] == ["reply", "mention", "assignment"]
    hear_again()
    assert told(world.amara) == before


def test_who_has_it_before_them_has_read_it_already(world: World) -> None:
    row = assigned(world)
    mark_read_about(row, by=world.amara.actor)
    say_present(row, kind=PresenceKind.LOOKING, by=world.amara.actor)
    world.writes(row)
    world.read_log()
    assert told(world.amara)[0] == ("reply", row.pk)
    assert unread(world.amara.actor).number == 0


def test_what_one_may_not_see_any_more_is_neither_shown_nor_counted(world: World) -> None:
    row = world.conversation()
    note(world, row, "@Edda @Farid look")
    world.read_log()
    assert told(world.farid) == [("mention", row.pk)]
    assert unread(world.farid.actor).number == 1
    restrict(row, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    assert told(world.farid) == []
    assert unread(world.farid.actor).number == 0
    assert told(world.edda) == [("mention", row.pk)]


def test_who_left_the_team_finds_nothing_of_it_and_is_told_nothing(world: World) -> None:
    row = world.conversation()
    note(world, row, "@Farid look")
    note(world, row, "@Farid, now")
    leave_team(world.payments, agent=world.farid.row, by=SYSTEM)
    world.read_log()
    assert Notification.objects.filter(agent=world.farid.row).count() == 0
    join_team(world.payments, agent=world.farid.row, by=SYSTEM)
    note(world, row, "@Farid look again")
    world.read_log()
    assert len(told(world.farid)) == 1
    move(row, to=world.repairs, by=world.chen.actor)
    assert told(world.farid) == []
    assert unread(world.farid.actor).number == 0


def test_what_lies_in_the_trash_is_told_to_nobody(world: World) -> None:
    row = assigned(world)
    trash(row, by=world.amara.actor)
    assert told(world.amara) == []
    assert unread(world.amara.actor).number == 0
    restore(row, by=world.amara.actor)
    assert told(world.amara) == [("assignment", row.pk)]


def test_what_was_said_in_what_moved_is_about_where_it_stands_now(world: World) -> None:
    row, kept = world.conversation(), world.conversation()
    note(world, row, "@Edda look")
    moving = [row.messages.get(direction="note").pk, world.writes(row).pk]
    world.read_log()
    part = split(row, messages=moving, subject="", by=world.amara.actor)
    world.read_log()
    assert told(world.edda) == [("mention", part.pk)]
    unsplit(part, by=world.amara.actor)
    world.read_log()
    assert told(world.edda) == [("mention", row.pk)]
    merge(row, into=kept, by=world.amara.actor)
    world.read_log()
    assert told(world.edda) == [("mention", kept.pk)]


def test_until_it_is_followed_a_note_that_moved_says_nothing(world: World) -> None:
    row = world.conversation()
    note(world, row, "@Edda the secret word")
    moving = [row.messages.get(direction="note").pk, world.writes(row).pk]
    world.read_log()
    assert notifications(world.edda.actor).rows[0].words == "@Edda the secret word"
    split(row, messages=moving, subject="", by=world.amara.actor)
    assert notifications(world.edda.actor).rows[0].words == ""


# Deadlines ---------------------------------------------------------------------------------------------------------


def test_who_is_responsible_is_told_before_it_is_due(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    row = world.conversation(assignee=world.amara, due_at=clock.now() + timedelta(hours=2))
    world.settle()
    Notification.objects.all().delete()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=89))
    assert work.step() == 0
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=91))
    assert work.waiting() == 1
    assert work.step() == 1
    assert told(world.amara) == [("due_soon", row.pk)]
    assert work.step() == 0


def test_of_what_is_due_sooner_one_is_told_when_half_the_time_is_over(world: World) -> None:
    row = world.conversation(assignee=world.amara, due_at=clock.now() + timedelta(minutes=10))
    world.settle()
    wait = Deadline.objects.get(pk=row.pk).due_at
    assert wait is not None
    assert timedelta(minutes=4) < wait - clock.now() < timedelta(minutes=6)


def test_what_was_answered_meanwhile_is_not_due_soon(world: World) -> None:
    row = world.conversation(assignee=world.amara, due_at=clock.now() + timedelta(hours=2))
    world.settle()
    deadline = Deadline.objects.get(pk=row.pk)
    change_status(row, to=Status.SOLVED, by=world.amara.actor)
    Deadline.objects.filter(pk=row.pk).update(due_at=clock.now())
    Notification.objects.all().delete()
    work.step()
    assert told(world.amara) == []
    assert deadline.promised_at is not None


def soon_due(row: Conversation) -> int:
    """The moment has come at which somebody is to be told that this is due soon."""
    Deadline.objects.filter(pk=row.pk).update(due_at=clock.now())
    return work.step()


def test_what_nobody_is_responsible_for_is_told_to_its_team_before_it_is_due(world: World) -> None:
    row = world.conversation(due_at=clock.now() + timedelta(hours=2))
    world.settle()
    choose_notifications(Wanted(channels={NotificationKind.TEAM_DUE: frozenset()}), by=world.edda.actor)
    assert soon_due(row) == 1
    for who in (world.amara, world.chen, world.farid):
        assert told(who) == [("team_due", row.pk)]
    assert told(world.edda) == [] == told(world.bruno)


def test_of_what_stands_in_no_team_nobody_is_told(unchecked_world: World) -> None:
    row = unchecked_world.conversation(due_at=clock.now() + timedelta(hours=2))
    unchecked_world.settle()
    Conversation.objects.filter(pk=row.pk).update(team=None)
    assert soon_due(row) == 1
    assert not Notification.objects.exists()


def test_nobody_is_told_of_one_promise_twice_whoever_is_responsible_meanwhile(world: World) -> None:
    row = world.conversation(due_at=clock.now() + timedelta(hours=2))
    world.settle()
    soon_due(row)
    for who in (world.amara, world.edda, None):
        assign(row, to=who.row if who else None, by=world.chen.actor)
        world.read_log()
        assert soon_due(row) == 1
    for who in (world.amara, world.edda, world.farid):
        kinds = [kind for kind, _ in told(who) if kind != "assignment"]
        assert kinds == ["team_due"]


def test_another_promise_is_told_anew(world: World) -> None:
    row = world.conversation(assignee=world.amara, due_at=clock.now() + timedelta(hours=2))
    world.settle()
    soon_due(row)
    set_next_due(row, due_at=clock.now() + timedelta(hours=3), by=SYSTEM)
    world.read_log()
    soon_due(row)
    assert [kind for kind, _ in told(world.amara)] == ["due_soon", "due_soon", "assignment"]


# Asked aside -------------------------------------------------------------------------------------------------------


def asks_repairs(world: World, row: Conversation) -> SideConversation:
    """Amara asks the team of Bruno, who sees nothing of Payments."""
    whom = Asked(team=TeamId(world.repairs.pk))
    words = Answer(text="Is a pump covered?", to=(), subject="Warranty")
    written = begin_side(row, answer=words, asked=whom, by=world.amara.actor)
    world.read_log()
    assert written.side is not None
    return written.side


def test_a_team_that_is_asked_is_told_at_once_and_reads_no_more_than_the_question(world: World) -> None:
    row = world.conversation(subject="The customer's own subject")
    side = asks_repairs(world, row)
    assert told(world.bruno) == [("asked", row.pk)]
    assert told(world.amara) == [] == told(world.edda)
    assert unread(world.bruno.actor).number == 1
    page = world.bruno.get("/notifications/").content.decode().partition("<main")[2]
    for words in ("asks your team", "Warranty", "Is a pump covered?", f"/sides/{side.pk}/"):
        assert words in page
    for hidden in ("The customer&#x27;s own subject", f"#{row.pk}", f"/conversations/{row.pk}/"):
        assert hidden not in page
    newest = [event.data for event in read_after(0, limit=1000) if isinstance(event.data, AgentNotified)]
    assert newest == [AgentNotified(agent=AgentId(world.bruno.row.pk), reason=NotificationKind.ASKED)]


def test_who_opens_what_they_were_asked_has_read_it(world: World) -> None:
    side = asks_repairs(world, world.conversation())
    assert world.bruno.get(f"/sides/{side.pk}/").status_code == 200
    assert unread(world.bruno.actor).number == 0


def test_what_one_is_asked_is_read_once(world: World) -> None:
    side, other = (asks_repairs(world, world.conversation()) for _ in range(2))
    assert mark_read_aside(side, by=world.bruno.actor) == 1
    assert mark_read_aside(side, by=world.bruno.actor) == 0
    assert unread(world.bruno.actor).conversations == [other.conversation_id]


def test_only_agents_read_what_they_are_asked(world: World) -> None:
    side = asks_repairs(world, world.conversation())
    for by in (SYSTEM, world.nobody.actor):
        with pytest.raises(Refused):
            mark_read_aside(side, by=by)


def test_nobody_reads_for_somebody_else_what_they_are_asked(world: World) -> None:
    side = asks_repairs(world, world.conversation())
    assert mark_read_aside(side, by=world.amara.actor) == 0
    assert unread(world.bruno.actor).number == 1


def test_a_question_that_was_never_asked_is_not_read(world: World) -> None:
    assert mark_read_aside(SideConversation(pk=1), by=world.bruno.actor) == 0


def test_what_is_added_to_a_question_is_told_and_an_answer_to_it_is_not(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    side = asks_repairs(world, row)
    say_aside(side, answer=Answer(text="Of 2023", to=()), by=world.amara.actor)
    say_aside(side, answer=Answer(text="It is", to=()), by=world.bruno.actor)
    world.read_log()
    assert [kind for kind, _ in told(world.bruno)] == ["asked", "asked"]
    assert ("reply", row.pk) in told(world.amara)
    hear_again()
    assert len(told(world.bruno)) == 2


def test_who_may_not_see_what_was_asked_any_more_finds_nothing_of_it(world: World) -> None:
    row = world.conversation()
    asks_repairs(world, row)
    leave_team(world.repairs, agent=world.bruno.row, by=SYSTEM)
    assert told(world.bruno) == []
    assert unread(world.bruno.actor).number == 0
    join_team(world.repairs, agent=world.bruno.row, by=SYSTEM)
    assert told(world.bruno) == [("asked", row.pk)]
    restrict(row, agents=[AgentId(world.edda.row.pk)], teams=[], by=world.edda.actor)
    assert told(world.bruno) == []
    assert unread(world.bruno.actor).number == 0


def test_imported_history_is_news_to_nobody(world: World) -> None:
    assigned(world)
    Notification.objects.all().delete()
    EventRow.objects.update(origin="import")
    hear_again()
    assert not Notification.objects.exists()


def test_a_list_takes_two_queries_and_pages_by_key(world: World) -> None:
    rows = [assigned(world) for _ in range(5)]
    actor = world.amara.actor
    with assert_queries(at_most=2):
        first = notifications(actor, limit=3)
    assert [one.row.conversation_id for one in first.rows] == [row.pk for row in rows[:1:-1]]
    rest = notifications(actor, after=first.after, limit=3)
    assert [one.row.conversation_id for one in rest.rows] == [rows[1].pk, rows[0].pk]
    assert rest.after == ""
