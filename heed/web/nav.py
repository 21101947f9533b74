"""The navigation: views with their counts, teams and brands, the pages of the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from heed.connecting.queries import Alarm, alarms
from heed.conversations import queries
from heed.eventlog.reader import last_event_id
from heed.kernel.steps import Steps, in_steps
from heed.kernel.words import BrandId, TeamId
from heed.lists.models import View
from heed.lists.queries import views_of
from heed.notifications.queries import COUNTED_TO as UNREAD_TO
from heed.notifications.queries import NONE, Unread, unread
from heed.people.models import name_of_role
from heed.people.policy import may_set_up_mail
from heed.people.queries import ListTeam
from heed.ui.contexts import AlarmLine, Me, NavContext, NavLink
from heed.web.doors import Visit
from heed.web.settings.sections import sections_of

MADE = "view"
NEW_VIEW = "/views/new/"
VIEWS = ("my_turn", "mentions", "unassigned", "waiting", "solved", "all_open")
UNCOUNTED = frozenset({"mentions", "solved"})
STREAM = "/events"
NOTIFICATIONS = "/notifications/"
SEARCH = "/search/"
TRASH = "/trash/"
SIDES = "/sides/"
CUSTOMERS = "/customers/"
SETTINGS = "/settings/"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the inbox a page is: a view, narrowed to a team or a brand or not at all; or one that people made."""

    view: str
    team: int | None = None
    brand: int | None = None
    number: int | None = None  # of a view that people made; view is MADE then

    @property
    def href(self) -> str:
        """The list's address."""
        if self.number is not None:
            return f"/inbox/{MADE}-{self.number}/"
        narrowed = f":team-{self.team}" if self.team else f":brand-{self.brand}" if self.brand else ""
        return f"/inbox/{self.view.replace('_', '-')}{narrowed}/"


class PlaceConverter:
    """The part of an address that names a Place: my-turn, all-open:team-3."""

    regex = (
        "(?:(?:my-turn|mentions|unassigned|waiting|solved|all-open)(?::(?:team|brand)-[1-9][0-9]{0,17})?"
        "|view-[1-9][0-9]{0,17})"
    )

    def to_python(self, value: str) -> Place:
        """Read the part."""
        if value.startswith(f"{MADE}-"):
            return Place(MADE, number=int(value.removeprefix(f"{MADE}-")))
        view, _, narrowed = value.partition(":")
        kind, _, number = narrowed.partition("-")
        team, brand = (int(number) if kind == name else None for name in ("team", "brand"))
        return Place(view.replace("-", "_"), team, brand)

    def to_url(self, value: Place) -> str:
        """Write the part."""
        return value.href.split("/")[2]


@dataclass(frozen=True, slots=True)
class Room:
    """What every page says: teams, how long the lists are, the views that people made, what does not work; one query.

    Read before what else the page shows: the stream goes on after last_event, so nothing falls in between.
    """

    last_event: int
    teams: Sequence[ListTeam]
    counts: queries.Counts
    made: Sequence[View] = ()
    alarms: Sequence[Alarm] = ()  # for those who can see to it
    unread: Unread = NONE  # of what the reader was told

    @classmethod
    def of(cls, visit: Visit) -> "Room":
        """Read them."""
        return room_of(visit)

    def view(self, place: Place) -> View | None:
        """The view that people made and that this place is; None for the desk's own, and for one they don't have."""
        return next((view for view in self.made if view.pk == place.number), None)

    @property
    def brands(self) -> Sequence[tuple[BrandId, str]]:
        """The brands of the teams with their names, by name."""
        return sorted({(team.brand, team.brand_name) for team in self.teams}, key=lambda one: one[1])

    def within(self, place: Place) -> frozenset[TeamId] | None:
        """The teams that a place is narrowed to; None: not narrowed."""
        if place.team is not None:
            return frozenset(team.id for team in self.teams if team.id == place.team)
        if place.brand is not None:
            return frozenset(team.id for team in self.teams if team.brand == place.brand)
        return None

    def name(self, place: Place) -> str:
        """What a place is narrowed to; empty: nothing."""
        for team in self.teams:
            if team.id == place.team:
                return team.name
        return next((name for brand, name in self.brands if brand == place.brand), "")


