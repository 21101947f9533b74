"""Verbs about what conversations can be about: the tree of topics of a brand, and what is noted down in its fields."""

from collections.abc import Iterable, Sequence
from typing import Final

from heed.brands.models import Brand, CustomField, Topic
from heed.brands.topics import VALUE_CHARACTERS, in_order
from heed.eventlog.kinds import CustomFieldChanged, TopicChanged
from heed.eventlog.unit import add, change, lock, record, verb
from heed.kernel import clock
from heed.kernel.errors import NotFound, Unusable, require
from heed.kernel.words import BrandId, FieldId, FieldKind, TopicId, TopicPart
from heed.people.actions import AlreadyThere
from heed.people.checked import name_of
from heed.people.policy import Actor, may_set_up

TOPICS: Final = 500  # of one brand
LEVELS: Final = 4  # of its tree
FIELDS: Final = 200  # of one brand
CHOICES: Final = 100  # of one field


@verb
def add_topic(brand: Brand, *, name: str, parent: Topic | None, by: Actor) -> Topic:
    """Afterwards conversations of the brand can be about this, below `parent` or at the root.

    Records topic.changed. Raises Refused, AlreadyThere (a topic of this name stands there), Unusable: name; parent for
    one of another brand, an archived one, or one in the lowest level; topics for more than TOPICS.
    """
    require(may_set_up(by))
    held = lock(brand)
    rows = _topics(held)
    if len(rows) >= TOPICS:
        raise Unusable("topics", "too_many")
    above = _place(rows, parent)
    if len(above) >= LEVELS:
        raise Unusable("parent", "too_deep")
    name = name_of(name)
    _require_free(rows.values(), name, parent)
    topic = add(Topic(brand=held, parent=parent, above=above, name=name))
    return _topic_told(topic, TopicPart.ADDED)


@verb
def rename_topic(topic: Topic, *, name: str, by: Actor) -> Topic:
    """Afterwards the topic is called so, also where conversations are about it. Records topic.changed.

    Raises Refused, AlreadyThere, Unusable.
    """
    require(may_set_up(by))
    rows = _topics(lock(Brand(pk=topic.brand_id)))
    held = _among(rows, topic)
    name = name_of(name)
    if held.name == name:
        return held
    _require_free([row for row in rows.values() if row.pk != held.pk], name, held.parent)
    change(held, name=name)
    return _topic_told(held, TopicPart.NAME)


@verb
def move_topic(topic: Topic, *, below: Topic | None, by: Actor) -> Topic:
    """Afterwards the topic and all below it stand below another one, or at the root. Records topic.changed.

    Raises Refused, AlreadyThere, and Unusable (parent) for itself, one below it, one of another brand, an archived
    one, or where the tree would have more than LEVELS.
    """
    require(may_set_up(by))
    rows = _topics(lock(Brand(pk=topic.brand_id)))
    held = _among(rows, topic)
    if held.parent_id == (None if below is None else below.pk):
        return held
    above = _place(rows, below)
    if held.pk in above:
        raise Unusable("parent", "below_itself")
    moved = [row for row in rows.values() if held.pk in row.above]
    shift = len(above) - len(held.above)
    if max(len(row.above) for row in (held, *moved)) + shift >= LEVELS:
        raise Unusable("parent", "too_deep")
    _require_free([row for row in rows.values() if row.pk != held.pk], held.name, below)
    for row in moved:
        change(row, above=[*above, *row.above[len(held.above) :]])
    change(held, parent=below, above=above)
    return _topic_told(held, TopicPart.PLACE)


@verb
def archive_topic(topic: Topic, *, by: Actor) -> Topic:
    """Afterwards the topic and all below it are offered no more; conversations keep them. Records topic.changed."""
    require(may_set_up(by))
    held = lock(topic)
    if held.archived_at is None:
        change(held, archived_at=clock.now())
        _topic_told(held, TopicPart.ARCHIVED)
    return held


@verb
def restore_topic(topic: Topic, *, by: Actor) -> Topic:
    """Afterwards the topic is offered again, as far as those above it are. Records topic.changed."""
    require(may_set_up(by))
    held = lock(topic)
    if held.archived_at is not None:
        change(held, archived_at=None)
        _topic_told(held, TopicPart.RESTORED)
    return held


