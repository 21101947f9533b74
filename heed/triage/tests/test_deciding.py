"""Agents say what is spam and whom they do not want to hear of; the desk learns from it and loses nothing."""

import pytest

from heed.conversations import queries as conversations
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.state import Merged
from heed.conversations.models import Conversation, Message
from heed.eventlog.kinds import ConversationQuarantined, SenderBlocked, SenderUnblocked
from heed.eventlog.models import EventRow
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import Automatic, BlockScope, Direction
from heed.people.policy import NOBODY, SYSTEM
from heed.testing.world import World
from heed.triage.actions.senders import ManyPeoplesDomain, OwnAddress, block, unblock
from heed.triage.actions.spam import hold_back, learn, mark_spam, not_spam, note_answered
from heed.triage.models import BlockedSender, SpamDecision, SpamModel, Suspicion
from heed.triage.queries import Sieve, blocked_sender, blocked_senders, learnt, suspicions
from heed.triage.verdict import Signals, judge

BLOCKED = judge(Signals(is_blocked=True))


def model(world: World) -> tuple[int, int]:
    kept = SpamModel.objects.filter(pk=world.linden.pk).values_list("spams", "goods").first()
    return kept or (0, 0)


def arrived(world: World) -> Conversation:
    """A conversation whose first mail was held back on arrival."""
    row = world.conversation()
    hold_back(row.messages.get(), verdict=BLOCKED, likely=None, may_acknowledge=True, by=SYSTEM)
    world.settle()
    return world.reload(row)


def test_spam_goes_to_the_quarantine_and_is_learnt_once(world: World) -> None:
    row = world.conversation()
    for _ in range(2):
        mark_spam(world.reload(row), blocking=None, by=world.amara.actor)
        world.settle()
    assert list(conversations.quarantined(world.edda.actor).rows) == [row]
    assert model(world) == (1, 0)


def test_a_decision_that_is_taken_back_is_unlearnt(world: World) -> None:
    row = world.conversation()
    mark_spam(row, blocking=None, by=world.amara.actor)
    world.settle()
    not_spam(world.reload(row), by=world.amara.actor)
    world.settle()
    assert model(world) == (0, 1)
    assert world.reload(row).quarantined_at is None
    not_spam(world.reload(row), by=world.amara.actor)
    world.settle()
    assert model(world) == (0, 1)


@pytest.mark.parametrize(
    ("scope", "value"), [(BlockScope.ADDRESS, "dalia@example.org"), (BlockScope.DOMAIN, "@example.org")]
)
def test_its_sender_can_be_blocked_with_it(world: World, scope: BlockScope, value: str) -> None:
    mark_spam(world.conversation(), blocking=scope, by=world.amara.actor)
    [row] = blocked_senders(world.edda.actor).rows
    assert (row.value, row.agent, row.brand) == (value, world.amara.row, world.linden)


def test_an_answer_says_that_it_was_no_spam_unless_somebody_said_otherwise(world: World) -> None:
    row = world.conversation()
    world.answered(row)
    world.settle()
    assert model(world) == (0, 1)
    assert SpamDecision.objects.get().is_spam is False
    note_answered(row, at=row.opened_at, by=SYSTEM)
    mark_spam(world.reload(row), blocking=None, by=world.amara.actor)
    note_answered(row, at=row.opened_at, by=SYSTEM)
    note_answered(row, at=row.opened_at, by=SYSTEM)
    world.settle()
    assert model(world) == (1, 0)


def test_nothing_is_learnt_of_what_machines_or_agents_wrote(world: World) -> None:
    row = world.conversation()
    Message.objects.filter(conversation=row).update(automatic=Automatic.BOUNCE)
    note_answered(row, at=row.opened_at, by=SYSTEM)
    assert not SpamDecision.objects.exists()


def test_what_is_released_is_owed_and_acknowledged_as_on_arrival(world: World) -> None:
    row = arrived(world)
    assert suspicions(world.edda.actor, [row])[row.pk].reasons == ["blocked"]
    assert row.next_due_at is None
    not_spam(row, by=world.amara.actor)
    world.settle()
    assert world.reload(row).next_due_at is not None
    assert row.messages.filter(direction=Direction.OUT, automatic=Automatic.ACKNOWLEDGEMENT).count() == 1


def test_what_agents_marked_is_not_acknowledged_again(world: World) -> None:
    row = world.conversation()
    mark_spam(row, blocking=None, by=world.amara.actor)
    not_spam(world.reload(row), by=world.amara.actor)
    world.settle()
    assert not row.messages.filter(direction=Direction.OUT).exists()
    assert world.reload(row).next_due_at is not None


def test_held_back_twice_is_held_back_once(world: World) -> None:
    row = arrived(world)
    before = world.log_size()
    mark_spam(row, blocking=None, by=world.amara.actor)
    assert world.log_size() == before
    assert Suspicion.objects.count() == 1
    assert suspicions(NOBODY, [row]) == {}


def test_holding_back_records_it_on_the_conversation(world: World) -> None:
    row = world.conversation()
    hold_back(row.messages.get(), verdict=BLOCKED, likely=0.99, may_acknowledge=False, by=SYSTEM)
    assert world.kinds(row)[-1] == ConversationQuarantined.name


def test_holding_back_what_was_merged_is_refused(world: World) -> None:
    row, other = world.conversation(), world.conversation()
    message = other.messages.get()
    merge_thread(other, into=row, by=SYSTEM)
    message.conversation = world.reload(other)
    with pytest.raises(Merged):
        hold_back(message, verdict=BLOCKED, likely=None, may_acknowledge=False, by=SYSTEM)
    with pytest.raises(Merged):
        mark_spam(world.reload(other), blocking=None, by=world.amara.actor)


