"""Topics, custom fields, companies, the trash and circles in the filter language: the same in views and in search."""

from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from heed.brands.models import CustomField, Topic
from heed.conversations.actions.profiles import Profile, describe_customer
from heed.conversations.actions.purging import purge
from heed.conversations.actions.restricting import restrict
from heed.conversations.actions.topics import change_topic, note_down
from heed.conversations.actions.trashing import trash
from heed.conversations.filters import read
from heed.conversations.models import Conversation, FieldValue
from heed.conversations.queries.conditions import Reader
from heed.conversations.queries.search import search
from heed.kernel.words import AgentId, FieldKind, Status
from heed.lists import queries
from heed.lists.queries import Rule
from heed.people.actions.topics import add_field, add_topic, archive_topic
from heed.people.policy import SYSTEM
from heed.testing.queries import assert_queries, plans
from heed.testing.world import Colleague, World


def reader(who: Colleague) -> Reader:
    return Reader(who.actor, ZoneInfo("Europe/Berlin"))


def found(who: Colleague, text: str) -> set[int]:
    """What a view shows, which is what a search finds by these fields."""
    filter_ = read(f"{text} ").filter
    listed = {row.pk for row in queries.page_of(reader(who), Rule(filter_)).rows}
    searched = {hit.conversation.pk for hit in search(reader(who), filter_).hits}
    assert searched == listed, text
    assert queries.counts_of(reader(who), [Rule(filter_)]) == [len(listed)]
    return listed


def about(world: World, topic: Topic) -> Conversation:
    return change_topic(world.conversation(), to=topic, by=SYSTEM)


def field(world: World, name: str, kind: FieldKind, choices: tuple[str, ...] = ()) -> CustomField:
    return add_field(world.linden, topic=None, name=name, kind=kind, choices=choices, by=SYSTEM)


def noting(world: World, about: CustomField, *values: str) -> list[int]:
    """A conversation for each value."""
    rows = [world.conversation() for _ in values]
    for row, value in zip(rows, values, strict=True):
        note_down(row, field=about, value=value, by=SYSTEM)
    return [row.pk for row in rows]


