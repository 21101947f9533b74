"""The words of a notification mail, in its reader's language; they stand in this room's templates."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils import translation

BLANK = re.compile(r"\n\s*\n\s*")


@dataclass(frozen=True, slots=True)
class ItemContext:
    """One notification. kind: heed.kernel.notice_words.NotificationKind; address: where its answer goes, or nothing."""

    kind: str
    number: int
    subject: str
    customer: str
    who: str
    words: str
    href: str
    address: str
    is_reply: bool  # an answer goes to the customer; otherwise it is a note


@dataclass(frozen=True, slots=True)
class DigestContext:
    """notifications/digest.txt and notifications/digest_subject.txt."""

    items: Sequence[ItemContext]
    name: str
    url: str  # of the desk, without a slash at the end

    @property
    def one(self) -> ItemContext | None:
        """What stands for the whole mail: its last item, when it tells of one conversation alone."""
        return self.items[-1] if len({item.number for item in self.items}) == 1 else None


def subject_of(digest: DigestContext, *, language: str) -> str:
    """One line that says it all."""
    return " ".join(_rendered("notifications/digest_subject.txt", digest, language).split())


def body_of(digest: DigestContext, *, language: str) -> str:
    """What an answer does, then what there is to tell."""
    return BLANK.sub("\n\n", _rendered("notifications/digest.txt", digest, language)).strip()


def _rendered(template: str, digest: DigestContext, language: str) -> str:
    with translation.override(language):
        return render_to_string(template, {"digest": digest})


def sentence_of(kind: str, who: str) -> str:
    """What happened, in one sentence of the language that is active; by nobody where nobody is named."""
    told = render_to_string("notifications/_told.txt", {"item": {"kind": kind, "who": who}})
    return " ".join(told.split())
