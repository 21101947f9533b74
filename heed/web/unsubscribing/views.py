"""One click, or a button, and an address gets no more automatic mail of a brand (RFC 8058). Looking changes nothing.

There is no session: the address names a message that only its recipient got. So there is no form token either, and
whoever has it can do no more than this, and undo it.
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from heed.delivery.queries import Recipient, automatic_recipient
from heed.kernel.words import ActorKind
from heed.people.actions.standings import resubscribe, unsubscribe
from heed.people.limits import is_allowed
from heed.people.policy import Actor
from heed.ui.respond import page_or_fragment
from heed.web.unsubscribing.contexts import UnsubscribingPage

PAGE = "unsubscribing/page.html"
ANSWERS_AN_HOUR = 600  # to one place: a provider's servers post for very many people
CLICKS_AN_HOUR = 20  # for one address


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribing(request: HttpRequest, token: str) -> HttpResponse:
    """The page with its button; posted to, what was asked is done. An unknown token answers alike, whatever it is."""
    recipient = automatic_recipient(token)
    if recipient is None:
        return _said(request, UnsubscribingPage(state="unknown"), 404)
    href = f"/unsubscribe/{token}/"
    if request.method != "POST":
        return _said(request, _page(recipient, href, "asked"), 200)
    place = get_adapter().get_client_ip(request)
    if not (
        is_allowed(f"unsubscribe from {place}", most=ANSWERS_AN_HOUR, seconds=3600)
        and is_allowed(f"unsubscribe {recipient.message}", most=CLICKS_AN_HOUR, seconds=3600)
    ):
        return _said(request, UnsubscribingPage(state="too_often"), 429)
    by = Actor(ActorKind.CUSTOMER, recipient.customer)
    wants_again = "again" in request.POST
    verb = resubscribe if wants_again else unsubscribe
    verb(recipient.address, brand=recipient.brand, on=recipient.conversation, by=by)
    return _said(request, _page(recipient, href, "again" if wants_again else "done"), 200)


def _page(recipient: Recipient, href: str, state: str) -> UnsubscribingPage:
    local, _, domain = recipient.address.rpartition("@")
    return UnsubscribingPage(
        state=state, href=href, brand=recipient.brand_name, address=f"{local[:1]}…@{domain}"
    )


def _said(request: HttpRequest, page: UnsubscribingPage, status: int) -> HttpResponse:
    response = page_or_fragment(request, PAGE, PAGE, page, status=status)
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
