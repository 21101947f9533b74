"""Lists, counts and pages: who is looking decides what there is; a page costs the same at any size."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heed.conversations import fold, queries, sql
from heed.conversations.actions.labels import mark_seen, tag
from heed.conversations.actions.merging import merge_thread
from heed.conversations.actions.state import assign, change_status, move
from heed.conversations.models import Conversation, Count, Message
from heed.conversations.queries import Page
from heed.eventlog.unit import change, lock, unit
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, NotFound, Refused, Unusable
from heed.kernel.words import Status, TeamId
from heed.people.policy import SYSTEM, Actor
from heed.testing.queries import assert_queries, plans
from heed.testing.world import World

NOT_FOR_FEW = ("seqscan", "bitmapscan", "sort")  # what a table this small is read by
LISTS: list[Callable[..., queries.Page[Conversation]]] = [
    queries.my_turn,
    queries.unassigned,
    queries.waiting,
    queries.solved,
    queries.all_open,
]
BY_DUE = [queries.unassigned, queries.all_open]
BY_MESSAGE = [queries.waiting, queries.solved]


def walk(read: Callable[..., Page[Conversation]], actor: Actor, *, limit: int) -> list[int]:
    """All pages of a list, one after another."""
    found: list[int] = []
    after = ""
    while True:
        page = read(actor, after=after, limit=limit)
        found += [row.pk for row in page.rows]
        if not page.after:
            return found
        assert len(page.rows) == limit
        after = page.after


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
@pytest.mark.parametrize("read", BY_DUE)
def test_a_list_by_due_time_is_walked_page_by_page_across_what_has_none(
    world: World, read: Callable[..., Page[Conversation]], limit: int
) -> None:
    now = clock.now()
    dues = [None, now, now + timedelta(hours=1), None, now - timedelta(hours=1), now, None]
    rows = [
        world.conversation(due_at=due, inbox=(world.help, world.workshop)[n % 2])
        for n, due in enumerate(dues)
    ]
    expected = sorted(rows, key=lambda row: (row.next_due_at is None, row.next_due_at or now, row.pk))
    assert walk(read, world.chen.actor, limit=limit) == [row.pk for row in expected]
    mine = [row.pk for row in expected if row.team_id == world.payments.pk]
    assert walk(read, world.amara.actor, limit=limit) == mine


@pytest.mark.parametrize("limit", [1, 2, 50])
def test_my_turn_is_what_is_mine_overdue_first(world: World, limit: int) -> None:
    now = clock.now()
    late = world.conversation(assignee=world.amara, due_at=now - timedelta(hours=1))
    none = world.conversation(assignee=world.amara)
    soon = world.conversation(assignee=world.amara, due_at=now + timedelta(hours=1))
    world.conversation(assignee=world.chen, due_at=now)
    world.conversation(assignee=world.amara, status=Status.SNOOZED)
    assert walk(queries.my_turn, world.amara.actor, limit=limit) == [late.pk, soon.pk, none.pk]


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize("read", BY_MESSAGE)
def test_a_list_by_message_is_newest_first_but_who_waits_longest_comes_first(
    world: World, read: Callable[..., Page[Conversation]], limit: int
) -> None:
    status = Status.WAITING if read is queries.waiting else Status.SOLVED
    rows = [world.conversation(status=status, inbox=(world.help, world.workshop)[n % 2]) for n in range(5)]
    expected = [row.pk for row in sorted(rows, key=lambda row: row.last_message_at)]
    if read is not queries.waiting:
        expected.reverse()
    assert walk(read, world.chen.actor, limit=limit) == expected


def test_more_teams_than_one_query_takes_are_still_one_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = clock.now()
    for n in range(6):
        world.conversation(
            due_at=now + timedelta(hours=n % 3), inbox=(world.help, world.workshop, world.hello)[n % 3]
        )
        world.conversation(inbox=(world.help, world.workshop, world.hello)[n % 3])
    whole = walk(queries.unassigned, world.chen.actor, limit=5)
    monkeypatch.setattr(sql, "BRANCHES_A_QUERY", 2)
    assert walk(queries.unassigned, world.chen.actor, limit=5) == whole


@pytest.mark.parametrize("read", LISTS)
def test_a_page_of_a_list_needs_two_queries_and_nothing_more_to_be_shown(
    world: World, read: Callable[..., Page[Conversation]]
) -> None:
    for status in (Status.OPEN, Status.WAITING, Status.SOLVED):
        for _ in range(3):
            world.conversation(status=status)
            world.conversation(status=status, assignee=world.amara)
    actor = world.amara.actor
    with assert_queries(at_most=2):
        rows = read(actor, limit=2).rows
        assert [(row.brand.name, str(row.assignee), str(row.customer)) for row in rows]


@pytest.mark.parametrize(
    "walked", [sql.MY_TURN, sql.UNASSIGNED, sql.ALL_OPEN, sql.WAITING, sql.by_status(Status.SOLVED)]
)
@pytest.mark.parametrize("after", ["", "2026-01-01T00:00:00+00:00~7", "~7"])
def test_every_list_walks_its_index(world: World, walked: sql.Walk, after: str) -> None:
    if walked.column == "last_message_at" and after == "~7":
        return  # every conversation has a newest message
    owner = "assignee_id" if walked is sql.MY_TURN else "team_id"
    owners = [TeamId(world.payments.pk), TeamId(world.repairs.pk)]
    with plans("undated", without=NOT_FOR_FEW) as lines:
        sql.ids([walked], owners=owners, owner=owner, after=after, limit=3, admitted=sql.Admitted())
    scans = [
        line
        for line in lines
        if "conversations_conversation" in line and ("SEARCH" in line or "SCAN" in line or "Scan" in line)
    ]
    assert scans
    assert all(walked.index in line for line in scans), lines


@pytest.mark.parametrize(
    "after", ["x", "~", "~x", "2026-01-01~3", "2026-01-01T00:00:00~3", f"~{10**19}", "~-1"]
)
def test_a_malformed_place_is_unusable(world: World, after: str) -> None:
    with pytest.raises(Unusable):
        queries.unassigned(world.amara.actor, after=after)


def test_lists_and_counts_of_those_who_see_nothing_are_empty(world: World) -> None:
    world.conversation()
    world.read_log()
    for who in (world.gita, world.nobody):
        assert [read(who.actor).rows for read in LISTS] == [()] * len(LISTS)
        assert queries.counts(who.actor) == queries.Counts()


def test_a_list_can_be_narrowed_to_one_team_but_not_widened(world: World) -> None:
    world.conversation()
    other = world.conversation(inbox=world.workshop)
    repairs = {world.repairs.pk}
    assert [row.pk for row in queries.unassigned(world.chen.actor, within=repairs).rows] == [other.pk]  # type: ignore[arg-type]  # ids of teams
    assert queries.unassigned(world.amara.actor, within=repairs).rows == ()  # type: ignore[arg-type]  # as above


def test_counts_are_how_long_the_lists_are(world: World) -> None:
    for status in Status:
        world.conversation(status=status)
        world.conversation(status=status, assignee=world.amara)
        world.conversation(status=status, inbox=world.workshop)
    world.read_log()
    for who in world.colleagues:
        actor = who.actor
        with assert_queries(at_most=1):
            counts = queries.counts(actor)
        lengths = [len(walk(read, actor, limit=100)) for read in LISTS]
        assert [counts.my_turn, counts.unassigned, counts.waiting, counts.solved, counts.all_open] == lengths
    assert queries.counts(world.amara.actor).all_open == 6


STEPS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from([*Status, "amara", "chen", "none", "payments", "repairs", "merge", "read"]),
    ),
    max_size=25,
)


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_counts_and_fold_hold_whatever_verbs_do(unchecked_world: World, steps: list[tuple[int, str]]) -> None:
    world = unchecked_world
    rows = [world.conversation() for _ in range(3)]
    for number, step in steps:
        row = rows[number]
        try:
            if step == "read":
                world.read_log()
            elif step == "merge":
                merge_thread(row, into=rows[(number + 1) % 3], by=SYSTEM)
            elif step in ("payments", "repairs"):
                move(row, to=getattr(world, step), by=SYSTEM)
            elif step in ("amara", "chen", "none"):
                assign(row, to=None if step == "none" else world.colleague(step).row, by=SYSTEM)
            else:
                change_status(row, to=Status(step), until=clock.now() + timedelta(days=1), by=SYSTEM)
        except (NotAllowedNow, Refused):
            continue
    assert list(fold.findings(page=2)) == [], "while events wait"
    world.check()


def test_the_fold_finds_a_row_that_was_changed_past_the_verbs(unchecked_world: World) -> None:
    row = unchecked_world.conversation(assignee=unchecked_world.amara)
    unchecked_world.read_log()
    assert list(fold.findings()) == []
    Conversation.objects.filter(pk=row.pk).update(status=Status.SOLVED, assignee=None, priority="high")
    Count.objects.filter(assignee=unchecked_world.amara.row).update(number=7)
    found = {finding.field for finding in fold.findings()}
    assert found == {
        "status",
        "assignee",
        "priority",
        f"count {row.team_id}:{unchecked_world.amara.row.pk}:open",
        f"count {row.team_id}:0:solved",
    }


def test_a_conversation_that_no_event_opened_is_found(unchecked_world: World) -> None:
    row = unchecked_world.conversation()
    with unit():
        change(lock(row), subject="Only words")
    assert list(fold.findings()) == []
    copy = unchecked_world.reload(row)
    copy.pk = None
    copy.save()
    assert "opened" in {finding.field for finding in fold.findings()}


@pytest.mark.parametrize(
    ("who", "seen"), [("amara", True), ("edda", True), ("farid", True), ("bruno", False), ("nobody", False)]
)
def test_what_one_may_not_see_is_not_found_like_what_never_was(world: World, who: str, seen: bool) -> None:
    row = world.conversation()
    actor = world.colleague(who).actor
    said: Message = row.messages.get()
    if seen:
        with assert_queries(at_most=1):
            assert queries.conversation(actor, row.pk).team == world.payments
        assert queries.message(actor, said.pk) == said
        return
    for read in (
        lambda: queries.conversation(actor, row.pk),
        lambda: queries.conversation(actor, 10**9),
        lambda: queries.message(actor, said.pk),
        lambda: queries.opened(actor, row.pk),
        lambda: queries.opened(actor, 10**9),
    ):
        with pytest.raises(NotFound):
            read()


def test_a_timeline_is_walked_backwards_without_gap_or_repeat(world: World) -> None:
    row = world.conversation()
    for number in range(5):
        world.writes(row, text=f"Still slipping, {number}")
        tag(row, name=f"tag {number}", by=world.amara.actor)
    here = queries.opened(world.amara.actor, row.pk)
    whole = queries.timeline(here, limit=100)
    assert len(whole.entries) == 6 + 1 + 5, "messages, opened, tagged"
    assert whole.before == ""
    for limit in (1, 2, 5):
        pages: list[object] = []
        before = ""
        while True:
            with assert_queries(at_most=7):
                part = queries.timeline(here, before=before, limit=limit)
            pages = [*part.entries, *pages]
            if not part.before:
                break
            before = part.before
        assert pages == list(whole.entries)


@pytest.mark.parametrize("at", [0, 2, 5])
def test_a_timeline_is_walked_on_from_a_message_in_its_middle(world: World, at: int) -> None:
    row = world.conversation()
    for number in range(5):
        world.writes(row, text=f"Still slipping, {number}")
        tag(row, name=f"tag {number}", by=world.amara.actor)
    here = queries.opened(world.amara.actor, row.pk)
    whole = queries.timeline(here, limit=100)
    assert whole.since == "", "nothing comes after the newest"
    first = queries.part_to(here, whole.said[at].pk)
    for limit in (1, 2, 5):
        pages, since = list(first.entries), first.since
        while since:
            with assert_queries(at_most=7):
                part = queries.part_since(here, since, limit=limit)
            assert part.is_part
            back = queries.timeline(here, before=part.before, limit=100)
            assert list(back.entries) == pages, "what stands before it is what was walked"
            pages += part.entries
            since = part.since
        assert pages == list(whole.entries)


def test_a_timeline_says_how_many_messages_are_older_and_who_acted(world: World) -> None:
    row = world.conversation()
    for _ in range(4):
        world.writes(row)
    tag(row, name="chain", by=world.amara.actor)
    part = queries.timeline(queries.opened(world.chen.actor, row.pk), limit=3)
    assert part.older_messages == 3
    assert part.names.agents == {world.amara.row.pk: "Amara"}
    assert list(part.names.tags.values()) == ["chain"]


def test_a_panel_shows_earlier_conversations_of_the_customer_that_one_may_see(world: World) -> None:
    first, hidden = world.conversation(), world.conversation(inbox=world.hello)
    row = world.conversation()
    amara = world.amara.actor
    here = queries.opened(amara, row.pk)
    with assert_queries(at_most=7):
        panel = queries.panel(here)
    assert panel.earlier == [first]
    assert queries.earlier_of_customer(world.chen.actor, row) == [hidden, first]
    assert [team.name for team in panel.teams] == ["Payments", "Repairs"]
    assert [identity.value for identity in panel.identities] == ["dalia@example.org"]


def test_rows_are_unread_until_one_has_looked(world: World) -> None:
    row = world.conversation()
    amara = world.amara.actor
    assert queries.marks(amara, [row]).is_unread(row)
    mark_seen(row, up_to=row.last_message_at, by=amara)
    with assert_queries(at_most=1):
        marks = queries.marks(amara, [row])
    assert not marks.is_unread(row)
    assert queries.marks(world.edda.actor, [row]).is_unread(row)
