"""The picker of saved replies where a conversation is only being begun."""

from email.utils import parseaddr

from django.http import HttpResponse, JsonResponse

from heed.answering import queries as saved
from heed.answering.actions.saved_replies import take_files
from heed.channels.email.mailboxes import is_address, key_of
from heed.conversations import queries
from heed.kernel.errors import require_visible
from heed.people.models import Customer
from heed.people.policy import may_begin
from heed.people.queries import customer, customers_by_address, inboxes_to_write_from
from heed.web.doors import Visit, agents_only
from heed.web.files import as_data
from heed.web.respond import inert
from heed.web.typed import TYPED_CHARACTERS
from heed.web.writing.replies import TYPED_CHARACTERS as QUERY_CHARACTERS
from heed.web.writing.replies import told

HERE = "/new/saved-replies/"
SUBJECT_CHARACTERS = 500


@agents_only("GET")
def replies(visit: Visit) -> HttpResponse:
    """The saved replies that fit what was typed (q), as the form stands: its inbox, its first address, its subject."""
    require_visible(may_begin(visit.actor))
    given = visit.request.GET
    desks = inboxes_to_write_from(visit.actor)
    number = given.get("inbox", "").partition(":")[0]
    desk = next((desk for desk in desks if str(desk.inbox.pk) == number), None)
    if desk is None:
        return told([], HERE)
    name, address = parseaddr(given.get("to", "")[:TYPED_CHARACTERS].replace(";", ","))
    known = known_customer(visit, address)
    begun = saved.Unbegun(
        desk.inbox,
        desk.team,
        name=name or (known.name if known else ""),
        address=key_of(address) if is_address(address) else "",
        language=known.language if known else "",
        subject=given.get("subject", "")[:SUBJECT_CHARACTERS],
    )
    typed = given.get("q", "")[:QUERY_CHARACTERS]
    return told(saved.picks_before(visit.actor, begun, writer=visit.agent, typed=typed), HERE)


def known_customer(visit: Visit, address: str) -> Customer | None:
    """Whose address it is, if the writer knows them; other brands may be other companies."""
    if not is_address(address):
        return None
    key = key_of(address)
    pk = customers_by_address([key]).get(key)
    if pk is None or not queries.knows_customer(visit.actor, pk):
        return None
    return customer(visit.actor, pk)


@agents_only("POST")
def files(visit: Visit, reply: int) -> HttpResponse:
    """The files of a saved reply, as uploads of the agent's own."""
    require_visible(may_begin(visit.actor))
    row = saved.saved_reply(visit.actor, reply)
    return inert(JsonResponse(as_data(take_files(row, by=visit.actor))))
