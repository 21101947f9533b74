"""Reads about customers: who they are, what is known of them, conversations, and what was merged or split."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Subquery

from heed.brands.models import Brand
from heed.channels.email.mailboxes import key_of
from heed.conversations.models import LISTED, Conversation, Participant, TriedStep
from heed.conversations.queries.access import brands_of_customer, knows_customer, visible_to
from heed.conversations.queries.lists import Page
from heed.kernel.errors import NotFound, Unusable, require_visible
from heed.kernel.words import RecipientRole
from heed.language.tokens import words
from heed.people.models import Customer, CustomerMove, CustomerNote, Identity
from heed.people.policy import Actor
from heed.people.queries import customers_by_address
from heed.people.search import matching

CONVERSATIONS = 30  # of a customer on one page
MOVES = 20  # the newest
NOTES = 50  # the newest, on their page
TRIED = 50
COUNTED = 1_000
CUSTOMERS = 30  # on a page of the list
SLICES = (100, 1_000, 5_000)  # customers looked at, in turn, until a page is full
LARGEST = 19  # digits of a key


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is known of a customer, as far as the actor sees."""

    customer: Customer
    identities: Sequence[Identity]  # each with `confidence`, of the newest mail from it
    conversations: Page[Conversation]
    moves: Sequence[CustomerMove]  # newest first
    notes: Sequence[CustomerNote]  # newest first
    tried: Sequence[TriedStep]  # newest first
    brands: Sequence[Brand]  # in which the actor knows them


def customer_sheet(actor: Actor, number: int, *, after: str = "") -> Sheet:
    """A customer of whom the actor may open a conversation, with one page of those; six queries. Raises NotFound.

    `after` is what the page before gave; Unusable for one we never gave.
    """
    brands = brands_of_customer(actor, number)
    require_visible(bool(brands))
    theirs = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=number).order_by("-pk")
    below = _key(after)
    rows = list(
        (theirs.filter(pk__lt=below) if below is not None else theirs).select_related("assignee")[
            : CONVERSATIONS + 1
        ]
    )
    shown = rows[:CONVERSATIONS]
    moves = CustomerMove.objects.filter(source_id=number) | CustomerMove.objects.filter(target_id=number)
    identities = _identities(actor, number)
    notes = CustomerNote.objects.filter(customer_id=number, brand__in=[brand.pk for brand in brands])
    return Sheet(
        customer=identities[0].customer if identities else Customer.objects.get(pk=number),
        identities=identities,
        conversations=Page(shown, str(shown[-1].pk) if len(rows) > CONVERSATIONS else ""),
        moves=list(moves.select_related("source", "target", "moved_by").order_by("-pk")[:MOVES]),
        notes=list(notes.select_related("author", "brand").order_by("-pk")[:NOTES]),
        tried=tried_with(actor, number),
        brands=brands,
    )


def _key(after: str) -> int | None:
    if not after:
        return None
    if not (after.isascii() and after.isdigit() and len(after) < LARGEST):
        raise Unusable("after", "malformed")
    return int(after)


def _identities(actor: Actor, number: int) -> list[Identity]:
    """Addresses, oldest first, each with how sure the newest mail from it was; one query."""
    wrote = Participant.objects.filter(
        visible_to(actor, "conversation__"),
        conversation__customer_id=number,
        address=OuterRef("value"),
        role=RecipientRole.FROM,
    ).exclude(confidence="")
    sure = Subquery(wrote.order_by("-pk").values("confidence")[:1])
    rows = Identity.objects.filter(customer_id=number).select_related("customer__company")
    return list(rows.annotate(confidence=sure).order_by("pk"))


def tried_with(actor: Actor, number: int) -> list[TriedStep]:
    """What was tried with a customer, newest first, in conversations that the actor may see; one query."""
    steps = TriedStep.objects.filter(visible_to(actor, "conversation__"), conversation__customer_id=number)
    return list(steps.select_related("agent").order_by("-at", "-pk")[:TRIED])


@dataclass(frozen=True, slots=True)
class Listed:
    """A customer in a list, with their first address and the newest conversation that the actor may see."""

    customer: Customer
    address: str
    newest: Conversation


@dataclass(frozen=True, slots=True)
class Customers:
    """A page of customers. back_to: there are more, and so far was looked: the page may not be full."""

    rows: Sequence[Listed] = ()
    after: str = ""
    back_to: datetime | None = None


