"""A side conversation: with a team of the desk or somebody outside, begun, gone on with, done."""

from typing import Any

import pytest

from heed.conversations import queries
from heed.conversations.actions import holding
from heed.conversations.actions.answering import Answer, AnsweredMeanwhile, ConversationIsClosed, add_note
from heed.conversations.actions.merging import merge
from heed.conversations.actions.purging import purge
from heed.conversations.actions.receiving import receive
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.sides import Asked, begin_side, finish_side, reopen_side, say_aside
from heed.conversations.actions.splitting import split
from heed.conversations.actions.state import Trashed, change_status
from heed.conversations.actions.trashing import trash
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.models import Conversation, Draft, Message, SideConversation
from heed.conversations.purging import step
from heed.conversations.tests.test_sides import CARRIER, asked, carrier_answers, waiting
from heed.delivery.models import Delivery
from heed.eventlog.kinds import AsideQueued, AsideSaid, SideBegun, SideFinished, SideReopened
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import AgentId, DeliveryState, Direction, MessageId, Status, TeamId
from heed.people.policy import SYSTEM
from heed.testing.world import World


def words(text: str = "Is the frame under warranty?", **more: Any) -> Answer:
    return Answer(text=text, **{"to": (), "subject": "Warranty", **more})


def asks_repairs(world: World, row: Conversation, **more: Any) -> Message:
    """Amara of Payments asks Repairs, where Bruno works."""
    whom = Asked(team=TeamId(world.repairs.pk), **more)
    return begin_side(row, answer=words(), asked=whom, by=world.amara.actor)


def asks_carrier(world: World, row: Conversation, **more: Any) -> Message:
    """Amara asks the carrier by mail."""
    whom = Asked(**{name: more.pop(name) for name in ("quoting", "keeping") if name in more})
    answer = words("Where is it?", to=(CARRIER,), **more)
    return begin_side(row, answer=answer, asked=whom, by=world.amara.actor)


def side_of(message: Message) -> SideConversation:
    assert message.side is not None
    return message.side


def test_a_team_is_asked_without_a_mail_and_the_customer_waits_as_before(world: World) -> None:
    row, _ = asked(world)
    written = asks_repairs(world, row)
    world.settle()
    world.check()
    assert (written.direction, written.state, written.from_address) == (Direction.ASIDE_HERE, "none", "")
    assert not Delivery.objects.exists()
    told = [kind for kind in world.kinds(row) if kind.startswith(("side.", "aside."))]
    assert told == [SideBegun.name, AsideSaid.name]
    assert world.reload(row).assignee == world.amara.row


def test_the_team_that_is_asked_sees_the_thread_and_not_the_conversation(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_repairs(world, row))
    here = queries.opened_side(world.bruno.actor, side.pk)
    assert (here.side, here.sees_conversation) == (side, False)
    assert [m.text for m in queries.side_timeline(here).said] == ["Is the frame under warranty?"]
    with pytest.raises(NotFound):
        queries.opened(world.bruno.actor, row.pk)
    with pytest.raises(NotFound):
        queries.opened_side(world.gita.actor, side.pk)
    assert queries.opened_side(world.amara.actor, side.pk).sees_conversation


def test_the_team_may_be_let_into_the_conversation_too(world: World) -> None:
    row, _ = asked(world)
    asks_repairs(world, row, may_read=True)
    assert queries.opened(world.bruno.actor, row.pk).row == row


def test_an_answer_of_the_team_is_news_until_one_of_us_answers(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_repairs(world, row))
    theirs = say_aside(side, answer=words("Yes, it is."), by=world.bruno.actor)
    side.refresh_from_db()
    assert (side.answered_at, theirs.direction) == (theirs.at, Direction.ASIDE_HERE)
    said = [event.data for event in world.events(row) if isinstance(event.data, AsideSaid)]
    assert [one.is_answer for one in said] == [False, True]
    say_aside(side, answer=words("Thank you."), by=world.amara.actor)
    side.refresh_from_db()
    assert side.answered_at is None
    assert world.reload(row).assignee == world.amara.row  # not Bruno's, who only answered


@pytest.mark.parametrize(("who", "error"), [("bruno", NotFound), ("farid", Refused), ("nobody", NotFound)])
def test_only_those_who_may_answer_begin_one(world: World, who: str, error: type[Exception]) -> None:
    row, _ = asked(world)
    with pytest.raises(error):
        begin_side(row, answer=words(to=(CARRIER,)), asked=Asked(), by=world.colleague(who).actor)
    assert not SideConversation.objects.exists()


@pytest.mark.parametrize(("who", "error"), [("gita", NotFound), ("farid", Refused), ("nobody", NotFound)])
def test_only_the_two_sides_write_there_and_say_that_it_is_done(
    world: World, who: str, error: type[Exception]
) -> None:
    row, _ = asked(world)
    side = side_of(asks_repairs(world, row))
    by = world.colleague(who).actor
    with pytest.raises(error):
        say_aside(side, answer=words(), by=by)
    with pytest.raises(error):
        finish_side(side, by=by)
    with pytest.raises(error):
        reopen_side(side, by=by)
    assert side.messages.count() == 1


