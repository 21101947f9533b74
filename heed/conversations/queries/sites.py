"""Which sites a reader trusts in a conversation: those that links in its mail may be made to look like."""

from heed.brands.models import Inbox
from heed.conversations.models import Message
from heed.kernel.errors import NotFound
from heed.kernel.html.hosts import site_of
from heed.kernel.words import ActorKind
from heed.people.models import Identity, IdentityKind
from heed.people.policy import Actor

LIMIT = 100


def known_sites(actor: Actor, message: Message) -> frozenset[str]:
    """The sites of the brand's inboxes and of the customer's addresses, for one who was let in; one query."""
    if actor.kind is ActorKind.NOBODY:
        raise NotFound
    ours = Inbox.objects.filter(brand_id=message.brand_id).order_by().values_list("address", flat=True)
    customer = message.conversation.customer_id
    if customer is not None:
        theirs = Identity.objects.filter(customer_id=customer, kind=IdentityKind.EMAIL)
        ours = ours.union(theirs.order_by().values_list("value", flat=True))
    addresses = ours[:LIMIT]
    return frozenset(site_of(address.rpartition("@")[2]) for address in addresses)
