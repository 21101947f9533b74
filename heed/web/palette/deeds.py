"""What may be done with the conversation that is open, as the palette offers it."""

from collections.abc import Iterator
from typing import Final

from django.utils import timezone

from heed.conversations.models import Conversation
from heed.conversations.queries import Opened, Panel
from heed.kernel.permissions import Permission
from heed.kernel.words import Priority, Status
from heed.web.conversation.reading import snooze_choices
from heed.web.doors import Visit
from heed.web.palette.contexts import DeedItem

RIGHTS: Final = {
    "assign": Permission.ASSIGN,
    "assign_nobody": Permission.ASSIGN,
    "team": Permission.ASSIGN,
    "merge": Permission.MERGE,
}
"""What a deed takes; all others are part of answering."""


def deeds_with(visit: Visit, here: Opened, panel: Panel, *, href: str) -> Iterator[DeedItem]:
    """All that the page of this conversation offers to its reader."""
    for deed in _deeds(visit, here.row, panel, href=href):
        if deed.code == "customer" or here.may(RIGHTS.get(deed.code, Permission.ANSWER)):
            yield deed


def _deeds(visit: Visit, row: Conversation, panel: Panel, *, href: str) -> Iterator[DeedItem]:
    yield from _states(row, href)
    yield from _assignees(visit, row, panel, href)
    for tag in panel.known:
        if tag not in panel.tags:
            yield DeedItem(code="tag", action=f"{href}tags/", field="add", value=tag.name, name=tag.name)
    for tag in panel.tags:
        yield DeedItem(code="untag", action=f"{href}tags/", field="remove", value=str(tag.pk), name=tag.name)
    for team in panel.teams:
        if team.pk != row.team_id:
            yield DeedItem(
                code="team", action=f"{href}team/", field="team", value=str(team.pk), name=team.name
            )
    yield DeedItem(code="merge", href=f"{href}merge/")
    if row.status != Status.CLOSED:
        yield DeedItem(code="side", href=f"/conversations/{row.pk}/sides/new/")
    if row.customer_id is not None:
        yield DeedItem(code="customer", href=f"/customers/{row.customer_id}/")


def _states(row: Conversation, href: str) -> Iterator[DeedItem]:
    ended = row.status in (Status.SOLVED, Status.CLOSED)
    offered = {
        Status.OPEN: (Status.SOLVED, Status.WAITING),
        Status.WAITING: (Status.SOLVED, Status.OPEN),
        Status.SNOOZED: (Status.SOLVED, Status.OPEN),
        Status.SOLVED: (Status.OPEN,),
        Status.CLOSED: (),
    }
    for status in offered[Status(row.status)]:
        yield DeedItem(code="status", action=f"{href}status/", field="status", value=status)
    if not ended:
        for choice in snooze_choices(timezone.localtime().replace(second=0, microsecond=0)):
            yield DeedItem(
                code="snooze",
                action=f"{href}status/",
                field="until",
                value=choice.until.isoformat(),
                more="status=snoozed",
                name=choice.code,
                until=choice.until,
            )
    for priority in Priority:
        if priority != row.priority:
            yield DeedItem(code="priority", action=f"{href}priority/", field="priority", value=priority)


def _assignees(visit: Visit, row: Conversation, panel: Panel, href: str) -> Iterator[DeedItem]:
    offered = [agent for agent in panel.agents if agent.pk != row.assignee_id]
    for agent in sorted(offered, key=lambda one: one.pk != visit.agent.pk):
        yield DeedItem(
            code="assign_me" if agent.pk == visit.agent.pk else "assign",
            action=f"{href}assign/",
            field="assignee",
            value=str(agent.pk),
            name=agent.name,
        )
    if row.assignee_id is not None:
        yield DeedItem(code="assign_nobody", action=f"{href}assign/", field="assignee")
