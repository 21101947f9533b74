"""What is looked for, in the language of each engine's full text index. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.conversations.passages import Sought
from heed.language.insides import INSIDE


@dataclass(frozen=True, slots=True)
class Term:
    """Something to look for in a column (all: None): one of these."""

    column: str | None
    sought: tuple[Sought, ...]
    is_not: bool


def in_fts(terms: Sequence[Term]) -> str:
    """In the language of FTS5. Words hold letters, digits and marks only; each stands in quotes."""
    positive = " AND ".join(_fts(term) for term in terms if not term.is_not)
    negative = "".join(f" NOT {_fts(term)}" for term in terms if term.is_not)
    return f"({positive}){negative}" if negative else positive


def _fts(term: Term) -> str:
    either = " OR ".join(_fts_one(one) for one in term.sought)
    return f"{term.column} : ({either})" if term.column else f"({either})"


def _fts_one(one: Sought) -> str:
    if one.is_number:
        return f'"{one.words[0]}" * OR "{INSIDE}{one.words[0]}" *'
    if one.is_inner:
        return f'"{one.words[0]}"{" *" if one.goes_on else ""} OR "{INSIDE}{one.words[0]}" *'
    return f'"{" ".join(one.words)}"{" *" if one.goes_on else ""}'


WEIGHTS = {None: "", "subject": "A", "names": "B"}


def in_tsquery(terms: Sequence[Term]) -> str:
    """In the language of tsquery."""
    parts = []
    for term in terms:
        weight = WEIGHTS[term.column]
        either = " | ".join(_lexemes(one, weight) for one in term.sought)
        parts.append(f"!({either})" if term.is_not else f"({either})")
    return " & ".join(parts)


def _lexemes(one: Sought, weight: str) -> str:
    if one.is_number:
        return f"'{one.words[0]}':*{weight} | '{INSIDE}{one.words[0]}':*{weight}"
    label = f":{weight}" if weight else ""
    if one.is_inner:
        whole = f":*{weight}" if one.goes_on else label
        return f"'{one.words[0]}'{whole} | '{INSIDE}{one.words[0]}':*{weight}"
    last = f":*{weight}" if one.goes_on else label
    *before, end = one.words
    return " <-> ".join([*(f"'{word}'{label}" for word in before), f"'{end}'{last}"])
