"""Topics and custom fields as their pages show them; no queries."""

from collections.abc import Iterable, Sequence

from django.http import QueryDict

from heed.brands.models import CustomField, Topic
from heed.brands.topics import VALUE_CHARACTERS, Branch
from heed.kernel.errors import HeedError, Unusable
from heed.kernel.words import FieldKind
from heed.people.checked import NAME_CHARACTERS
from heed.ui.contexts import FieldError, Option
from heed.web.topics.contexts import FieldForm, FieldRow, TopicForm, TopicRow

HERE = "/settings/topics/"
FIELDS = f"{HERE}fields/"
LONGEST_CHOICES = 60_000  # characters of what is typed into the field for choices
CODES = {"missing": "required", "below_itself": "below_itself", "too_deep": "too_deep"}


def topic_rows(branches: Iterable[Branch], fields: Sequence[CustomField]) -> list[TopicRow]:
    """A tree as a list, each topic with the names of its own fields that are offered."""
    return [
        TopicRow(
            name=branch.topic.name,
            href=f"{HERE}{branch.topic.pk}/",
            level=branch.level + 1,
            is_archived=branch.is_archived,
            fields=[
                one.name for one in fields if one.topic_id == branch.topic.pk and one.archived_at is None
            ],
        )
        for branch in branches
    ]


def field_rows(fields: Iterable[CustomField]) -> list[FieldRow]:
    """Custom fields as a list."""
    return [
        FieldRow(
            name=field.name,
            href=f"{FIELDS}{field.pk}/",
            kind=field.kind,
            is_archived=field.archived_at is not None,
            topic=field.topic.name if field.topic else "",
            choices=field.choices,
        )
        for field in fields
    ]


def topic_form(
    typed: QueryDict, branches: Iterable[Branch], *, chosen: int | None, errors: Sequence[FieldError] = ()
) -> TopicForm:
    """The form for a topic, with every topic that another may stand below."""
    return TopicForm(
        name=typed.get("name", "")[:300],
        parents=[
            Option(value=str(one.topic.pk), label=" › ".join(one.names), is_chosen=one.topic.pk == chosen)
            for one in branches
            if not one.is_archived
        ],
        errors=errors,
    )


def field_form(typed: QueryDict, *, errors: Sequence[FieldError] = ()) -> FieldForm:
    """The form for one more custom field."""
    kind = typed.get("kind", FieldKind.TEXT)
    return FieldForm(
        name=typed.get("field_name", "")[:300],
        kinds=[Option(value=one.value, is_chosen=one == kind) for one in FieldKind],
        choices=typed.get("choices", "")[:LONGEST_CHOICES],
        errors=errors,
    )


def choices_of(typed: QueryDict) -> list[str]:
    """The choices that were typed, one a line."""
    return typed.get("choices", "")[:LONGEST_CHOICES].splitlines()


def error_of(error: HeedError, *, named: str) -> FieldError:
    """An error of a verb about topics as a field's. named: the field in which the name stands."""
    if error.code == "already_there":
        return FieldError(field=named, code="name_there")
    if not isinstance(error, Unusable):
        raise error
    limit = {"name": NAME_CHARACTERS, "choices": VALUE_CHARACTERS}.get(error.field, "")
    field = named if error.field in ("name", "topics", "fields") else error.field
    return FieldError(field=field, code=CODES.get(error.reason, error.reason), value=str(limit))


def above(topic: Topic, fields: Iterable[CustomField]) -> list[CustomField]:
    """Fields that conversations about a topic have from topics above it and from the brand."""
    return [one for one in fields if one.topic_id is None or one.topic_id in topic.above]
