"""What stands beside a conversation: times, fields, customer, people, other conversations."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from heed.brands.models import CustomField
from heed.brands.topics import NO, YES
from heed.conversations.actions.state import is_listed
from heed.conversations.models import Conversation, Message
from heed.conversations.queries import Opened, Panel
from heed.kernel import clock
from heed.kernel.permissions import Permission
from heed.kernel.words import (
    Absence,
    Automatic,
    DeliveryState,
    Direction,
    FieldKind,
    LinkReason,
    Priority,
    RecipientRole,
    Status,
)
from heed.people.absence import absence
from heed.people.models import Agent
from heed.people.policy import may_take_away
from heed.ui.contexts import Option, Person
from heed.ui.permission_words import ABSENCES
from heed.web.conversation.composer_contexts import Recipient
from heed.web.conversation.contexts import (
    CustomerFacts,
    EarlierContext,
    NotedField,
    PanelContext,
    TagContext,
    TimeLine,
)
from heed.web.conversation.sides import side_lines
from heed.web.doors import Visit
from heed.web.inbox.rows import tone_of
from heed.web.nav import Place


def panel_context(
    visit: Visit, here: Opened, panel: Panel, *, href: str, place: Place, said: list[Message]
) -> PanelContext:
    """The panel; no query of its own."""
    conversation = here.row
    assignee = conversation.assignee
    repeat = _repeat(conversation, panel, place)
    return PanelContext(
        href=href,
        times=list(_times(conversation, said)),
        assignees=_assignees(visit, here, panel),
        take=visit.agent.pk if _may_take(visit, here, panel) else None,
        teams=_teams(here, panel),
        priorities=[Option(value=p.value, is_chosen=p == conversation.priority) for p in reversed(Priority)],
        topics=_topics(conversation, panel),
        topic=next((" › ".join(b.names) for b in panel.topics if b.topic.pk == conversation.topic_id), ""),
        noted=[_noted(one.field, one.value) for one in panel.noted],
        tags=[TagContext(id=tag.pk, name=tag.name) for tag in panel.tags],
        known_tags=sorted(tag.name for tag in panel.known),
        customer=_customer(conversation, panel),
        participants=_in_copy(panel),
        earlier=[_other(row, place) for row in panel.earlier],
        linked=[
            _other(one.conversation, place, link=one.reason)
            for one in panel.linked
            if repeat is None or one.conversation.pk != repeat.number
        ],
        repeat=repeat,
        sides=side_lines(panel.sides),
        begin_side_href=f"/conversations/{conversation.pk}/sides/new/" if _may_begin_side(here) else "",
        may_change=here.may_change,
        may_merge=here.may(Permission.MERGE),
        may_take_away=may_take_away(here.actor),
        may_restrict=here.may(Permission.RESTRICT),
        is_restricted=conversation.circle_id is not None,
        assignee=Person(name=assignee.name, is_me=assignee.pk == visit.agent.pk) if assignee else None,
        team=conversation.team.name if conversation.team else "",
        priority=conversation.priority,
    )


def _may_begin_side(here: Opened) -> bool:
    return here.may_change and here.row.status != Status.CLOSED and is_listed(here.row)


def _teams(here: Opened, panel: Panel) -> list[Option]:
    """None for a reader who may move it nowhere."""
    return [
        Option(value=str(team.pk), label=team.name, is_chosen=team.pk == here.row.team_id)
        for team in (panel.teams if here.may(Permission.ASSIGN) else ())
    ]


def _topics(conversation: Conversation, panel: Panel) -> list[Option]:
    if not panel.topics:
        return []
    return [
        Option(value="", is_chosen=conversation.topic_id is None),
        *(
            Option(
                value=str(branch.topic.pk),
                label=" › ".join(branch.names),
                is_chosen=branch.topic.pk == conversation.topic_id,
            )
            for branch in panel.topics
        ),
    ]


def _noted(field: CustomField, value: str) -> NotedField:
    """A field with what one can choose in it, the present value too when it is offered no more."""
    offered = (
        {YES: _("Yes"), NO: _("No")} if field.kind == FieldKind.YES_NO else {c: c for c in field.choices}
    )
    known = offered if not value or value in offered else {value: value, **offered}
    return NotedField(
        id=field.pk,
        name=field.name,
        kind=field.kind,
        value=value,
        choices=[Option(value=one, label=label, is_chosen=one == value) for one, label in known.items()]
        if offered
        else (),
    )


def _assignees(visit: Visit, here: Opened, panel: Panel) -> list[Option]:
    """Those who are there come first, and of them those who answer in the customer's language.

    None for a reader who may take conversations, and give them to nobody.
    """
    conversation = here.row
    if not here.may(Permission.ASSIGN):
        return []
    nobody = Option(value="", is_chosen=conversation.assignee_id is None)
    language = conversation.language.partition("-")[0]

    now = clock.now()
    away = {agent.pk: absence(agent, now, away_after=timedelta()) for agent in panel.agents}

    def place(agent: Agent) -> tuple[bool, bool]:
        return away[agent.pk] is not None, bool(language) and language not in agent.languages

    return [
        nobody,
        *(
            Option(
                value=str(agent.pk),
                label=name_to_assign(
                    agent,
                    skills=panel.skills.get(agent.pk, ()),
                    away=away[agent.pk],
                    is_me=agent.pk == visit.agent.pk,
                ),
                is_chosen=agent.pk == conversation.assignee_id,
            )
            for agent in sorted(panel.agents, key=place)
        ),
    ]


def _may_take(visit: Visit, here: Opened, panel: Panel) -> bool:
    """Whether the reader may become responsible; who may make others so chooses themselves among them."""
    is_free = here.row.assignee_id != visit.agent.pk and any(one.pk == visit.agent.pk for one in panel.agents)
    return is_free and here.may_change and not here.may(Permission.ASSIGN)


def name_to_assign(agent: Agent, *, skills: Sequence[str], away: Absence | None, is_me: bool) -> str:
    """What stands in the choice of assignees: name, languages they answer in, skills, and why they are not there."""
    name = _("%(name)s (you)") % {"name": agent.name} if is_me else agent.name
    if known := [*agent.languages, *skills]:
        name = _("%(name)s, %(languages)s") % {"name": name, "languages": ", ".join(known)}
    return name if away is None else _("%(name)s: %(why)s") % {"name": name, "why": ABSENCES[away]}


def _in_copy(panel: Panel) -> list[Recipient]:
    return [
        Recipient(person=Person(name=one.name or one.address, address=one.address), is_flagged=one.is_flagged)
        for one in panel.participants
        if one.left_at is None and (one.is_flagged or one.role != RecipientRole.FROM)
    ]


def _times(conversation: Conversation, said: list[Message]) -> Iterator[TimeLine]:
    """What was promised and kept, as far as the shown part of the conversation tells."""
    ours = [m for m in said if m.direction == Direction.OUT and m.state != DeliveryState.HELD]
    first = next((message for message in ours if message.automatic == Automatic.NO), None)
    acknowledged = next((message for message in ours if message.automatic != Automatic.NO), None)
    if acknowledged is not None:
        yield TimeLine(code="acknowledged", tone="kept", at=acknowledged.at)
    if first is not None:
        yield TimeLine(code="first_reply", tone="kept", at=first.at)
    if conversation.next_due_at is not None and conversation.status == Status.OPEN:
        code = "next_reply" if first else "first_reply"
        yield TimeLine(code=code, tone=tone_of(conversation.next_due_at), due_at=conversation.next_due_at)


def _customer(conversation: Conversation, panel: Panel) -> CustomerFacts | None:
    customer = conversation.customer
    if customer is None:
        return None
    addresses = [identity.value for identity in panel.identities]
    first = addresses[0] if addresses else ""
    return CustomerFacts(
        person=Person(
            name=customer.name or first or f"#{conversation.pk}", address=first, lang=customer.language
        ),
        addresses=addresses[1:],
        inbox=conversation.inbox.name,
        languages=[customer.language] if customer.language else (),
        zone=customer.time_zone,
        company=customer.company.name if customer.company else "",
        since=customer.created_at,
        href=f"/customers/{customer.pk}/",
    )


def _repeat(conversation: Conversation, panel: Panel, place: Place) -> EarlierContext | None:
    """An open conversation that is perhaps the same enquiry, as long as merging the two is still to be decided."""
    ended = (Status.SOLVED, Status.CLOSED)
    if conversation.status in ended or conversation.merged_into_id is not None:
        return None
    for one in panel.linked:
        other = one.conversation
        if (
            one.reason is LinkReason.PERHAPS_SAME
            and other.status not in ended
            and other.merged_into_id is None
        ):
            return _other(other, place, link=one.reason)
    return None


def _other(row: Conversation, place: Place, *, link: str = "") -> EarlierContext:
    return EarlierContext(
        number=row.pk,
        href=f"{place.href}{row.pk}/",
        subject=row.subject,
        status=row.status,
        at=row.last_message_at,
        by=Person(name=row.assignee.name) if row.assignee else None,
        link=link,
    )