def test_who_may_not_see_it_decides_nothing(world: World) -> None:
    row = world.conversation()
    for who, error in ((world.bruno, NotFound), (world.farid, Refused)):
        with pytest.raises(error):
            mark_spam(row, blocking=BlockScope.ADDRESS, by=who.actor)
        with pytest.raises(error):
            not_spam(arrived(world), by=who.actor)
    assert not BlockedSender.objects.exists()


def test_learning_twice_or_what_another_worker_has_teaches_nothing(world: World) -> None:
    mark_spam(world.conversation(), blocking=None, by=world.amara.actor)
    world.settle()
    before = model(world)
    for decision in SpamDecision.objects.all():
        SpamDecision.objects.filter(pk=decision.pk).update(due_at=decision.at)
    world.settle()
    assert model(world) == before
    assert learn([], by=SYSTEM) == 0
    [told] = learnt(world.edda.actor)
    assert (told.spams, told.goods, told.needed) == (1, 0, 50)
    assert learnt(world.amara.actor) == []


def test_a_sender_is_blocked_once_a_brand_and_unblocked(world: World) -> None:
    one = block(world.linden, sender=" Mallory@Example.com ", by=world.amara.actor)
    assert block(world.linden, sender="mallory@example.com", by=world.edda.actor) == one
    sieve = Sieve.read(["mallory@example.com", "other@example.com"])
    assert sieve.is_blocked(world.linden.pk, "mallory@example.com")
    assert not sieve.is_blocked(world.linden.pk, "other@example.com")
    assert not sieve.is_blocked(world.kestrel.pk, "mallory@example.com")
    for _ in range(2):
        unblock(one, by=world.edda.actor)
    assert not Sieve.read(["mallory@example.com"]).is_blocked(world.linden.pk, "mallory@example.com")
    kinds = EventRow.objects.filter(kind__in=[SenderBlocked.name, SenderUnblocked.name]).values_list(
        "kind", flat=True
    )
    assert sorted(kinds) == [SenderBlocked.name, SenderUnblocked.name]


def test_a_domain_stands_for_all_its_addresses(world: World) -> None:
    block(world.linden, sender="example.com", by=world.chen.actor)
    assert Sieve.read(["a@example.com"]).is_blocked(world.linden.pk, "a@example.com")
    assert not Sieve.read(["a@sub.example.com"]).is_blocked(world.linden.pk, "a@sub.example.com")


def test_own_addresses_and_domains_of_very_many_are_never_blocked(world: World) -> None:
    with pytest.raises(ManyPeoplesDomain):
        block(world.linden, sender="@gmail.com", by=world.amara.actor)
    block(world.linden, sender="mallory@gmail.com", by=world.amara.actor)
    for own in ("help@linden.example", "@linden.example", "help+x@linden.example"):
        with pytest.raises(OwnAddress):
            block(world.linden, sender=own, by=world.amara.actor)
    for wrong in ("", "nobody", "a b@example.com", "*@example.com"):
        with pytest.raises(Unusable):
            block(world.linden, sender=wrong, by=world.amara.actor)


def test_other_brands_and_viewers_block_and_unblock_nothing(world: World) -> None:
    row = block(world.linden, sender="mallory@example.com", by=world.amara.actor)
    for who in (world.farid, world.gita, world.hugo, world.nobody):
        with pytest.raises(Refused):
            block(world.linden, sender="dalia@example.org", by=who.actor)
        with pytest.raises(Refused):
            unblock(row, by=who.actor)
    assert not blocked_senders(world.hugo.actor).rows
    with pytest.raises(NotFound):
        blocked_sender(world.hugo.actor, row.pk)
    assert blocked_sender(world.edda.actor, row.pk) == row


def test_what_a_sender_sent_while_blocked_stays_where_it_is(world: World) -> None:
    row = arrived(world)
    unblock(block(world.linden, sender="dalia@example.org", by=world.amara.actor), by=world.amara.actor)
    assert world.reload(row).quarantined_at is not None


def test_an_answer_in_a_conversation_that_we_began_teaches_nothing(world: World) -> None:
    row = world.conversation()
    Message.objects.filter(conversation=row).update(direction=Direction.NOTE)
    note_answered(row, at=row.opened_at, by=SYSTEM)
    assert not SpamDecision.objects.exists()


def test_an_answer_is_learnt_as_often_as_there_were_mails(world: World) -> None:
    row = world.conversation()
    world.writes(row)
    note_answered(row, at=row.opened_at, by=SYSTEM)
    world.settle()
    assert model(world) == (0, 2)


def test_a_mail_is_held_back_while_its_status_is_left_alone(world: World) -> None:
    row = world.conversation(status="waiting")
    hold_back(row.messages.get(), verdict=BLOCKED, likely=None, may_acknowledge=False, by=SYSTEM)
    assert world.reload(row).status == row.status


def test_held_back_mails_keep_how_likely_their_words_are_spam(world: World) -> None:
    row = world.conversation()
    hold_back(row.messages.get(), verdict=BLOCKED, likely=0.987, may_acknowledge=False, by=SYSTEM)
    assert Suspicion.objects.get().percent == 99


def test_the_list_of_blocked_senders_is_paged(world: World) -> None:
    for number in range(5):
        block(world.linden, sender=f"m{number}@example.com", by=world.amara.actor)
    first = blocked_senders(world.chen.actor, limit=3)
    second = blocked_senders(world.chen.actor, after=first.after, limit=3)
    assert [row.value[:2] for row in (*first.rows, *second.rows)] == ["m4", "m3", "m2", "m1", "m0"]
    assert not second.after
    unblock(first.rows[0], by=world.chen.actor)
    assert len(blocked_senders(world.chen.actor).rows) == 4
