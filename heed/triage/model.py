"""What this desk's own decisions say about a mail's words: Robinson's way of weighing them (chi-square), hashed.

Counts of hashed words, as many for spam as for the rest: learning adds one, unlearning takes it away, in any order, so
the same decisions always give the same model. It holds no word of anybody, and its size never changes.
"""

import math
import sys
import zlib
from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

BUCKETS: Final = 1 << 15
DECISIVE: Final = 60  # the words that say most; more only adds rounding
DISTANCE: Final = 0.1  # from even; words nearer to it say nothing
STRENGTH: Final = 0.45  # how many decisions the belief that a new word says nothing is worth
VERSION: Final = 1


class WrongModel(ValueError):
    """These bytes hold no model that this version can read."""


def _counts() -> "array[int]":
    return array("I", bytes(4 * BUCKETS))


@dataclass(slots=True)
class Model:
    """How often each word stood in spam and in other mail that agents decided about."""

    spam: "array[int]" = field(default_factory=_counts)
    good: "array[int]" = field(default_factory=_counts)
    spams: int = 0
    goods: int = 0

    def learn(self, words: Iterable[int], *, is_spam: bool, times: int = 1) -> None:
        """Count a mail's words, each once; times=-1 takes back what was learnt."""
        counts = self.spam if is_spam else self.good
        for word in words:
            counts[word] = max(0, counts[word] + times)
        if is_spam:
            self.spams = max(0, self.spams + times)
        else:
            self.goods = max(0, self.goods + times)

    def weigh(self, words: Iterable[int]) -> float:
        """How likely it is spam, 0 to 1; near a half when words speak for both or for nothing."""
        told = sorted(
            ((abs(chance - 0.5), chance) for word in words for chance in (self._chance(word),)), reverse=True
        )[:DECISIVE]
        chances = [chance for distance, chance in told if distance > DISTANCE]
        if not chances:
            return 0.5
        spammy = _surprise(sum(math.log(1.0 - chance) for chance in chances), len(chances))
        goodly = _surprise(sum(math.log(chance) for chance in chances), len(chances))
        return (1.0 + spammy - goodly) / 2.0

    def _chance(self, word: int) -> float:
        in_spam, in_good = self.spam[word], self.good[word]
        if not in_spam and not in_good:
            return 0.5
        spam_share, good_share = in_spam / max(1, self.spams), in_good / max(1, self.goods)
        seen = in_spam + in_good
        chance = spam_share / (spam_share + good_share)
        return min(0.999, max(0.001, (STRENGTH * 0.5 + seen * chance) / (STRENGTH + seen)))

    def to_bytes(self) -> bytes:
        """The model as bytes: a header and the counts, little-endian, packed."""
        head = array("I", [VERSION, BUCKETS, self.spams, self.goods])
        parts = [array("I", part) for part in (head, self.spam, self.good)]
        if sys.byteorder == "big":
            for part in parts:
                part.byteswap()
        return zlib.compress(b"".join(part.tobytes() for part in parts), 1)

    @classmethod
    def from_bytes(cls, packed: bytes) -> "Model":
        """Read what to_bytes wrote. Raises WrongModel."""
        size = 4 * (4 + 2 * BUCKETS)
        try:
            raw = zlib.decompressobj().decompress(packed, size + 1)
        except zlib.error as error:
            raise WrongModel(str(error)) from None
        if len(raw) != size:
            raise WrongModel("size")
        counts = array("I", raw)
        if sys.byteorder == "big":
            counts.byteswap()
        if counts[0] != VERSION or counts[1] != BUCKETS:
            raise WrongModel("version")
        return cls(counts[4 : 4 + BUCKETS], counts[4 + BUCKETS :], counts[2], counts[3])


def _surprise(log_product: float, number: int) -> float:
    """How unlikely so extreme a product is by chance: chi-square with 2 * number degrees of freedom."""
    half = -log_product
    term = total = math.exp(-half)
    for step in range(1, number):
        term *= half / step
        total += term
    return 1.0 - min(1.0, total)
