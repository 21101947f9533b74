"""Reads about brands."""

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import TypeVar

from django.db.models import QuerySet

from heed.brands.hours import Calendar, calendar_from
from heed.brands.models import Acknowledgement, Brand, CustomField, Inbox, InboxAddress, Topic
from heed.kernel.config import config
from heed.kernel.errors import NotFound
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps

T = TypeVar("T")


def calendar_of(brand: Brand) -> Calendar:
    """The opening hours of a brand; one without hours never opens. Raises Unusable for what can't be read."""
    return calendar_from(time_zone=brand.time_zone, hours=brand.hours, holidays=brand.holidays)


def brands_by_id(numbers: Iterable[int]) -> Mapping[int, Brand]:
    """These brands; one query."""
    return {row.pk: row for row in _brands(numbers=set(numbers))}


@prepared
def _brands(*, numbers: Set[int]) -> "QuerySet[Brand, Brand]":
    return Brand.objects.filter(pk__in=numbers)


def acknowledgements_of(brands: Iterable[int]) -> Sequence[Acknowledgement]:
    """The words of these brands for the first automatic answer, in every language they have; one query."""
    return _acknowledgements(brands=set(brands))


@prepared
def _acknowledgements(*, brands: Set[int]) -> "QuerySet[Acknowledgement, Acknowledgement]":
    return Acknowledgement.objects.filter(brand_id__in=brands)


def first_inbox(brands: Iterable[int]) -> Inbox | None:
    """The inbox of these brands that was set up first; one query."""
    return Inbox.objects.filter(brand_id__in=set(brands)).order_by("pk").first()


def address_of_brand(brand: Brand) -> str:
    """The address of the brand's first inbox; empty without one. One query."""
    found = Inbox.objects.filter(brand=brand).order_by("pk").values_list("address", flat=True).first()
    return found or ""


@in_steps
def addresses_of(inbox: Inbox) -> Steps[list[str]]:
    """What an inbox may write from, its own address first; one query."""
    further = asked(_further, inbox=inbox.pk)
    yield [further]
    return [inbox.address, *further.value]


@prepared
def _further(*, inbox: int) -> "QuerySet[InboxAddress, str]":
    rows = InboxAddress.objects.filter(inbox_id=inbox)
    return rows.order_by("address").values_list("address", flat=True)


def further_addresses(inboxes: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """By inbox, what it may write from beside its own address; one query."""
    found: dict[int, list[str]] = {}
    rows = InboxAddress.objects.filter(inbox_id__in=set(inboxes)).order_by("address")
    for inbox, address in rows.values_list("inbox_id", "address"):
        found.setdefault(inbox, []).append(address)
    return found


def all_addresses() -> frozenset[str]:
    """Every address of every inbox; two queries."""
    own = Inbox.objects.values_list("address", flat=True)
    return frozenset((*own, *InboxAddress.objects.values_list("address", flat=True)))


def sending_domains() -> frozenset[str]:
    """The domains that inboxes write from; two queries."""
    return frozenset(address.rpartition("@")[2] for address in all_addresses())


def is_of_an_inbox(address: str) -> bool:
    """Whether a normalised address is an inbox's own or a further one of it; up to two queries."""
    own = Inbox.objects.filter(address=address).exists()
    return own or InboxAddress.objects.filter(address=address).exists()


def inboxes_and_their_addresses() -> dict[str, Inbox]:
    """Every inbox, with its brand, by each of its addresses; two queries."""
    rows = {inbox.pk: inbox for inbox in _inboxes()}
    own = {row.address: row for row in rows.values()}
    return own | {address: rows[pk] for address, pk in _further_addresses()}


@prepared
def _inboxes() -> "QuerySet[Inbox, Inbox]":
    return Inbox.objects.select_related("brand")


@prepared
def _further_addresses() -> "QuerySet[InboxAddress, tuple[str, int]]":
    return InboxAddress.objects.values_list("address", "inbox_id")


@prepared
def _inboxes_at(*, addresses: Iterable[str]) -> "QuerySet[Inbox, str]":
    return Inbox.objects.filter(address__in=addresses).values_list("address", flat=True)


@prepared
def _further_at(*, addresses: Iterable[str]) -> "QuerySet[InboxAddress, str]":
    return InboxAddress.objects.filter(address__in=addresses).values_list("address", flat=True)


@in_steps
def those_of_inboxes(addresses: Iterable[str]) -> Steps[frozenset[str]]:
    """Those of these normalised addresses that belong to an inbox; one query."""
    wanted = sorted(set(addresses))
    own, further = asked(_inboxes_at, addresses=wanted), asked(_further_at, addresses=wanted)
    yield own, further
    return frozenset((*own.value, *further.value))


@prepared
def _inbox(*, number: int) -> "QuerySet[Inbox, Inbox]":
    return Inbox.objects.filter(pk=number)


@in_steps
def inbox(number: int) -> Steps[Inbox]:
    """The inbox of this number, which there is; one query."""
    found = asked(_inbox, number=number)
    yield [found]
    return found.value[0]


def most_bytes_of(inbox: Inbox) -> int:
    """The largest mail that may leave an inbox: its own limit, or the desk's, and what its server takes."""
    own = inbox.most_bytes or config.send_max_bytes
    return min(own, inbox.server_bytes or own)


def topics_of(brand: Brand) -> list[Topic]:
    """Every topic of a brand, archived ones too, in no order: heed.brands.topics.in_order brings them into one.

    One query.
    """
    return list(Topic.objects.filter(brand=brand))


def topics_from(brand: int, topic: int) -> list[int]:
    """The keys of a topic of a brand and of those below it; one query."""
    rows = Topic.objects.filter(brand_id=brand)
    return [row.pk for row in rows if topic in (row.pk, *row.above)]


def fields_of(brand: Brand) -> list[CustomField]:
    """Every custom field of a brand with its topic, archived ones too, as they were added; one query."""
    return list(CustomField.objects.filter(brand=brand).select_related("topic").order_by("pk"))


def topic_of_number(number: int) -> Topic:
    """A topic with its brand. Raises NotFound. One query."""
    return _or_not_found(Topic.objects.select_related("brand").filter(pk=number).first())


def field_of_number(number: int) -> CustomField:
    """A custom field with its brand and topic. Raises NotFound. One query."""
    return _or_not_found(CustomField.objects.select_related("brand", "topic").filter(pk=number).first())


def _or_not_found(row: T | None) -> T:
    if row is None:
        raise NotFound
    return row
