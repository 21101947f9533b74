"""Signs that an answer may be on its way to the wrong person. Pure rules, each with its reason; none is a proof.

What they find is shown once, and the writer decides.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from heed.channels.email.address import PUBLIC_PROVIDERS


class Doubt(StrEnum):
    """Why a writer should look again."""

    TYPO = "typo"  # an address that is almost one of a participant
    OUTSIDE = "outside"  # nobody here, and of no domain that takes part
    SALUTATION = "salutation"  # the text greets somebody who gets nothing
    OTHER_NUMBER = "other_number"  # text or a file names another conversation
    OTHER_NAME = "other_name"  # a file names another customer


@dataclass(frozen=True, slots=True)
class Doubted:
    """One sign: what it is about, and what it was compared with."""

    doubt: Doubt
    value: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody who takes part, or gets the answer."""

    name: str
    address: str


GREETINGS: Final = (
    "hello hi hey dear good morning good afternoon good evening greetings "
    "hallo hi guten tag guten morgen guten abend liebe lieber sehr geehrte sehr geehrter moin servus "
    "bonjour bonsoir salut cher chère hola buenos días buenas tardes estimado estimada querido querida "
    "ciao buongiorno buonasera gentile caro cara egregio olá oi bom dia boa tarde prezado prezada caro cara "
    "beste geachte hoi goedemorgen goedemiddag hej kära bästa kære hei kjære hyvä moi dobrý den ahoj vážený "
    "dzień dobry szanowny szanowna cześć"
)
_GREETING: Final = frozenset(GREETINGS.split())
_TITLES: Final = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "dr",
        "prof",
        "professor",
        "sir",
        "madam",
        "herr",
        "frau",
        "monsieur",
        "madame",
        "mme",
        "mlle",
        "m",
        "señor",
        "señora",
        "sr",
        "sra",
        "don",
        "doña",
        "signor",
        "signora",
        "sig",
        "sig.ra",
        "senhor",
        "senhora",
        "meneer",
        "mevrouw",
        "herra",
        "rouva",
        "pan",
        "pani",
        "pane",
        "paní",
        "fru",
    ]
)
_NOBODY: Final = frozenset(
    [
        "all",
        "everyone",
        "everybody",
        "team",
        "there",
        "folks",
        "both",
        "you",
        "again",
        "customer",
        "sir",
        "madam",
        "and",
        "et",
        "und",
        "y",
        "e",
        "zusammen",
        "alle",
        "allerseits",
        "ihr",
        "beide",
        "tous",
        "toutes",
        "équipe",
        "à",
        "todos",
        "todas",
        "equipo",
        "a",
        "tutti",
        "tutte",
        "damen",
        "herren",
        "kundin",
        "kunde",
        "friend",
        "friends",
        "support",
    ]
)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_NUMBER: Final = re.compile(r"(?<![\w&/#])#(\d{1,12})\b")
_END: Final = re.compile(r"[,!:.;?–—]| - ")
_SHORT_TITLE: Final = re.compile(r"\b(mr|mrs|ms|mx|dr|prof|st|sr|sra|sig|m)\.", re.IGNORECASE)
LONGEST_GREETING: Final = 7  # words; what begins with more is no greeting
CLOSE: Final = 2  # so many letters wrong, doubled, missing or swapped are a typo


def doubts(
    *,
    text: str,
    files: Iterable[str],
    recipients: Sequence[Known],
    people: Sequence[Known],
    called: Iterable[str] = (),
    number: int = 0,
) -> list[Doubted]:
    """What is doubtful about an answer, the weightiest first.

    `people` take part by now; `called` are further names that they go by, such as what they sign with; `number` is the
    conversation's own.
    """
    found = [doubt for one in recipients if (doubt := _about_address(one, people)) is not None]
    greeted = _greeted(text, [*recipients], called)
    if greeted:
        found.append(Doubted(Doubt.SALUTATION, greeted))
    found += [
        Doubted(Doubt.OTHER_NUMBER, f"#{other}") for other in numbers_in(text, files) if other != number
    ]
    return found


