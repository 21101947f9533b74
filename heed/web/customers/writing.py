"""What agents write down about a customer: the profile, and notes. A failed form comes back as it was typed."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations.actions.profiles import (
    ADDRESSED_CHARACTERS,
    NOTE_CHARACTERS,
    change_customer_note,
    describe_customer,
    erase_customer_note,
    write_customer_note,
)
from heed.conversations.queries.access import brands_of_customer
from heed.conversations.queries.customers import customer_note, known_customer
from heed.kernel.errors import NotFound, Unusable
from heed.people.checked import NAME_CHARACTERS
from heed.ui.contexts import FieldError
from heed.web.customers.profile import typed_profile
from heed.web.customers.views import Typed, href_of, show
from heed.web.doors import Visit, agents_only

LIMITS = {"note": NOTE_CHARACTERS, "addressed_as": ADDRESSED_CHARACTERS}
WORDS = {"missing": "required", "unknown": "unknown_choice"}


@agents_only("POST")
def profile(visit: Visit, number: int) -> HttpResponse:
    """Say what is known of the customer."""
    typed = typed_profile(visit)
    try:
        describe_customer(known_customer(visit.actor, number), profile=typed, by=visit.actor)
    except Unusable as error:
        return show(visit, number, typed=Typed(profile=typed, errors=(_error(error),)))
    return HttpResponseRedirect(f"{href_of(number)}?saved=1", status=303)


@agents_only("POST")
def note(visit: Visit, number: int) -> HttpResponse:
    """Write a note; where the customer is known in several brands, for the chosen one."""
    given = visit.request.POST
    brands = brands_of_customer(visit.actor, number)
    chosen = given.get("brand", "") if len(brands) > 1 else ""
    brand = next((one for one in brands if not chosen or str(one.pk) == chosen), None)
    if not brands:
        raise NotFound
    text = given.get("text", "")
    try:
        if brand is None or (len(brands) > 1 and not chosen):
            raise Unusable("brand", "unknown")
        customer = known_customer(visit.actor, number)
        write_customer_note(customer, brand=brand, text=text, by=visit.actor)
    except Unusable as error:
        return show(visit, number, typed=Typed(note=text, brand=chosen, errors=(_error(error),)))
    return HttpResponseRedirect(f"{href_of(number)}#customer-notes", status=303)


@agents_only("POST")
def rewrite(visit: Visit, number: int) -> HttpResponse:
    """Change the words of a note."""
    row = customer_note(visit.actor, number)
    text = visit.request.POST.get("text", "")
    try:
        change_customer_note(row, text=text, by=visit.actor)
    except Unusable as error:
        typed = Typed(note=text, editing=row.pk, errors=(_error(error),))
        return show(visit, row.customer_id, typed=typed)
    return HttpResponseRedirect(f"{href_of(row.customer_id)}#note-{row.pk}", status=303)


@agents_only("POST")
def erase(visit: Visit, number: int) -> HttpResponse:
    """Erase a note for good."""
    row = customer_note(visit.actor, number)
    erase_customer_note(row, by=visit.actor)
    return HttpResponseRedirect(f"{href_of(row.customer_id)}#customer-notes", status=303)


def _error(error: Unusable) -> FieldError:
    found = FieldError(field=error.field, code=WORDS.get(error.reason, error.reason))
    if error.reason == "too_long":
        return replace(found, value=str(LIMITS.get(error.field, NAME_CHARACTERS)))
    return found
