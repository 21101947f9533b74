"""A round trip: begun with one button, and looked at until it has arrived or is given up."""

from django.http import HttpResponse, HttpResponseRedirect

from heed.connecting.actions.round_trips import begin_round_trip
from heed.people.queries import inbox_numbered
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.round_trips.contexts import RoundTripPage
from heed.web.round_trips.rows import HERE, round_trip

PAGE = ("round_trips/page.html", "round_trips/_round_trip.html")


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """How the last round trip of an inbox went; posted to, one begins. No page waits for a mail server."""
    inbox = inbox_numbered(visit.actor, number)
    here = f"{HERE}{number}/"
    if visit.request.method == "POST":
        begin_round_trip(inbox, by=visit.actor)
        if not wants_fragment(visit.request):
            return HttpResponseRedirect(here, status=303)
    page = RoundTripPage(
        nav=nav_context(visit, Room.of(visit), here=here), trip=round_trip(visit.actor, inbox)
    )
    return page_or_fragment(visit.request, *PAGE, page)
