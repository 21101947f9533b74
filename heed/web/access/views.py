"""Log-in: who needs a second factor, how long they may take, and who has none yet."""

from collections.abc import Iterable, Set

from django.http import HttpResponse, HttpResponseRedirect

from heed.kernel.errors import Unusable
from heed.kernel.words import Role
from heed.people.accounts import Demand, demand
from heed.people.actions.factors import LONGEST_GRACE_DAYS, demand_second_factor
from heed.people.demands import is_overdue, key_of_role
from heed.people.models import Agent
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.access.contexts import AccessPage, Without
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

HERE, PAGE = "/settings/access/", "access/page.html"


@agents_only("GET", "POST")
def access(visit: Visit) -> HttpResponse:
    """Show it. Posted: agents of these roles need a second factor from now on, after so many days."""
    found, post = demand(visit.actor), visit.request.POST
    roles, days, errors = set(found.said.roles), str(found.said.grace_days), []
    if visit.request.method == "POST":
        roles, days = set(post.getlist("role")), post.get("grace_days", "")[:10].strip()
        try:
            if not (days.isascii() and days.isdigit()):
                raise Unusable("grace_days", "no_number")
            demand_second_factor(
                [role for role in Role if role in roles],
                custom=[role for role in found.custom if key_of_role(Role.CUSTOM, role.pk) in roles],
                grace_days=int(days),
                by=visit.actor,
            )
            return HttpResponseRedirect(f"{HERE}?saved=1", status=303)
        except Unusable as error:
            errors = [FieldError(field=error.field, code=error.reason, value=str(LONGEST_GRACE_DAYS))]
    page = AccessPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        roles=list(_roles(found, roles)),
        grace_days=days,
        most_days=LONGEST_GRACE_DAYS,
        agents=found.agents,
        without=[_without(agent) for agent in found.without],
        have_one=found.agents - len(found.without),
        has_more=found.more,
        is_saved=not errors and visit.request.GET.get("saved") == "1",
        errors=errors,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if errors else 200)


def _roles(found: Demand, chosen: Set[str]) -> Iterable[Option]:
    for role in Role:
        if role is not Role.CUSTOM:
            yield Option(value=role, is_chosen=role in chosen)
    for custom in found.custom:
        key = key_of_role(Role.CUSTOM, custom.pk)
        yield Option(value=key, label=custom.name, is_chosen=key in chosen)


def _without(agent: Agent) -> Without:
    return Without(
        name=agent.name,
        href=f"/settings/people/{agent.pk}/",
        role=agent.role,
        due_at=agent.second_factor_due_at,
        is_overdue=is_overdue(agent),
    )
