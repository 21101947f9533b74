"""Verbs of views: made, changed, deleted and brought back. They change no conversation and stand in no log."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from heed.conversations.filters import MOST_CHARACTERS, read
from heed.eventlog.unit import add, change, lock, remove, verb
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import Unusable, require, require_visible
from heed.kernel.words import AgentId, TeamId
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.models import View
from heed.lists.naming import remember
from heed.people.models import Agent, Team
from heed.people.policy import Actor, agent_of, may_change_view, may_see_view, may_share_view
from heed.people.queries import actor_for

NAME_CHARACTERS = 80
FACTS = 4  # that a row tells beside the rest


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a view is to be."""

    name: str
    filter: str  # in the filter language
    order: ViewOrder = ViewOrder.DUE
    shown: Sequence[RowFact] = ()
    team: Team | None = None  # None: nobody else sees it


@verb
def add_view(wanted: Wanted, *, by: Actor) -> View:
    """Afterwards the actor has this view, in their menu or their team's.

    Raises Refused for who is no agent or may not share with that team, Unusable (name, filter, team, shown; view:
    too_many), with what is wrong.
    """
    owner = agent_of(by)
    values = _checked(wanted, by)
    agent = lock(Agent(pk=owner))  # who makes two at once comes one after the other
    now = clock.now()
    _forget(owner)
    if View.objects.filter(owner=agent, deleted_at__isnull=True).count() >= config.views_of_an_agent:
        raise Unusable("view", "too_many")
    made = add(View(owner=agent, made_at=now, changed_at=now, **values))
    remember(made, by)
    return made


@verb
def change_view(view: View, *, wanted: Wanted, by: Actor) -> View:
    """Afterwards the view is as wanted, for everybody who has it; nothing happens when it was so.

    Raises NotFound for who does not have it, Refused for who may not change it or share it so, Unusable as add_view.
    """
    held = _held(view, by)
    require_visible(held.deleted_at is None)
    values = _checked(wanted, by)
    if all(getattr(held, name) == value for name, value in values.items()):
        return held
    changed = change(held, **values, changed_at=clock.now())
    remember(changed, actor_for(changed.owner))
    return changed


@verb
def delete_view(view: View, *, by: Actor) -> View:
    """Afterwards the view stands in nobody's menu; restore_view brings it back. Nothing happens the second time.

    Raises NotFound for who does not have it, Refused for who may not change it.
    """
    held = _held(view, by)
    return held if held.deleted_at is not None else change(held, deleted_at=clock.now())


@verb
def restore_view(view: View, *, by: Actor) -> View:
    """Afterwards a view that was deleted is back as it was. Nothing happens to one that is there.

    Raises NotFound for who did not have it, Refused for who may not change it.
    """
    held = _held(view, by)
    return held if held.deleted_at is None else change(held, deleted_at=None)


def _held(view: View, by: Actor) -> View:
    held = lock(view)
    owner, team = AgentId(held.owner_id), None if held.team_id is None else TeamId(held.team_id)
    require_visible(may_see_view(by, owner=owner, team=team))
    require(may_change_view(by, owner=owner, team=team))
    return held


def _checked(wanted: Wanted, by: Actor) -> dict[str, object]:
    name = " ".join(wanted.name.split())
    if not name or len(name) > NAME_CHARACTERS:
        raise Unusable("name", "missing" if not name else "too_long")
    reading = read(f"{wanted.filter} ")  # the last word is whole: nobody is typing on
    written = str(reading.filter)
    if len(written) > MOST_CHARACTERS:
        raise Unusable("filter", "too_long")
    if len(wanted.shown) > FACTS:
        raise Unusable("shown", "too_many")
    if wanted.team is not None:
        require(may_share_view(by, TeamId(wanted.team.pk)))
    return {
        "name": name,
        "filter": written,
        "order": wanted.order,
        "shown": list(dict.fromkeys(wanted.shown)),
        "team_id": None if wanted.team is None else wanted.team.pk,
    }


def _forget(owner: AgentId) -> None:
    """What was deleted long ago is gone for good."""
    before = clock.now() - timedelta(days=config.deleted_views_days)
    for row in View.objects.filter(owner_id=owner, deleted_at__lt=before):
        remove(row)
