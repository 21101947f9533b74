"""What search reads of a message: its words, made here once, so that both databases keep and find the same.

SQLite keeps them as they are (FTS5 with the plainest tokenizer there is), PostgreSQL as a tsvector whose places we
count ourselves: neither takes a text apart. What one of them could not hold is left out for both.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Final

from heed.conversations.models import Message, SearchDocument
from heed.conversations.passages import LONG_NUMBER
from heed.kernel.rows import is_postgres
from heed.kernel.words import CAME_IN, MAILED
from heed.language.insides import rests_of, rests_of_address
from heed.language.tokens import words

TEXT_CHARACTERS: Final = 100_000  # a tsvector holds 1 MB, and a character takes up to four bytes
TEXT_WORDS: Final = 14_000  # and a tsvector counts places to 16,383
SUBJECT_WORDS: Final = 300
NAMES_WORDS: Final = 1_000  # parts of addresses included
LONGEST_ADDRESS: Final = 254  # characters
SAME_WORD: Final = 255  # places that a tsvector remembers of one word
NUMBERS: Final = 100  # long numbers of a message that are found by any part of them
NUMBER_PARTS: Final = 900
NEXT: Final = (
    "\u2190"  # parts what was written from the words of a file, so that no phrase reaches over; no word
)

# The key of a document is its minute, then the message: so that the newest come first whenever they were recorded,
# imported history too, and days are a range of keys. Enough until the year 2225, and for 30 thousand million messages.
_MINUTE_BITS: Final = 27
_ID_BITS: Final = 36
_ID: Final = (1 << _ID_BITS) - 1


def key_at(at: datetime) -> int:
    """The lowest key of documents from this minute on."""
    minute = int(at.astimezone(UTC).timestamp()) // 60
    return min(max(minute, 0), (1 << _MINUTE_BITS) - 1) << _ID_BITS


def key_of(message: Message) -> int:
    """The key of a message's document."""
    return key_at(message.at) | message.pk


def time_in(key: int) -> datetime:
    """The minute of a document."""
    return datetime.fromtimestamp((key >> _ID_BITS) * 60, UTC)


def message_in(key: int) -> int:
    """Whose document it is: the message's key."""
    return key & _ID


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a document, column by column."""

    subject: Sequence[str]
    names: Sequence[str]
    text: Sequence[str]  # with the words of files, and parts of long numbers


def words_of(subject: str, names: Iterable[str], text: str, files: Iterable[str] = ()) -> Words:
    """The words that search may find a message by: what it says first, then what its files say, while there is room."""
    told = words(subject[:TEXT_CHARACTERS])[:SUBJECT_WORDS]
    people = list(names)
    named = words(" ".join(people)[:TEXT_CHARACTERS])
    parts = dict.fromkeys(
        part for one in people if "@" in one for part in rests_of_address(one[:LONGEST_ADDRESS])
    )
    written = words(text[:TEXT_CHARACTERS])
    for file in files:
        written += [NEXT, *words(file[:TEXT_CHARACTERS])]
    said = _bounded(written)
    numbers = [word for word in (*told, *said) if len(word) >= LONG_NUMBER and not word.isalpha()]
    digits = rests_of(dict.fromkeys(numbers[:NUMBERS]))[:NUMBER_PARTS]
    return Words(told, [*named, *parts][:NAMES_WORDS], said + digits)


def names_on(message: Message) -> list[str]:
    """Names and addresses of the people a message is from, or goes to."""
    if message.direction in CAME_IN:
        return [message.from_name, message.from_address]
    if message.direction not in MAILED:
        return []
    return [part for one in (*message.to, *message.cc) for part in one]


def _bounded(some: list[str]) -> list[str]:
    """As many words as a tsvector holds, and none more often than it can say where."""
    some = some[:TEXT_WORDS]
    if sum(map(len, some)) > TEXT_CHARACTERS:
        lengths = accumulate(map(len, some))
        some = [word for word, length in zip(some, lengths, strict=True) if length <= TEXT_CHARACTERS]
    if len(some) <= SAME_WORD or max(Counter(some).values()) <= SAME_WORD:
        return some
    seen: Counter[str] = Counter()
    kept = []
    for word in some:
        seen[word] += 1
        if seen[word] <= SAME_WORD:
            kept.append(word)
    return kept


def document_of(message: Message, *, names: Iterable[str], files: Iterable[str] = ()) -> SearchDocument:
    """The row of a message's document, not written yet.

    Names: of the people it is from, or goes to; files: what stands in its files.
    """
    found = words_of(message.subject, names, f"{message.text}\n{message.signature}", files)
    return SearchDocument(id=key_of(message), **(_vector(found) if is_postgres() else _plain(found)))


def _plain(found: Words) -> dict[str, str]:
    return {
        "subject": " ".join(found.subject),
        "names": " ".join(found.names),
        "text": " ".join(found.text),
    }


def _vector(found: Words) -> dict[str, str]:
    """The same as parts of a tsvector: each word with its place; the weight names its column.

    There is a gap between columns, so that no phrase reaches from one into the next.
    """
    names_from = len(found.subject) + 2
    text_from = names_from + len(found.names) + 1
    return {
        "subject": " ".join([f"{word}:{place}A" for place, word in enumerate(found.subject, 1)]),
        "names": " ".join([f"{word}:{place}B" for place, word in enumerate(found.names, names_from)]),
        "text": " ".join([f"{word}:{place}" for place, word in enumerate(found.text, text_from)]),
    }
