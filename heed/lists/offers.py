"""What forms of views and of changes to many conversations offer to choose from: what is near the actor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from heed.brands.models import CustomField, Inbox, Topic
from heed.brands.topics import NO, YES, Branch, in_order
from heed.conversations.filters import Field
from heed.conversations.models import Tag
from heed.kernel.permissions import Permission
from heed.kernel.words import FieldKind, TeamId
from heed.language.tokens import words
from heed.people.models import Agent, Team, TeamMember
from heed.people.policy import Actor, seen_teams, sees_whole_desk
from heed.people.queries import holding

SUGGESTED = 200  # names, for one field of a form


def suggestions(actor: Actor, about: Field, *, limit: int = SUGGESTED) -> list[str]:
    """Names that a condition may be about, of what is near the actor: colleagues, inboxes, tags. One query."""
    teams, everything = seen_teams(actor), sees_whole_desk(actor)
    if about is Field.ASSIGNEE:
        near = (
            Q() if everything else Q(pk__in=TeamMember.objects.filter(team_id__in=teams).values("agent_id"))
        )
        agents = Agent.objects.filter(near, is_active=True).order_by("name")
        return list(agents.values_list("name", flat=True)[:limit])
    if about is Field.INBOX:
        near = Q() if everything else Q(inboxteam__team_id__in=teams)
        return list(Inbox.objects.filter(near).order_by("name").values_list("name", flat=True)[:limit])
    if about is Field.TAG:
        tags = Tag.objects.filter(_brands_near(actor), archived_at=None).order_by("name")
        return list(tags.values_list("name", flat=True).distinct()[:limit])
    if about is Field.TOPIC:
        return list(dict.fromkeys(" / ".join(one.names) for one in topics_near(actor)))[:limit]
    return []


def _brands_near(actor: Actor) -> Q:
    """What is of brands of which the actor sees a team."""
    if sees_whole_desk(actor):
        return Q()
    return Q(brand_id__in=Team.objects.filter(pk__in=seen_teams(actor)).values("brand_id"))


def topics_near(actor: Actor) -> list[Branch]:
    """The topics that are offered in brands near the actor, as they stand in their trees; one query."""
    rows = Topic.objects.filter(_brands_near(actor)).select_related("brand").order_by("brand__name", "pk")
    return [branch for branch in in_order(rows) if not branch.is_archived]


@dataclass(frozen=True, slots=True)
class OwnField:
    """A custom field as one names it; those of one name, in several brands, are one. choices: texts, or yes and no."""

    name: str
    choices: Sequence[str] = ()


def fields_near(actor: Actor) -> list[CustomField]:
    """The custom fields that are offered in brands near the actor, by name; one query."""
    rows = CustomField.objects.filter(_brands_near(actor), archived_at=None).select_related("brand")
    return list(rows.order_by("name", "brand__name", "pk")[:SUGGESTED])


def own_fields(actor: Actor) -> list[OwnField]:
    """The same, each name once; choices only where all of that name have some."""
    named: dict[str, list[CustomField]] = {}
    for field in fields_near(actor):
        named.setdefault(" ".join(words(field.name)), []).append(field)
    return [OwnField(some[0].name, _choices(some)) for some in named.values()]


def _choices(fields: Sequence[CustomField]) -> Sequence[str]:
    each = [(YES, NO) if one.kind == FieldKind.YES_NO else one.choices for one in fields]
    return list(dict.fromkeys(choice for choices in each for choice in choices)) if all(each) else ()


@dataclass(frozen=True, slots=True)
class Taker:
    """Somebody to whom conversations may be given."""

    id: int
    name: str


def takers_near(actor: Actor, *, limit: int = SUGGESTED) -> list[Taker]:
    """Agents who answer for a team that the actor has lists of, by name; one query.

    Whether one of them may take a conversation is asked conversation by conversation.
    """
    near = Q() if sees_whole_desk(actor) else Q(pk__in=_members_of(seen_teams(actor)))
    rows = Agent.objects.filter(near, holding(Permission.ANSWER), is_active=True).order_by("name", "pk")
    return [Taker(pk, name) for pk, name in rows.values_list("pk", "name")[:limit]]


def _members_of(teams: Iterable[TeamId]) -> "QuerySet[TeamMember, Any]":
    return TeamMember.objects.filter(team_id__in=list(teams)).values("agent_id")
