"""Consumer: what a view names is called otherwise, and the view says so too. Whoever made it need not notice."""

from collections.abc import Iterable
from typing import Final

from heed.brands.queries import topics_from
from heed.conversations.filters import MOST_CHARACTERS, Field, read
from heed.eventlog.kinds import (
    AgentChanged,
    BrandChanged,
    CustomFieldChanged,
    SettingChanged,
    TagChanged,
    TopicChanged,
)
from heed.eventlog.reader import Event
from heed.eventlog.unit import change, lock_many
from heed.kernel.words import AgentChange, BrandPart, Setting, TagPart, TopicPart
from heed.lists.models import View
from heed.lists.naming import names_of, remember, renamed, views_naming
from heed.people.policy import Actor
from heed.people.queries import actors_for

HEARS: Final = (AgentChanged, BrandChanged, SettingChanged, TopicChanged, CustomFieldChanged, TagChanged)


def on_event(event: Event) -> None:
    """Rewrite the views that name what was renamed. Done twice, nothing is left to do."""
    match event.data:
        case SettingChanged(setting=Setting.TEAM, number=int(team)):
            _follow(Field.TEAM, [team])
        case AgentChanged(change=AgentChange.NAME, agent=agent):
            _follow(Field.ASSIGNEE, [agent])
        case BrandChanged(part=BrandPart.NAME, brand=brand):
            _follow(Field.BRAND, [brand])
        case TagChanged(part=TagPart.NAME, tag=tag):
            _follow(Field.TAG, [tag])
        case CustomFieldChanged(part=TopicPart.NAME, field=field):
            _follow(Field.FIELD, [field])
        case TopicChanged(part=TopicPart.NAME | TopicPart.PLACE, topic=topic, brand=brand):
            _follow(Field.TOPIC, topics_from(brand, topic))


def _follow(field: Field, rows: Iterable[int]) -> None:
    views = lock_many(View, views_naming(field, rows))
    if not views:
        return
    actors = actors_for({view.owner_id for view in views.values()})
    for view in views.values():
        _rewrite(view, field, actors[view.owner_id])


def _rewrite(view: View, field: Field, owner: Actor) -> None:
    """Say in a view what its owner may know that is called otherwise now; too long, it stays as it is."""
    kept = list(view.names.filter(field=field).values_list("row", "value"))
    filter_ = read(f"{view.filter} ").filter
    written = renamed(filter_, field, kept, names_of(field, owner))
    if written != filter_ and len(str(written)) <= MOST_CHARACTERS:
        change(view, filter=str(written))
        remember(view, owner, fields=[field])  # other fields may have been renamed too, and are heard of next
