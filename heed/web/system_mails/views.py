"""Settings of mails that the desk sends to customers by itself: words by brand and language, with a look at them."""

from collections.abc import Iterable

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Acknowledgement, Brand
from heed.brands.queries import acknowledgements_of, address_of_brand, calendar_of
from heed.conversations.queries.event_names import named_agents
from heed.eventlog.kinds import BrandChanged
from heed.kernel import clock
from heed.kernel.errors import NotFound, Unusable, require, require_visible
from heed.kernel.words import BrandPart, WordsFor
from heed.language.acknowledgements import TEXTS, unknown_variables
from heed.people.actions.brands import ACKNOWLEDGEMENT_CHARACTERS, set_acknowledgement
from heed.people.checked import LANGUAGE, LANGUAGE_CHARACTERS
from heed.people.policy import may_look_at_brands, may_set_up_brands
from heed.people.queries import brand_history, brand_to_look_at, brands_to_look_at
from heed.promises.wording import Moment, Voice, acknowledgement_text, reply_by
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.brands.previewing import NAME, NEEDED, REFERENCE
from heed.web.brands.views import languages
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.system_mails.contexts import (
    BrandMails,
    ChangedLine,
    MailLine,
    MailPage,
    MailsPage,
    SampleFragment,
    SampleMail,
    WordsLink,
)

