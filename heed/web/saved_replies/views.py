"""Settings of saved replies: the list, one reply's form with its preview and history, putting it away and back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect

from heed.answering import queries
from heed.answering.actions.saved_replies import (
    FILES,
    add_saved_reply,
    archive_saved_reply,
    attach_to_reply,
    change_saved_reply,
    detach_from_reply,
    restore_saved_reply,
)
from heed.answering.models import SavedReply, SavedReplyFile, SavedReplyVersion
from heed.answering.variables import VARIABLES
from heed.brands.models import Brand
from heed.brands.queries import brands_by_id
from heed.kernel import blobs
from heed.kernel.config import config
from heed.kernel.errors import NotFound, Unusable, require, require_visible
from heed.kernel.words import BrandId
from heed.people.policy import Shelf, may_begin, may_keep, may_use
from heed.ui.contexts import FieldError, Option
from heed.ui.respond import page_or_fragment, wants_fragment
from heed.web.brands.views import languages
from heed.web.conversation.composer import uploads
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.saved_replies.contexts import (
    FileLine,
    PreviewPage,
    PutAway,
    RepliesPage,
    ReplyForm,
    ReplyPage,
    ReplyRow,
    Sharing,
    TextField,
    VersionLine,
)
from heed.web.saved_replies.form import (
    OF_BRAND,
    OF_TEAM,
    PRIVATE,
    Typed,
    as_it_stands,
    as_typed,
    error_of,
)
from heed.web.saved_replies.previewing import preview_of
from heed.web.typed import number as key_of_row

HERE = "/settings/saved-replies/"
LIST, PAGE = "saved_replies/list.html", "saved_replies/one.html"
PREVIEW, PREVIEW_PAGE = "saved_replies/_preview.html", "saved_replies/preview.html"
TYPED_CHARACTERS = 100


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """The saved replies that the agent finds, by folder; with ?archived=1 those put away."""
    require_visible(may_begin(visit.actor))
    get = visit.request.GET
    typed, after = get.get("q", "")[:TYPED_CHARACTERS], get.get("after", "")
    is_archived = get.get("archived") == "1"
    found = (queries.archived if is_archived else queries.listed)(visit.actor, typed=typed, after=after)
    more = {"q": typed, "archived": "1" if is_archived else "", "after": found.after}
    page = RepliesPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        rows=[_row(visit, row, found.languages.get(row.pk, ())) for row in found.rows],
        typed=typed,
        is_archived=is_archived,
        new_href=f"{HERE}new/",
        other_href=HERE if is_archived else f"{HERE}?archived=1",
        next_href=f"{HERE}?{urlencode({name: text for name, text in more.items() if text})}"
        if found.after
        else "",
        put_away=_put_away(visit, key_of_row(get.get("put_away", ""))),
    )
    return page_or_fragment(visit.request, LIST, LIST, page)


def _row(visit: Visit, row: SavedReply, codes: Sequence[str]) -> ReplyRow:
    may_restore = row.archived_at is not None and queries.may_change_reply(visit.actor, row)
    return ReplyRow(
        name=row.name,
        href=f"{HERE}{row.pk}/",
        folder=row.folder,
        languages=codes,
        sharing=_sharing(row),
        restore_href=f"{HERE}{row.pk}/restore/" if may_restore else "",
    )


def _sharing(row: SavedReply) -> Sharing:
    if row.owner_id is not None:
        return Sharing(kind="private")
    if row.team is not None:
        return Sharing(kind="team", name=row.team.name)
    return Sharing(kind="brand", name=row.brand.name)


def _put_away(visit: Visit, number: int | None) -> PutAway | None:
    """The one that was just put away: it can come back."""
    if number is None:
        return None
    try:
        row = queries.saved_reply(visit.actor, number)
    except NotFound:
        return None
    is_gone = row.archived_at is not None and queries.may_change_reply(visit.actor, row)
    return PutAway(name=row.name, restore_href=f"{HERE}{row.pk}/restore/") if is_gone else None


@agents_only("GET", "POST")
def new(visit: Visit) -> HttpResponse:
    """A new saved reply of one of the agent's brands."""
    require_visible(may_begin(visit.actor))
    given = visit.request.POST if visit.request.method == "POST" else visit.request.GET
    brands = _brands(visit)
    brand = next((one for one in brands if str(one.pk) == given.get("brand")), brands[0])
    if visit.request.method == "GET":
        typed = Typed(texts=((brand.language, ""),))
        return _show(visit, brand, typed, brands=brands)
    typed = as_typed(visit.request.POST)
    if "save" not in visit.request.POST:
        return _show(visit, brand, typed.with_language(given.get("more", "")), brands=brands)
    try:
        _check_files(visit)
        row = add_saved_reply(brand, wanted=typed.wanted(agent=visit.actor.agent_id), by=visit.actor)
        _keep_files(visit, row)
    except Unusable as error:
        return _show(visit, brand, typed, brands=brands, errors=[error_of(error)])
    return HttpResponseRedirect(f"{HERE}{row.pk}/?saved=1", status=303)