def test_a_team_is_never_let_into_a_mail_thread(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_carrier(world, row))
    with pytest.raises(NotFound):
        say_aside(side, answer=words(), by=world.bruno.actor)


def test_its_own_team_and_teams_of_other_brands_are_not_asked(world: World) -> None:
    row, _ = asked(world)
    for team in (world.payments, world.charts):
        with pytest.raises(Refused):
            begin_side(row, answer=words(), asked=Asked(team=TeamId(team.pk)), by=world.chen.actor)
    with pytest.raises(NotFound):
        begin_side(row, answer=words(), asked=Asked(team=TeamId(0)), by=world.chen.actor)


def test_nothing_restricted_is_asked_and_what_becomes_so_is_hidden_from_the_team(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_repairs(world, row))
    assert queries.opened_side(world.bruno.actor, side.pk).side == side
    restrict(row, agents=[AgentId(world.amara.row.pk)], teams=[], by=world.chen.actor)
    with pytest.raises(NotFound):
        queries.opened_side(world.bruno.actor, side.pk)
    with pytest.raises(NotFound):
        say_aside(side, answer=words(), by=world.bruno.actor)
    with pytest.raises(Refused):
        asks_repairs(world, row)


def test_a_form_sent_twice_says_it_once(world: World) -> None:
    row, _ = asked(world)
    answer = words(to=(CARRIER,), sent_once="form-1")
    first = begin_side(row, answer=answer, asked=Asked(), by=world.amara.actor)
    assert begin_side(row, answer=answer, asked=Asked(), by=world.amara.actor) == first
    side = side_of(first)
    again = words("And?", to=(CARRIER,), sent_once="form-2")
    second = say_aside(side, answer=again, by=world.amara.actor)
    assert say_aside(side, answer=again, by=world.amara.actor) == second
    assert (SideConversation.objects.count(), side.messages.count()) == (1, 2)


def test_chosen_messages_are_quoted_below_ours_without_what_they_quoted(world: World) -> None:
    row, message = asked(world)
    written = asks_carrier(world, row, quoting=[message.pk])
    heading, quoted = written.text.split("\n\n", 1)[1].split("\n", 1)
    assert written.text.startswith("Where is it?")
    assert heading.startswith("Dalia")
    assert quoted == "> It slips when I climb."


def test_notes_asides_and_messages_of_others_are_not_quoted(world: World) -> None:
    row, _ = asked(world)
    note = add_note(row, text="He is right.", sent_once="", files=(), by=world.amara.actor)
    _, other = asked(world)
    for one in (note, other):
        with pytest.raises(Unusable, match="quoting"):
            asks_carrier(world, row, quoting=[one.pk])
    with pytest.raises(Unusable, match="files"):
        asks_carrier(world, row, keeping=[1])


