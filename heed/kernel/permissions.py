"""The closed list of what people may do on a desk, and what each role that every desk has allows. Pure.

A permission is held or not; policy.py decides with them, on what. Words for people stand in heed.ui.codes.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from heed.kernel.words import Role


class Permission(StrEnum):
    """One thing that somebody may do. What they do to a conversation, they may do to those that they see."""

    SEE_OWN_TEAMS = "see_own_teams"  # conversations of the teams that one is of
    SEE_LED_TEAMS = "see_led_teams"  # of every team of the brands of one's teams
    SEE_ALL = "see_all"  # of the whole desk
    SEE_RESTRICTED = "see_restricted"  # of those, also what is restricted to others
    ANSWER = "answer"  # write to customers; status, priority, tags
    NOTE = "note"
    ASSIGN = "assign"  # also to another team
    MERGE = "merge"  # split and link too
    SPAM = "spam"  # and block senders of one's brands
    DELETE = "delete"
    PURGE = "purge"
    RESTRICT = "restrict"
    EXPORT = "export"
    DOWNLOAD_RAW = "download_raw"
    CHANGE_CUSTOMERS = "change_customers"
    MANAGE_VIEWS = "manage_views"  # of others, in teams whose lists one has
    RUN_DESK = "run_desk"  # what is stuck: parked, quarantine, mail health, blocked senders
    SET_UP_BRANDS = "set_up_brands"
    SET_UP_MAIL = "set_up_mail"  # inboxes' ways in and out, mailboxes, domains, hooks
    SET_UP_RULES = "set_up_rules"  # the other settings of the desk
    MANAGE_PEOPLE = "manage_people"  # agents and teams
    MANAGE_ROLES = "manage_roles"


GROUPS: Final[Mapping[str, tuple[Permission, ...]]] = MappingProxyType(
    {
        "see": (
            Permission.SEE_OWN_TEAMS,
            Permission.SEE_LED_TEAMS,
            Permission.SEE_ALL,
            Permission.SEE_RESTRICTED,
        ),
        "conversations": (
            Permission.ANSWER,
            Permission.NOTE,
            Permission.ASSIGN,
            Permission.MERGE,
            Permission.SPAM,
            Permission.DELETE,
            Permission.PURGE,
            Permission.RESTRICT,
            Permission.EXPORT,
            Permission.DOWNLOAD_RAW,
        ),
        "customers": (Permission.CHANGE_CUSTOMERS, Permission.MANAGE_VIEWS),
        "settings": (
            Permission.RUN_DESK,
            Permission.SET_UP_BRANDS,
            Permission.SET_UP_MAIL,
            Permission.SET_UP_RULES,
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_ROLES,
        ),
    }
)

Permissions = frozenset[Permission]

_VIEWER: Final = frozenset({Permission.SEE_OWN_TEAMS, Permission.EXPORT})
_AGENT: Final = _VIEWER | {
    Permission.ANSWER,
    Permission.NOTE,
    Permission.ASSIGN,
    Permission.MERGE,
    Permission.SPAM,
    Permission.DELETE,
    Permission.CHANGE_CUSTOMERS,
}
_LEAD: Final = _AGENT | {
    Permission.SEE_LED_TEAMS,
    Permission.RESTRICT,
    Permission.DOWNLOAD_RAW,
    Permission.MANAGE_VIEWS,
    Permission.RUN_DESK,
}
PRESETS: Final[Mapping[Role, Permissions]] = MappingProxyType(
    {
        Role.ADMIN: frozenset(Permission),
        Role.LEAD: _LEAD,
        Role.AGENT: _AGENT,
        Role.VIEWER: _VIEWER,
    }
)

NEEDED: Final = frozenset({Permission.MANAGE_PEOPLE, Permission.MANAGE_ROLES})
"""What somebody of the desk always holds, so that nobody is locked out for good."""


def written(permissions: Iterable[Permission]) -> str:
    """As a row holds them: in the order of the list, with a space before and after each."""
    held = set(permissions)
    return f" {' '.join(one for one in Permission if one in held)} "


def read(text: str) -> Permissions:
    """What a row holds. A permission that this version does not know allows nothing."""
    known = set(Permission)
    return frozenset(Permission(code) for code in text.split() if code in known)


def presets_with(permission: Permission) -> list[Role]:
    """The roles of every desk that hold a permission."""
    return [role for role, held in PRESETS.items() if permission in held]
