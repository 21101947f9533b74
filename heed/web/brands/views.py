"""Settings of brands: the list, one brand's form, and its acknowledgement as a customer gets it now."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from itertools import groupby

from django.conf.locale import LANG_INFO
from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.hours_text import hours_text
from heed.brands.models import Brand
from heed.brands.queries import acknowledgements_of, address_of_brand
from heed.conversations.queries.event_names import named_agents
from heed.eventlog.kinds import BrandChanged
from heed.kernel import clock
from heed.kernel.errors import require, require_visible
from heed.language.acknowledgements import TEXTS
from heed.people.actions.brands import Settings, set_up_brand
from heed.people.checked import LANGUAGE
from heed.people.policy import may_look_at_brands, may_set_up_brands
from heed.people.queries import brand_history, brand_to_look_at, brands_to_look_at
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.brands.contexts import (
    BrandForm,
    BrandFragment,
    BrandPage,
    BrandRow,
    BrandsPage,
    ChangeLine,
    DayLine,
    DaysLine,
    PreviewFragment,
    WordsField,
)
from heed.web.brands.form import Typed, as_it_stands, as_typed, settings_of
from heed.web.brands.previewing import preview_of
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context

HERE = "/settings/brands/"
PAGE, FRAGMENT, PREVIEW = "brands/one.html", "brands/_form.html", "brands/_preview.html"


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every brand whose settings the agent sees, with its hours."""
    require_visible(may_look_at_brands(visit.actor))
    room = Room.of(visit)
    page = BrandsPage(
        nav=nav_context(visit, room, here=HERE),
        brands=[
            BrandRow(
                name=brand.name,
                href=f"{HERE}{brand.pk}/",
                language=brand.language,
                time_zone=brand.time_zone,
                days=_days(brand),
                acknowledges=brand.acknowledges,
            )
            for brand in brands_to_look_at(visit.actor)
        ],
    )
    return page_or_fragment(visit.request, "brands/list.html", "brands/list.html", page)


def _days(brand: Brand) -> list[DaysLine]:
    spans = [hours_text(brand.hours.get(str(day), ())) for day in range(7)]
    runs = [list(run) for _, run in groupby(range(7), key=spans.__getitem__)]
    return [DaysLine(first=run[0], last=run[-1], spans=spans[run[0]]) for run in runs if spans[run[0]]]


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One brand. Posted: kept, or, with add, given room for words in one more language, or shown as typed."""
    brand = brand_to_look_at(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, brand, as_it_stands(brand, acknowledgements_of([brand.pk])))
    require(may_set_up_brands(visit.actor))
    typed = as_typed(visit.request.POST)
    if "add" in visit.request.POST:
        return _show(visit, brand, typed.with_language(visit.request.POST.get("more", "")))
    asked = settings_of(typed)
    if "save" not in visit.request.POST:
        return _show(visit, brand, typed)
    if not isinstance(asked, Settings):
        return _show(visit, brand, typed, errors=asked)
    set_up_brand(brand, wanted=asked, by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{brand.pk}/?saved=1", status=303)


@agents_only("POST")
def preview(visit: Visit, number: int) -> HttpResponse:
    """The acknowledgement that what was typed would send now; nothing is kept."""
    brand = brand_to_look_at(visit.actor, number)
    require(may_set_up_brands(visit.actor))
    typed = as_typed(visit.request.POST)
    found = preview_of(settings_of(typed), address=address_of_brand(brand))
    return page_or_fragment(visit.request, PREVIEW, PREVIEW, PreviewFragment(preview=found))


def _show(visit: Visit, brand: Brand, typed: Typed, *, errors: Sequence[FieldError] = ()) -> HttpResponse:
    room = Room.of(visit)
    form = _form(brand, typed)
    form = replace(
        form,
        may_change=may_set_up_brands(visit.actor),
        errors=errors,
        is_saved=visit.request.method == "GET" and visit.request.GET.get("saved") == "1",
    )
    status = 422 if errors else 200
    if wants_fragment(visit.request):
        return page_or_fragment(visit.request, PAGE, FRAGMENT, BrandFragment(form=form), status=status)
    nav = nav_context(visit, room, here=HERE)
    page = BrandPage(nav=nav, form=form, changes=list(_changes(visit, brand)))
    return page_or_fragment(visit.request, PAGE, FRAGMENT, page, status=status)


def _form(brand: Brand, typed: Typed) -> BrandForm:
    known = {code for code, _ in typed.words}
    return BrandForm(
        href=f"{HERE}{brand.pk}/",
        preview_href=f"{HERE}{brand.pk}/preview/",
        may_change=False,
        name=typed.name,
        languages=_options({*languages(), brand.language}, chosen=typed.language),
        time_zones=_options(clock.zones(), chosen=typed.time_zone),
        days=[DayLine(weekday=day, spans=spans) for day, spans in enumerate(typed.days)],
        holidays=typed.holidays,
        first_reply=typed.first_reply,
        unit=typed.unit,
        acknowledges=typed.acknowledges,
        words=[WordsField(language=code, text=text, is_built_in=code in TEXTS) for code, text in typed.words],
        more_languages=_options(set(languages()) - known, chosen=""),
        signature=typed.signature,
        close_after_days=typed.close_after_days,
        preview=preview_of(settings_of(typed), address=address_of_brand(brand)),
    )


def _options(codes: Iterable[str], *, chosen: str) -> list[Option]:
    return [Option(value=code, label=code, is_chosen=code == chosen) for code in sorted(codes)]


@cache
def languages() -> frozenset[str]:
    """Languages that can be named to a reader."""
    named = (code for code, info in LANG_INFO.items() if "name" in info)
    return frozenset(code for code in named if LANGUAGE.fullmatch(code))


def _changes(visit: Visit, brand: Brand) -> Iterable[ChangeLine]:
    events = brand_history(visit.actor, brand)
    names = named_agents(event.actor_id for event in events)
    for event in events:
        if isinstance(event.data, BrandChanged):
            who = names.get(event.actor_id or 0, "")
            yield ChangeLine(part=event.data.part, at=event.at, who=who)
