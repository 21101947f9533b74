"""What the preview of a file shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from heed.ui.contexts import NavContext


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A page of a PDF; its size is known before it is there, so that nothing moves when it comes."""

    href: str
    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewContext:
    """previews/_preview.html. Of image_href, pages and text one is set; none: it can't be shown."""

    name: str
    size: int
    href: str  # to keep it
    back_href: str
    image_href: str = ""
    pages: Sequence[Picture] = ()
    page_count: int = 0
    text: str = ""
    is_cut: bool = False  # there is more of the text
    trouble: str = ""  # heed.kernel.customer_words.FileTrouble, or "busy", where it can't be shown


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewPage:
    """previews/page.html."""

    nav: NavContext
    preview: PreviewContext
