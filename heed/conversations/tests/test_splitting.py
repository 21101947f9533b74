"""Messages become a conversation of their own and come back; agents link conversations and unlink them."""

import pytest

from heed.channels.email.address import sign
from heed.conversations import queries
from heed.conversations.actions.answering import reply
from heed.conversations.actions.merging import SameConversation
from heed.conversations.actions.splitting import NotSplit, link_by_hand, split, unlink, unsplit
from heed.conversations.actions.unmerging import unmerge
from heed.conversations.models import Conversation, ConversationLink, Message
from heed.eventlog.kinds import (
    ConversationLinked,
    ConversationOpened,
    ConversationSplit,
    ConversationUnlinked,
)
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Confidence, LinkReason, Status
from heed.testing.world import World

STRANGERS = [("bruno", NotFound), ("gita", NotFound), ("nobody", NotFound), ("farid", Refused)]


def second_matter(world: World, row: Conversation) -> Message:
    """Dalia writes about a bell too, with Ines in copy."""
    ines = (world.ines.address, world.ines.name, "cc")
    dalia = (world.dalia.address, world.dalia.name, "from")
    return world.writes(
        row,
        subject="The bell",
        text="And the bell?",
        cc=((world.ines.name, world.ines.address),),
        participants=(dalia, ines),
    )


def test_chosen_messages_become_a_conversation_of_their_own(world: World) -> None:
    row = world.conversation(assignee=world.amara)
    bell = second_matter(world, row)
    part = split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    assert (part.subject, part.status, part.team, part.assignee, part.customer) == (
        *("The bell", Status.OPEN, world.payments, world.amara.row, world.dalia.row),
    )
    assert part.next_due_at is not None
    assert [one.pk for one in part.messages.all()] == [bell.pk]
    assert row.messages.count() == 1
    assert set(part.participants.values_list("address", flat=True)) == {
        world.dalia.address,
        world.ines.address,
    }
    assert set(row.participants.values_list("address", flat=True)) == {world.dalia.address}
    assert queries.panel(queries.opened(world.amara.actor, row.pk)).linked[0].reason is LinkReason.SPLIT
    assert {ConversationSplit.name, ConversationLinked.name} <= set(world.kinds(row))
    assert world.kinds(part)[:2] == [ConversationOpened.name, ConversationLinked.name]


def test_later_replies_land_with_the_messages_they_answer(world: World) -> None:
    row = world.conversation()
    bell = second_matter(world, row)
    ours = reply(row, answer=world.answer(), by=world.amara.actor)
    world.settle()
    part = split(row, messages=[bell.pk, ours.pk], subject="Bell", by=world.amara.actor)
    assert part.status == Status.WAITING
    signed = sign(row.inbox.address, conversation=row.pk, message=ours.pk, secret=config.secret_bytes())
    world.mail_from(world.dalia, reply_to=part)
    world.mail_from(world.dalia, to=[signed], subject="Re: The bell")
    world.mail_from(world.dalia, reply_to=row)
    world.settle()
    assert part.messages.filter(direction="in").count() == 3
    assert row.messages.filter(direction="in").count() == 2


def test_what_was_answered_in_the_rest_is_not_owed_there_any_more(world: World) -> None:
    row = world.conversation()
    world.answered(row)
    bell = second_matter(world, row)
    world.settle()
    assert world.reload(row).next_due_at is not None
    part = split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    assert (world.reload(row).status, world.reload(row).next_due_at) == (Status.WAITING, None)
    assert world.reload(part).next_due_at is not None


@pytest.mark.parametrize(("chosen", "reason"), [([], "missing"), ([0, 1], "all"), ([0, 999_999], "unknown")])
def test_something_said_goes_and_something_stays(world: World, chosen: list[int], reason: str) -> None:
    row = world.conversation()
    second_matter(world, row)
    numbers = list(row.messages.order_by("pk").values_list("pk", flat=True))
    with pytest.raises(Unusable) as raised:
        split(
            row,
            messages=[numbers[one] if one < 2 else one for one in chosen],
            subject="",
            by=world.amara.actor,
        )
    assert raised.value.reason == reason
    assert Conversation.objects.count() == 1


@pytest.mark.parametrize(("who", "error"), STRANGERS)
def test_only_those_who_may_change_it_split_and_undo(world: World, who: str, error: type[Exception]) -> None:
    row = world.conversation()
    bell = second_matter(world, row)
    with pytest.raises(error):
        split(row, messages=[bell.pk], subject="", by=world.colleague(who).actor)
    part = split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    with pytest.raises(error):
        unsplit(part, by=world.colleague(who).actor)
    with pytest.raises(error):
        link_by_hand(part, other=row, by=world.colleague(who).actor)
    with pytest.raises(error):
        unlink(part, other=row, by=world.colleague(who).actor)
    assert part.messages.count() == 1


