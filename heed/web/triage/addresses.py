"""What became of our mail to an address, and the way to let mail leave again."""

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries
from heed.conversations.models import Conversation
from heed.kernel.errors import NotFound, Unusable
from heed.kernel.words import BrandId, ConversationId, SuppressReason
from heed.people.actions.standings import lift, resubscribe
from heed.people.models import AddressStanding
from heed.people.policy import may_begin, may_unsubscribe
from heed.people.standing_queries import standing, unsubscribed_at
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.triage.contexts import AddressPage
from heed.web.typed import number as as_number


@agents_only("GET", "POST")
def standing_page(visit: Visit, number: int) -> HttpResponse:
    """Why nothing is sent there, seen from a conversation that the agent may open. Posted: let mail leave again."""
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    row, conversation = _seen(visit, number, given.get("conversation", ""))
    errors: list[FieldError] = []
    if visit.request.method == "POST":
        try:
            lift(row, why=given.get("why", ""), on=ConversationId(conversation.pk), by=visit.actor)
            return HttpResponseRedirect(f"/conversations/{conversation.pk}/", status=303)
        except Unusable as error:
            code = "required" if error.reason == "missing" else error.reason
            errors.append(FieldError(field="why", code=code, value="200"))
    page = _page(visit, row, conversation, given.get("why", "")[:400], errors)
    template = "triage/address.html"
    return page_or_fragment(visit.request, template, template, page, status=422 if errors else 200)


@agents_only("POST")
def resubscribed(visit: Visit, number: int) -> HttpResponse:
    """Let automatic mail of the conversation's brand leave to this address again."""
    row, conversation = _seen(visit, number, visit.request.POST.get("conversation", ""))
    on = ConversationId(conversation.pk)
    resubscribe(row.address, brand=BrandId(conversation.brand_id), on=on, by=visit.actor)
    return HttpResponseRedirect(f"/conversations/{conversation.pk}/", status=303)


def _seen(visit: Visit, number: int, given: str) -> tuple[AddressStanding, Conversation]:
    """An address, and the conversation of the agent's that names it: they are shown no others. Raises NotFound."""
    row = standing(visit.actor, number)
    wanted = as_number(given)
    if row is None or wanted is None:
        raise NotFound
    conversation = queries.conversation(visit.actor, wanted)
    if row.address not in queries.names_of(visit.actor, conversation):
        raise NotFound
    return row, conversation


def _page(
    visit: Visit, row: AddressStanding, conversation: Conversation, why: str, errors: list[FieldError]
) -> AddressPage:
    reason, at = row.reason, row.suppressed_at
    if not reason and row.complained_at is not None:
        reason, at = SuppressReason.COMPLAINT, row.complained_at
    elif not reason and row.soft_failures:
        reason, at = "soft", row.failed_at
    here = f"/addresses/{row.pk}/"
    since = unsubscribed_at(visit.actor, row, BrandId(conversation.brand_id))
    return AddressPage(
        nav=nav_context(visit, Room.of(visit), here=f"{here}?conversation={conversation.pk}"),
        address=row.address,
        href=here,
        back_href=f"/conversations/{conversation.pk}/",
        reason=reason,
        at=at,
        soft_failures=row.soft_failures,
        conversation=conversation.pk,
        report_href=f"/messages/{row.report}/text/" if _may_read(visit, row.report) else "",
        lifted_at=row.lifted_at,
        lifted_by=row.lifted_by.name if row.lifted_by else "",
        lifted_why=row.lifted_why,
        why=why,
        unsubscribed_at=since,
        brand=conversation.brand.name,
        resubscribe_href=f"{here}resubscribe/" if since and may_unsubscribe(visit.actor) else "",
        may_lift=may_begin(visit.actor) and bool(row.suppressed_at or row.complained_at),
        errors=errors,
    )


def _may_read(visit: Visit, message: int | None) -> bool:
    if message is None:
        return False
    try:
        return bool(queries.message(visit.actor, message))
    except NotFound:
        return False
