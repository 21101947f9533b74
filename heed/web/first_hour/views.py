"""The first hour: brand, mailbox, people, hours and a test mail, on one page, each with its form."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.hours_text import hours_text, read_hours
from heed.brands.models import Brand
from heed.eventlog.unit import unit
from heed.kernel import clock
from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.kernel.permissions import PRESETS
from heed.kernel.words import FirstStep, Role, StepOutcome, TeamId
from heed.people.actions.agents import invite_agent, note_invitation
from heed.people.actions.brands import change_brand, change_hours
from heed.people.actions.first_hour import begin_first_hour, end_first_hour, settle_step
from heed.people.first_hour import first_hour
from heed.people.policy import (
    Actor,
    may_give_role,
    may_manage_people,
    may_set_up,
    may_set_up_brands,
    may_set_up_mail,
    may_take_team,
)
from heed.people.queries import brands_to_set_up, inboxes_to_set_up, teams_to_set_up
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.brands.views import languages
from heed.web.doors import Visit, agents_only
from heed.web.first_hour.contexts import Day, FirstHourPage, Step
from heed.web.first_hour.progress import HERE, outcomes
from heed.web.mailboxes.contexts import AddContext
from heed.web.nav import Room, nav_context
from heed.web.people.views import field_error, link_for
from heed.web.round_trips.rows import round_trip

PAGE = "first_hour/page.html"
WEEK = range(7)
OFFERED: Final = (Role.AGENT, Role.LEAD, Role.ADMIN)


def _may_invite(actor: Actor) -> bool:
    return may_manage_people(actor) and any(may_give_role(actor, PRESETS[role]) for role in OFFERED)


TAKES: Final[Mapping[FirstStep, Callable[[Actor], bool]]] = {
    FirstStep.BRAND: may_set_up_brands,
    FirstStep.MAILBOX: may_set_up_mail,
    FirstStep.PEOPLE: _may_invite,
    FirstStep.HOURS: may_set_up_brands,
    FirstStep.TEST_MAIL: may_set_up_mail,
}
"""Who takes a step: what it does has rights of its own."""


@agents_only("GET")
def shown(visit: Visit) -> HttpResponse:
    """The five steps, as far as they are taken."""
    return _show(visit)


@agents_only("POST")
def brand(visit: Visit) -> HttpResponse:
    """The brand's name, language and time zone: then this step is done."""
    post = visit.request.POST
    try:
        with unit():
            change_brand(
                _brand(visit),
                name=post.get("name", ""),
                language=post.get("language", ""),
                time_zone=post.get("time_zone", ""),
                by=visit.actor,
            )
            _done(visit, FirstStep.BRAND)
    except Unusable as error:
        return _show(visit, errors=[_said(error)])
    return _on(FirstStep.BRAND)


@agents_only("POST")
def hours(visit: Visit) -> HttpResponse:
    """When people are there: then this step is done."""
    row, errors, days = _brand(visit), [], {}
    for day in WEEK:
        try:
            days[str(day)] = read_hours(visit.request.POST.get(f"hours-{day}", ""))
        except Unusable as error:
            errors.append(FieldError(field=f"hours-{day}", code=error.reason, value="200"))
    if errors:
        return _show(visit, errors=errors)
    with unit():
        change_hours(
            row,
            hours={day: spans for day, spans in days.items() if spans},
            holidays=row.holidays,
            first_reply_seconds=row.first_reply_seconds,
            by=visit.actor,
        )
        _done(visit, FirstStep.HOURS)
    return _on(FirstStep.HOURS)


@agents_only("POST")
def people(visit: Visit) -> HttpResponse:
    """One more person, in the first team, with the link by which they set a password, shown this once."""
    require_visible(may_set_up(visit.actor))
    post = visit.request.POST
    try:
        role = post.get("role", "")
        if role not in set(Role) - {Role.CUSTOM}:
            raise Unusable("role", "unknown_choice")
        with unit():
            mine = [one for one in teams_to_set_up(visit.actor) if may_take_team(visit.actor, TeamId(one.pk))]
            agent = invite_agent(
                post.get("person", ""),
                email=post.get("address", ""),
                role=Role(role),
                teams=mine[:1],
                by=visit.actor,
            )
            note_invitation(agent, by=visit.actor)
    except HeedError as error:
        if error.status not in (409, 422):
            raise
        told = field_error(error, otherwise="address")
        return _show(visit, errors=[replace(told, field="person") if told.field == "name" else told])
    return _show(visit, link=link_for(agent))


