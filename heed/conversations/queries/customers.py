"""Reads about one customer: addresses, conversations, and what was merged or split."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.channels.email.mailboxes import key_of
from heed.conversations.models import LISTED, Conversation
from heed.conversations.queries.access import knows_customer, visible_to
from heed.conversations.queries.lists import Page
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.people.models import Customer, CustomerMove, Identity
from heed.people.policy import Actor
from heed.people.queries import customers_by_address

CONVERSATIONS = 30  # of a customer on one page
MOVES = 20  # the newest
COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a customer, as far as the actor sees."""

    customer: Customer
    identities: Sequence[Identity]
    conversations: Page[Conversation]
    moves: Sequence[CustomerMove]  # newest first


def customer_sheet(actor: Actor, number: int, *, after: str = "") -> Sheet:
    """A customer of whom the actor may open a conversation, with one page of those; five queries. Raises NotFound.

    `after` is what the page before gave; Unusable for one we never gave.
    """
    require_visible(knows_customer(actor, number))
    if after and not (after.isascii() and after.isdigit() and len(after) < 19):
        raise Unusable("after", "malformed")
    theirs = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=number).order_by("-pk")
    rows = list(
        (theirs.filter(pk__lt=int(after)) if after else theirs).select_related("assignee")[
            : CONVERSATIONS + 1
        ]
    )
    shown = rows[:CONVERSATIONS]
    moves = CustomerMove.objects.filter(source_id=number) | CustomerMove.objects.filter(target_id=number)
    return Sheet(
        customer=Customer.objects.get(pk=number),
        identities=list(Identity.objects.filter(customer_id=number).order_by("pk")),
        conversations=Page(shown, str(shown[-1].pk) if len(rows) > CONVERSATIONS else ""),
        moves=list(moves.select_related("source", "target", "moved_by").order_by("-pk")[:MOVES]),
    )


def customer_by_address(actor: Actor, address: str) -> Customer | None:
    """The customer who has this address, if the actor knows them; None, alike for unknown and unseen."""
    key = key_of(address)
    found = customers_by_address([key]).get(key)
    if found is None or not knows_customer(actor, found):
        return None
    return Customer.objects.get(pk=found)


def known_customer(actor: Actor, number: int) -> Customer:
    """A customer of whom the actor may open a conversation. Raises NotFound."""
    require_visible(knows_customer(actor, number))
    return Customer.objects.get(pk=number)


def conversations_of(actor: Actor, customer: Customer) -> int:
    """How many of a customer's conversations the actor may see, counted to 1,000; one query."""
    return Conversation.objects.filter(visible_to(actor), LISTED, customer=customer)[:COUNTED].count()


def customer_move(actor: Actor, number: int) -> CustomerMove:
    """A merge or split between customers of whom the actor knows one. Raises NotFound."""
    found = CustomerMove.objects.filter(pk=number).select_related("source", "target").first()
    if found is None or not (
        knows_customer(actor, found.source_id) or knows_customer(actor, found.target_id)
    ):
        raise NotFound
    return found