def test_after_undo_everything_stands_where_it_came_from(world: World) -> None:
    row = world.conversation()
    bell = second_matter(world, row)
    people = set(row.participants.values_list("address", flat=True))
    part = split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    assert unsplit(part, by=world.amara.actor) == row
    assert row.messages.count() == 2
    assert set(row.participants.values_list("address", flat=True)) == people
    assert world.reload(part).merged_into == row
    assert queries.panel(queries.opened(world.amara.actor, row.pk)).linked == []
    world.mail_from(world.dalia, reply_to=row)
    world.settle()
    assert row.messages.filter(direction="in").count() == 3


def writes_as(world: World, row: Conversation, sure: Confidence) -> Message:
    """Dalia's address writes, and that is how sure we are that it is she."""
    dalia = (world.dalia.address, world.dalia.name, "from")
    return world.writes(row, confidence=sure, participants=(dalia,))


def how_sure(world: World, row: Conversation) -> str:
    return row.participants.get(address=world.dalia.address).confidence


def test_in_both_we_are_as_sure_of_the_sender_as_the_mail_that_stands_there(world: World) -> None:
    row = world.conversation()
    forged = writes_as(world, row, Confidence.FAILED)
    writes_as(world, row, Confidence.PROVEN)
    part = split(row, messages=[forged.pk], subject="", by=world.amara.actor)
    assert (how_sure(world, part), how_sure(world, row)) == (Confidence.FAILED, Confidence.PROVEN)
    unsplit(part, by=world.amara.actor)
    assert how_sure(world, row) == Confidence.PROVEN


def test_after_undo_we_are_as_sure_as_what_came_since_says(world: World) -> None:
    row = world.conversation()
    bell = writes_as(world, row, Confidence.PROVEN)
    ours = reply(row, answer=world.answer(), by=world.amara.actor)
    part = split(row, messages=[bell.pk, ours.pk], subject="", by=world.amara.actor)
    assert how_sure(world, row) == Confidence.PROVEN  # nothing checked stands there any more: as it was
    writes_as(world, world.reload(part), Confidence.FAILED)
    assert (how_sure(world, part), how_sure(world, row)) == (Confidence.FAILED, Confidence.PROVEN)
    unsplit(world.reload(part), by=world.amara.actor)
    assert how_sure(world, row) == Confidence.FAILED
    unmerge(world.reload(part), by=world.amara.actor)
    assert how_sure(world, part) == Confidence.FAILED


def test_splitting_twice_takes_nothing_along_twice(world: World) -> None:
    row = world.conversation()
    bell = second_matter(world, row)
    part = split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    with pytest.raises(Unusable):
        split(row, messages=[bell.pk], subject="", by=world.amara.actor)
    unsplit(part, by=world.amara.actor)
    size = world.log_size()
    unsplit(part, by=world.amara.actor)
    assert world.log_size() == size


def test_only_what_was_split_is_put_back(world: World) -> None:
    with pytest.raises(NotSplit):
        unsplit(world.conversation(), by=world.amara.actor)


def test_an_agent_links_two_conversations_and_unlinks_them(world: World) -> None:
    one, other = world.conversation(), world.conversation(customer=world.ines)
    for _ in range(2):
        link_by_hand(one, other=other, by=world.amara.actor)
    assert queries.panel(queries.opened(world.amara.actor, other.pk)).linked[0].conversation == one
    assert world.kinds(one).count(ConversationLinked.name) == 1
    for _ in range(2):
        unlink(other, other=one, by=world.amara.actor)
    assert not ConversationLink.objects.exists()
    assert world.kinds(one).count(ConversationUnlinked.name) == 1


def test_a_conversation_is_not_linked_to_itself_or_to_what_one_may_not_see(world: World) -> None:
    one, theirs = world.conversation(), world.conversation(inbox=world.workshop)
    with pytest.raises(SameConversation):
        link_by_hand(one, other=one, by=world.amara.actor)
    with pytest.raises(NotFound):
        link_by_hand(one, other=theirs, by=world.amara.actor)
    assert not ConversationLink.objects.exists()


def test_linking_what_is_linked_already_keeps_why(world: World) -> None:
    row = world.conversation()
    part = split(row, messages=[second_matter(world, row).pk], subject="", by=world.amara.actor)
    link_by_hand(part, other=row, by=world.edda.actor)
    assert queries.panel(queries.opened(world.amara.actor, part.pk)).linked[0].reason is LinkReason.SPLIT


def test_only_what_is_linked_is_unlinked(world: World) -> None:
    one, other = world.conversation(), world.conversation()
    before = world.log_size()
    unlink(one, other=other, by=world.amara.actor)
    assert world.log_size() == before