@in_steps
def room_of(visit: Visit) -> Steps[Room]:
    """A page's room; one query."""
    newest, counts = last_event_id.later(), queries.counts.later(visit.actor)
    made, found = views_of.later(visit.actor), alarms.later(visit.actor)
    told = unread.later(visit.actor)
    yield newest, counts, made, found, told
    return Room(newest.value, visit.teams, counts.value, made.value, found.value, told.value)


def counted_anew(answer: HttpResponse) -> HttpResponse:
    """The same answer, which has the menu count again what is unread."""
    answer["HX-Trigger-After-Settle"] = '{"heed:counts": {"target": "#nav-links"}}'
    return answer


def menu_href(here: str) -> str:
    """Where a page stands with its menu open: in the inbox below its own address, elsewhere a page that leads back."""
    return f"{here}menu/" if here.startswith("/inbox/") else f"/menu/?back={here}"


def nav_context(
    visit: Visit, room: Room, *, here: str, place: Place | None = None, is_open: bool = False
) -> NavContext:
    """The navigation of a page whose own address, without the menu, is `here`."""
    views = [
        NavLink(
            href=Place(view).href,
            code=view,
            count=None if view in UNCOUNTED else getattr(room.counts, view),
            is_current=place == Place(view),
        )
        for view in VIEWS
    ]
    return NavContext(
        me=_me(visit, team=next((team.name for team in room.teams if team.is_own), "")),
        views=[*views, _told(room, here)],
        made=list(_made(room, place)),
        new_view_href=NEW_VIEW,
        teams=list(_narrowed(room, place)) if len(room.teams) > 1 else (),
        brands=list(_branded(room, place)) if len(room.brands) > 1 else (),
        desk=list(_desk(visit, here)),
        alarm=_alarm(room),
        sections=sections_of(visit.actor, here=here) if here.startswith(SETTINGS) else (),
        menu_href=menu_href(here),
        close_href=here,
        last_event=room.last_event,
        stream_href=STREAM,
        is_open=is_open,
    )


def bare_nav(visit: Visit, *, here: str) -> NavContext:
    """The navigation for one who sees nothing of the desk yet: this page, and the way out."""
    known = sections_of(visit.actor, here=here)
    return NavContext(
        me=_me(visit),
        views=(),
        desk=(),
        sections=[section for section in known if section.is_current],
        menu_href=here,  # on a telephone the way out is in the drawer, which scripts open
        close_href=here,
        stream_href="",
    )


def _me(visit: Visit, *, team: str = "") -> Me:
    return Me(
        id=visit.agent.pk,
        name=visit.agent.name,
        role=name_of_role(visit.agent),
        availability=visit.agent.availability,
        team=team,
    )


def _told(room: Room, here: str) -> NavLink:
    """What the reader was told, and how much of it is unread."""
    is_current = here == NOTIFICATIONS
    return NavLink(
        href=NOTIFICATIONS,
        code="notifications",
        count=room.unread.number,
        counted_to=UNREAD_TO,
        is_current=is_current,
    )


def _made(room: Room, place: Place | None) -> Iterable[NavLink]:
    for view in room.made:
        target = Place(MADE, number=view.pk)
        yield NavLink(href=target.href, code="made", name=view.name, is_current=place == target)


def _narrowed(room: Room, place: Place | None) -> Iterable[NavLink]:
    for team in room.teams:
        target = Place("all_open", team=team.id)
        yield NavLink(href=target.href, name=team.name, is_current=place == target)


def _branded(room: Room, place: Place | None) -> Iterable[NavLink]:
    for brand, name in room.brands:
        target = Place("all_open", brand=brand)
        yield NavLink(href=target.href, name=name, is_current=place == target)


def _alarm(room: Room) -> AlarmLine | None:
    """The first thing that does not work."""
    found = room.alarms
    return AlarmLine(kind=found[0].kind, address=found[0].address, more=len(found) - 1) if found else None


def _desk(visit: Visit, here: str) -> Iterable[NavLink]:
    yield NavLink(href=SEARCH, code="search", is_current=here == SEARCH)
    yield NavLink(href=CUSTOMERS, code="customers", is_current=here.startswith(CUSTOMERS))
    yield NavLink(href=SIDES, code="sides", is_current=here.startswith(SIDES))
    yield NavLink(href=TRASH, code="trash", is_current=here == TRASH)
    if sections_of(visit.actor, here=here):
        yield NavLink(href=SETTINGS, code="settings", is_current=here.startswith(SETTINGS))
    if may_set_up_mail(visit.actor):
        yield NavLink(href="/catcher/", code="catcher", is_current=here.startswith("/catcher/"))