@verb
def add_field(
    brand: Brand, *, topic: Topic | None, name: str, kind: FieldKind, choices: Sequence[str], by: Actor
) -> CustomField:
    """Afterwards agents can note this down, about conversations of `topic` and what is below it, or of all the brand.

    A field keeps its kind. Choices are for FieldKind.CHOICE alone. Records field.changed. Raises Refused,
    AlreadyThere (a field of the brand has this name), Unusable: name, topic, choices; fields for more than FIELDS.
    """
    require(may_set_up(by))
    held = lock(brand)
    taken = set(CustomField.objects.filter(brand=held).values_list("name", flat=True))
    if len(taken) >= FIELDS:
        raise Unusable("fields", "too_many")
    if topic is not None and topic.brand_id != held.pk:
        raise Unusable("topic", "unknown_choice")
    name = _free_name(name, taken)
    field = CustomField(brand=held, topic=topic, name=name, kind=kind, choices=_choices(kind, choices))
    return _field_told(add(field), TopicPart.ADDED)


@verb
def change_field(field: CustomField, *, name: str, choices: Sequence[str], by: Actor) -> CustomField:
    """Afterwards the field is called so and offers these choices; what was noted stays, also what is offered no more.

    Records field.changed for each part that differs. Raises Refused, AlreadyThere, Unusable.
    """
    require(may_set_up(by))
    lock(Brand(pk=field.brand_id))
    held = lock(field)
    others = CustomField.objects.filter(brand_id=held.brand_id).exclude(pk=held.pk)
    name = _free_name(name, set(others.values_list("name", flat=True)))
    wanted = _choices(FieldKind(held.kind), choices)
    if held.name != name:
        change(held, name=name)
        _field_told(held, TopicPart.NAME)
    if held.choices != wanted:
        change(held, choices=wanted)
        _field_told(held, TopicPart.CHOICES)
    return held


@verb
def archive_field(field: CustomField, *, by: Actor) -> CustomField:
    """Afterwards the field is shown only where something is noted in it. Records field.changed."""
    require(may_set_up(by))
    held = lock(field)
    if held.archived_at is None:
        change(held, archived_at=clock.now())
        _field_told(held, TopicPart.ARCHIVED)
    return held


@verb
def restore_field(field: CustomField, *, by: Actor) -> CustomField:
    """Afterwards the field is offered again. Records field.changed."""
    require(may_set_up(by))
    held = lock(field)
    if held.archived_at is not None:
        change(held, archived_at=None)
        _field_told(held, TopicPart.RESTORED)
    return held


def _topics(brand: Brand) -> dict[int, Topic]:
    """All topics of a brand, whose row is held: so nobody else changes the tree meanwhile."""
    return {row.pk: row for row in Topic.objects.filter(brand=brand)}


def _among(rows: dict[int, Topic], topic: Topic) -> Topic:
    if topic.pk not in rows:
        raise NotFound
    return rows[topic.pk]


def _place(rows: dict[int, Topic], parent: Topic | None) -> list[int]:
    """What stands above a topic right below `parent`. Raises Unusable for one that is not offered in this brand."""
    if parent is None:
        return []
    offered = {branch.topic.pk for branch in in_order(rows.values()) if not branch.is_archived}
    if parent.pk not in offered:
        raise Unusable("parent", "unknown_choice")
    return [*rows[parent.pk].above, parent.pk]


def _require_free(rows: Iterable[Topic], name: str, parent: Topic | None) -> None:
    beside = (row.name.casefold() for row in rows if row.parent_id == (None if parent is None else parent.pk))
    if name.casefold() in beside:
        raise AlreadyThere


def _free_name(name: str, taken: Iterable[str]) -> str:
    tidy = name_of(name)
    if tidy.casefold() in {one.casefold() for one in taken}:
        raise AlreadyThere
    return tidy


def _choices(kind: FieldKind, choices: Sequence[str]) -> list[str]:
    tidy = list(dict.fromkeys(filter(None, (" ".join(choice.split()) for choice in choices))))
    if kind is not FieldKind.CHOICE:
        return []
    if not tidy:
        raise Unusable("choices", "missing")
    if len(tidy) > CHOICES:
        raise Unusable("choices", "too_many")
    if any(len(choice) > VALUE_CHARACTERS for choice in tidy):
        raise Unusable("choices", "too_long")
    return tidy


def _topic_told(topic: Topic, part: TopicPart) -> Topic:
    record(TopicChanged(topic=TopicId(topic.pk), brand=BrandId(topic.brand_id), part=part))
    return topic


def _field_told(field: CustomField, part: TopicPart) -> CustomField:
    record(CustomFieldChanged(field=FieldId(field.pk), brand=BrandId(field.brand_id), part=part))
    return field
