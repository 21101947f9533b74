"""Reads in steps give what they give alone, in as many queries as the longest of them has steps."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.db import connection
from django.db.models import BooleanField, CharField, DateTimeField, QuerySet

from heed.conversations.models import Conversation, Message, Participant, Tag
from heed.kernel import clock
from heed.kernel.prepared import prepared
from heed.kernel.steps import STATEMENTS, Asked, Steps, Text, _known, asked, in_steps, together
from heed.testing.queries import assert_queries
from heed.testing.world import World


@prepared
def said(*, conversations: Sequence[int]) -> "QuerySet[Message, Message]":
    rows = Message.objects.filter(conversation_id__in=conversations)
    return rows.select_related("conversation__inbox", "customer").order_by("-pk")


@prepared
def times(*, conversation: int) -> "QuerySet[Message, tuple[datetime, str]]":
    return Message.objects.filter(conversation_id=conversation).order_by("at").values_list("at", "text")


@prepared
def people(*, conversation: int) -> "QuerySet[Participant, tuple[bool, str]]":
    rows = Participant.objects.filter(conversation_id=conversation).order_by("address")
    return rows.values_list("is_flagged", "address")


@prepared
def tags(*, name: str) -> "QuerySet[Tag, str]":
    return Tag.objects.filter(name=name).values_list("name", flat=True)


@in_steps
def texts(row: Conversation) -> Steps[list[str]]:
    first = asked(times, conversation=row.pk)
    yield [first]
    found = [asked(tags, name=text) for _, text in first.value]
    yield found
    return [name for one in found for name in one.value]


@in_steps
def nothing() -> Steps[int]:
    yield []
    return 7


def test_parts_of_one_statement_are_what_each_is_alone(world: World) -> None:
    row, other = world.conversation(text="100 % sure; '?'"), world.conversation(text="Straße \u202e")
    for text in ("b", "a", "c"):
        world.writes(row, text=text)
    one = asked(said, conversations=[row.pk, other.pk])
    two, three = asked(times, conversation=row.pk), asked(people, conversation=row.pk)
    four = asked(said, conversations=[])
    with assert_queries(at_most=1):
        together(one, two, three, four)
        assert all(message.customer and message.conversation.inbox.address for message in one.value)
    assert one.value == said(conversations=[row.pk, other.pk])
    assert [message.__dict__.keys() for message in one.value] == [
        message.__dict__.keys() for message in said(conversations=[row.pk, other.pk])
    ]
    assert (two.value, three.value, four.value) == (
        times(conversation=row.pk),
        people(conversation=row.pk),
        [],
    )
    assert two.value[0][0].tzinfo is not None
    assert three.value[0][0] is False


def test_the_longest_way_says_how_many_queries_there_are(world: World) -> None:
    row = world.conversation(text="Chain")
    Tag.objects.create(brand=world.linden, name="Chain")
    short, long = texts.later(row), asked(people, conversation=row.pk)
    empty = nothing.later()
    with assert_queries(at_most=2):
        together(short, long, empty)
    assert short.value == texts(row) == ["Chain"]
    assert (long.value, empty.value, nothing()) == (people(conversation=row.pk), 7, 7)


def test_sql_of_our_own_stands_beside_the_others_with_its_types(world: World) -> None:
    row = world.conversation()
    now = clock.now()
    literal = connection.ops.adapt_datetimefield_value(now)
    columns = (CharField(max_length=9), DateTimeField(), BooleanField())
    sql = "SELECT %s, at, TRUE FROM conversations_message WHERE at < %s"
    own: Asked[tuple[object, ...]] = Asked(Text(sql, columns), ["x", literal])
    beside = asked(times, conversation=row.pk)
    with assert_queries(at_most=1):
        together(own, beside)
    assert [text for text, _, _ in own.value] == ["x"]
    assert beside.value == times(conversation=row.pk)


def test_what_was_read_is_not_read_again(world: World) -> None:
    row = world.conversation()
    one = asked(people, conversation=row.pk)
    together(one)
    with assert_queries(at_most=0):
        together(one, nothing.later())


def test_what_a_step_raises_reaches_who_asked(world: World) -> None:
    @in_steps
    def broken() -> Steps[int]:
        yield [asked(tags, name="x")]
        raise LookupError

    with pytest.raises(LookupError):
        together(texts.later(world.conversation()), broken.later())


def test_statements_are_forgotten_instead_of_growing(world: World) -> None:
    for size in range(1, 2 * STATEMENTS):
        together(
            *[asked(tags, name=str(number)) for number in range(1 + size % 40)],
            asked(said, conversations=list(range(size))),
        )
    assert len(_known) <= STATEMENTS
