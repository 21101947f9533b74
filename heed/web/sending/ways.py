"""How an inbox's mail leaves, as a form: what is set, and what was typed for a server or a provider.

Passwords and keys are never shown again. One that is left empty is kept, for the same server or provider only.
"""

from collections.abc import Mapping
from typing import Final

from heed.brands.models import Inbox
from heed.delivery.servers import WrongServer, host_of, server_of, way_out
from heed.kernel.config import config
from heed.kernel.mail_words import HookProvider
from heed.kernel.outbound import PROVIDERS, ProviderAccess, SmtpUrl
from heed.mailboxes.queries import mailbox_of_inbox
from heed.ui.contexts import FieldError, Option
from heed.web.sending.contexts import ProviderField, WayForm
from heed.web.sending.servers import SCHEMES, TypedServer

OPEN: Final = frozenset({"api_url", "message_stream", "project_id", "region", "region_name", "sender_domain"})
CHARACTERS: Final = 500


def way_of(inbox: Inbox) -> tuple[str, str]:
    """The way that an inbox's mail leaves, as a code, and where to; empty for what can't be read."""
    way = "provider" if inbox.provider else "smtp" if inbox.smtp_url else "desk"
    try:
        server = way_out(inbox)
    except WrongServer:
        return way, ""
    if isinstance(server, ProviderAccess):
        return way, server.provider.name
    return way, "" if server is None else host_of(server)


def kept_access(inbox: Inbox) -> ProviderAccess | None:
    """What is kept of an inbox's provider; None without one, and for what can't be read."""
    try:
        found = way_out(inbox)
    except WrongServer:
        return None
    return found if isinstance(found, ProviderAccess) else None


def kept_server(inbox: Inbox) -> SmtpUrl | None:
    """The server of its own that an inbox has."""
    try:
        return server_of(inbox) if inbox.smtp_url else None
    except WrongServer:
        return None


def way_form(
    inbox: Inbox, *, href: str, chosen: str, typed: Mapping[str, str], errors: list[FieldError]
) -> WayForm:
    """The form: as it is set, or as it was typed and came back. chosen: the provider whose fields are asked for."""
    way, where = way_of(inbox)
    access, server = kept_access(inbox), kept_server(inbox)
    provider = chosen if chosen in PROVIDERS else access.code if access else ""
    box = mailbox_of_inbox(inbox.pk)
    return WayForm(
        href=f"{href}way/",
        page_href=href,
        way=way,
        where=where,
        opened=typed.get("way", "provider" if chosen in PROVIDERS else way),
        has_desk_server=bool(config.smtp_url),
        server=typed_server(typed) if "host" in typed else TypedServer.of(server),
        by_token=server is not None and server.by_token,
        mailbox_href=f"/settings/mailboxes/{box.pk}/" if box else "",
        providers=[
            Option(value=code, label=PROVIDERS[code].name, is_chosen=code == provider) for code in PROVIDERS
        ],
        provider=provider,
        provider_name=PROVIDERS[provider].name if provider else "",
        reports=provider in set(HookProvider),
        hooks_href="/settings/mail-hooks/",
        fields=_fields(provider, access, typed),
        errors=errors,
    )


def _fields(provider: str, access: ProviderAccess | None, typed: Mapping[str, str]) -> list[ProviderField]:
    if not provider:
        return []
    kept = dict(access.options) if access is not None and access.code == provider else {}
    known = PROVIDERS[provider]
    return [
        ProviderField(
            name=name,
            is_secret=name not in OPEN,
            is_needed=name in known.needs,
            value=typed.get(name, kept.get(name, ""))[:CHARACTERS] if name in OPEN else "",
            is_kept=name not in OPEN and name in kept,
        )
        for name in (*known.needs, *known.takes)
    ]


def typed_server(post: Mapping[str, str]) -> TypedServer:
    """A server as it was typed."""
    security = post.get("security", "")
    return TypedServer(
        host=post.get("host", "").strip()[:CHARACTERS],
        port=post.get("port", "").strip()[:CHARACTERS],
        security=security if security in SCHEMES else "tls",
        user=post.get("user", "").strip()[:CHARACTERS],
    )


def read_server(post: Mapping[str, str], *, kept: SmtpUrl | None) -> str:
    """The address of what was typed. Raises ValueError as TypedServer does.

    Without a password the kept one stays, for the server and user that it is kept for: it is shown to no other.
    """
    typed, password = typed_server(post), post.get("password", "")[:CHARACTERS]
    if not password and kept is not None and (typed.host, typed.user) == (kept.host, kept.user or ""):
        if kept.by_token:
            return typed.address_by_token()
        password = kept.password or ""
    if typed.user and not password:
        raise ValueError("password required")
    return typed.address(password=password)


def read_provider(post: Mapping[str, str], *, kept: ProviderAccess | None) -> ProviderAccess:
    """What was typed for a provider. Raises ValueError, whose text names what is missing or can't be used.

    Keys that were left empty stay, while its address does not change.
    """
    code = post.get("provider", "")
    known = PROVIDERS.get(code)
    if known is None:
        raise ValueError("provider")
    options = {name: post.get(name, "")[:CHARACTERS] for name in (*known.needs, *known.takes)}
    if kept is not None and kept.code == code:
        before = dict(kept.options)
        if options.get("api_url", "").strip() == before.get("api_url", ""):
            secrets = {name: before.get(name, "") for name in options if name not in OPEN}
            options |= {name: value for name, value in secrets.items() if not options[name].strip()}
    return ProviderAccess.read(code, options)
