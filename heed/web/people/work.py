"""When somebody works, and what they know: a page of one's own, and of everybody for who manages people."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from heed.brands.hours_text import hours_text, read_hours
from heed.kernel.errors import Unusable, require
from heed.people.actions.shifts import change_work
from heed.people.models import Agent
from heed.people.policy import may_say_when_one_works
from heed.people.queries import badge_of, colleague
from heed.people.role_queries import skills_of
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.people.contexts import WorkContext, WorkPage

PAGE = "people/work.html"
MINE = "/settings/you/work/"
TYPED_CHARACTERS = 2_000


@agents_only("GET", "POST")
def mine(visit: Visit) -> HttpResponse:
    """One's own."""
    return _page(visit, visit.agent, MINE)


@agents_only("GET", "POST")
def of_somebody(visit: Visit, number: int) -> HttpResponse:
    """A colleague's, for one who decides about them; for others who manage people there is no form to fill in vain."""
    agent = colleague(visit.actor, number)
    require(may_say_when_one_works(visit.actor, badge_of(agent, also_off=True).actor))
    return _page(visit, agent, f"/settings/people/{number}/work/")


def _page(visit: Visit, agent: Agent, href: str) -> HttpResponse:
    if visit.request.method == "GET":
        return _show(visit, _as_it_stands(visit, agent, href))
    post = visit.request.POST
    try:
        change_work(
            agent,
            shift={str(day): read_hours(post.get(f"hours-{day}", "")) for day in range(7)},
            leave=_leave(post.get("leave", "")),
            skills=_words(post.get("skills", "")),
            languages=_words(post.get("languages", "")),
            by=visit.actor,
        )
    except Unusable as error:
        return _show(visit, _as_typed(agent, href, post, [FieldError(field=error.field, code=error.reason)]))
    return HttpResponseRedirect(f"{href}?saved=1", status=303)


def _words(typed: str) -> list[str]:
    return [word.strip() for word in typed[:TYPED_CHARACTERS].split(",") if word.strip()]


def _leave(typed: str) -> list[tuple[date, date]]:
    """A line for each stretch: 2026-12-24, or 2026-12-24 to 2026-12-31. Raises Unusable."""
    found = []
    for line in typed[:TYPED_CHARACTERS].splitlines():
        days = line.replace("–", " ").split()
        if not days:
            continue
        try:
            found.append((date.fromisoformat(days[0]), date.fromisoformat(days[-1])))
        except ValueError:
            raise Unusable("leave", "no_date") from None
    return found


def _as_it_stands(visit: Visit, agent: Agent, href: str) -> WorkContext:
    return WorkContext(
        href=href,
        name=agent.name,
        time_zone=agent.time_zone,
        days=[hours_text(agent.shift.get(str(day), ())) for day in range(7)],
        leave="\n".join(first if first == last else f"{first} – {last}" for first, last in agent.leave),
        skills=", ".join(skills_of(visit.actor, agent)),
        languages=", ".join(agent.languages),
        is_saved=visit.request.GET.get("saved") == "1",
    )


def _as_typed(agent: Agent, href: str, post: QueryDict, errors: Sequence[FieldError]) -> WorkContext:
    def typed(field: str) -> str:
        return post.get(field, "")[:TYPED_CHARACTERS]

    return WorkContext(
        href=href,
        name=agent.name,
        time_zone=agent.time_zone,
        days=[typed(f"hours-{day}") for day in range(7)],
        leave=typed("leave"),
        skills=typed("skills"),
        languages=typed("languages"),
        errors=errors,
    )


def _show(visit: Visit, work: WorkContext) -> HttpResponse:
    page = WorkPage(nav=nav_context(visit, Room.of(visit), here=work.href), work=work)
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=422 if work.errors else 200)
