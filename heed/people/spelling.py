"""Names that were typed almost right: two words are alike when taking a letter away makes the same of both. Pure."""

from typing import Final

SHORTEST, LONGEST = 4, 20
"""Characters of a word that may be misspelt; a shorter one is like too many others."""
LONG_WORD: Final = 8  # characters from which on two slips are forgiven


def may_be_misspelt(word: str) -> bool:
    """Whether others that are like a word are looked for."""
    return SHORTEST <= len(word) <= LONGEST and word.isalpha()


def keys_of(word: str) -> frozenset[str]:
    """The word itself, and what is left of it without each of its letters."""
    return frozenset((word, *(word[:at] + word[at + 1 :] for at in range(len(word)))))


def slips(one: str, other: str) -> int:
    """How many letters have to be put in, left out, changed or swapped with their neighbour to make the other."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            best = min(rows[-1][j] + 1, row[j - 1] + 1, rows[-1][j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


def are_alike(one: str, other: str) -> bool:
    """Whether one may have been meant by the other."""
    return slips(one, other) <= (2 if min(len(one), len(other)) >= LONG_WORD else 1)
