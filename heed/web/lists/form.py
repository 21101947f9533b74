"""The form of a view: what was filled in becomes a text of the filter language, and a filter becomes the form again.

There is one language: the form is another way to write it, and what it can't write is written in words.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.http import QueryDict

from heed.conversations.filters import (
    CHOICES,
    Condition,
    Field,
    Filter,
    Hint,
    HintKind,
    Phrase,
    Reading,
    as_text,
    read,
)
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.models import View
from heed.web.typed import number

CONDITIONS = 20  # that a form shows
VALUE_CHARACTERS = 200  # of one field


@dataclass(frozen=True, slots=True)
class Part:
    """One condition as the form has it; nothing has to be chosen yet."""

    field: Field
    values: tuple[str, ...] = ()
    is_not: bool = False

    @property
    def text(self) -> str:
        """Its values as one field holds them."""
        return ", ".join(self.values)

    @property
    def written(self) -> str:
        """The same in the filter language; empty without a value."""
        quoted = ",".join(f'"{value}"' for value in self.values)
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
        if not part.values:
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
    parts = tuple(
        Part(term.field, term.values, term.is_not) for term in filter_.terms if isinstance(term, Condition)
    )
    return Draft(words=phrases, parts=parts)


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
        yield Part(
            Field(name), tuple(_values(Field(name), post.getlist(f"value-{place}"))), f"not-{place}" in post
        )


def _values(about: Field, given: Sequence[str]) -> Iterable[str]:
    """The values of one condition, each once; a text holds several with commas between."""
    texts = given if about in CHOICES else [piece for text in given for piece in text.split(",")]
    found = (" ".join(text.replace('"', " ").split())[:VALUE_CHARACTERS] for text in texts)
    return dict.fromkeys(filter(None, found))


def with_part(draft: Draft, about: str) -> Draft:
    """With one more condition, still empty."""
    if about not in set(Field) or len(draft.parts) >= CONDITIONS:
        return draft
    return replace(draft, parts=(*draft.parts, Part(Field(about))), newest=len(draft.parts))


def from_typed(draft: Draft) -> Draft:
    """The same view, by the text that was typed."""
    found = of_filter(read(f"{draft.typed} ").filter)
    return replace(draft, words=found.words, parts=found.parts)
