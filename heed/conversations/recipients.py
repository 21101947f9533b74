"""Whom an answer would go to, and what a careful person would look at before it leaves. Pure."""

from collections.abc import Iterable

from heed.channels.email.address import PUBLIC_PROVIDERS
from heed.channels.email.authentication.alignment import registered


def company_domain(addresses: Iterable[str]) -> str:
    """The registered domain that stands for a customer's company; '' where none does, or several would.

    Addresses at public providers belong to people who have nothing to do with each other.
    """
    domains = {address.rpartition("@")[2].lower() for address in addresses}
    own = {registered(domain) for domain in domains if domain and domain not in PUBLIC_PROVIDERS}
    return own.pop() if len(own) == 1 else ""


def is_outside_of(address: str, company: str) -> bool:
    """Whether an address is not of this company; of none, nobody is outside."""
    return bool(company) and registered(address.rpartition("@")[2]) != company
