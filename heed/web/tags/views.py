"""Settings of tags: those of each brand with how often they are carried, renamed, merged after a look, archived."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.brands.models import Brand
from heed.conversations.actions.tags import archive_tag, merge_tag, rename_tag, restore_tag
from heed.conversations.filters import Condition, Field, Filter
from heed.conversations.queries.tags import (
    TagCount,
    carrying_both,
    offered_tags,
    tag_of_number,
    tags_of_brand,
)
from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.people.policy import may_set_up
from heed.people.queries import brands_to_set_up
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.tags.contexts import MergePage, TagPage, TagRow, TagsPage

HERE = "/settings/tags/"
LIST, ONE, MERGE = "tags/list.html", "tags/one.html", "tags/merge.html"
OFFERED = 500  # into which one may be merged
CODES = {"missing": "required", "already_there": "name_there"}


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """The tags of one brand (?brand=), by name; ?archived=1 those that are offered no more."""
    require_visible(may_set_up(visit.actor))
    brands = brands_to_set_up(visit.actor)
    brand, asked = _chosen(visit, brands), visit.request.GET
    archived = asked.get("archived") == "1"
    page = tags_of_brand(visit.actor, brand, archived=archived, after=asked.get("after", ""))
    shown = TagsPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=HERE,
        brand=str(brand.pk),
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=one == brand) for one in brands],
        tags=[
            TagRow(
                name=one.tag.name,
                href=f"{HERE}{one.tag.pk}/",
                count=one.count,
                into=one.tag.merged_into.name if one.tag.merged_into else "",
            )
            for one in page.rows
        ],
        archived=archived,
        offered_href=_href(brand),
        archived_href=_href(brand, archived="1"),
        next_href=_href(brand, archived="1" if archived else "", after=page.after) if page.after else "",
    )
    return page_or_fragment(visit.request, LIST, LIST, shown)


def _href(brand: Brand, **asked: str) -> str:
    given = {"brand": str(brand.pk), **asked}
    return f"{HERE}?{urlencode({name: value for name, value in given.items() if value})}"


def _chosen(visit: Visit, brands: list[Brand]) -> Brand:
    given = visit.request.GET.get("brand", "")
    found = next((one for one in brands if str(one.pk) == given), None)
    if found is None and (given or not brands):
        raise NotFound
    return found or brands[0]


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One tag. Posted, by do: name, archive, restore."""
    found = tag_of_number(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, found)
    do, by = visit.request.POST.get("do"), visit.actor
    deeds: dict[str, Callable[[], object]] = {
        "archive": lambda: archive_tag(found.tag, by=by),
        "restore": lambda: restore_tag(found.tag, by=by),
    }
    typed = visit.request.POST.get("name", "")
    error = _tried(deeds.get(do or "", lambda: rename_tag(found.tag, name=typed, by=by)))
    if error is not None:
        return _show(visit, tag_of_number(visit.actor, number), error=error)
    return HttpResponseRedirect(f"{HERE}{number}/?saved=1", status=303)


def _tried(deed: Callable[[], object]) -> FieldError | None:
    """Do it; what can't be used, as an error of its field."""
    try:
        deed()
    except Unusable as error:
        field = "into" if error.reason == "too_many" else error.field
        return FieldError(field=field, code=CODES.get(error.reason, error.reason))
    except HeedError as error:
        if error.status != 409:
            raise
        return FieldError(field="tag", code=CODES.get(error.code, error.code))
    return None


def _show(visit: Visit, found: TagCount, *, error: FieldError | None = None) -> HttpResponse:
    tag = found.tag
    into, of_tag = tag.merged_into, Filter((Condition(Field.TAG, (tag.name,)),))
    others = [] if into else offered_tags(visit.actor, tag.brand_id, limit=OFFERED)
    page = TagPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=f"{HERE}{tag.pk}/",
        merge_href=f"{HERE}{tag.pk}/merge/",
        back_href=_href(tag.brand, archived="1" if tag.archived_at else ""),
        name=tag.name,
        typed=visit.request.POST.get("name", tag.name)[:200],
        brand=tag.brand.name,
        count=found.count,
        search_href=f"/search/?{urlencode({'q': str(of_tag)})}",
        is_archived=tag.archived_at is not None,
        into=into.name if into else "",
        merge_into=[Option(value=str(one.pk), label=one.name) for one in others if one.pk != tag.pk],
        errors=[error] if error else [],
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
    )
    return page_or_fragment(visit.request, ONE, ONE, page, status=422 if error else 200)


@agents_only("GET", "POST")
def merge(visit: Visit, number: int) -> HttpResponse:
    """What merging a tag into another one (?into=) would change. Posted: it is done."""
    found = tag_of_number(visit.actor, number)
    asked = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    given = asked.get("into", "")
    others = offered_tags(visit.actor, found.tag.brand_id, limit=OFFERED)
    into = next((one for one in others if str(one.pk) == given and one.pk != number), None)
    if into is None or found.tag.merged_into_id is not None:
        return HttpResponseRedirect(f"{HERE}{number}/", status=303)
    error = None
    if visit.request.method == "POST":
        error = _tried(lambda: merge_tag(found.tag, into=into, by=visit.actor))
        if error is None:
            return HttpResponseRedirect(f"{HERE}{into.pk}/?saved=1", status=303)
    target, both = tag_of_number(visit.actor, into.pk), carrying_both(visit.actor, found.tag, into)
    page = MergePage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=f"{HERE}{number}/merge/",
        back_href=f"{HERE}{number}/",
        name=found.tag.name,
        into=into.name,
        into_number=into.pk,
        count=found.count,
        into_count=target.count,
        both=both,
        after=found.count + target.count - both,
        error=error,
    )
    return page_or_fragment(visit.request, MERGE, MERGE, page, status=422 if error else 200)