@agents_only("POST")
def settle(visit: Visit) -> HttpResponse:
    """Leave a step out, or come back to it."""
    require_visible(may_set_up(visit.actor))
    step, outcome = (visit.request.POST.get(name, "") for name in ("step", "outcome"))
    if step not in set(FirstStep) or outcome not in (StepOutcome.SKIPPED, StepOutcome.OPEN):
        raise NotFound
    settle_step(FirstStep(step), outcome=StepOutcome(outcome), by=visit.actor)
    return _on(FirstStep(step))


@agents_only("POST")
def end(visit: Visit) -> HttpResponse:
    """Greet nobody with this any more; or, where it was never or is over, again."""
    require_visible(may_set_up(visit.actor))
    known = first_hour()
    if known is None or known.ended_at is not None:
        begin_first_hour(by=visit.actor)
        return HttpResponseRedirect(HERE, status=303)
    end_first_hour(by=visit.actor)
    return HttpResponseRedirect("/inbox/my-turn/", status=303)


def _done(visit: Visit, step: FirstStep) -> None:
    if first_hour() is not None:  # desks that began otherwise have the page all the same
        settle_step(step, outcome=StepOutcome.DONE, by=visit.actor)


def _on(step: FirstStep) -> HttpResponse:
    return HttpResponseRedirect(f"{HERE}#step-{step}", status=303)


def _brand(visit: Visit) -> Brand:
    require_visible(may_set_up(visit.actor))
    found = brands_to_set_up(visit.actor)
    if not found:
        raise NotFound
    return min(found, key=lambda row: row.pk)


def _said(error: Unusable) -> FieldError:
    return FieldError(
        field=error.field, code="required" if error.reason == "missing" else error.reason, value="120"
    )


def _show(visit: Visit, *, errors: Sequence[FieldError] = (), link: str = "") -> HttpResponse:
    row, known, post = _brand(visit), first_hour(), visit.request.POST
    found = outcomes(known)
    following = next((step for step, outcome in found.items() if outcome is StepOutcome.OPEN), None)
    inboxes = [inbox for inbox in inboxes_to_set_up(visit.actor) if inbox.brand_id == row.pk]
    language, zone = post.get("language", row.language), post.get("time_zone", row.time_zone)
    page = FirstHourPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        steps=[_step(visit, step, outcome, following) for step, outcome in found.items()],
        left=list(found.values()).count(StepOutcome.OPEN),
        is_greeting=known is not None and known.ended_at is None,
        name=visit.agent.name,
        brand_name=post.get("name", row.name)[:300],
        languages=[
            Option(value=code, is_chosen=code == language) for code in sorted({*languages(), row.language})
        ],
        time_zones=[Option(value=name, label=name, is_chosen=name == zone) for name in clock.zones()],
        days=[_day(day, row, post.get(f"hours-{day}")) for day in WEEK],
        roles=_roles(visit),
        add=AddContext(find_href="/settings/mailboxes/add/"),
        trip=round_trip(visit.actor, min(inboxes, key=lambda one: one.pk))
        if inboxes and may_set_up_mail(visit.actor)
        else None,
        person_name="" if link else post.get("person", "")[:300],
        person_address="" if link else post.get("address", "")[:300],
        link=link,
        errors=errors,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if errors else 200)


def _day(day: int, row: Brand, typed: str | None) -> Day:
    spans = hours_text(row.hours.get(str(day), ())) if typed is None else typed[:300]
    return Day(weekday=day, field=f"hours-{day}", spans=spans)


def _step(visit: Visit, step: FirstStep, outcome: StepOutcome, following: FirstStep | None) -> Step:
    return Step(code=step, outcome=outcome, is_next=step is following, may_take=TAKES[step](visit.actor))


def _roles(visit: Visit) -> list[Option]:
    given = [role for role in OFFERED if may_give_role(visit.actor, PRESETS[role])]
    return [Option(value=role, is_chosen=role is Role.AGENT) for role in given]
