"""What the settings pages of topics and custom fields show."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A topic in its tree. level: 1 at the root, as a heading would count; fields: their names."""

    name: str
    href: str
    level: int
    is_archived: bool
    fields: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRow:
    """A custom field. kind: heed.kernel.words.FieldKind; topic: empty for one of the whole brand."""

    name: str
    href: str
    kind: str
    is_archived: bool
    topic: str = ""
    choices: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicForm:
    """The form for a topic, as it was typed."""

    name: str = ""
    parents: Sequence[Option] = ()
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldForm:
    """The form for a custom field, as it was typed. choices: one a line."""

    name: str = ""
    kinds: Sequence[Option] = ()
    choices: str = ""
    errors: Sequence[FieldError] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsPage:
    """topics/list.html: the tree of one brand and the fields that all its conversations have."""

    nav: NavContext
    href: str
    brand: str
    brands: Sequence[Option]
    topics: Sequence[TopicRow]
    fields: Sequence[FieldRow]
    topic_form: TopicForm
    field_form: FieldForm
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """topics/one.html: a topic. own: fields of it; inherited: those of topics above and of the brand."""

    nav: NavContext
    href: str
    name: str
    brand: str
    back_href: str
    names: Sequence[str]
    is_archived: bool
    own: Sequence[FieldRow]
    inherited: Sequence[FieldRow]
    below: Sequence[TopicRow]
    topic_form: TopicForm
    field_form: FieldForm
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPage:
    """topics/field.html: a custom field."""

    nav: NavContext
    href: str
    name: str
    brand: str
    kind: str
    topic: str
    back_href: str
    is_archived: bool
    has_choices: bool
    form: FieldForm
    is_saved: bool = False
