"""What the form of a view shows: its conditions with what can be chosen, and what is wrong with them."""

from collections.abc import Iterable, Sequence
from typing import Final

from heed.conversations.filters import AHEAD, CHOICES, ME, NOBODY, SIGNS, TIMES, Field, HintKind
from heed.kernel.words import TeamId
from heed.language.tokens import words
from heed.lists.codes import RowFact, ViewOrder
from heed.lists.offers import OwnField, own_fields, suggestions
from heed.people.policy import may_share_view
from heed.ui.contexts import FieldError, Option
from heed.ui.list_words import FIELDS
from heed.web.doors import Visit
from heed.web.lists.contexts import ConditionContext, EditorContext
from heed.web.lists.form import CONDITIONS, Draft, Part

PAST: Final = ("today", "yesterday", "1d", "3d", "7d", "30d", ">1d", ">3d", ">7d", ">30d")
TO_COME: Final = ("today", "tomorrow", "1h", "4h", "1d", "7d", ">1d", ">7d", "none")
NAMED: Final = (Field.ASSIGNEE, Field.TEAM, Field.BRAND, Field.INBOX, Field.TAG, Field.TOPIC)


def editor_context(
    visit: Visit,
    draft: Draft,
    *,
    action: str,
    cancel_href: str,
    delete_href: str = "",
    errors: Sequence[FieldError] = (),
    is_checked: bool = False,
) -> EditorContext:
    """The form. is_checked: it was to be saved, so what is empty or can't be read is said."""
    own = own_fields(visit.actor)
    return EditorContext(
        action=action,
        is_new=not delete_href,
        name=draft.name,
        words=draft.words,
        conditions=[
            condition_context(visit, draft, part, place, own=own, is_checked=is_checked)
            for place, part in enumerate(draft.parts)
        ],
        fields=_fields(draft),
        own_fields=[field.name for field in own] if len(draft.parts) < CONDITIONS else [],
        orders=[Option(value=order, is_chosen=order is draft.order) for order in ViewOrder],
        facts=[Option(value=fact, is_chosen=fact in draft.shown) for fact in RowFact],
        teams=[
            Option(value=str(team.id), label=team.name, is_chosen=team.id == draft.team)
            for team in visit.teams
            if may_share_view(visit.actor, TeamId(team.id))
        ],
        typed=str(draft.reading.filter),
        cancel_href=cancel_href,
        delete_href=delete_href,
        errors=[*errors, *(_of_words(draft) if is_checked else ())],
    )


def condition_context(
    visit: Visit, draft: Draft, part: Part, place: int, *, own: Sequence[OwnField], is_checked: bool
) -> ConditionContext:
    """One condition, with what can be chosen."""
    kind, options = _of_own(part, own) if part.own else _choices(visit, part)
    hint = draft.error_of(part) if is_checked else None
    return ConditionContext(
        number=place,
        field=part.field,
        kind=kind,
        is_not=part.is_not,
        text=part.text,
        options=options,
        error=FieldError(field=part.field, code=hint.kind, value=hint.value) if hint else None,
        is_new=place == draft.newest,
        own=part.own,
        signs=[Option(value=sign, is_chosen=sign == part.sign) for sign in ("", *SIGNS)] if part.own else (),
    )


def _of_own(part: Part, own: Sequence[OwnField]) -> tuple[str, Sequence[Option]]:
    """The control of a custom field: boxes where there are choices, and only whether it is one of them is asked."""
    field = next((one for one in own if words(one.name) == words(part.own)), None)
    if field is None or not field.choices or part.sign not in ("", "="):
        return "own", [Option(value=choice) for choice in field.choices] if field else ()
    known = [*field.choices, *(value for value in part.values if value not in field.choices)]
    return "picks", _options(known, part.values)


def _fields(draft: Draft) -> list[str]:
    """What one more condition may be about, what is not asked for yet first."""
    used = {part.field for part in draft.parts}
    known = [one for one in FIELDS if one != Field.FIELD]
    return sorted(known, key=lambda one: one in used) if len(draft.parts) < CONDITIONS else []


def _choices(visit: Visit, part: Part) -> tuple[str, Sequence[Option]]:
    if part.field in CHOICES:
        return "choices", _options(CHOICES[part.field], part.values)
    if part.field in TIMES:
        known = TO_COME if part.field in AHEAD else PAST
        return "when", _options([*known, *(one for one in part.values if one not in known)], part.values)
    if part.field in NAMED:
        return "names", [Option(value=name) for name in _names(visit, part.field)]
    return "text", ()


def _options(values: Iterable[str], chosen: Sequence[str]) -> list[Option]:
    return [Option(value=value, is_chosen=value in chosen) for value in values]


def _names(visit: Visit, about: Field) -> Sequence[str]:
    if about is Field.TEAM:
        return [team.name for team in visit.teams]
    if about is Field.BRAND:
        return sorted({team.brand_name for team in visit.teams})
    return [*((ME, NOBODY) if about is Field.ASSIGNEE else ()), *suggestions(visit.actor, about)]


def _of_words(draft: Draft) -> Iterable[FieldError]:
    for hint in draft.errors_of_words:
        if hint.kind is not HintKind.OPEN_QUOTE:
            yield FieldError(field="words", code=hint.kind, value=hint.value or hint.field)
