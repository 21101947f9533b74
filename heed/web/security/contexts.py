"""What the pages of one's own security show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from heed.ui.contexts import FieldError, NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRow:
    """A second factor. kind: totp, webauthn; name: a passkey's own."""

    kind: str
    remove_href: str
    name: str = ""
    added_at: datetime | None = None
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """A browser that is logged in. browser, system: names of products, empty where they are not known."""

    browser: str
    system: str
    begun_at: datetime
    seen_at: datetime
    end_href: str = ""  # empty: this one
    is_this: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityPage:
    """security/page.html. notice: app, passkey, removed, ended, ended_others; due_at: of a second factor demanded."""

    nav: NavContext
    factors: Sequence[FactorRow]
    sessions: Sequence[SessionRow]
    has_app: bool
    codes_left: int | None = None  # None: never made
    codes: Sequence[str] = ()  # just made, shown this once
    due_at: datetime | None = None
    is_overdue: bool = False
    has_others: bool = False  # the reader is logged in elsewhere too
    notice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPage:
    """security/app.html: the secret as a picture and as letters. POST field: code."""

    nav: NavContext
    side: int
    dark: str
    letters: str
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyPage:
    """security/passkey.html. POST fields: name, credential (JSON of what the browser made from options)."""

    nav: NavContext
    options: str
    typed_name: str = ""
    errors: Sequence[FieldError] = ()
