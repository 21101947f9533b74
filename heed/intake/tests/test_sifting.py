"""Storms join one conversation by an admin's rule; spam waits in the quarantine; nothing is lost and nobody known."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import pytest
import time_machine

from heed.conversations import queries
from heed.conversations.actions.state import change_status
from heed.conversations.models import Conversation, Message
from heed.intake.explain import in_words, places
from heed.intake.tests.letters import HELP, arrives, letter, received
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.words import Automatic, Direction, JoinedBy, SpamReason, Status, StormKey
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import World
from heed.triage.actions.senders import block
from heed.triage.actions.spam import not_spam
from heed.triage.actions.storms import Wording, add_storm_rule
from heed.triage.model import Model
from heed.triage.models import SpamModel, Suspicion
from heed.triage.queries import storm_rules
from heed.triage.words import words_of

MONITOR = "alarm@monitor.example"
SPAM = "Guaranteed casino bonus, cheap watches and pills, click now to win this exclusive offer without prescription"
GOOD = (
    "My order has not arrived and the bicycle chain slips, please tell me when the mechanic has time for me"
)


def rule(world: World, subject: str = "", group_by: StormKey = StormKey.RULE) -> None:
    wording = Wording("Monitor", "*@monitor.example", subject, "", group_by, 3600)
    add_storm_rule(world.linden, wording=wording, by=world.chen.actor)


def alarm(number: int, *, host: int = 0, more: str = "") -> bytes:
    subject = f"Alarm host-{host}: disk {number}% full"
    return letter(
        f"{number}.{host}@monitor.example", sender=MONITOR, subject=subject, text=f"Alarm {number}", more=more
    )


def grouped() -> set[frozenset[str]]:
    """Which mails stand together, by their Message-IDs."""
    found: dict[int, set[str]] = {}
    for number, message_id in Message.objects.filter(direction=Direction.IN).values_list(
        "conversation", "message_id"
    ):
        found.setdefault(number, set()).add(message_id)
    return {frozenset(ids) for ids in found.values()}


def at_ten_past() -> time_machine.travel:
    """A moment far from the end of a window of an hour."""
    return time_machine.travel(clock.now().replace(minute=10), tick=False)


def taught(world: World) -> None:
    """The brand's agents have decided often enough."""
    model = Model()
    for _ in range(40):
        for text, is_spam in ((SPAM, True), (GOOD, False)):
            words = words_of(subject="Hello", text=text, html="", domain="example.org", signs=())
            model.learn(words, is_spam=is_spam)
    SpamModel.objects.create(
        brand=world.linden, content=model.to_bytes(), checksum=1, spams=model.spams, goods=model.goods
    )


def test_alarms_join_one_conversation_that_says_how_many_and_why(world: World) -> None:
    rule(world)
    with at_ten_past():
        for number in range(30):
            arrives(alarm(number), mail_from=MONITOR)
        world.settle()
    row = Conversation.objects.get()
    assert row.gathered == 30
    assert set(row.messages.values_list("joined_by", flat=True)) == {JoinedBy.STORM_RULE}
    assert not row.messages.filter(direction=Direction.OUT).exists()  # no machine thanks for an alarm
    [line] = storm_rules(world.chen.actor)
    assert set(row.messages.values_list("storm_rule", flat=True)) == {line.version.pk}
    assert [example.mails for example in line.examples] == [30]


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_reading_changes_nothing(world: World, seed: int) -> None:
    rule(world, "Alarm {key}:", StormKey.PATTERN)
    with at_ten_past():
        receipts = [arrives(alarm(number, host=number % 3), mail_from=MONITOR) for number in range(12)]
    Random(seed).shuffle(receipts)
    for receipt in receipts:
        type(receipt).objects.filter(pk=receipt.pk).update(
            due_at=clock.now() - timedelta(seconds=receipts.index(receipt))
        )
    world.settle()
    expected = {frozenset(f"{n}.{n % 3}@monitor.example" for n in range(host, 12, 3)) for host in range(3)}
    assert grouped() == expected


def test_a_window_ends_and_another_conversation_begins(world: World) -> None:
    rule(world)
    for hours in (0, 0, 2):
        with time_machine.travel(clock.now().replace(minute=10) + timedelta(hours=hours), tick=False):
            received(world, alarm(hours + Message.objects.count() * 10), mail_from=MONITOR)
    assert sorted(map(len, grouped())) == [1, 2]


