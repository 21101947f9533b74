"""Verbs about senders whose mail goes to the quarantine: blocked by an agent, and unblocked."""

from heed.brands.models import Brand, Inbox
from heed.channels.email.address import PUBLIC_PROVIDERS
from heed.channels.email.mailboxes import key_of
from heed.eventlog.kinds import SenderBlocked, SenderUnblocked
from heed.eventlog.unit import add, lock, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import NotAllowedNow, Unusable, require
from heed.kernel.words import BlockId, BrandId
from heed.people.policy import Actor, may_block
from heed.people.queries import own_inboxes
from heed.triage.models import BlockedSender

LONGEST = 254


class ManyPeoplesDomain(NotAllowedNow):
    """A domain of a public provider belongs to very many people; block the address."""

    code = "many_peoples_domain"


class OwnAddress(NotAllowedNow):
    """It is an address of this desk."""

    code = "own_address"


def value_of(sender: str) -> str:
    """An address as it is compared; a domain, written with or without @, begins with @. Raises Unusable."""
    tidy = sender.strip().lower()
    local, _, domain = tidy.rpartition("@")
    if (
        not domain
        or "." not in domain
        or len(tidy) > LONGEST
        or any(c.isspace() or c in "<>,;*" for c in tidy)
    ):
        raise Unusable("sender", "malformed")
    key = key_of(f"{local}@{domain}")
    return key if local else f"@{key.rpartition('@')[2]}"


@verb
def block(brand: Brand, *, sender: str, by: Actor) -> BlockedSender:
    """Afterwards mail of this address, or of this whole domain, to this brand is kept in the quarantine.

    Records sender.blocked; nothing when it is so already. Raises Refused, Unusable, OwnAddress, ManyPeoplesDomain.
    """
    require(may_block(by, BrandId(brand.pk)))
    value = value_of(sender)
    if value[1:] in PUBLIC_PROVIDERS and value.startswith("@"):
        raise ManyPeoplesDomain
    if own_inboxes([value]) or _is_domain_of_ours(value):
        raise OwnAddress
    lock(brand)  # two who block the same sender wait for each other
    found = BlockedSender.objects.filter(brand=brand, value=value).first()
    if found is not None:
        return found
    row = add(BlockedSender(brand=brand, value=value, at=clock.now(), agent_id=by.agent_id))
    record(SenderBlocked(block=BlockId(row.pk)))
    return row


def _is_domain_of_ours(value: str) -> bool:
    return value.startswith("@") and Inbox.objects.filter(address__endswith=value).exists()


@verb
def unblock(blocked: BlockedSender, *, by: Actor) -> None:
    """Afterwards mail of this sender is judged like any other. What lies in the quarantine stays there.

    Records sender.unblocked; nothing when it was unblocked before. Raises Refused.
    """
    require(may_block(by, BrandId(blocked.brand_id)))
    found = BlockedSender.objects.filter(pk=blocked.pk).first()
    if found is None:
        return
    record(SenderUnblocked(block=BlockId(found.pk)))
    remove(lock(found))