def _brands(visit: Visit) -> list[Brand]:
    """The brands that the agent answers for; never none."""
    keys = {team.brand for team in visit.teams}
    brands = [
        brand for brand in brands_by_id(keys).values() if may_use(visit.actor, Shelf(BrandId(brand.pk)))
    ]
    require_visible(bool(brands))
    return brands


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One saved reply. Posted: kept (save), or with room for one more language (add), a file less (remove), as it was
    in an earlier version (bring_back).
    """
    row = queries.saved_reply(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, row.brand, as_it_stands(row, queries.texts_of(visit.actor, row)), row=row)
    require(queries.may_change_reply(visit.actor, row))
    post, typed = visit.request.POST, as_typed(visit.request.POST)
    if "add" in post:
        return _show(visit, row.brand, typed.with_language(post.get("more", "")), row=row)
    try:
        _change(visit, row, typed)
    except Unusable as error:
        return _show(visit, row.brand, typed, row=row, errors=[error_of(error)])
    return HttpResponseRedirect(f"{HERE}{row.pk}/?saved=1", status=303)


def _change(visit: Visit, row: SavedReply, typed: Typed) -> None:
    post = visit.request.POST
    _check_files(visit)
    if "bring_back" in post:
        typed = _as_it_was(visit, row, post["bring_back"])
    change_saved_reply(row, wanted=typed.wanted(agent=visit.actor.agent_id), by=visit.actor)
    if "remove" in post:
        detach_from_reply(row, file_id=key_of_row(post["remove"]) or 0, by=visit.actor)
    _keep_files(visit, row)


def _as_it_was(visit: Visit, row: SavedReply, version: str) -> Typed:
    """Name, folder and texts of an earlier version; who finds it stays as it is."""
    for old in queries.versions_of(visit.actor, row):
        if str(old.pk) == version:
            now = as_it_stands(row, old.texts)
            return replace(now, name=old.name, folder=old.folder)
    raise NotFound


def _check_files(visit: Visit) -> None:
    """Before anything is kept: a form that comes back has changed nothing."""
    given = uploads(visit.request, "files")
    if len(given) > FILES:
        raise Unusable("files", "too_many")
    if sum(file.size or 0 for file in given) > config.upload_max_bytes:
        raise Unusable("files", "too_large")


def _keep_files(visit: Visit, row: SavedReply) -> None:
    for file in uploads(visit.request, "files"):
        content = file.read()
        name = (file.name or "file").replace("\\", "/").rsplit("/", 1)[-1]
        kept = SavedReplyFile(
            blob_id=blobs.put(content),
            filename=name[:255],
            content_type=(file.content_type or "application/octet-stream")[:120],
            size=len(content),
        )
        attach_to_reply(row, file=kept, by=visit.actor)


@agents_only("POST")
def preview(visit: Visit) -> HttpResponse:
    """What was typed, as it would stand in a conversation; nothing is kept."""
    require_visible(may_begin(visit.actor))
    brand = key_of_row(visit.request.POST.get("brand", ""))
    teams = [team.id for team in visit.teams if team.brand == brand]
    require_visible(bool(teams))
    on = key_of_row(visit.request.POST.get("on", ""))
    found = preview_of(visit, as_typed(visit.request.POST), teams=teams, on=on)
    nav = None if wants_fragment(visit.request) else nav_context(visit, Room.of(visit), here=HERE)
    return page_or_fragment(visit.request, PREVIEW_PAGE, PREVIEW, PreviewPage(preview=found, nav=nav))


@agents_only("POST")
def archive(visit: Visit, number: int) -> HttpResponse:
    """Put a saved reply away; the list offers to bring it back."""
    row = archive_saved_reply(queries.saved_reply(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(f"{HERE}?put_away={row.pk}", status=303)


@agents_only("POST")
def restore(visit: Visit, number: int) -> HttpResponse:
    """Bring a saved reply back."""
    row = restore_saved_reply(queries.saved_reply(visit.actor, number), by=visit.actor)
    return HttpResponseRedirect(f"{HERE}{row.pk}/", status=303)


def _show(
    visit: Visit,
    brand: Brand,
    typed: Typed,
    *,
    row: SavedReply | None = None,
    brands: Sequence[Brand] = (),
    errors: Sequence[FieldError] = (),
) -> HttpResponse:
    form = _form(visit, brand, typed, row, errors)
    status = 422 if errors else 200
    href = f"{HERE}{row.pk}/" if row is not None else ""
    page = ReplyPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        form=form,
        brands=[Option(value=str(one.pk), label=one.name, is_chosen=one == brand) for one in brands]
        if len(brands) > 1
        else (),
        versions=list(_versions(queries.versions_of(visit.actor, row))) if row is not None else (),
        archive_href=f"{href}archive/" if row and form.may_change and row.archived_at is None else "",
        restore_href=f"{href}restore/" if row and form.may_change and row.archived_at is not None else "",
        archived_at=row.archived_at if row is not None else None,
    )
    return page_or_fragment(visit.request, PAGE, PAGE, page, status=status)


def _form(
    visit: Visit, brand: Brand, typed: Typed, row: SavedReply | None, errors: Sequence[FieldError]
) -> ReplyForm:
    known = {code for code, _ in typed.texts}
    files = queries.files_of(visit.actor, row) if row is not None else ()
    return ReplyForm(
        href=f"{HERE}{row.pk}/" if row is not None else f"{HERE}new/",
        preview_href=f"{HERE}preview/",
        brand=brand.pk,
        name=typed.name,
        folder=typed.folder,
        folders=queries.folders(visit.actor),
        sharings=list(_sharings(visit, brand, typed.sharing)),
        texts=[TextField(language=code, text=text) for code, text in typed.texts],
        more_languages=[Option(value=code) for code in sorted(languages() - known)],
        variables=VARIABLES,
        files=[FileLine(id=file.pk, name=file.filename, size=file.size) for file in files],
        may_change=row is None or queries.may_change_reply(visit.actor, row),
        is_new=row is None,
        is_saved=visit.request.GET.get("saved") == "1" and not errors,
        errors=errors,
    )


def _sharings(visit: Visit, brand: Brand, chosen: str) -> Iterable[Option]:
    """Who may be let find it: oneself, each of one's teams of the brand, everybody of the brand."""
    yield Option(value=PRIVATE, is_chosen=chosen == PRIVATE)
    for team in visit.teams:
        shelf = Shelf(BrandId(brand.pk), team.id)
        if team.brand == brand.pk and may_keep(visit.actor, shelf):
            value = f"{OF_TEAM}{team.id}"
            yield Option(value=value, label=team.name, is_chosen=value == chosen)
    if may_keep(visit.actor, Shelf(BrandId(brand.pk))) or chosen == OF_BRAND:
        yield Option(value=OF_BRAND, label=brand.name, is_chosen=chosen == OF_BRAND)


def _versions(rows: Sequence[SavedReplyVersion]) -> Iterable[VersionLine]:
    for place, row in enumerate(rows):
        yield VersionLine(
            id=row.pk,
            at=row.at,
            who=row.agent.name if row.agent else "",
            parts=row.parts,
            name=row.name,
            texts=[TextField(language=code, text=text) for code, text in sorted(row.texts.items())],
            is_newest=place == 0,
        )
