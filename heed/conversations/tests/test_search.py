"""What search finds, in which order, and for whom: the same on both engines."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from heed.conversations.actions.answering import Answer, add_note
from heed.conversations.actions.labels import mark_seen, tag
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.quarantining import quarantine
from heed.conversations.actions.receiving import receive_aside
from heed.conversations.actions.sides import forward
from heed.conversations.actions.state import assign, share
from heed.conversations.filters import read
from heed.conversations.models import Conversation
from heed.conversations.queries import search as search_module
from heed.conversations.queries import search_near
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import Found, Order, numbered, search
from heed.kernel import clock
from heed.kernel.errors import Unusable
from heed.kernel.words import MessageId, Priority, SpamReason, Status, TeamId
from heed.people.actions import join_team, leave_team
from heed.people.policy import NOBODY, SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World

BERLIN = ZoneInfo("Europe/Berlin")


def find(world: World, text: str, *, who: Colleague | None = None, **options: object) -> Found:
    reader = Reader((who or world.chen).actor, BERLIN)
    return search(reader, read(text).filter, **options)  # type: ignore[arg-type]  # each test knows its own


def numbers(found: Found) -> list[int]:
    return [hit.conversation.pk for hit in found.hits]


def names(found: Found, known: dict[str, Conversation]) -> str:
    by_number = {row.pk: name for name, row in known.items()}
    return " ".join(by_number[number] for number in numbers(found))


@pytest.fixture
def known(world: World) -> dict[str, Conversation]:
    """Five conversations, each a day newer than the one before."""
    now = clock.now()
    made: dict[str, Conversation] = {}
    letters = (
        ("bell", "Your bell", "Order AB-2209-17: the bell 4711220934 is missing. Un problème!", world.dalia),
        (
            "refund",
            "Second invoice",
            "I was charged twice, please refund.\nRückerstattung bitte.",
            world.ines,
        ),
        ("map", "退款申请", "请问退款什么时候到账? The second map was wrong.", world.jonas),
        ("chain", "مُشْكِلَة في السلسلة", "The chain slips, invoice second to none.", world.dalia),
        ("lamp", "Lamp", "Refunds are slow. The lamp is refunded, refund done, refund refund.", world.ines),
    )
    for day, (name, subject, text, customer) in enumerate(letters):
        with time_machine.travel(now - timedelta(days=5 - day), tick=False):
            made[name] = world.conversation(subject=subject, text=text, customer=customer)
    return made


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("refund ", "lamp refund"),
        ("refund", "lamp refund"),
        ("REFUNDED ", "lamp"),
        ("refu", "lamp refund"),
        ("re", ""),
        ("probleme", "bell"),
        ("PROBLÈME", "bell"),
        ("ruckerstattung", "refund"),
        ("rücker", "refund"),
        ("second invoice", "chain refund"),
        ('"second invoice"', "refund"),
        ('"invoice second"', "chain"),
        ('"second inv"*', "refund"),
        ('"second in"*', ""),
        ("second -invoice", "map"),
        ("-refund invoice", "chain"),
        ("退款", "map"),
        ("款退", ""),
        ("مشكلة", "chain"),
        ("4711", "bell"),
        ("0934", "bell"),
        ("2209", "bell"),
        ("ab-2209", "bell"),
        ("12209", "bell"),
        ("dalia@exa", "chain bell"),
        ("example.org", "chain bell"),
        ("haddad", "chain bell"),
        ("from:dalia", "chain bell"),
        ("from:ines,jonas", "lamp map refund"),
        ("-from:dalia second", "map refund"),
        ("subject:second", "refund"),
        ("subject:second,lamp", "lamp refund"),
        ("to:dalia", ""),
        ("is:open refund", "lamp refund"),
        ("is:solved refund", ""),
        ("nothing of this", ""),
        ("''); DROP TABLE x --", ""),
        ("NEAR(a b) OR AND NOT", ""),
        ("* ^ : ( ) & | ! <->", ""),
    ],
)
def test_what_is_typed_finds(world: World, known: dict[str, Conversation], text: str, expected: str) -> None:
    assert names(find(world, text), known) == expected


def test_no_phrase_reaches_from_the_subject_into_names_or_text(world: World) -> None:
    world.conversation(subject="Alpha", text="Omega", customer=world.dalia)
    assert numbers(find(world, "alpha omega "))
    for text in ('"alpha omega"', '"alpha dalia"', '"org omega"'):
        assert not numbers(find(world, text)), text


def test_nothing_typed_finds_nothing(world: World, known: dict[str, Conversation]) -> None:
    assert find(world, "") == Found()
    assert find(world, " - ?") == Found()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("before:{day2}", "refund bell"),
        ("after:{day2}", "lamp chain"),
        ("on:{day2}", "map"),
        ("on:{day2},{day4}", "lamp map"),
        ("-on:{day2} second", "chain refund"),
        ("before:{day2} refund", "refund"),
        ("on:today", ""),
        ("after:2199-12-31", ""),
    ],
)
def test_days_are_the_readers(world: World, known: dict[str, Conversation], text: str, expected: str) -> None:
    days = [(clock.now().astimezone(BERLIN) - timedelta(days=5 - day)).date().isoformat() for day in range(5)]
    asked = text.format(**{f"day{day}": date for day, date in enumerate(days)})
    assert names(find(world, asked), known) == expected


def test_a_day_begins_at_the_readers_midnight(world: World) -> None:
    with time_machine.travel("2026-03-01T23:30:00Z", tick=False):
        late = world.conversation(subject="late")
    assert numbers(find(world, "late on:2026-03-02")) == [late.pk]
    reader = Reader(world.chen.actor, ZoneInfo("UTC"))
    assert not search(reader, read("late on:2026-03-02").filter).hits


def test_fields_ask_for_what_they_say(world: World) -> None:
    plain = world.conversation(subject="plain bell")
    mine = world.conversation(subject="mine bell", assignee=world.amara, priority=Priority.HIGH)
    waits = world.conversation(subject="waits bell", status=Status.WAITING)
    late = world.conversation(subject="late bell", due_at=clock.now() - timedelta(hours=1))
    other = world.conversation(subject="other bell", inbox=world.hello, assignee=world.gita)
    tag(plain, name="very late", by=world.chen.actor)
    mark_seen(plain, up_to=plain.last_message_at, by=world.amara.actor)
    everything = {"plain": plain, "mine": mine, "waits": waits, "late": late, "other": other}
    cases = (
        ("is:mine", "mine"),
        ("is:unassigned", "late waits plain"),
        ("assignee:me,nobody", "late waits mine plain"),
        ("assignee:gita", "other"),
        ("assignee:gita@desk.example", "other"),
        ("assignee:zoe", ""),
        ("-assignee:nobody", "other mine"),
        ("is:waiting", "waits"),
        ("is:open,waiting", "other late waits mine plain"),
        ("is:overdue", "late"),
        ("is:unread", "other late waits mine"),
        ('tag:"Very Late"', "plain"),
        ("tag:very", ""),
        ("-tag:very-late team:payments", "late waits mine"),
        ("team:charts", "other"),
        ("brand:kestrel", "other"),
        ('brand:"Linden Bikes" is:mine', "mine"),
        ("inbox:hello", "other"),
        ("inbox:help@linden.example is:mine", "mine"),
        ("priority:high,urgent", "mine"),
        ("customer:dalia@example.org", "other late waits mine plain"),
        ("customer:nobody@example.org", ""),
        ("has:attachment", ""),
        (f"#{mine.pk}", "mine"),
    )
    amara, chen = world.amara, world.chen
    for text, expected in cases:
        for asked in (text, f"{text} bell"):
            who = amara if "me" in text or "mine" in text or "unread" in text else chen
            allowed = {name for name, row in everything.items() if who is chen or row.pk != other.pk}
            wanted = " ".join(name for name in expected.split() if name in allowed)
            assert names(find(world, asked, who=who), everything) == wanted, asked


def test_a_number_is_found_by_its_beginning(world: World) -> None:
    rows = [world.conversation(subject=f"n{n}") for n in range(12)]
    first = str(rows[0].pk)[0]
    expected = {row.pk for row in rows if str(row.pk).startswith(first)}
    assert set(numbers(find(world, f"#{first}"))) == expected
    reader = Reader(world.amara.actor, BERLIN)
    assert numbered(reader, read(f"{rows[3].pk}").filter) == rows[3]
    assert numbered(reader, read(f"{rows[3].pk} refund").filter) is None
    assert numbered(reader, read("9" * 18).filter) is None
    assert numbered(Reader(world.bruno.actor, BERLIN), read(f"{rows[3].pk}").filter) is None


def test_a_conversation_is_found_once_by_its_newest_message_that_fits(world: World) -> None:
    old = world.conversation(text="The bell rings.")
    new = world.conversation(text="A bell too.")
    world.writes(old, text="My bell again.")
    world.writes(old, text="Something else.")
    found = find(world, "bell")
    assert numbers(found) == [old.pk, new.pk]
    assert "".join(piece.text for piece in found.hits[0].passage) == "My bell again."
    assert [piece.text for piece in found.hits[0].passage if piece.is_marked] == ["bell"]


def test_notes_and_answers_are_found_as_well(world: World) -> None:
    row = world.conversation()
    add_note(row, text="They pay by zeppelin.", sent_once="k", files=(), by=world.amara.actor)
    assert numbers(find(world, "zeppelin")) == [row.pk]
    world.answered(row, text="We sent the quickener.")
    assert numbers(find(world, "quickener")) == [row.pk]
    assert numbers(find(world, "quickener to:dalia")) == [row.pk]
    assert not numbers(find(world, "quickener from:dalia"))


def test_spam_is_found_only_when_asked_for_and_what_was_merged_where_it_went(world: World) -> None:
    spam, kept = world.conversation(text="bell spam"), world.conversation(text="bell kept")
    quarantine(spam, reason=SpamReason.BY_AGENT, by=world.amara.actor)
    assert numbers(find(world, "bell")) == [kept.pk]
    assert numbers(find(world, "bell is:spam")) == [spam.pk]
    assert numbers(find(world, "is:spam")) == [spam.pk]
    into = world.conversation(text="another matter")
    merge_thread(kept, into=into, by=world.chen.actor)
    assert numbers(find(world, "bell")) == [into.pk]


def pages(world: World, text: str, *, order: Order, limit: int) -> Iterable[Sequence[int]]:
    after = ""
    for _ in range(50):
        found = find(world, text, after=after, order=order, limit=limit)
        yield numbers(found)
        after = found.after
        if not after:
            return
    raise AssertionError("the pages never end")


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "text",
    [
        "bell",
        "is:open,waiting",
        "is:open,waiting bell -lamp",
        "is:open,waiting -lamp",
        "number:1,2,3,4,5,6,7,8,9",
        "from:dalia",
    ],
)
def test_pages_hold_each_conversation_once(world: World, order: Order, text: str) -> None:
    rows = [world.conversation(text=f"bell number {n}") for n in range(7)]
    for row in rows[:4]:
        world.writes(row, text="the bell once more")
    for row in rows[2:6]:
        world.answered(row, text="a lamp, from us")  # newer than what is looked for, and not found by it
    whole = numbers(find(world, text, order=order))
    assert sorted(whole) == sorted(row.pk for row in rows)
    paged = list(pages(world, text, order=order, limit=2))
    assert [number for page in paged for number in page] == whole
    assert all(len(page) <= 2 for page in paged)


def test_new_mail_moves_no_page(world: World) -> None:
    rows = [world.conversation(text="bell") for _ in range(4)]
    for order in Order:
        first = find(world, "bell", order=order, limit=2)
        world.writes(rows[0], text="bell bell bell")
        second = find(world, "bell", order=order, limit=2, after=first.after)
        assert not set(numbers(first)) & set(numbers(second))


def test_the_best_come_first_on_request(world: World) -> None:
    text = world.conversation(subject="About", text="One refund among many other words.")
    often = world.conversation(subject="About", text="Refund, refund and refund again.")
    subject = world.conversation(subject="Refund", text="As it says.")
    longer = world.conversation(subject="About", text="Refunds are slow.")
    assert numbers(find(world, "refund")) == [longer.pk, subject.pk, often.pk, text.pk]
    assert numbers(find(world, "refund", order=Order.BEST)) == [subject.pk, often.pk, text.pk, longer.pk]


def test_only_the_newest_matches_are_ranked(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "RANKED", 3)
    rows = [world.conversation(text="bell") for _ in range(5)]
    found = find(world, "bell", order=Order.BEST)
    assert set(numbers(found)) == {row.pk for row in rows[2:]}
    assert found.ranked_only


@pytest.mark.parametrize("common", [1, 3, 99])
@pytest.mark.parametrize("order", list(Order))
def test_however_common_a_word_is_the_same_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch, order: Order, common: int
) -> None:
    monkeypatch.setattr(search_near, "NEAR", 4)  # the walk goes on, or the index is asked
    monkeypatch.setattr(search_near, "COMMON", common)
    rows = [world.conversation(text="bell" if place % 2 else "whistle") for place in range(14)]
    belled = [row.pk for row in reversed(rows[1::2])]
    pages: list[list[int]] = []
    after = ""
    while not pages or after:
        found = find(world, "bell", order=order, after=after, limit=2)
        pages.append(numbers(found))
        after = found.after
    assert pages == [belled[0:2], belled[2:4], belled[4:6], belled[6:]]
    assert numbers(find(world, "whistle", order=order)) == [row.pk for row in reversed(rows[::2])]


def test_a_search_looks_back_so_far_and_says_how_far(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "SLICES", (1, 2))
    mine = world.conversation(text="bell")
    for _ in range(4):
        world.conversation(text="bell", inbox=world.hello)
    found = find(world, "bell", who=world.amara)
    assert (numbers(found), bool(found.after)) == ([], True)
    assert found.back_to is not None
    again = find(world, "bell", who=world.amara, after=found.after)
    assert (numbers(again), again.after, again.back_to) == ([mine.pk], "", None)


@pytest.mark.parametrize("after", ["x", "-1", "1.2", "9" * 30, "1.2.x", "²"])
def test_a_place_that_was_never_given_is_refused(world: World, after: str) -> None:
    for text, order in (("bell", Order.NEWEST), ("bell", Order.BEST), ("#1", Order.NEWEST)):
        with pytest.raises(Unusable):
            find(world, text, order=order, after=after)


# Who may see ------------------------------------------------------------------------------------


@pytest.mark.parametrize("order", list(Order))
@pytest.mark.parametrize(
    "text", ["bell", "is:open", "#{number}", "from:dalia", "team:payments", "tag:vip", "-x is:open"]
)
def test_nothing_is_found_that_one_may_not_open(world: World, text: str, order: Order) -> None:
    row = world.conversation(text="bell")
    tag(row, name="vip", by=world.chen.actor)
    asked = text.format(number=row.pk)
    for who in (world.amara, world.chen, world.edda, world.farid):
        assert numbers(find(world, asked, who=who, order=order)) == [row.pk]
    for who in (world.bruno, world.gita, world.hugo):
        assert not numbers(find(world, asked, who=who, order=order))
    assert search(Reader(NOBODY, BERLIN), read(asked).filter, order=order) == Found()


def test_what_was_shared_or_given_is_found(world: World) -> None:
    shared, given = world.conversation(text="bell shared"), world.conversation(text="bell given")
    assert not numbers(find(world, "bell", who=world.bruno))
    share(shared, team=TeamId(world.repairs.pk), by=SYSTEM)
    join_team(world.payments, agent=world.bruno.row, by=SYSTEM)
    assign(given, to=world.bruno.row, by=SYSTEM)
    leave_team(world.payments, agent=world.bruno.row, by=SYSTEM)
    assert numbers(find(world, "bell", who=world.bruno)) == [given.pk, shared.pk]


@pytest.mark.parametrize("order", list(Order))
def test_a_right_that_was_taken_away_finds_nothing_any_more(world: World, order: Order) -> None:
    rows = [world.conversation(text="bell") for _ in range(3)]
    first = find(world, "bell", who=world.amara, order=order, limit=1)
    assert numbers(first) == [rows[2].pk]
    leave_team(world.payments, agent=world.amara.row, by=world.chen.actor)
    assert not numbers(find(world, "bell", who=world.amara, order=order))
    assert not numbers(find(world, "bell", who=world.amara, order=order, after=first.after))


# What it costs ----------------------------------------------------------------------------------


def test_a_search_costs_the_same_however_much_it_finds(world: World) -> None:
    for count in (1, 9):
        for _ in range(count):
            world.conversation(text="bell")
        actor = world.amara.actor
        for order, budget in ((Order.NEWEST, 5), (Order.BEST, 6)):
            with assert_queries(at_most=budget):
                found = search(Reader(actor, BERLIN), read("bell").filter, order=order)
            assert found.hits


def test_a_search_that_never_fills_a_page_is_bounded_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_module, "SLICES", (1, 2, 3))
    for _ in range(9):
        world.conversation(text="bell", inbox=world.hello)
    actor = world.amara.actor
    reader = Reader(actor, BERLIN)
    with assert_queries(at_most=11):
        first = search(reader, read("bell").filter)
    with assert_queries(at_most=11):
        search(reader, read("bell").filter, after=first.after)


def test_what_was_said_aside_is_found_by_its_words_and_by_who_said_it(world: World) -> None:
    row = world.conversation()
    carrier = ("Swift Parcels", "claims@carrier.example")
    asked = forward(
        row.messages.get(), answer=Answer(text="Zeppelin?", to=(carrier,)), keeping=(), by=world.amara.actor
    )
    mail = world.incoming(
        customer=None,
        from_name=carrier[0],
        from_address=carrier[1],
        text="Leipzig.",
        answers=MessageId(asked.pk),
    )
    receive_aside(row, mail=mail, by=SYSTEM)
    for typed in ("zeppelin", "leipzig", "from:swift", "to:claims@carrier.example"):
        assert numbers(find(world, typed)) == [row.pk], typed
    assert numbers(find(world, "leipzig", who=world.bruno)) == []


# Names that are typed almost right --------------------------------------------------------------


@pytest.fixture
def learnt(world: World) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=1), tick=False):
        world.settle()


@pytest.mark.parametrize(
    "text", ["dahlia", "hadad", "Dailá Haddda", "from:dalja", "hadad chain", "to:dahlia"]
)
def test_a_misspelt_name_finds_its_conversation(world: World, learnt: None, text: str) -> None:
    row = world.conversation(text="The chain is dalias.")
    world.conversation(customer=world.ines)
    world.answered(row, text="chain")
    found = find(world, text, who=world.amara)
    assert (numbers(found), found.is_like, found.after) == ([row.pk], True, "")
    assert any(piece.is_marked for piece in found.hits[0].sender)


def test_a_word_that_is_found_is_not_misspelt(world: World, learnt: None) -> None:
    plain, _ = world.conversation(customer=world.ines, text="A dahlia, please."), world.conversation()
    found = find(world, "dahlia")
    assert (numbers(found), found.is_like) == ([plain.pk], False)
    assert not find(world, "-dahlia zebra").hits
    assert not find(world, "subject:hadad").hits


def test_a_name_that_one_may_not_know_is_not_guessed(world: World, learnt: None) -> None:
    world.conversation()
    assert find(world, "dahlia", who=world.amara).hits
    for who in (world.bruno, world.gita):
        assert not find(world, "dahlia", who=who).hits
    actor = world.amara.actor
    with assert_queries(at_most=9):
        search(Reader(actor, BERLIN), read("dahlia hadad").filter)