def numbers_in(text: str, files: Iterable[str]) -> list[int]:
    """Numbers of conversations, as #4821, in what is written and in the names of files; each once."""
    whole = "\n".join((text, *(name.replace("_", " ") for name in files)))
    return list(dict.fromkeys(int(found[1]) for found in _NUMBER.finditer(whole)))


def _about_address(one: Known, people: Sequence[Known]) -> Doubted | None:
    known = {person.address for person in people}
    if one.address in known or not known:
        return None
    for address in sorted(known):
        if is_close(one.address, address):
            return Doubted(Doubt.TYPO, one.address, address)
    domain = one.address.rpartition("@")[2]
    domains = {address.rpartition("@")[2] for address in known} - PUBLIC_PROVIDERS
    return None if domain in domains else Doubted(Doubt.OUTSIDE, one.address)


def is_close(one: str, other: str) -> bool:
    """Whether two different addresses are a slip of the hand apart: of short ones one letter, else two.

    Two people of one domain with short names, such as ann@ and dan@, are no slip.
    """
    if one == other or abs(len(one) - len(other)) > CLOSE:
        return False
    (local, _, domain), (local_2, _, domain_2) = one.rpartition("@"), other.rpartition("@")
    if domain == domain_2:
        least = min(len(local), len(local_2))
        return least >= 4 and distance(local, local_2) <= (1 if least < 8 else CLOSE)
    if local != local_2:
        return False
    return distance(domain, domain_2) <= CLOSE or domain.rpartition(".")[0] == domain_2.rpartition(".")[0]


def distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, changed or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        older, before, row = before, row, [place]
        for column, letter_2 in enumerate(other, 1):
            cost = min(row[-1] + 1, before[column] + 1, before[column - 1] + (letter != letter_2))
            if place > 1 and column > 1 and letter == other[column - 2] and one[place - 2] == letter_2:
                cost = min(cost, older[column - 2] + 1)
            row.append(cost)
    return row[-1]


def _greeted(text: str, recipients: Sequence[Known], called: Iterable[str]) -> str:
    """The name that the first line greets, when nobody who gets the answer goes by it; else ''."""
    first = _END.split(_SHORT_TITLE.sub(r"\1", text.strip().partition("\n")[0]), maxsplit=1)[0]
    words = _WORD.findall(first)
    if not words or len(words) > LONGEST_GREETING or words[0].casefold() not in _GREETING:
        return ""
    names = list(_names_of(words))
    if not names:
        return ""
    theirs = {plain(part) for part in _parts(recipients, called)}
    if any(_is_same(plain(name), part) for name in names for part in theirs):
        return ""
    return " ".join(names)


def _names_of(words: Sequence[str]) -> Iterator[str]:
    """What is left of a greeting without the words that greet: names begin with a capital letter."""
    for word in words:
        low = word.casefold()
        if low in _GREETING or low in _TITLES or low in _NOBODY or not word[0].isupper():
            continue
        yield word


def _parts(recipients: Sequence[Known], called: Iterable[str]) -> Iterator[str]:
    for text in (*(one.name for one in recipients), *called):
        yield from _WORD.findall(text)
    for one in recipients:
        local, _, domain = one.address.partition("@")
        yield from _WORD.findall(re.sub(r"[._+-]", " ", local))
        yield domain.partition(".")[0]


def _is_same(name: str, part: str) -> bool:
    """One name begins with the other: Alex and Alexandra, Müller and mueller's first letters."""
    if len(name) < 2 or len(part) < 2:
        return name == part
    if name.startswith(part) or part.startswith(name):
        return True
    return (len(name) >= 3 and name in part) or distance(name, part) <= (len(name) > 4)


def plain(word: str) -> str:
    """A word without case and accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
