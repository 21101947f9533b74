"""What search reads of a customer: the words of their name, company and addresses, and parts of the last. Pure."""

from collections.abc import Iterable, Sequence
from typing import Final

from heed.kernel.rows import is_postgres
from heed.language.insides import rests_of, rests_of_address
from heed.language.tokens import words
from heed.people.models import Customer, CustomerDocument

MOST_WORDS: Final = 2_000


def words_about(names: Iterable[str], addresses: Sequence[str]) -> list[str]:
    """Each word once, and the parts by which it may be looked up."""
    told = words(" ".join(names))
    parts = [part for address in addresses for part in (*words(address), *rests_of_address(address))]
    return list(dict.fromkeys([*told, *parts, *rests_of(told)]))[:MOST_WORDS]


def document_of(customer: Customer, *, company: str, addresses: Sequence[str]) -> CustomerDocument:
    """The row of a customer's document, not written yet."""
    found = words_about([customer.name, company], addresses)
    return CustomerDocument(id=customer.pk, words=" ".join(_lexeme(word) for word in found))


def _lexeme(word: str) -> str:
    return f"'{word}'" if is_postgres() else word
