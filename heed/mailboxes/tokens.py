"""OAuth: sending a person to a provider, taking the code that comes back, and always having a token that is good.

XOAUTH2 by IMAP uses access_token here, sending by SMTP SendingTokens. All of it asks the network: never inside a verb.
"""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from heed.brands.models import Inbox
from heed.kernel import clock
from heed.kernel.config import config
from heed.kernel.errors import HeedError
from heed.kernel.mail_words import MailboxTrouble, MailProvider
from heed.kernel.outbound.lines import LineTrouble
from heed.kernel.outbound.token import NoToken, TokenAnswer, ask_for_token
from heed.kernel.secrets import Unsealable, unseal
from heed.mailboxes.actions.authorizations import (
    Tokens,
    begin_asking,
    claim_refresh,
    give_up_refresh,
    keep_refreshed,
    keep_tokens,
    lose_authorization,
    take_pending,
)
from heed.mailboxes.models import Authorization, Mailbox
from heed.mailboxes.providers import PROVIDERS, ProviderNotSetUp, address, application
from heed.people.policy import SYSTEM, Actor

FRESH_SECONDS: Final = 120  # a token that ends sooner is renewed before it is used
LOOK_SECONDS: Final = 0.2  # while another process gets a new one
USUAL_SECONDS: Final = 3600  # of a token whose provider does not say


class NoLeave(HeedError):
    """The provider did not let us in; `said` is its word for why, from RFC 6749."""

    code, status = "no_leave", 409

    def __init__(self, said: str) -> None:
        """Keep the provider's word."""
        super().__init__(said)
        self.said = said


def begin_authorization(mailbox: Mailbox, *, return_to: str, by: Actor) -> str:
    """The address to send a person to, who comes back to return_to with `code` and `state`, or with `error`.

    Raises ProviderNotSetUp, Refused, Unusable.
    """
    kind = MailProvider(mailbox.provider) if mailbox.provider else None
    app_id = application(kind)[0] if kind else ""
    begun = begin_asking(mailbox, return_to=return_to, by=by)
    assert kind is not None  # begin_asking refuses those
    provider = PROVIDERS[kind]
    challenge = base64.urlsafe_b64encode(hashlib.sha256(begun.challenge_of.encode()).digest()).rstrip(b"=")
    asked = {
        "response_type": "code",
        "client_id": app_id,
        "redirect_uri": return_to,
        "scope": provider.scope,
        "state": begun.state,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
        "login_hint": mailbox.user_name,
        **dict(provider.more),
    }
    return f"{address(provider.ask_url)}?{urlencode(asked)}"


def finish_authorization(*, state: str, code: str, by: Actor) -> Mailbox:
    """Change the code for tokens and keep them; afterwards the mailbox is read. Gives the mailbox it was about.

    Raises UnknownState, NoLeave when the provider refuses or gives no refresh token, and Refused.
    """
    pending = take_pending(state, by=by)
    kind = MailProvider(pending.mailbox.provider)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": pending.return_to,
        "code_verifier": pending.verifier,
    }
    try:
        answer = _ask(kind, form)
    except NoToken as why:
        raise NoLeave(str(why)) from None
    tokens = _tokens(answer)
    if answer.status != 200 or not tokens.access or not tokens.refresh:
        raise NoLeave(answer.text("error") or "no refresh token")
    keep_tokens(pending.mailbox, tokens=tokens, by=by)
    return pending.mailbox


def _ask(kind: MailProvider, form: dict[str, str]) -> TokenAnswer:
    app_id, app_secret = application(kind)
    url = address(PROVIDERS[kind].token_url)
    whole = {**form, "client_id": app_id, "client_secret": app_secret}
    return ask_for_token(url, whole, timeout_seconds=config.mailbox_timeout_seconds)


def _tokens(answer: TokenAnswer) -> Tokens:
    seconds = answer.fields.get("expires_in")
    lasts = seconds if isinstance(seconds, int) and 0 < seconds < 10**7 else USUAL_SECONDS
    return Tokens(
        answer.text("access_token"),
        answer.text("refresh_token"),
        clock.now() + timedelta(seconds=lasts),
    )