@pytest.mark.parametrize(
    ("wrong", "field"), [({"subject": " "}, "subject"), ({"text": " "}, "text"), ({"to": ()}, "to")]
)
def test_words_a_subject_and_somebody_to_get_them_are_needed(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    row, _ = asked(world)
    answer = words(**{"to": (CARRIER,), **wrong})
    with pytest.raises(Unusable, match=field):
        begin_side(row, answer=answer, asked=Asked(), by=world.amara.actor)
    assert not SideConversation.objects.exists()


def test_a_closed_conversation_begins_none_and_those_it_has_go_on(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_carrier(world, row))
    change_status(row, to=Status.SOLVED, by=SYSTEM)
    change_status(row, to=Status.CLOSED, by=SYSTEM)
    with pytest.raises(ConversationIsClosed):
        asks_carrier(world, row)
    written = say_aside(side, answer=words("Any news?", to=(CARRIER,)), by=world.amara.actor)
    assert (written.state, world.reload(row).status) == (DeliveryState.QUEUED, Status.CLOSED)


def test_what_came_in_it_while_somebody_wrote_is_shown_before_sending(world: World) -> None:
    row, _ = asked(world)
    written = asks_carrier(world, row)
    carrier_answers(world, row, written)
    answer, side = words("Any news?", to=(CARRIER,)), side_of(written)
    with pytest.raises(AnsweredMeanwhile):
        say_aside(side, answer=answer, seen=MessageId(written.pk), by=world.amara.actor)
    newest = MessageId(side.messages.latest("pk").pk)
    sent = say_aside(side, answer=answer, seen=newest, by=world.amara.actor)
    assert sent.state == DeliveryState.QUEUED


def test_done_is_said_once_and_what_was_said_is_news_no_more(world: World) -> None:
    row, _ = asked(world)
    written = asks_carrier(world, row)
    side = side_of(written)
    carrier_answers(world, row, written)
    finish_side(side, by=world.amara.actor)
    finish_side(side, by=world.amara.actor)
    side.refresh_from_db()
    assert (side.done_at is not None, side.answered_at) == (True, None)
    assert world.kinds(row).count(SideFinished.name) == 1


def test_what_was_done_goes_on_once_somebody_says_so(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_carrier(world, row))
    reopen_side(side, by=world.amara.actor)  # it goes on as it is
    finish_side(side, by=world.amara.actor)
    reopen_side(side, by=world.amara.actor)
    reopen_side(side, by=world.amara.actor)
    side.refresh_from_db()
    assert (side.done_at, world.kinds(row).count(SideReopened.name)) == (None, 1)


def test_an_answer_to_what_was_done_opens_it_again(world: World) -> None:
    row, _ = asked(world)
    written = asks_carrier(world, row)
    side = side_of(written)
    finish_side(side, by=world.amara.actor)
    carrier_answers(world, row, written)
    side.refresh_from_db()
    assert (side.done_at, side.answered_at is not None) == (None, True)
    assert world.kinds(row)[-1] == SideReopened.name


def test_a_side_conversation_that_is_gone_is_neither_done_nor_opened(world: World) -> None:
    row, _ = asked(world)
    written = asks_carrier(world, row, wait=waiting())
    side = side_of(written)
    holding.take_back(written, by=world.amara.actor)
    with pytest.raises(NotFound):
        finish_side(side, by=world.amara.actor)
    with pytest.raises(NotFound):
        reopen_side(side, by=world.amara.actor)


def test_a_first_mail_taken_back_leaves_no_side_conversation(world: World) -> None:
    row, _ = asked(world)
    written = asks_carrier(world, row, wait=waiting())
    assert SideBegun.name not in world.kinds(row)
    holding.take_back(written, by=world.amara.actor)
    draft = Draft.objects.get()
    assert (draft.kind, draft.side, draft.subject) == (Direction.ASIDE_OUT, None, "Warranty")
    assert not SideConversation.objects.exists()
    later = asks_carrier(world, row, wait=waiting())
    holding.send_now(later, by=world.amara.actor)
    assert world.kinds(row)[-2:] == [SideBegun.name, AsideQueued.name]


def test_a_later_mail_taken_back_is_a_draft_of_its_thread(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_carrier(world, row))
    answer = words("Any news?", to=(CARRIER,), wait=waiting())
    holding.take_back(say_aside(side, answer=answer, by=world.amara.actor), by=world.amara.actor)
    assert Draft.objects.get().side == side
    assert queries.drafts(world.amara.actor, row) == {}
    say_aside(side, answer=words("Any news?", to=(CARRIER,)), by=world.amara.actor)
    assert not Draft.objects.exists()


def test_several_stand_beside_one_conversation_the_newest_first(world: World) -> None:
    row, _ = asked(world)
    one, other = side_of(asks_carrier(world, row)), side_of(asks_repairs(world, row))
    found = queries.sides_of(queries.opened(world.amara.actor, row.pk))
    assert [line.side for line in found] == [other, one]
    assert [line.whom for line in found] == ["Repairs", CARRIER[0]]


def test_a_merge_takes_them_along_with_what_is_said_later_and_gives_them_back(world: World) -> None:
    row, _ = asked(world)
    other, _ = asked(world)
    written = asks_carrier(world, row)
    side = side_of(written)
    merge(row, into=other, by=world.amara.actor)
    carrier_answers(world, other, written)
    assert set(side.messages.values_list("conversation_id", flat=True)) == {other.pk}
    assert SideConversation.objects.get().conversation == other
    unmerge(row, by=world.amara.actor)
    assert set(side.messages.values_list("conversation_id", flat=True)) == {row.pk}
    assert SideConversation.objects.get().conversation == row


def test_one_goes_whole_with_a_split(world: World) -> None:
    row, _ = asked(world)
    later = receive(row, mail=world.incoming(customer=world.dalia, text="And the bell?"), by=SYSTEM)
    written = asks_carrier(world, row)
    carrier_answers(world, row, written)
    part = split(row, messages=[later.pk, written.pk], subject="", by=world.amara.actor)
    assert SideConversation.objects.get().conversation == part
    assert set(side_of(written).messages.values_list("conversation_id", flat=True)) == {part.pk}


def test_in_the_trash_nothing_is_said_and_the_team_sees_it_no_more(world: World) -> None:
    row, _ = asked(world)
    side = side_of(asks_repairs(world, row))
    trash(row, by=world.amara.actor)
    with pytest.raises(NotFound):
        queries.opened_side(world.bruno.actor, side.pk)
    with pytest.raises(NotFound):
        reopen_side(side, by=world.bruno.actor)
    with pytest.raises(Trashed):
        say_aside(side, answer=words(), by=world.amara.actor)


def test_purged_with_its_conversation_nothing_is_left(world: World) -> None:
    row, _ = asked(world)
    asks_repairs(world, row)
    trash(row, by=world.amara.actor)
    purge(row, by=world.chen.actor)
    world.read_log()
    while step(()):
        pass
    assert not Conversation.objects.filter(pk=row.pk).exists()
    assert not SideConversation.objects.exists()
