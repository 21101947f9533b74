"""The picker of saved replies in a conversation: a list in one small answer, each filled in; and a reply's files."""

from collections.abc import Iterable

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from heed.answering import queries as saved
from heed.answering.actions.saved_replies import take_files
from heed.answering.queries import Pick
from heed.answering.variables import Piece
from heed.conversations import queries
from heed.conversations.gaps import gap
from heed.kernel.errors import NotFound, require
from heed.ui.codes import variable_words
from heed.ui.templatetags.heed_ui import language_words
from heed.web.doors import Visit, agents_only
from heed.web.files import as_data
from heed.web.respond import inert

TYPED_CHARACTERS = 60


@agents_only("GET")
def replies(visit: Visit, number: int) -> HttpResponse:
    """The saved replies that fit what was typed (q), as they would stand in this conversation."""
    here = queries.opened(visit.actor, number)
    require(here.may_change)
    typed = visit.request.GET.get("q", "")[:TYPED_CHARACTERS]
    found = saved.picks(here, writer=visit.agent, typed=typed)
    return told(found, f"/conversations/{number}/saved-replies/")


def told(found: Iterable[Pick], href: str) -> HttpResponse:
    """The saved replies of a picker, whose files are asked for below this address."""
    return inert(JsonResponse({"replies": [_as_data(pick, href) for pick in found]}))


def _as_data(pick: Pick, href: str) -> dict[str, object]:
    return {
        "name": pick.head.name,
        "detail": _detail(pick),
        "text": text_of(pick.pieces),
        "language": pick.fitting.language,
        "files": f"{href}{pick.head.id}/files/" if pick.files else "",
    }


def _detail(pick: Pick) -> str:
    """What is said beside its name: that it is not in the customer's language, else its folder."""
    if pick.fitting.wanted:
        return _("{language} instead of {wanted}").format(
            language=language_words(pick.fitting.language), wanted=language_words(pick.fitting.wanted)
        )
    return pick.head.folder or (_("only yours") if pick.head.is_private else "")


def text_of(pieces: Iterable[Piece]) -> str:
    """What is put into an answer: gaps ask, in the agent's own language, for what is missing."""
    return "".join(gap(variable_words(piece.variable)) if piece.is_gap else piece.text for piece in pieces)


@agents_only("POST")
def files(visit: Visit, number: int, reply: int) -> HttpResponse:
    """The files of a saved reply, as uploads of the agent's own: they go with the draft."""
    here = queries.opened(visit.actor, number)
    require(here.may_change)
    row = saved.saved_reply(visit.actor, reply)
    if row.brand_id != here.row.brand_id:
        raise NotFound
    return inert(JsonResponse(as_data(take_files(row, by=visit.actor))))
