"""Verbs that say how an inbox, a brand and an agent write: addresses, names, signatures."""

from heed.brands.models import Brand, Inbox, InboxAddress
from heed.brands.queries import is_of_an_inbox
from heed.channels.email.mailboxes import is_address, key_of, untagged
from heed.delivery.limits import Limits
from heed.delivery.models import AgentSignature
from heed.eventlog.unit import add, change, lock, remove, verb
from heed.kernel.errors import Unusable, require
from heed.kernel.outbound import ProviderAccess
from heed.kernel.secrets import seal
from heed.kernel.words import BrandId, Deed, PlusAddresses, SenderName, Setting
from heed.people.actions import AlreadyThere
from heed.people.models import Agent
from heed.people.noting import note_inbox, note_setting
from heed.people.policy import Actor, agent_of, may_begin, may_set_up_mail, sees_whole_desk
from heed.people.queries import agents_by_address

SIGNATURE_CHARACTERS = 2_000
LEAST_BYTES = 100_000


@verb
def add_inbox_address(inbox: Inbox, *, address: str, by: Actor) -> InboxAddress:
    """Afterwards mail to this address arrives in the inbox too, and answers may leave from it.

    Nothing more when it is the inbox's already. Raises Refused, AlreadyThere for an address of another inbox or an
    agent, and Unusable for what is no address or has a +tag.
    """
    require(may_set_up_mail(by))
    key = key_of(address.strip())
    if not is_address(address.strip()) or untagged(key) != key:
        raise Unusable("address", "malformed")
    lock(inbox)  # two who add the same wait for each other
    known = InboxAddress.objects.filter(address=key, inbox=inbox).first()
    if known is not None:
        return known
    if is_of_an_inbox(key) or agents_by_address([key]):
        raise AlreadyThere
    note_inbox(Setting.INBOX_ADDRESS, inbox, Deed.ADDED)
    return add(InboxAddress(inbox=inbox, address=key))


@verb
def remove_inbox_address(inbox: Inbox, *, address: str, by: Actor) -> None:
    """Afterwards mail to this further address is no longer taken in. Nothing for one that the inbox does not have.

    Answers to mail that left from it still arrive while its server hands them over. Raises Refused.
    """
    require(may_set_up_mail(by))
    lock(inbox)
    found = InboxAddress.objects.filter(inbox=inbox, address=key_of(address.strip())).first()
    if found is not None:
        note_inbox(Setting.INBOX_ADDRESS, inbox, Deed.REMOVED)
        remove(found)


@verb
def choose_plus_addresses(inbox: Inbox, *, to: PlusAddresses, by: Actor) -> Inbox:
    """Afterwards the inbox's mail names signed addresses, help+…@, everywhere, for replies alone, or nowhere.

    Where there are none, answers find their conversation by their references alone. Raises Refused.
    """
    require(may_set_up_mail(by))
    return _settle(lock(inbox), Setting.PLUS_ADDRESSES, plus_addresses=to)


@verb
def set_provider(inbox: Inbox, *, access: ProviderAccess | None, by: Actor) -> Inbox:
    """Afterwards the inbox's mail leaves through this provider's API, in place of SMTP; None brings SMTP back.

    What it has to be told is kept sealed. Raises Refused.
    """
    require(may_set_up_mail(by))
    held = lock(inbox)
    if access is None and not held.provider:
        return held
    note_inbox(Setting.PROVIDER, held)
    return change(held, server_bytes=None, provider="" if access is None else seal(access.as_text()))


@verb
def set_send_limits(inbox: Inbox, *, limits: Limits, by: Actor) -> Inbox:
    """Afterwards the inbox sends to at most so many recipients in any minute, hour and day; None: no limit.

    Inboxes that share a server share what has left through it. What is over a limit waits, and is never dropped.
    Raises Refused, and Unusable for a limit of none.
    """
    require(may_set_up_mail(by))
    if any(limit < 1 for _, limit in limits.windows):
        raise Unusable("limits", "too_small")
    return _settle(
        lock(inbox),
        Setting.SEND_LIMITS,
        sends_a_minute=limits.minute,
        sends_an_hour=limits.hour,
        sends_a_day=limits.day,
    )


@verb
def set_most_bytes(inbox: Inbox, *, most_bytes: int | None, by: Actor) -> Inbox:
    """Afterwards mails over this size are refused before they are sent; None: as HEED_SEND_MAX_BYTES says.

    Raises Refused, and Unusable for less than 100 kB, which hardly a mail keeps to.
    """
    require(may_set_up_mail(by))
    if most_bytes is not None and most_bytes < LEAST_BYTES:
        raise Unusable("most_bytes", "too_small")
    return _settle(lock(inbox), Setting.MOST_BYTES, most_bytes=most_bytes)


def _settle(inbox: Inbox, setting: Setting, **values: object) -> Inbox:
    """Change what differs, and record that."""
    if all(getattr(inbox, name) == value for name, value in values.items()):
        return inbox
    note_inbox(setting, inbox)
    return change(inbox, **values)


@verb
def note_server_bytes(inbox: Inbox, *, server_bytes: int | None, by: Actor) -> Inbox:
    """Afterwards the desk knows the largest mail that the inbox's server takes; None: unknown. Records nothing."""
    return change(lock(inbox), server_bytes=server_bytes)


@verb
def choose_sender_name(brand: Brand, *, to: SenderName, by: Actor) -> Brand:
    """Afterwards answers carry the brand's name alone, or the agent's with it. Raises Refused.

    Nothing else changes: the address stays the inbox's.
    """
    require(may_set_up_mail(by))
    held = lock(brand)
    if held.sender_name == to:
        return held
    note_setting(Setting.SENDER_NAME, number=held.pk, brand=held.pk)
    return change(held, sender_name=to)


@verb
def set_agent_signature(brand: Brand, *, text: str, by: Actor) -> None:
    """Afterwards the acting agent's answers of this brand end with these lines, above the brand's own.

    {name}, {first_name} and {brand} stand for what they say. An empty text takes the signature away. Raises Refused for
    one who doesn't write for that brand, and Unusable for a text over 2,000 characters.
    """
    agent = agent_of(by)
    require(may_begin(by) and (BrandId(brand.pk) in by.brands or sees_whole_desk(by)))
    if len(text) > SIGNATURE_CHARACTERS:
        raise Unusable("signature", "too_long")
    lock(Agent(pk=agent))  # two forms of one agent wait for each other
    found = AgentSignature.objects.filter(agent_id=agent, brand=brand).first()
    tidy = text.replace("\r\n", "\n").strip()
    if tidy != (found.text if found else ""):
        note_setting(Setting.AGENT_SIGNATURE, number=agent)
    if found is None and tidy:
        add(AgentSignature(agent_id=agent, brand=brand, text=tidy))
    elif found is not None and not tidy:
        remove(found)
    elif found is not None:
        change(found, text=tidy)