def test_who_solved_a_storm_sees_it_open_again_and_what_is_closed_stays_closed(world: World) -> None:
    rule(world)
    with at_ten_past():
        row = received(world, alarm(1), mail_from=MONITOR).conversation
        change_status(row, to=Status.SOLVED, by=SYSTEM)
        received(world, alarm(2), mail_from=MONITOR)
        assert world.reload(row).status == Status.OPEN
        change_status(row, to=Status.SOLVED, by=SYSTEM)
        change_status(row, to=Status.CLOSED, by=SYSTEM)
        other = received(world, alarm(3), mail_from=MONITOR).conversation
        assert other != row
        assert received(world, alarm(4), mail_from=MONITOR).conversation == other


def test_answers_in_a_thread_and_mail_of_others_come_under_no_rule(world: World) -> None:
    rule(world)
    with at_ten_past():
        row = received(world, alarm(1), mail_from=MONITOR).conversation
        other = received(world, letter("a@x")).conversation
        assert other != row
        raw = letter("b@x", sender=MONITOR, refers=["a@x"])
        assert received(world, raw, mail_from=MONITOR).joined_by == JoinedBy.REFERENCES


def test_a_storm_costs_no_more_queries_than_other_mail(world: World) -> None:
    def queries_of(mails: Sequence[bytes]) -> int:
        for raw in mails:
            arrives(raw, mail_from=MONITOR)
        with assert_queries(at_most=10_000) as counted:
            world.settle()
        return len(counted.captured_queries)

    rule(world)
    with at_ten_past():
        queries_of([alarm(1)])
        few = queries_of([alarm(number) for number in range(10, 15)])
        many = queries_of([alarm(number) for number in range(20, 45)])
        assert many - few < 20 * 8


def test_mail_of_a_blocked_sender_is_kept_unanswered_and_joins_nothing(world: World) -> None:
    received(world, letter("a@x"))
    row = Conversation.objects.get()
    world.answered(row)
    world.settle()
    block(world.linden, sender="dalia@example.org", by=world.amara.actor)
    told = received(world, letter("b@x", refers=["a@x"]))
    assert told.conversation != row
    assert told.conversation.quarantined_at is not None
    assert told.conversation.next_due_at is None
    assert Suspicion.objects.get().reasons == [SpamReason.BLOCKED]
    assert world.reload(row).status == Status.WAITING
    assert list(queries.quarantined(world.edda.actor).rows) == [told.conversation]


def test_content_alone_holds_nothing_back_before_enough_decisions(world: World) -> None:
    taught(world)
    SpamModel.objects.update(spams=config.spam_decisions // 2 - 1, goods=config.spam_decisions // 2)
    assert received(world, letter("a@x", text=SPAM)).conversation.quarantined_at is None
    SpamModel.objects.update(spams=9, goods=1_000)  # of one sort too few
    assert received(world, letter("b@x", text=SPAM)).conversation.quarantined_at is None


def test_what_reads_like_spam_is_held_back_and_what_does_not_is_not(world: World) -> None:
    taught(world)
    good = received(world, letter("a@x", text=GOOD, subject="Hello")).conversation
    assert good.quarantined_at is None
    spam = received(
        world, letter("b@x", sender="m@example.com", text=SPAM, subject="Hello"), mail_from="m@example.com"
    )
    assert spam.conversation.quarantined_at is not None
    kept = Suspicion.objects.get()
    assert (kept.reasons, kept.can_acknowledge) == ([SpamReason.CONTENT], True)
    assert kept.percent is not None
    assert kept.percent >= 97
    not_spam(spam.conversation, by=world.amara.actor)
    world.settle()
    assert spam.conversation.messages.filter(automatic=Automatic.ACKNOWLEDGEMENT).count() == 1


def test_customers_whom_we_answered_and_people_of_a_thread_are_never_held_back_by_content(
    world: World,
) -> None:
    taught(world)
    row = received(world, letter("a@x", text=GOOD, subject="Hello")).conversation
    assert received(world, letter("t@x", refers=["a@x"], text=SPAM)).conversation == row
    world.answered(row)
    world.settle()
    told = received(world, letter("b@x", text=SPAM, subject="Hello"))
    assert told.conversation.quarantined_at is None


def test_a_mail_says_beforehand_that_it_would_be_held_back(world: World) -> None:
    block(world.linden, sender="@example.org", by=world.amara.actor)
    told = " ".join(f"{sight.sees} {sight.why}" for sight in in_words(places(letter("a@x", to=HELP))))
    assert "quarantine" in told
    assert "blocked its sender" in told
    assert not Conversation.objects.exists()


def test_a_filter_counts_only_where_its_server_is_trusted(world: World) -> None:
    told = received(world, letter("a@x", more="X-Spam-Flag: YES"))
    assert told.conversation.quarantined_at is None
