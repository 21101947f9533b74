"""What agents write with a form (bold, lists, tables, images): kept beside its words. Pure.

In rows an image is ``cid:`` and the content id of its file, the same as in the mail that leaves.
"""

import re
from collections.abc import Collection
from typing import Final

from heed.kernel.errors import Unusable
from heed.kernel.html.written import from_words, images_of, is_rich, with_images, words_of, written

HTML_CHARACTERS: Final = 400_000
_OPEN: Final = '<div class="heed_written">'  # no mail of strangers keeps this class
_END: Final = "</div>"
_CONTENT_ID = re.compile(r"a(\d{1,18})@heed")


def content_id(number: int) -> str:
    """By what a text names a file that stands in it."""
    return f"a{number}@heed"


def formed(text: str, html: str) -> tuple[str, str]:
    """The words and the form of what was written. With a form, the words are made of it; a plain one has none.

    The same again when it is given what it gave. Raises Unusable for a form that is too long: nothing is cut.
    """
    if not html.strip():
        return text, ""
    if len(html) > HTML_CHARACTERS:
        raise Unusable("text", "too_long")
    clean = written(html)
    if len(clean) > HTML_CHARACTERS:  # what was one character may be a name of it now
        raise Unusable("text", "too_long")
    return words_of(clean), clean if is_rich(clean) else ""


def stored(html: str) -> str:
    """The form as a message keeps it, so that it is known as ours."""
    return f"{_OPEN}{html}{_END}" if html else ""


def form_of(kept: str) -> str:
    """The form in a message's HTML; '' for what came from elsewhere."""
    return kept.removeprefix(_OPEN).removesuffix(_END) if kept.startswith(_OPEN) else ""


def files_in(html: str) -> list[int]:
    """The files of the images in what was written."""
    found = (_CONTENT_ID.fullmatch(one) for one in images_of(html))
    return [int(one[1]) for one in found if one]


def joined(first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
    """Words and form of two texts, one below the other; the form only where one of them has one."""
    (text, html), (more, more_html) = first, second
    if not more.strip():
        return first
    if not text.strip():
        return second
    words = f"{text}\n\n{more}"
    if not (html or more_html):
        return words, ""
    return words, (html or from_words(text)) + (more_html or from_words(more))


def only_with(html: str, numbers: Collection[int]) -> str:
    """What was written, without images of other files."""
    return with_images(html, frozenset(map(content_id, numbers)))


def says_the_same(text: str, html: str, other: str, other_html: str) -> bool:
    """Whether two texts have the same words; whose images they show is not asked."""
    if not (html or other_html):
        return text == other
    one, two = (
        words_of(with_images(form, frozenset())) if form else words
        for words, form in ((text, html), (other, other_html))
    )
    return one.split() == two.split()
