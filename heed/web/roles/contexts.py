"""What the settings pages of roles show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """A role in the list. name: of one made here; code: of one that every desk has."""

    href: str
    permissions: Sequence[str]  # codes of heed.kernel.permissions.Permission
    name: str = ""
    code: str = ""
    people: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesPage:
    """roles/list.html. new_href: where one more is made."""

    nav: NavContext
    made: Sequence[RoleRow]
    built_in: Sequence[RoleRow]  # href: begins a new one from it
    new_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionChoice:
    """A permission that the role may hold. may_give: whoever looks holds it, and so may give and take it."""

    code: str
    is_held: bool
    may_give: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PermissionGroup:
    """Permissions about one thing. code: a key of heed.kernel.permissions.GROUPS."""

    code: str
    choices: Sequence[PermissionChoice]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """What became of a role. change: heed.kernel.words.RoleChange; who: empty for the desk."""

    change: str
    permission: str
    at: datetime
    who: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleContext:
    """A role with its form. href: empty for a new one; people: who have it; may_change: whoever looks holds it all."""

    href: str
    name: str
    typed_name: str
    groups: Sequence[PermissionGroup]
    people: int = 0
    may_change: bool = True
    is_saved: bool = False
    errors: Sequence[FieldError] = ()
    changes: Sequence[RoleLine] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RolePage:
    """roles/one.html."""

    nav: NavContext
    role: RoleContext
