"""What is known of a customer and notes about them, as their page shows them and asks for them."""

from collections.abc import Iterable
from urllib.parse import urlencode

from heed.conversations.actions.profiles import Profile
from heed.conversations.queries.customers import Sheet
from heed.kernel import clock
from heed.kernel.customer_words import PreferredChannel
from heed.kernel.words import AgentId
from heed.people.models import Customer
from heed.people.policy import may_erase_note, may_rewrite_note
from heed.ui.contexts import FieldError, Option, Person
from heed.web.brands.views import languages
from heed.web.customers.contexts import NoteForm, NoteRow, ProfileForm
from heed.web.doors import Visit


def profile_of(customer: Customer) -> Profile:
    """What is known now."""
    return Profile(
        name=customer.name,
        company=customer.company.name if customer.company else "",
        language=customer.language,
        time_zone=customer.time_zone,
        addressed_as=customer.addressed_as,
        preferred_channel=customer.preferred_channel,
        wants_no_automatic_mail=customer.wants_no_automatic_mail,
    )


def typed_profile(visit: Visit) -> Profile:
    """What was typed into the form."""
    given = visit.request.POST
    return Profile(
        name=given.get("name", ""),
        company=given.get("company", ""),
        language=given.get("language", ""),
        time_zone=given.get("time_zone", ""),
        addressed_as=given.get("addressed_as", ""),
        preferred_channel=given.get("preferred_channel", ""),
        wants_no_automatic_mail="wants_no_automatic_mail" in given,
    )


def profile_form(
    profile: Profile, *, href: str, is_saved: bool, errors: list[FieldError] | None = None
) -> ProfileForm:
    """The form, filled. href: of the customer's page; empty: the reader may only look."""
    known = {*languages(), profile.language} - {""}
    return ProfileForm(
        href=f"{href}profile/" if href else "",
        name=profile.name,
        company=profile.company,
        language=profile.language,
        time_zone=profile.time_zone,
        addressed_as=profile.addressed_as,
        preferred_channel=profile.preferred_channel,
        wants_no_automatic_mail=profile.wants_no_automatic_mail,
        languages=_options(sorted(known), profile.language),
        time_zones=_options(clock.zones(), profile.time_zone),
        channels=_options(PreferredChannel, profile.preferred_channel),
        company_href=f"/customers/?{urlencode({'q': profile.company})}" if profile.company else "",
        is_saved=is_saved,
        errors=errors or (),
    )


def _options(values: Iterable[str], chosen: str) -> list[Option]:
    return [Option(value=value, label=value, is_chosen=value == chosen) for value in values]


def note_rows(visit: Visit, sheet: Sheet) -> Iterable[NoteRow]:
    """The notes, newest first. The brand is told only where there are several."""
    for note in sheet.notes:
        author = AgentId(note.author_id)
        href = f"/customers/notes/{note.pk}/"
        yield NoteRow(
            id=note.pk,
            author=Person(name=note.author.name, is_me=author == visit.agent.pk),
            brand=note.brand.name if len(sheet.brands) > 1 else "",
            text=note.text,
            written_at=note.written_at,
            changed_at=note.changed_at,
            href=href if may_rewrite_note(visit.actor, author) else "",
            erase_href=f"{href}erase/" if may_erase_note(visit.actor, author) else "",
        )


def note_form(sheet: Sheet, *, href: str, text: str = "", brand: str = "") -> NoteForm:
    """The form for a new note."""
    several = sheet.brands if len(sheet.brands) > 1 else ()
    return NoteForm(
        href=f"{href}notes/",
        text=text,
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=str(one.pk) == brand) for one in several],
    )
