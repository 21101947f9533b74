"""A browser says where its reader is; the live stream tells the others."""

from typing import Final

from django.http import HttpResponse

from heed.conversations import queries
from heed.conversations.actions.presence import say_left, say_present
from heed.eventlog.unit import Commit, unit
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.words import PresenceKind
from heed.web.doors import Visit, agents_only
from heed.web.typed import number

LEFT: Final = "left"


@agents_only("POST")
def presence(visit: Visit) -> HttpResponse:
    """Looking, writing or left, in one conversation. Written lazily: after a power cut nobody is there anyway."""
    given = number(visit.request.POST.get("conversation", ""))
    if given is None:
        raise NotFound
    doing = visit.request.POST.get("doing", "")
    if doing != LEFT and doing not in set(PresenceKind):
        raise Unusable("doing", "unknown_choice")
    row = queries.conversation(visit.actor, given)
    with unit(Commit.LAZY):
        if doing == LEFT:
            say_left(row, by=visit.actor)
        else:
            say_present(row, kind=PresenceKind(doing), by=visit.actor)
    return HttpResponse(status=204)
