"""Roles that a desk makes: the list beside those that every desk has, and one role with its permissions."""

from collections.abc import Iterable, Sequence

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations.queries.event_names import named_agents
from heed.eventlog.kinds import RoleChanged
from heed.kernel.errors import HeedError, require_visible
from heed.kernel.permissions import GROUPS, PRESETS, Permission, Permissions
from heed.kernel.words import BUILT_IN, Role
from heed.people.actions.roles import add_role, change_custom_role, remove_role
from heed.people.policy import may_give_role, may_manage_roles
from heed.people.role_queries import MadeRole, custom_role, custom_roles, role_history
from heed.ui.contexts import FieldError
from heed.ui.respond import page_or_fragment
from heed.web.doors import Visit, agents_only
from heed.web.nav import Room, nav_context
from heed.web.people.views import field_error
from heed.web.roles.contexts import (
    PermissionChoice,
    PermissionGroup,
    RoleContext,
    RoleLine,
    RolePage,
    RoleRow,
    RolesPage,
)

HERE = "/settings/roles/"
LIST, ONE = "roles/list.html", "roles/one.html"


@agents_only("GET")
def listed(visit: Visit) -> HttpResponse:
    """Every role, with what it allows."""
    require_visible(may_manage_roles(visit.actor))
    page = RolesPage(
        nav=nav_context(visit, Room.of(visit), here=HERE),
        made=[
            RoleRow(
                href=f"{HERE}{role.row.pk}/",
                name=role.row.name,
                people=role.people,
                permissions=_in_order(role.permissions),
            )
            for role in custom_roles(visit.actor)
        ],
        built_in=[
            RoleRow(href=f"{HERE}new/?from={role}", code=role, permissions=_in_order(PRESETS[role]))
            for role in BUILT_IN
        ],
        new_href=f"{HERE}new/",
    )
    return page_or_fragment(visit.request, LIST, LIST, page)


def _in_order(permissions: Permissions) -> list[Permission]:
    return [one for one in Permission if one in permissions]


@agents_only("GET", "POST")
def new(visit: Visit) -> HttpResponse:
    """The form of a new role, begun from one that every desk has. Posted: made."""
    require_visible(may_manage_roles(visit.actor))
    given = visit.request.GET.get("from", "")
    if visit.request.method == "GET":
        held = PRESETS[Role(given)] if given in BUILT_IN else PRESETS[Role.VIEWER]
        return _show(visit, RoleContext(href="", name="", typed_name="", groups=_groups(visit, held)))
    try:
        role = add_role(_typed(visit), permissions=_chosen(visit), by=visit.actor)
    except HeedError as error:
        return _again(visit, error, href="", name="")
    return HttpResponseRedirect(f"{HERE}{role.pk}/?saved=1", status=303)


@agents_only("GET", "POST")
def one(visit: Visit, number: int) -> HttpResponse:
    """One role that was made here. Posted: it is called so and allows this, for everybody who has it, at once."""
    role = custom_role(visit.actor, number)
    if visit.request.method == "GET":
        return _show(visit, _context(visit, role))
    try:
        change_custom_role(role.row, name=_typed(visit), permissions=_chosen(visit), by=visit.actor)
    except HeedError as error:
        return _again(visit, error, href=f"{HERE}{number}/", name=role.row.name, people=role.people)
    return HttpResponseRedirect(f"{HERE}{number}/?saved=1", status=303)


@agents_only("POST")
def remove(visit: Visit, number: int) -> HttpResponse:
    """Let the desk have this role no more."""
    role = custom_role(visit.actor, number)
    try:
        remove_role(role.row, by=visit.actor)
    except HeedError as error:
        if error.status not in (403, 409):
            raise
        context = _context(visit, role, errors=[FieldError(field="remove", code=error.code)])
        return _show(visit, context)
    return HttpResponseRedirect(HERE, status=303)


def _typed(visit: Visit) -> str:
    return visit.request.POST.get("name", "")[:300]


def _chosen(visit: Visit) -> Permissions:
    """What is ticked; codes that nobody knows are none."""
    known = set(Permission)
    return frozenset(Permission(code) for code in visit.request.POST.getlist("allow") if code in known)


def _groups(visit: Visit, held: Permissions) -> list[PermissionGroup]:
    return [
        PermissionGroup(
            code=code,
            choices=[
                PermissionChoice(
                    code=one, is_held=one in held, may_give=may_give_role(visit.actor, frozenset({one}))
                )
                for one in group
            ],
        )
        for code, group in GROUPS.items()
    ]


def _context(visit: Visit, role: MadeRole, *, errors: Sequence[FieldError] = ()) -> RoleContext:
    return RoleContext(
        href=f"{HERE}{role.row.pk}/",
        name=role.row.name,
        typed_name=role.row.name,
        groups=_groups(visit, role.permissions),
        people=role.people,
        may_change=may_give_role(visit.actor, role.permissions),
        is_saved=visit.request.GET.get("saved") == "1" and not errors,
        errors=errors,
        changes=list(_changes(visit, role)),
    )


def _again(visit: Visit, error: HeedError, *, href: str, name: str, people: int = 0) -> HttpResponse:
    """The form as it was typed, with what is wrong."""
    if error.status not in (403, 409, 422):
        raise error
    code = "role_taken" if error.code == "already_there" else error.code
    said = field_error(error, otherwise="permissions")
    if error.status == 409:
        said = FieldError(field="name", code=code)
    return _show(
        visit,
        RoleContext(
            href=href,
            name=name,
            typed_name=_typed(visit),
            groups=_groups(visit, _chosen(visit)),
            people=people,
            errors=[said],
        ),
    )


def _show(visit: Visit, role: RoleContext) -> HttpResponse:
    page = RolePage(nav=nav_context(visit, Room.of(visit), here=HERE), role=role)
    return page_or_fragment(visit.request, ONE, ONE, page, status=422 if role.errors else 200)


def _changes(visit: Visit, role: MadeRole) -> Iterable[RoleLine]:
    events = role_history(visit.actor, role.row)
    names = named_agents(event.actor_id for event in events)
    for event in events:
        if isinstance(event.data, RoleChanged):
            who = names.get(event.actor_id or 0, "")
            permission = event.data.permission or ""
            yield RoleLine(change=event.data.change, permission=permission, at=event.at, who=who)
