"""What verbs about people and brands take as given: tidied, or refused with its field and a reason. Pure."""

import re
import unicodedata
from typing import Final

from heed.channels.email.mailboxes import is_address
from heed.kernel import clock
from heed.kernel.errors import Unusable
from heed.language.tokens import words

NAME_CHARACTERS: Final = 120
UNSEEN: Final = frozenset({"Cc", "Cf", "Cs"})  # they steer how the text around them is shown
JOINERS: Final = "\u200c\u200d"  # parts of words in Persian and of signs
ADDRESS_CHARACTERS: Final = 254
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
LANGUAGE_CHARACTERS: Final = 12


def company_key(name: str) -> str:
    """The words of a company's name, folded: two spellings are one company."""
    return " ".join(words(name))


def name_of(name: str) -> str:
    """A name without needless space. Raises Unusable for one that is empty, too long, or has unseen characters."""
    tidy = " ".join(name.split())
    if not tidy or len(tidy) > NAME_CHARACTERS:
        raise Unusable("name", "too_long" if tidy else "missing")
    if any(unicodedata.category(c) in UNSEEN and c not in JOINERS for c in tidy):
        raise Unusable("name", "unseen_characters")
    return tidy


def address_of(address: str) -> str:
    """An address in lower case. Raises Unusable for what is none."""
    tidy = address.strip().lower()
    if len(tidy) > ADDRESS_CHARACTERS:
        raise Unusable("address", "too_long")
    if not is_address(tidy):
        raise Unusable("address", "malformed")
    return tidy


def language_of(code: str) -> str:
    """A code such as en or pt-br. Raises Unusable."""
    if len(code) > LANGUAGE_CHARACTERS or not LANGUAGE.fullmatch(code):
        raise Unusable("language", "malformed")
    return code


def zone_of(name: str) -> str:
    """A time zone that IANA knows. Raises Unusable."""
    if name not in clock.zones():
        raise Unusable("time_zone", "unknown")
    return name
