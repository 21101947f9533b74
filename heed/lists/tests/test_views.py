"""Views that people make: whose they are, what they show to whom, and how they are paged and counted."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from heed.conversations.actions.labels import tag
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.state import assign
from heed.conversations.filters import read
from heed.conversations.models import Conversation
from heed.conversations.queries.conditions import Reader
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Refused, Unusable
from heed.kernel.words import AgentId, Priority
from heed.lists import queries
from heed.lists.actions.views import Wanted, add_view, change_view, delete_view, restore_view
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.models import View
from heed.lists.queries import Rule
from heed.people.actions import leave_team
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries
from heed.testing.world import Colleague, World


def reader(who: Colleague) -> Reader:
    return Reader(who.actor, ZoneInfo("Europe/Berlin"))


def rule(text: str, order: ViewOrder = ViewOrder.DUE) -> Rule:
    return Rule(read(f"{text} ").filter, order)


def listed(who: Colleague, text: str, order: ViewOrder = ViewOrder.DUE) -> list[int]:
    return [row.pk for row in queries.page_of(reader(who), rule(text, order)).rows]


def refunds(world: World, who: Colleague | None = None, **values: Any) -> View:
    wanted = Wanted(**{"name": "Refunds", "filter": "is:open tag:refund", **values})
    return add_view(wanted, by=(who or world.amara).actor)


def names(who: Colleague) -> list[str]:
    return [view.name for view in queries.views_of(who.actor)]


def test_a_view_is_its_makers_alone_until_it_is_shared(world: World) -> None:
    view = refunds(world)
    assert names(world.amara) == ["Refunds"]
    assert names(world.edda) == names(world.chen) == []
    with pytest.raises(NotFound):
        queries.view_of(world.edda.actor, view.pk)
    change_view(view, wanted=Wanted("Refunds", view.filter, team=world.payments), by=world.amara.actor)
    assert names(world.edda) == names(world.farid) == names(world.chen) == ["Refunds"]
    assert names(world.bruno) == names(world.gita) == names(world.nobody) == []


def test_a_team_is_shared_with_by_those_who_answer_for_it(world: World) -> None:
    for name in ("bruno", "gita", "farid"):
        with pytest.raises(Refused):
            refunds(world, world.colleague(name), team=world.payments)
    assert refunds(world, world.farid).team_id is None
    assert refunds(world, world.chen, team=world.repairs).team == world.repairs
    with pytest.raises(Refused):
        refunds(world, world.nobody)


def test_a_shared_view_is_changed_by_its_maker_and_by_whoever_leads_the_team(world: World) -> None:
    view = refunds(world, team=world.payments)
    other = refunds(world, world.edda, team=world.payments, name="Edda's")
    wanted = Wanted("Money back", "is:open", ViewOrder.NEWEST, [RowFact.TAGS], world.payments)
    assert change_view(view, wanted=wanted, by=world.edda.actor).name == "Money back"
    assert names(world.amara) == ["Edda's", "Money back"]
    with pytest.raises(Refused):
        change_view(other, wanted=wanted, by=world.amara.actor)
    with pytest.raises(Refused):
        delete_view(other, by=world.amara.actor)
    with pytest.raises(Refused):
        restore_view(other, by=world.farid.actor)
    with pytest.raises(NotFound):
        change_view(other, wanted=wanted, by=world.bruno.actor)
    changed_at = View.objects.get(pk=view.pk).changed_at
    assert change_view(view, wanted=wanted, by=world.edda.actor).changed_at == changed_at


def test_what_is_deleted_is_gone_and_comes_back_as_it_was(world: World) -> None:
    view = refunds(world, team=world.payments)
    for _ in range(2):
        delete_view(view, by=world.amara.actor)
    assert names(world.amara) == names(world.edda) == []
    with pytest.raises(NotFound):
        change_view(view, wanted=Wanted("X", ""), by=world.amara.actor)
    with pytest.raises(NotFound):
        delete_view(view, by=world.bruno.actor)
    with pytest.raises(NotFound):
        restore_view(view, by=world.bruno.actor)
    for _ in range(2):
        restore_view(view, by=world.edda.actor)
    assert names(world.amara) == ["Refunds"]
    delete_view(view, by=world.amara.actor)
    View.objects.update(deleted_at=clock.now() - timedelta(days=config.deleted_views_days + 1))
    refunds(world, name="Another")
    assert not View.objects.filter(pk=view.pk).exists()
    with pytest.raises(View.DoesNotExist):
        restore_view(view, by=world.amara.actor)


@pytest.mark.parametrize(
    ("values", "field", "reason"),
    [
        ({"name": " "}, "name", "missing"),
        ({"name": "x" * 81}, "name", "too_long"),
        ({"filter": " ".join(f"word{n}word" * 5 for n in range(32))}, "filter", "too_long"),
        ({"shown": list(RowFact)}, "shown", "too_many"),
    ],
)
def test_what_a_view_can_not_be_is_said(
    world: World, values: dict[str, Any], field: str, reason: str
) -> None:
    with pytest.raises(Unusable) as refused:
        refunds(world, **values)
    assert (refused.value.field, refused.value.reason) == (field, reason)
    with pytest.raises(Unusable):
        change_view(
            refunds(world), wanted=Wanted(**{"name": "A", "filter": "", **values}), by=world.amara.actor
        )


def test_nobody_makes_more_views_than_a_menu_can_bear(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(config), "views_of_an_agent", 2)
    kept = refunds(world)
    refunds(world)
    with pytest.raises(Unusable) as refused:
        refunds(world)
    assert refused.value.reason == "too_many"
    delete_view(kept, by=world.amara.actor)
    refunds(world)


def test_a_shared_view_shows_each_reader_what_they_may_see(world: World) -> None:
    here, there = world.conversation(), world.conversation(inbox=world.workshop)
    far = world.conversation(inbox=world.hello)
    refunds(world, world.chen, team=world.payments, filter="is:open")
    assert listed(world.amara, "is:open") == [here.pk]
    assert listed(world.farid, "is:open") == [here.pk]
    assert set(listed(world.edda, "is:open")) == {here.pk, there.pk}
    assert set(listed(world.chen, "is:open")) == {here.pk, there.pk, far.pk}
    assert listed(world.nobody, "is:open") == []
    assert queries.counts_of(reader(world.amara), [rule("is:open"), rule("is:solved")]) == [1, 0]


def test_words_and_fields_and_times_choose_together(world: World) -> None:
    now = clock.now()
    row = world.conversation(
        subject="Refund", text="My second invoice was wrong.", due_at=now + timedelta(hours=2)
    )
    other = world.conversation(subject="Refund", text="Nothing about it.", priority=Priority.HIGH)
    old = world.conversation(subject="Old")
    Conversation.objects.filter(pk=old.pk).update(
        opened_at=now - timedelta(days=9), last_message_at=now - timedelta(days=9)
    )
    tag(row, name="vip", by=SYSTEM)
    amara = world.amara
    assert set(listed(amara, "subject:refund")) == {row.pk, other.pk}
    assert listed(amara, 'refund "second invoice"') == [row.pk]
    assert set(listed(amara, "refund -invoice")) == {other.pk}
    assert listed(amara, "-refund") == [old.pk]
    assert listed(amara, "from:dalia tag:vip") == [row.pk]
    assert set(listed(amara, "-tag:vip")) == {other.pk, old.pk}
    assert (
        listed(amara, "opened:>7d") == listed(amara, "-opened:7d") == listed(amara, "updated:>1w") == [old.pk]
    )
    assert set(listed(amara, "opened:today")) == {row.pk, other.pk}
    assert listed(amara, "due:4h") == [row.pk]
    assert listed(amara, "due:1h") == listed(amara, "due:>1d") == listed(amara, "snoozed:>1h") == []
    assert set(listed(amara, "due:none")) == {other.pk, old.pk}
    assert listed(amara, "is:failed") == listed(amara, "has:draft") == []
    assert set(listed(amara, "on:today")) == {row.pk, other.pk, old.pk}
    assert listed(amara, "-on:today") == []
    assert listed(amara, "before:2020") == []


def test_every_order_is_paged_by_the_key_of_its_last_row(world: World) -> None:
    now = clock.now()
    for place in range(7):
        row = world.conversation(
            due_at=now + timedelta(hours=place % 3) if place % 2 else None,
            priority=list(Priority)[place % 4],
        )
        Conversation.objects.filter(pk=row.pk).update(
            opened_at=now - timedelta(days=place % 3), last_message_at=now - timedelta(days=place % 2)
        )
    for order in ViewOrder:
        whole = [row.pk for row in queries.page_of(reader(world.amara), rule("", order)).rows]
        paged: list[int] = []
        after = ""
        for _ in range(4):
            page = queries.page_of(reader(world.amara), rule("", order), after=after, limit=2)
            paged += [row.pk for row in page.rows]
            after = page.after
        assert len(whole) == 7
        assert paged == whole, order
        assert after == ""
        assert queries.numbers_of(reader(world.amara), rule("", order), limit=3) == whole[:3]
    urgent = [row.priority for row in queries.page_of(reader(world.amara), rule("", ViewOrder.PRIORITY)).rows]
    assert urgent == sorted(urgent, key=lambda one: queries.RANKS[Priority(one)])


@pytest.mark.parametrize("after", ["x", "~", "1!~", "9!2026-01-01T00:00:00+00:00~1", "~5", "!~5", "2026~5"])
def test_a_place_that_we_never_gave_is_refused(world: World, after: str) -> None:
    world.conversation()
    for order in ViewOrder:
        if not (after == "~5" and order is ViewOrder.DUE):  # there it is a place: the last without a due time
            with pytest.raises(Unusable):
                queries.page_of(reader(world.amara), rule("", order), after=after)


def test_pages_and_counts_cost_the_same_however_many_views_there_are(world: World) -> None:
    world.conversation(assignee=world.amara)
    amara = reader(world.amara)
    text = "is:open tag:vip team:Payments brand:linden inbox:Help assignee:Amara customer:dalia@example.org"
    with assert_queries(at_most=7):
        queries.page_of(amara, rule(text))
    for _ in range(3):
        refunds(world)
    actor = world.amara.actor
    with assert_queries(at_most=1):
        assert len(queries.views_of(actor)) == 3
    again = reader(world.amara)
    with assert_queries(at_most=6):
        assert queries.counts_of(again, [rule(text)] * 12 + [rule("assignee:me")]) == [0] * 12 + [1]
    with assert_queries(at_most=0):
        assert queries.counts_of(again, []) == []


def test_what_is_assigned_to_someone_of_another_team_is_in_their_views(world: World) -> None:
    row = world.conversation()
    assert listed(world.bruno, "is:open") == []
    assign(row, to=world.edda.row, by=SYSTEM)
    assert listed(world.edda, "assignee:me") == [row.pk]


def test_a_private_view_does_not_exist_for_anybody_else(world: World) -> None:
    view = add_view(Wanted("Mine", "is:open"), by=world.edda.actor)
    for who in (world.chen, world.amara, world.farid, world.nobody):
        with pytest.raises(NotFound):
            delete_view(view, by=who.actor)
        with pytest.raises(NotFound):
            restore_view(view, by=who.actor)
    assert names(world.edda) == ["Mine"]


def test_a_view_comes_back_with_all_that_it_was(world: World) -> None:
    wanted = Wanted("Mine", 'is:open "second invoice"', ViewOrder.PRIORITY, [RowFact.TAGS], world.payments)
    view = add_view(wanted, by=world.amara.actor)
    before = View.objects.values().get(pk=view.pk)
    delete_view(view, by=world.amara.actor)
    assert View.objects.values().get(pk=view.pk) != before
    restore_view(view, by=world.amara.actor)
    assert View.objects.values().get(pk=view.pk) == before


def test_who_left_the_team_keeps_what_they_made_and_changes_it_no_more(world: World) -> None:
    view = add_view(Wanted("Ours", "is:open", team=world.payments), by=world.amara.actor)
    leave_team(world.payments, agent=world.amara.row, by=SYSTEM)
    with pytest.raises(Refused):
        delete_view(view, by=world.amara.actor)
    delete_view(view, by=world.edda.actor)
    with pytest.raises(Refused):
        restore_view(view, by=world.amara.actor)
    assert listed(world.amara, "is:open") == []


def test_what_is_restricted_is_in_the_views_of_those_named_alone(world: World) -> None:
    shut, free = world.conversation(), world.conversation()
    restrict(shut, agents=[AgentId(world.amara.row.pk)], teams=[], by=SYSTEM)
    for text in ("is:open", "", "is:open,waiting -tag:vip"):
        assert set(listed(world.amara, text)) == {shut.pk, free.pk}
        assert listed(world.farid, text) == [free.pk]
        assert queries.counts_of(reader(world.farid), [rule(text)]) == [1]
