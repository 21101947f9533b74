"""What the page of mail hooks shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class HookLine:
    """One hook. provider: a code of HookProvider; address: where mail is posted to, empty when it can't be unsealed."""

    id: int
    inbox: str
    provider: str
    name: str  # the provider's
    address: str
    reports_address: str = ""  # where reports are posted to
    takes_mail: bool = True  # not of one that only reports
    checked_by: str = ""  # the servers whose word about senders counts


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksPage:
    """mail_hooks/page.html."""

    nav: NavContext
    hooks: Sequence[HookLine] = ()
    inboxes: Sequence[Option] = ()
    providers: Sequence[Option] = ()
    next_href: str = ""
    errors: Sequence[FieldError] = ()
    wrong: int | None = None  # the hook whose form came back; None with errors: the new one's