HERE = "/settings/mails/"
LIST, ONE, PREVIEW = "system_mails/list.html", "system_mails/one.html", "system_mails/_preview.html"
LONGEST_TYPED = 20_000
CHANGES = 10  # shown below a mail


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every mail that leaves by itself, by brand, with the languages it has words in."""
    require_visible(may_look_at_brands(visit.actor))
    brands = list(brands_to_look_at(visit.actor))
    words = acknowledgements_of(brand.pk for brand in brands)
    page = MailsPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        brands=[
            BrandMails(
                name=brand.name,
                href=f"/settings/brands/{brand.pk}/#acknowledgement-part",
                is_on=brand.acknowledges,
                mails=[_line(brand, hours, words) for hours in WordsFor],
            )
            for brand in brands
        ],
    )
    return page_or_fragment(visit.request, LIST, LIST, page)


def _href(brand: Brand, hours: WordsFor, language: str) -> str:
    return f"{HERE}{brand.pk}/{hours}/{language}/"


def _line(brand: Brand, hours: WordsFor, words: Iterable[Acknowledgement]) -> MailLine:
    own = {row.language for row in words if row.brand_id == brand.pk and row.hours == hours}
    known = own | {brand.language} | (set(TEXTS) if hours is WordsFor.ANY else set())
    otherwise = "built_in" if hours is WordsFor.ANY else "other"
    return MailLine(
        hours=hours,
        words=[
            WordsLink(
                language=code,
                href=_href(brand, hours, code),
                state="own" if code in own else otherwise,
            )
            for code in sorted(known, key=lambda code: (code != brand.language, code))
        ],
        more=[Option(value=_href(brand, hours, code), label=code) for code in sorted(languages() - known)],
    )


def _asked(visit: Visit, number: int, hours: str, language: str) -> tuple[Brand, WordsFor]:
    """The brand and which of its mails. Raises NotFound."""
    brand = brand_to_look_at(visit.actor, number)
    if hours not in set(WordsFor) or not LANGUAGE.fullmatch(language) or len(language) > LANGUAGE_CHARACTERS:
        raise NotFound
    return brand, WordsFor(hours)


@agents_only("GET", "POST")
def one(visit: Visit, number: int, hours: str, language: str) -> HttpResponse:
    """The words of one mail in one language. Posted: kept; with do=reset, ours again."""
    brand, which = _asked(visit, number, hours, language)
    if visit.request.method == "GET":
        return _show(visit, brand, which, language)
    require(may_set_up_brands(visit.actor))
    typed = _typed(visit)
    text = "" if visit.request.POST.get("do") == "reset" else typed
    try:
        set_acknowledgement(brand, language=language, text=text, hours=which, by=visit.actor)
    except Unusable as error:
        unknown = unknown_variables(typed)
        limit = unknown[0] if unknown else str(ACKNOWLEDGEMENT_CHARACTERS)
        wrong = FieldError(field="words", code=error.reason, value=limit)
        return _show(visit, brand, which, language, typed=typed, error=wrong)
    return HttpResponseRedirect(f"{_href(brand, which, language)}?saved=1", status=303)


def _typed(visit: Visit) -> str:
    return visit.request.POST.get("words", "")[:LONGEST_TYPED].replace("\r\n", "\n")


@agents_only("POST")
def preview(visit: Visit, number: int, hours: str, language: str) -> HttpResponse:
    """The mail that what was typed would send now; nothing is kept."""
    brand, which = _asked(visit, number, hours, language)
    require(may_set_up_brands(visit.actor))
    sample = _sample(brand, which, language, _typed(visit))
    return page_or_fragment(visit.request, PREVIEW, PREVIEW, SampleFragment(sample=sample))


def _own(brand: Brand, hours: WordsFor) -> dict[str, str]:
    return {row.language: row.text for row in acknowledgements_of([brand.pk]) if row.hours == hours}


def _sample(brand: Brand, hours: WordsFor, language: str, typed: str) -> SampleMail:
    """The mail with these words, or, where there are none, with those that serve instead."""
    now, calendar = clock.now(), calendar_of(brand)
    due = reply_by(calendar, now, first_reply_seconds=brand.first_reply_seconds)
    address = address_of_brand(brand)
    if due is None or not brand.acknowledges:
        trouble = "off" if not brand.acknowledges else "never_open"
        return SampleMail(sender=brand.name, address=address, language=language, trouble=trouble)
    own = {**_own(brand, WordsFor.ANY), **({language: typed} if typed.strip() else {})}
    if not typed.strip() and hours is WordsFor.ANY:
        own.pop(language, None)
    voice = Voice(brand.name, brand.language, brand.time_zone, own)
    text = acknowledgement_text(voice, language=language, name=NAME, reference=REFERENCE, at=Moment(now, due))
    chosen, template = voice.template(language)
    return SampleMail(
        sender=brand.name,
        address=address,
        language=chosen,
        text=text,
        is_own=bool(typed.strip()),
        unknown=unknown_variables(typed),
        lacks=[name for name in NEEDED if f"{{{name}}}" not in template],
    )


def _show(
    visit: Visit,
    brand: Brand,
    hours: WordsFor,
    language: str,
    *,
    typed: str | None = None,
    error: FieldError | None = None,
) -> HttpResponse:
    kept = _own(brand, hours).get(language, "")
    text = kept if typed is None else typed
    otherwise = {} if hours is WordsFor.ANY else _own(brand, WordsFor.ANY)
    href = _href(brand, hours, language)
    page = MailPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=href,
        preview_href=f"{href}preview/",
        back_href=HERE,
        brand=brand.name,
        hours=hours,
        code=language,
        typed=text,
        otherwise=Voice(brand.name, brand.language, brand.time_zone, otherwise).template(language)[1],
        is_own=bool(kept),
        may_change=may_set_up_brands(visit.actor),
        sample=_sample(brand, hours, language, text),
        errors=[error] if error else [],
        changes=list(_changes(visit, brand)),
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
    )
    return page_or_fragment(visit.request, ONE, ONE, page, status=422 if error else 200)


def _changes(visit: Visit, brand: Brand) -> Iterable[ChangedLine]:
    events = [
        event
        for event in brand_history(visit.actor, brand)
        if isinstance(event.data, BrandChanged) and event.data.part is BrandPart.ACKNOWLEDGEMENT
    ][:CHANGES]
    names = named_agents(event.actor_id for event in events)
    return [ChangedLine(at=event.at, who=names.get(event.actor_id or 0, "")) for event in events]
