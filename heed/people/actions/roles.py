"""Verbs about roles that a desk makes: named permissions, given together."""

from heed.eventlog.kinds import RoleChanged
from heed.eventlog.unit import add, change, lock, record, remove, verb
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.permissions import Permissions, read, written
from heed.kernel.words import Role, RoleChange, RoleId
from heed.people.actions import AlreadyThere
from heed.people.checked import name_of
from heed.people.models import Agent, CustomRole
from heed.people.policy import Actor, may_give_role, may_manage_roles


class RoleInUse(NotAllowedNow):
    """Somebody has this role: give them another one first."""

    code = "role_in_use"


def _name(name: str, *, but: int = 0) -> str:
    tidy = name_of(name)
    if tidy.lower() in set(Role):  # it would be taken for the one that every desk has
        raise AlreadyThere
    if CustomRole.objects.filter(name=tidy).exclude(pk=but).exists():
        raise AlreadyThere
    return tidy


def _some(permissions: Permissions) -> Permissions:
    if not permissions:
        raise Unusable("permissions", "missing")
    return permissions


@verb
def add_role(name: str, *, permissions: Permissions, by: Actor) -> CustomRole:
    """Afterwards the desk has this role, which nobody has yet. Records role.changed.

    Raises Refused, also for a right that the acting agent lacks, AlreadyThere, and Unusable for a name or no rights.
    """
    require(may_manage_roles(by) and may_give_role(by, permissions))
    role = add(CustomRole(name=_name(name), permissions=written(_some(permissions))))
    record(RoleChanged(role=RoleId(role.pk), change=RoleChange.ADDED))
    _record_rights(role, frozenset(), permissions)
    return role


@verb
def change_custom_role(role: CustomRole, *, name: str, permissions: Permissions, by: Actor) -> CustomRole:
    """Afterwards the role is called so and allows exactly this, to all who have it, wherever they are logged in.

    Records role.changed for the name and for each right given or taken. Raises Refused, also for rights that the acting
    agent lacks, be they given, kept or taken; AlreadyThere and Unusable as add_role does.
    """
    require(may_manage_roles(by))
    held = lock(role)
    before = read(held.permissions)
    require(may_give_role(by, permissions | before))
    tidy = _name(name, but=held.pk)
    _some(permissions)
    if tidy != held.name:
        change(held, name=tidy)
        record(RoleChanged(role=RoleId(held.pk), change=RoleChange.NAME))
    if permissions != before:
        change(held, permissions=written(permissions))
        _record_rights(held, before, permissions)
    return held


def _record_rights(role: CustomRole, before: Permissions, after: Permissions) -> None:
    for change_, some in ((RoleChange.GIVEN, after - before), (RoleChange.TAKEN, before - after)):
        for permission in sorted(some):
            record(RoleChanged(role=RoleId(role.pk), change=change_, permission=permission))


@verb
def remove_role(role: CustomRole, *, by: Actor) -> None:
    """Afterwards the desk has this role no more. Records role.changed; nothing when it is gone already.

    Raises Refused, also when it allows what the acting agent may not, and RoleInUse.
    """
    require(may_manage_roles(by))
    found = CustomRole.objects.filter(pk=role.pk).first()
    if found is None:
        return
    held = lock(found)
    require(may_give_role(by, read(held.permissions)))
    if Agent.objects.filter(custom_role=held).exists():
        raise RoleInUse
    record(RoleChanged(role=RoleId(held.pk), change=RoleChange.REMOVED))
    remove(held)
