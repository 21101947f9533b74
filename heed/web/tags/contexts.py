"""What the settings pages of tags show."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import FieldError, NavContext, Option


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRow:
    """A tag in the list. into: the name of the one that stands for it since they were merged."""

    name: str
    href: str
    count: int  # conversations that the reader may see
    into: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsPage:
    """tags/list.html: the tags of one brand, those that are offered or the archived ones."""

    nav: NavContext
    href: str
    brand: str
    brands: Sequence[Option]
    tags: Sequence[TagRow]
    archived: bool = False
    offered_href: str = ""
    archived_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagPage:
    """tags/one.html: a tag. merge_into: every other one of its brand; into: the one that stands for it."""

    nav: NavContext
    href: str
    merge_href: str
    back_href: str
    name: str
    typed: str
    brand: str
    count: int
    search_href: str
    is_archived: bool = False
    into: str = ""
    merge_into: Sequence[Option] = ()
    errors: Sequence[FieldError] = ()
    is_saved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MergePage:
    """tags/merge.html: what would become of two tags. both: conversations that carry both already."""

    nav: NavContext
    href: str
    back_href: str
    name: str
    into: str
    into_number: int
    count: int
    into_count: int
    both: int
    after: int
    error: FieldError | None = None
