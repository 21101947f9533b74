"""Settings of what conversations are about: the tree of topics of each brand, and the fields agents fill in."""

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect, QueryDict

from heed.brands.models import Brand, CustomField, Topic
from heed.brands.queries import field_of_number, fields_of, topic_of_number, topics_of
from heed.brands.topics import Branch, in_order
from heed.kernel.errors import HeedError, NotFound, Unusable, require_visible
from heed.kernel.words import FieldKind
from heed.people.actions.topics import (
    add_field,
    add_topic,
    archive_field,
    archive_topic,
    change_field,
    move_topic,
    rename_topic,
    restore_field,
    restore_topic,
)
from heed.people.policy import may_set_up
from heed.people.queries import brands_to_set_up
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.topics.contexts import FieldForm, FieldPage, TopicPage, TopicsPage
from heed.web.topics.rows import (
    FIELDS,
    HERE,
    above,
    choices_of,
    error_of,
    field_form,
    field_rows,
    topic_form,
    topic_rows,
)

LIST, TOPIC, FIELD = "topics/list.html", "topics/one.html", "topics/field.html"
NOTHING = QueryDict()


@agents_only("GET", "POST")
def listed(visit: Visit) -> HttpResponse:
    """The topics of one brand (?brand=). Posted: one more topic, or (do=field) one more field of the whole brand."""
    require_visible(may_set_up(visit.actor))
    brands = brands_to_set_up(visit.actor)
    brand = _chosen(visit, brands)
    branches = in_order(topics_of(brand))
    if visit.request.method == "GET":
        return _show_list(visit, brand, brands, branches)
    if visit.request.POST.get("do") == "field":
        error = _tried(lambda: _more_fields(visit, brand, None), named="field_name")
    else:
        error = _tried(lambda: _more_topics(visit, brand, branches), named="name")
    if error is not None:
        return _show_list(visit, brand, brands, branches, error=error)
    return HttpResponseRedirect(f"{HERE}?brand={brand.pk}&saved=1", status=303)


def _chosen(visit: Visit, brands: list[Brand]) -> Brand:
    given = visit.request.POST.get("brand") or visit.request.GET.get("brand", "")
    found = next((one for one in brands if str(one.pk) == given), None)
    if found is None and (given or not brands):
        raise NotFound
    return found or brands[0]


def _tried(deed: Callable[[], object], *, named: str) -> FieldError | None:
    """Do it; what can't be used, as an error of its field."""
    try:
        deed()
    except HeedError as error:
        if error.status not in (409, 422):
            raise
        return error_of(error, named=named)
    return None


def _parent(visit: Visit, branches: list[Branch]) -> Topic | None:
    given = visit.request.POST.get("parent", "")
    if not given:
        return None
    found = next((one.topic for one in branches if str(one.topic.pk) == given), None)
    if found is None:
        raise Unusable("parent", "unknown_choice")
    return found


def _more_topics(visit: Visit, brand: Brand, branches: list[Branch]) -> None:
    name = visit.request.POST.get("name", "")
    add_topic(brand, name=name, parent=_parent(visit, branches), by=visit.actor)


def _more_fields(visit: Visit, brand: Brand, topic: Topic | None) -> None:
    typed = visit.request.POST
    if typed.get("kind") not in set(FieldKind):
        raise Unusable("kind", "unknown_choice")
    add_field(
        brand,
        topic=topic,
        name=typed.get("field_name", ""),
        kind=FieldKind(typed["kind"]),
        choices=choices_of(typed),
        by=visit.actor,
    )