def test_a_topic_is_found_with_what_stands_below_it(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    refunds = add_topic(world.linden, name="Refunds", parent=money, by=SYSTEM)
    others = add_topic(world.linden, name="Other", parent=None, by=SYSTEM)
    also = add_topic(world.linden, name="Refunds", parent=others, by=SYSTEM)
    first, second, third = about(world, money), about(world, refunds), about(world, also)
    plain = world.conversation()
    amara = world.amara
    assert found(amara, "topic:money") == {first.pk, second.pk}
    assert found(amara, "topic:REFUNDS") == {second.pk, third.pk}
    assert found(amara, 'topic:"Other / Refunds"') == {third.pk}
    assert found(amara, "topic:money,other -topic:refunds") == {first.pk}
    assert found(amara, "topic:unheard") == set()
    listed = queries.page_of(reader(amara), Rule(read("-topic:money,other ").filter)).rows
    assert [row.pk for row in listed] == [plain.pk]
    archive_topic(money, by=SYSTEM)
    assert found(amara, "topic:money") == {first.pk, second.pk}
    assert found(world.bruno, "topic:money") == found(world.nobody, "topic:money") == set()


def test_what_is_noted_is_found_as_its_kind_wants_it(world: World) -> None:
    order, amount = field(world, "Order number", FieldKind.TEXT), field(world, "Amount", FieldKind.NUMBER)
    day, vip = field(world, "Delivery", FieldKind.DATE), field(world, "VIP", FieldKind.YES_NO)
    plan = field(world, "Plan", FieldKind.CHOICE, ("Très grand", "Small"))
    a12, a13, _ = noting(world, order, "A-1200", "A-1300", "Groß")
    ten, many = noting(world, amount, "10", "1200.50")
    march, april = noting(world, day, "2026-03-31", "2026-04-01")
    yes, _ = noting(world, vip, "yes", "no")
    grand, _ = noting(world, plan, "Très grand", "Small")
    for text, wanted in (
        ('field:"order number"=a-1200', {a12}),
        ('field:"Order number=a*"', {a12, a13}),
        ("field:amount=10.0", {ten}),
        ("field:amount>10", {many}),
        ("field:amount<1200,5", {ten}),
        ("field:amount", {ten, many}),
        ("field:amount=much", set()),
        ("field:delivery=2026-03", {march}),
        ("field:delivery>2026-03", {april}),
        ("field:delivery<2026-04-01", {march}),
        ("field:delivery=soon", set()),
        ("field:vip=YES", {yes}),
        ('field:"plan=tres grand"', {grand}),
        ("field:plan>small", set()),
        ("field:amount>10 -field:amount>1000", set()),
        ("field:unheard=1", set()),
    ):
        assert found(world.amara, text) == wanted, text
        assert found(world.bruno, text) == set(), text


def test_a_field_of_this_name_in_another_brand_is_asked_too(world: World) -> None:
    here = field(world, "Amount", FieldKind.NUMBER)
    there = add_field(world.kestrel, topic=None, name="amount", kind=FieldKind.TEXT, choices=(), by=SYSTEM)
    (mine,) = noting(world, here, "7")
    other = world.conversation(inbox=world.hello)
    note_down(other, field=there, value="7", by=SYSTEM)
    assert found(world.chen, "field:amount=7") == {mine, other.pk}
    assert found(world.amara, "field:amount=7") == {mine}


def test_the_trash_is_shown_to_those_who_put_things_there(world: World) -> None:
    kept, gone, purged = world.conversation(), world.conversation(), world.conversation()
    for row in (gone, purged):
        trash(row, by=SYSTEM)
    purge(purged, by=SYSTEM)
    assert found(world.amara, "is:trashed") == {gone.pk}
    assert found(world.chen, "is:trashed is:open") == {gone.pk}
    assert found(world.farid, "is:trashed") == found(world.bruno, "is:trashed") == set()
    assert found(world.amara, "is:trashed from:dalia") == {gone.pk}
    assert found(world.farid, "is:trashed from:dalia") == set()
    listed = queries.page_of(reader(world.amara), Rule(read("is:open ").filter)).rows
    assert [row.pk for row in listed] == [kept.pk]


def test_what_is_restricted_is_shown_to_its_circle_alone(world: World) -> None:
    kept, secret = world.conversation(), world.conversation()
    restrict(secret, agents=[AgentId(world.amara.row.pk)], teams=[], by=world.chen.actor)
    assert found(world.amara, "is:restricted") == {secret.pk}
    assert found(world.farid, "is:restricted") == set()
    listed = queries.page_of(reader(world.amara), Rule(read("-is:restricted ").filter)).rows
    assert [row.pk for row in listed] == [kept.pk]


def test_a_company_is_found_by_the_words_of_its_name(world: World) -> None:
    row = world.conversation()
    assert row.customer is not None
    describe_customer(
        row.customer, profile=Profile(name="Dalia", company="Møller & Søn"), by=world.amara.actor
    )
    assert found(world.amara, 'company:"moller son"') == {row.pk}
    assert found(world.amara, "company:other") == found(world.bruno, 'company:"moller son"') == set()


def test_names_of_topics_and_fields_take_a_query_each(world: World) -> None:
    field(world, "Amount", FieldKind.NUMBER)
    topic = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    rules = [Rule(read(f"topic:money field:amount>{n} ").filter) for n in range(20)]
    for _ in range(3):
        about(world, topic)
    asking = reader(world.amara)
    with assert_queries(at_most=3):
        queries.counts_of(asking, rules)


@pytest.mark.parametrize(
    ("text", "index"),
    [
        ("topic:money", "conversation_by_topic"),
        ("field:order=a1", "noted_by_words"),
        ("field:amount=1", "noted_by_number"),
        ("field:amount>1", "noted_by_number"),
        ("field:delivery>2026-03-01", "noted_by_words"),
        ("is:trashed", "conversation_trash"),
        ("is:restricted", "conversation_restricted"),
    ],
)
def test_what_leads_to_few_is_found_by_its_index(world: World, text: str, index: str) -> None:
    add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    for name, kind, value in (
        ("Order", FieldKind.TEXT, "B-7"),
        ("Amount", FieldKind.NUMBER, "7000"),
        ("Delivery", FieldKind.DATE, "2020-01-31"),
    ):
        noting(world, field(world, name, kind), *[value] * 10)
    _say_how_many_there_are()
    with plans('FROM "conversations_conversation"') as lines:
        search(reader(world.chen), read(f"{text} ").filter)
    assert index in "\n".join(lines)


def _say_how_many_there_are() -> None:
    """PostgreSQL chooses by what it last counted, and it counts by itself now and then: it shall do so now."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE conversations_conversation")
            cursor.execute(f"ANALYZE {FieldValue._meta.db_table}")


def test_what_is_done_is_found_too(world: World) -> None:
    money = add_topic(world.linden, name="Money", parent=None, by=SYSTEM)
    row = change_topic(world.conversation(status=Status.SOLVED), to=money, by=SYSTEM)
    assert found(world.amara, "topic:money") == {row.pk}
    assert found(world.amara, "topic:money is:open") == set()
