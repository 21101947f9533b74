"""What the events of a conversation name, as it is called now, and which other conversations of theirs one may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet

from heed.brands.models import CustomField, Topic
from heed.conversations.models import Conversation, SideConversation, Tag
from heed.conversations.queries.access import Opened, seen_by
from heed.eventlog.kinds import (
    AsideReceived,
    AsideSaid,
    ConversationAbsorbed,
    ConversationAssigned,
    ConversationLinked,
    ConversationMerged,
    ConversationMoved,
    ConversationNoted,
    ConversationOpened,
    ConversationReleased,
    ConversationShared,
    ConversationSplit,
    ConversationTagged,
    ConversationTopicChanged,
    ConversationUnlinked,
    ConversationUnmerged,
    ConversationUntagged,
    SideBegun,
    SideFinished,
)
from heed.eventlog.reader import Event
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind
from heed.people.models import Agent, Team
from heed.people.policy import Sight, sight


@dataclass(frozen=True, slots=True)
class Names:
    """What to call those whom events name by id."""

    agents: Mapping[int, str] = field(default_factory=dict)
    teams: Mapping[int, str] = field(default_factory=dict)
    tags: Mapping[int, str] = field(default_factory=dict)
    topics: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, str] = field(default_factory=dict)
    sides: Mapping[int, str] = field(default_factory=dict)  # subjects of side conversations
    merged: Mapping[int, str] = field(
        default_factory=dict
    )  # by tag, what the one is called that stands for it
    others: Collection[int] = ()  # conversations that the reader may see too


@dataclass(frozen=True, slots=True)
class _Keys:
    """Whom and what events name, by id."""

    agents: set[int | None] = field(default_factory=set)
    teams: set[int | None] = field(default_factory=set)
    tags: set[int | None] = field(default_factory=set)
    topics: set[int | None] = field(default_factory=set)
    fields: set[int | None] = field(default_factory=set)
    sides: set[int | None] = field(default_factory=set)


def _keys(events: Sequence[Event]) -> _Keys:
    found = _Keys()
    found.agents.update(event.actor_id for event in events if event.actor_kind is ActorKind.AGENT)
    for event in events:
        match event.data:
            case ConversationAssigned(previous=before, current=after):
                found.agents.update((before, after))
            case ConversationMoved(previous=before_team, current=after_team):
                found.teams.update((before_team, after_team))
            case ConversationOpened(team=team) | ConversationShared(team=team):
                found.teams.add(team)
            case ConversationTagged(tag=tag) | ConversationUntagged(tag=tag):
                found.tags.add(tag)
            case ConversationTopicChanged(current=topic):
                found.topics.add(topic)
            case ConversationNoted(field=noted):
                found.fields.add(noted)
            case SideBegun(side=side) | SideFinished(side=side):
                found.sides.add(side)
            case AsideReceived(side=side) | AsideSaid(side=side):
                found.sides.add(side)
    return found


@in_steps
def names_in(here: Opened, events: Sequence[Event]) -> Steps[Names]:
    """What these events of a conversation name; one query."""
    keys = _keys(events)
    of_agents, of_teams, of_tags, of_topics, of_fields, of_sides, others = (
        named_agents.later(keys.agents),
        asked(_teams, keys=_known(keys.teams)),
        asked(_tags, keys=_known(keys.tags)),
        asked(_topics, keys=_known(keys.topics)),
        asked(_fields, keys=_known(keys.fields)),
        asked(_sides, keys=_known(keys.sides)),
        asked(_visible, keys=_known(map(_other, events)), view=sight(here.actor)),
    )
    yield of_agents, of_teams, of_tags, of_topics, of_fields, of_sides, others
    return Names(
        agents=of_agents.value,
        teams=dict(of_teams.value),
        tags={pk: name for pk, name, _ in of_tags.value},
        topics=dict(of_topics.value),
        fields=dict(of_fields.value),
        sides=dict(of_sides.value),
        merged={pk: into for pk, _, into in of_tags.value if into is not None},
        others=others.value,
    )


def _other(event: Event) -> int | None:
    """The other conversation that an event names."""
    match event.data:
        case ConversationLinked(other=other) | ConversationUnlinked(other=other):
            return other
        case ConversationMerged(into=other) | ConversationUnmerged(out_of=other):
            return other
        case ConversationAbsorbed(other=other) | ConversationReleased(other=other):
            return other
        case ConversationSplit(part=other):
            return other
    return None


def _known(keys: Iterable[int | None]) -> set[int]:
    return {key for key in keys if key is not None}


@in_steps
def named_agents(keys: Iterable[int | None]) -> Steps[Mapping[int, str]]:
    """What these agents are called; one query."""
    found = asked(_agents, keys=_known(keys))
    yield [found]
    return dict(found.value)


@prepared
def _agents(*, keys: Iterable[int]) -> "QuerySet[Agent, tuple[int, str]]":
    return Agent.objects.filter(pk__in=keys).values_list("pk", "name")


@prepared
def _teams(*, keys: Iterable[int]) -> "QuerySet[Team, tuple[int, str]]":
    return Team.objects.filter(pk__in=keys).values_list("pk", "name")


@prepared
def _topics(*, keys: Iterable[int]) -> "QuerySet[Topic, tuple[int, str]]":
    return Topic.objects.filter(pk__in=keys).values_list("pk", "name")


@prepared
def _fields(*, keys: Iterable[int]) -> "QuerySet[CustomField, tuple[int, str]]":
    return CustomField.objects.filter(pk__in=keys).values_list("pk", "name")


@prepared
def _sides(*, keys: Iterable[int]) -> "QuerySet[SideConversation, tuple[int, str]]":
    return SideConversation.objects.filter(pk__in=keys).values_list("pk", "subject")


@prepared
def _visible(*, keys: Iterable[int], view: Sight) -> "QuerySet[Conversation, int]":
    return Conversation.objects.filter(seen_by(view), pk__in=keys).values_list("pk", flat=True)


@prepared
def _tags(*, keys: Iterable[int]) -> "QuerySet[Tag, tuple[int, str, str | None]]":
    return Tag.objects.filter(pk__in=keys).values_list("pk", "name", "merged_into__name")