def access_token(mailbox: Mailbox) -> str:
    """A token that lets us into a mailbox for the next minutes. One process asks for a new one, the others wait for it.

    Raises LineTrouble: AUTHORIZATION_LOST when the provider took its leave back, TIMED_OUT or UNREACHABLE when it does
    not answer; and ProviderNotSetUp, Unsealable.
    """
    deadline = time.monotonic() + 2 * config.mailbox_timeout_seconds
    while True:
        row = Authorization.objects.filter(mailbox_id=mailbox.pk).first()
        if row is None or not row.refresh:
            raise LineTrouble(MailboxTrouble.AUTHORIZATION_LOST)
        if row.access and row.ends_at > clock.now() + timedelta(seconds=FRESH_SECONDS):
            return unseal(row.access)
        claimed = claim_refresh(mailbox, stale=row.access, by=SYSTEM)
        if claimed is not None:
            return _refresh(claimed)
        if time.monotonic() > deadline:
            raise LineTrouble(MailboxTrouble.TIMED_OUT, "another process waits for a new token")
        time.sleep(LOOK_SECONDS)


def renew_token(mailbox: Mailbox) -> str:
    """A new token although ours should be good: the server refused it. Raises LineTrouble as access_token."""
    row = Authorization.objects.filter(mailbox_id=mailbox.pk).first()
    claimed = claim_refresh(mailbox, stale=row.access, by=SYSTEM) if row is not None else None
    return _refresh(claimed) if claimed is not None else access_token(mailbox)


def _refresh(claimed: Authorization) -> str:
    form = {"grant_type": "refresh_token", "refresh_token": unseal(claimed.refresh)}
    try:
        answer = _ask(MailProvider(claimed.provider), form)
    except NoToken as why:
        give_up_refresh(claimed, by=SYSTEM)
        is_slow = "Timeout" in str(why)
        raise LineTrouble(
            MailboxTrouble.TIMED_OUT if is_slow else MailboxTrouble.UNREACHABLE, str(why)
        ) from None
    tokens = _tokens(answer)
    if answer.status == 200 and tokens.access:
        keep_refreshed(claimed, tokens=tokens, by=SYSTEM)
        return tokens.access
    said = answer.text("error")
    if said in ("invalid_grant", "unauthorized_client", "invalid_client"):
        lose_authorization(claimed, by=SYSTEM)
        raise LineTrouble(MailboxTrouble.AUTHORIZATION_LOST, f"{said} {answer.text('error_description')}")
    give_up_refresh(claimed, by=SYSTEM)
    raise LineTrouble(MailboxTrouble.REFUSED, said or f"status {answer.status}")


@dataclass(frozen=True, slots=True)
class SendingTokens:
    """The tokens that an inbox's mail is handed in with: those of its mailbox that a provider let us into.

    Both raise LineTrouble, whatever is wrong: mail that can't be sent waits, with the reason.
    """

    inbox_id: int
    user_name: str

    def current(self) -> str:
        """One that should be good."""
        return self._asked(access_token)

    def renewed(self) -> str:
        """A new one, since the server refused the other."""
        return self._asked(renew_token)

    def _asked(self, ask: Callable[[Mailbox], str]) -> str:
        rows = Mailbox.objects.filter(inbox_id=self.inbox_id, removed_at__isnull=True).exclude(provider="")
        mine = [row for row in rows.order_by("pk") if row.user_name.casefold() == self.user_name.casefold()]
        if not mine:
            raise LineTrouble(MailboxTrouble.AUTHORIZATION_LOST)
        try:
            return ask(mine[0])
        except Unsealable:
            raise LineTrouble(MailboxTrouble.UNSEALABLE) from None
        except ProviderNotSetUp as error:
            raise LineTrouble(MailboxTrouble.REFUSED, error.code) from None


def sending_tokens(inbox: Inbox, user_name: str) -> SendingTokens:
    """Whom to ask for the token of an inbox's sending account; nobody is asked yet."""
    return SendingTokens(inbox.pk, user_name)