def _show_list(
    visit: Visit,
    brand: Brand,
    brands: list[Brand],
    branches: list[Branch],
    *,
    error: FieldError | None = None,
) -> HttpResponse:
    fields = fields_of(brand)
    typed = visit.request.POST
    errors = [error] if error else []
    given = typed.get("parent", "")
    page = TopicsPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=HERE,
        brand=str(brand.pk),
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=one == brand) for one in brands],
        topics=topic_rows(branches, fields),
        fields=field_rows(one for one in fields if one.topic_id is None),
        topic_form=topic_form(
            typed, branches, chosen=int(given) if given.isascii() and given.isdigit() else None, errors=errors
        ),
        field_form=field_form(typed, errors=errors),
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
    )
    return page_or_fragment(visit.request, LIST, LIST, page, status=422 if error else 200)


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One topic. Posted, by do: name (with its place), archive, restore; field: one more field of it."""
    topic = _topic(visit, number)
    branches = in_order(topics_of(topic.brand))
    if visit.request.method == "GET":
        return _show_topic(visit, topic, branches)
    do, by = visit.request.POST.get("do"), visit.actor
    if do == "field":
        error = _tried(lambda: _more_fields(visit, topic.brand, topic), named="field_name")
    elif do in ("archive", "restore"):
        error = _tried(
            lambda: (archive_topic if do == "archive" else restore_topic)(topic, by=by), named="name"
        )
    else:
        error = _tried(lambda: _change(visit, topic, branches), named="name")
    if error is not None:
        return _show_topic(visit, topic, branches, error=error)
    return HttpResponseRedirect(f"{HERE}{number}/?saved=1", status=303)


def _topic(visit: Visit, number: int) -> Topic:
    require_visible(may_set_up(visit.actor))
    return topic_of_number(number)


def _change(visit: Visit, topic: Topic, branches: list[Branch]) -> None:
    move_topic(topic, below=_parent(visit, branches), by=visit.actor)
    rename_topic(topic, name=visit.request.POST.get("name", ""), by=visit.actor)


def _show_topic(
    visit: Visit, topic: Topic, branches: list[Branch], *, error: FieldError | None = None
) -> HttpResponse:
    fields = fields_of(topic.brand)
    here = next(branch for branch in branches if branch.topic.pk == topic.pk)
    typed = visit.request.POST
    errors = [error] if error else []
    elsewhere = [one for one in branches if topic.pk not in (one.topic.pk, *one.topic.above)]
    names = typed if "name" in typed else QueryDict(mutable=True)
    if names is not typed:
        names["name"] = topic.name
    page = TopicPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=f"{HERE}{topic.pk}/",
        name=topic.name,
        brand=topic.brand.name,
        back_href=f"{HERE}?brand={topic.brand_id}",
        names=here.names,
        is_archived=here.is_archived,
        own=field_rows(one for one in fields if one.topic_id == topic.pk),
        inherited=field_rows(one for one in above(topic, fields) if one.archived_at is None),
        below=topic_rows((one for one in branches if topic.pk in one.topic.above), fields),
        topic_form=topic_form(names, elsewhere, chosen=topic.parent_id, errors=errors),
        field_form=field_form(typed, errors=errors),
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
    )
    return page_or_fragment(visit.request, TOPIC, TOPIC, page, status=422 if error else 200)


@agents_only("GET", "POST")
def field(visit: Visit, number: int) -> HttpResponse:
    """One custom field. Posted, by do: name (with its choices), archive, restore."""
    require_visible(may_set_up(visit.actor))
    found = field_of_number(number)
    if visit.request.method == "GET":
        return _show_field(visit, found)
    do, typed, by = visit.request.POST.get("do"), visit.request.POST, visit.actor
    if do in ("archive", "restore"):
        error = _tried(
            lambda: (archive_field if do == "archive" else restore_field)(found, by=by), named="name"
        )
    else:
        name, choices = typed.get("field_name", ""), choices_of(typed)
        error = _tried(lambda: change_field(found, name=name, choices=choices, by=by), named="field_name")
    if error is not None:
        return _show_field(visit, found, error=error)
    return HttpResponseRedirect(f"{FIELDS}{number}/?saved=1", status=303)


def _show_field(visit: Visit, found: CustomField, *, error: FieldError | None = None) -> HttpResponse:
    typed = visit.request.POST
    page = FieldPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        href=f"{FIELDS}{found.pk}/",
        name=found.name,
        brand=found.brand.name,
        kind=found.kind,
        topic=found.topic.name if found.topic else "",
        back_href=f"{HERE}{found.topic_id}/" if found.topic_id else f"{HERE}?brand={found.brand_id}",
        is_archived=found.archived_at is not None,
        has_choices=found.kind == FieldKind.CHOICE,
        form=FieldForm(
            name=typed.get("field_name", found.name)[:300],
            choices=typed.get("choices", "\n".join(found.choices)),
            errors=[error] if error else [],
        ),
        is_saved=visit.request.GET.get("saved") == "1" and error is None,
    )
    return page_or_fragment(visit.request, FIELD, FIELD, page, status=422 if error else 200)
