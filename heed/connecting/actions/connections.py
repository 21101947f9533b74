"""Verbs that connect an inbox with the outside in one step: where its mail comes from, and how its answers leave."""

from dataclasses import dataclass

from heed.brands.models import Inbox
from heed.delivery.actions.setup import set_provider
from heed.eventlog.unit import lock, verb
from heed.kernel.errors import Unusable, require
from heed.kernel.outbound import ProviderAccess
from heed.mailboxes.account import Account, Handling
from heed.mailboxes.actions.accounts import add_mailbox, change_mailbox, set_mailbox_password
from heed.mailboxes.models import Mailbox
from heed.people.actions import add_inbox, route_inbox, set_mail_server
from heed.people.models import Team
from heed.people.policy import Actor, may_set_up_mail


@dataclass(frozen=True, slots=True)
class NewInbox:
    """An inbox that is not there yet: its address, and the team that gets its conversations."""

    address: str
    team: Team


@dataclass(frozen=True, slots=True)
class Connection:
    """What somebody wants of a mailbox. A password or server that is None stays as it is."""

    account: Account
    handling: Handling
    password: str | None = None
    server: str | None = None  # smtp[s]://user:password@host:port; empty: as HEED_SMTP_URL says


@verb
def choose_way_out(inbox: Inbox, *, server: str, provider: ProviderAccess | None, by: Actor) -> Inbox:
    """Afterwards the inbox's mail leaves through this provider's API, or this server, or as HEED_SMTP_URL says.

    An inbox with a provider has no server of its own: there is one way. Raises Refused, and Unusable (url: malformed,
    or beside_provider).
    """
    require(may_set_up_mail(by))
    if provider is not None and server:
        raise Unusable("url", "beside_provider")
    held = lock(inbox)
    if provider is not None or held.provider:
        set_provider(held, access=provider, by=by)
    return set_mail_server(held, url=server, by=by)


@verb
def connect_mailbox(inbox: Inbox | NewInbox, *, wanted: Connection, by: Actor) -> Mailbox:
    """Afterwards mail of this account comes to the inbox and its answers leave through the server, all or nothing.

    An inbox that is not there yet is made for its team. Raises Refused, AlreadyThere, and Unusable with the field.
    """
    require(may_set_up_mail(by))
    if isinstance(inbox, NewInbox):
        team = inbox.team
        inbox = add_inbox(team.brand, name=inbox.address, address=inbox.address, by=by)
        route_inbox(inbox, team=team, by=by)
    if wanted.server is not None:
        choose_way_out(inbox, server=wanted.server, provider=None, by=by)
    return add_mailbox(
        inbox, account=wanted.account, handling=wanted.handling, password=wanted.password or "", by=by
    )


@verb
def change_connection(mailbox: Mailbox, *, wanted: Connection, by: Actor) -> Mailbox:
    """Afterwards the mailbox is read so, with this password if one was given, and its inbox's answers leave so.

    Raises Refused, MailboxRemoved, AlreadyThere, and Unusable with the field.
    """
    require(may_set_up_mail(by))
    if wanted.server is not None:
        choose_way_out(mailbox.inbox, server=wanted.server, provider=None, by=by)
    if wanted.password:
        set_mailbox_password(mailbox, password=wanted.password, by=by)
    return change_mailbox(mailbox, account=wanted.account, handling=wanted.handling, by=by)
