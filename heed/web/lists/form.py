"""The form of a view: what was filled in becomes a text of the filter language, and a filter becomes the form again.

There is one language: the form is another way to write it, and what it can't write is written in words.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from heed.conversations.filters import (
    CHOICES,
    SIGNS,
    Condition,
    Field,
    Filter,
    Hint,
    HintKind,
    Phrase,
    Reading,
    as_text,
    noted_in,
    read,
)
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.models import View
from heed.web.typed import number

_PIECE = re.compile(r'(?:"[^"]*"?|[^",])+')  # of a text with commas between; not those inside quotes
CONDITIONS = 20  # that a form shows
VALUE_CHARACTERS = 200  # of one field


@dataclass(frozen=True, slots=True)
class Part:
    """One condition as the form has it; nothing has to be chosen yet."""

    field: Field
    values: tuple[str, ...] = ()
    is_not: bool = False
    own: str = ""  # the name of a custom field
    sign: str = "="  # how its value compares; empty: there is one

    @property
    def text(self) -> str:
        """Its values as one field holds them."""
        return ", ".join(f'"{value}"' if "," in value else value for value in self.values)

    @property
    def is_empty(self) -> bool:
        """Whether something is still to be chosen or written."""
        return not self.values and not (self.own and not self.sign)

    @property
    def written(self) -> str:
        """The same in the filter language; empty without a value."""
        values = self.values
        if self.own:
            values = tuple(f"{self.own}{self.sign}{value}" for value in values) if self.sign else (self.own,)
        quoted = ",".join(f'"{value}"' for value in values)
        return f"{'-' if self.is_not else ''}{self.field}:{quoted}" if quoted else ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A view as somebody thinks of it."""

    name: str = ""
    words: str = ""
    parts: tuple[Part, ...] = ()
    order: ViewOrder = ViewOrder.DUE
    shown: tuple[RowFact, ...] = ()
    team: int | None = None
    typed: str = ""
    newest: int | None = field(default=None, compare=False)  # the condition that was just added

    @property
    def reading(self) -> Reading:
        """What it asks for, and what of it can't be read."""
        written = " ".join(filter(None, [self.words, *(part.written for part in self.parts)]))
        return read(f"{written} ")

    def error_of(self, part: Part) -> Hint | None:
        """What is wrong with a condition: its first value that can't be read, or that there is none."""
        if part.is_empty:
            return Hint(HintKind.NO_VALUE, part.field)
        return next(iter(read(f"{part.written} ").hints), None)

    @property
    def errors_of_words(self) -> tuple[Hint, ...]:
        """What can't be read of the words."""
        return read(f"{self.words} ").hints


def of_view(view: View) -> Draft:
    """The form of a view that exists."""
    draft = of_filter(read(f"{view.filter} ").filter)
    facts = tuple(RowFact(fact) for fact in view.shown if fact in set(RowFact))
    return replace(draft, name=view.name, order=ViewOrder(view.order), shown=facts, team=view.team_id)


def of_filter(filter_: Filter) -> Draft:
    """The form of a filter."""
    phrases = " ".join(as_text(term) for term in filter_.terms if isinstance(term, Phrase))
    parts = tuple(_part(term) for term in filter_.terms if isinstance(term, Condition))
    return Draft(words=phrases, parts=parts)


def _part(term: Condition) -> Part:
    """The row of a condition; of one custom field, compared in one way, with its name apart."""
    found = [noted_in(value) for value in term.values] if term.field is Field.FIELD else []
    asked = [one for one in found if one is not None]
    if len({(one.name, one.sign) for one in asked}) != 1:
        return Part(term.field, term.values, term.is_not)
    values = tuple(one.value for one in asked if one.value)
    return Part(term.field, values, term.is_not, asked[0].name, asked[0].sign)


def of_post(post: QueryDict) -> Draft:
    """What was filled in."""
    order, team = post.get("order", ""), post.get("team", "")
    return Draft(
        name=post.get("name", "")[:VALUE_CHARACTERS],
        words=post.get("words", "").replace("\n", " ")[:VALUE_CHARACTERS],
        parts=tuple(_parts(post)),
        order=ViewOrder(order) if order in set(ViewOrder) else ViewOrder.DUE,
        shown=tuple(RowFact(fact) for fact in post.getlist("shown") if fact in set(RowFact)),
        team=number(team),
        typed=post.get("typed", "").replace("\n", " "),
    )


def _parts(post: QueryDict) -> Iterable[Part]:
    removed = post.get("remove", "")
    for place in range(CONDITIONS):
        name = post.get(f"field-{place}", "")
        if name not in set(Field) or str(place) == removed:
            continue
        picked = tuple(filter(None, post.getlist(f"pick-{place}")))
        values = picked or tuple(_values(Field(name), post.getlist(f"value-{place}")))
        own = _tidy(post.get(f"own-{place}", "")) if name == Field.FIELD else ""
        sign = post.get(f"sign-{place}", "=")
        yield Part(
            Field(name),
            tuple(map(_tidy, values)) if sign else (),
            f"not-{place}" in post,
            own,
            sign if sign in ("", *SIGNS) else "=",
        )


def _values(about: Field, given: Sequence[str]) -> Iterable[str]:
    """The values of one condition, each once; a text holds several with commas between."""
    texts = given if about in CHOICES else [piece for text in given for piece in _PIECE.findall(text)]
    return dict.fromkeys(filter(None, map(_tidy, texts)))


def _tidy(text: str) -> str:
    return " ".join(text.replace('"', " ").split())[:VALUE_CHARACTERS]


def with_part(draft: Draft, about: str) -> Draft:
    """With one more condition, still empty."""
    name, _, own = about.partition(":")
    if name not in set(Field) or len(draft.parts) >= CONDITIONS:
        return draft
    part = Part(Field(name), own=_tidy(own))
    return replace(draft, parts=(*draft.parts, part), newest=len(draft.parts))


def from_typed(draft: Draft) -> Draft:
    """The same view, by the text that was typed."""
    found = of_filter(read(f"{draft.typed} ").filter)
    return replace(draft, words=found.words, parts=found.parts)
