"""Reads about the standing of addresses: what came back, who asked for no automatic mail, to whom nothing is sent."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from heed.channels.email.mailboxes import key_of
from heed.kernel.prepared import prepared
from heed.kernel.steps import Steps, asked, in_steps
from heed.kernel.words import ActorKind, BrandId, SuppressReason
from heed.people.models import AddressStanding, Identity, IdentityKind
from heed.people.policy import Actor, may_begin


@prepared
def _standings(*, addresses: Sequence[str]) -> "QuerySet[AddressStanding, AddressStanding]":
    return AddressStanding.objects.filter(address__in=addresses).select_related("lifted_by")


@in_steps
def standings(actor: Actor, addresses: Iterable[str]) -> Steps[dict[str, AddressStanding]]:
    """By normalised address, those with which something went wrong, for anyone of the desk; one query."""
    wanted = {key_of(address) for address in addresses}
    if actor.kind not in (ActorKind.AGENT, ActorKind.SYSTEM) or not wanted:
        return {}
    found = asked(_standings, addresses=sorted(wanted))
    yield [found]
    return {row.address: row for row in found.value}


def standing(actor: Actor, number: int) -> AddressStanding | None:
    """The standing of one address, for one who may write to it; None for an unknown one, and for others. One query."""
    return AddressStanding.objects.filter(pk=number).first() if may_begin(actor) else None


@prepared
def _suppressed(*, addresses: Iterable[str]) -> "QuerySet[AddressStanding, tuple[str, str]]":
    rows = AddressStanding.objects.filter(address__in=addresses, suppressed_at__isnull=False)
    return rows.values_list("address", "reason")


@in_steps
def suppressed_among(addresses: Iterable[str]) -> Steps[dict[str, SuppressReason]]:
    """For the desk itself: those of these addresses that nothing is sent to, as given, and why. One query."""
    keys = {address: key_of(address) for address in addresses}
    found = asked(_suppressed, addresses=sorted(set(keys.values())))
    yield [found]
    reasons = dict(found.value)
    return {address: SuppressReason(reasons[key]) for address, key in keys.items() if key in reasons}


def closed_to_automatic(pairs: Iterable[tuple[int, str]]) -> frozenset[tuple[int, str]]:
    """For the desk itself: those of these (brand, address) pairs, as given, that get no automatic mail. Two queries."""
    keys = {pair: key_of(pair[1]) for pair in pairs}
    if not keys:
        return frozenset()
    rows = AddressStanding.objects.filter(address__in=set(keys.values())).values_list(
        "address", "suppressed_at", "complained_at", "unsubscriptions__brand_id"
    )
    silent = Identity.objects.filter(
        kind=IdentityKind.EMAIL, value__in=set(keys.values()), customer__wants_no_automatic_mail=True
    )
    whole = set(silent.values_list("value", flat=True))
    of_brand: set[tuple[int | None, str]] = set()
    for address, suppressed_at, complained_at, brand in rows:
        of_brand.add((brand, address))
        if suppressed_at is not None or complained_at is not None:
            whole.add(address)
    return frozenset(
        (brand, given) for (brand, given), key in keys.items() if key in whole or (brand, key) in of_brand
    )


def unsubscribed_at(actor: Actor, standing: AddressStanding, brand: BrandId) -> datetime | None:
    """Since when an address gets no automatic mail of a brand because it asked so. One query."""
    if actor.kind not in (ActorKind.AGENT, ActorKind.SYSTEM):
        return None
    return standing.unsubscriptions.filter(brand_id=brand).values_list("at", flat=True).first()