def customers(actor: Actor, *, text: str = "", after: str = "", limit: int = CUSTOMERS) -> Customers:
    """Customers of whom the actor may open a conversation, the newest first; with a text those called so.

    All its words have to be in a name, a company or an address, or be part of one from three letters on. How many
    customers are looked at is bounded; four queries mostly. Raises Unusable for an `after` that we never gave.
    """
    wanted, below = words(text), _key(after)
    if text.strip() and not wanted:
        return Customers()
    found: list[Customer] = []
    last, more = below, False
    for size in SLICES:
        numbers = matching(wanted, below=last, limit=size) if wanted else _newest(last, size)
        found += _known_among(actor, numbers)
        more = len(numbers) == size
        last = numbers[-1] if numbers else last
        if len(found) > limit or not more:
            break
    page = found[:limit]
    if len(found) > limit:
        return Customers(_listed(page), str(page[-1].pk))
    if not more or last is None:
        return Customers(_listed(page))
    since = Customer.objects.filter(pk=last).values_list("created_at", flat=True).first()
    return Customers(_listed(page), str(last), back_to=since)


@dataclass(frozen=True, slots=True)
class Called:
    """A customer and their first address."""

    customer: Customer
    address: str


def customers_called(actor: Actor, text: str, *, limit: int) -> list[Called]:
    """A few customers whom the actor knows and who are called so, among the newest hundred; three queries."""
    wanted = words(text)
    numbers = matching(wanted, below=None, limit=SLICES[0]) if wanted else []
    return _called(_known_among(actor, numbers)[:limit])


def customers_numbered(actor: Actor, numbers: Sequence[int]) -> list[Called]:
    """Those of these customers whom the actor knows, in this order; two queries, none without numbers."""
    known = {customer.pk: customer for customer in _known_among(actor, numbers)}
    return _called([known[number] for number in dict.fromkeys(numbers) if number in known])


def _called(some: Sequence[Customer]) -> list[Called]:
    addresses = _first_addresses([customer.pk for customer in some])
    return [Called(customer, addresses.get(customer.pk, "")) for customer in some]


def _first_addresses(numbers: Sequence[int]) -> dict[int, str]:
    """By customer; one query, none without customers."""
    found: dict[int, str] = {}
    if numbers:
        rows = Identity.objects.filter(customer_id__in=numbers).order_by("pk")
        for customer, value in rows.values_list("customer_id", "value"):
            found.setdefault(customer, value)
    return found


def _newest(below: int | None, size: int) -> list[int]:
    rows = Customer.objects.order_by("-pk").values_list("pk", flat=True)
    return list((rows.filter(pk__lt=below) if below is not None else rows)[:size])


def _known_among(actor: Actor, numbers: Sequence[int]) -> list[Customer]:
    """Those whom the actor knows, each with `newest`, the number of their newest conversation; one query."""
    if not numbers:
        return []
    theirs = Conversation.objects.filter(visible_to(actor), LISTED, customer_id=OuterRef("pk"))
    newest = Subquery(theirs.order_by("-pk").values("pk")[:1])
    rows = Customer.objects.filter(pk__in=numbers, merged_into__isnull=True).select_related("company")
    return list(rows.annotate(newest=newest).filter(newest__isnull=False).order_by("-pk"))


def _listed(page: "Sequence[Customer]") -> list[Listed]:
    numbers = {customer.pk: customer.newest for customer in page}  # type: ignore[attr-defined]  # annotated
    conversations = Conversation.objects.in_bulk(list(numbers.values())) if page else {}
    addresses = _first_addresses(list(numbers))
    return [
        Listed(one, addresses.get(one.pk, ""), conversations[numbers[one.pk]])
        for one in page
        if numbers[one.pk] in conversations
    ]


def customer_note(actor: Actor, number: int) -> CustomerNote:
    """A note about a customer whom the actor knows in its brand. Raises NotFound; one query."""
    theirs = Conversation.objects.filter(
        visible_to(actor), customer_id=OuterRef("customer_id"), brand_id=OuterRef("brand_id")
    )
    found = CustomerNote.objects.filter(Exists(theirs), pk=number).select_related("author", "brand").first()
    if found is None:
        raise NotFound
    return found


def tried_step(actor: Actor, number: int) -> TriedStep:
    """What was tried in a conversation that the actor may see. Raises NotFound; one query."""
    found = TriedStep.objects.filter(visible_to(actor, "conversation__"), pk=number)
    step = found.select_related("conversation", "agent").first()
    if step is None:
        raise NotFound
    return step


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
