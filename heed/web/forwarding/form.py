"""The form that passes a message on: what was posted, read strictly, with every error at its field."""

from dataclasses import dataclass, field

from django.http import QueryDict

from heed.conversations.doubts import Doubted
from heed.conversations.sides import SUBJECT_CHARACTERS
from heed.people.queries import own_inboxes
from heed.ui.contexts import FieldError
from heed.web.conversation.composer import read_words
from heed.web.typed import TYPED_CHARACTERS, Line, numbers, read_line


@dataclass(slots=True)
class Posted:
    """What came back with the form, as it was written, and read as far as it can be used."""

    to: str = ""
    cc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""  # the text with its form, as rows have it; empty: words alone
    key: str = ""
    sender: str = ""
    sure: str = ""  # the doubts that the writer was shown and sends in spite of
    keep: list[int] = field(default_factory=list)  # files of the message that go along
    kept: list[int] = field(default_factory=list)  # uploads
    lines: dict[str, Line] = field(default_factory=lambda: {"to": (), "cc": ()})
    doubts: list[Doubted] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, name: str, code: str, value: str = "", limit: str = "") -> None:
        """Note why a field can't be used; the first reason of a field stands."""
        if name not in {error.field for error in self.errors}:
            self.errors.append(FieldError(field=name, code=code, value=value, limit=limit))


def read_post(post: QueryDict) -> Posted:
    """Read the form's fields; what can't be used becomes an error. One query."""
    posted = Posted(
        to=post.get("to", "")[:TYPED_CHARACTERS],
        cc=post.get("cc", "")[:TYPED_CHARACTERS],
        subject=" ".join(post.get("subject", "").split()),
        key=post.get("key", "")[:64],
        sender=post.get("sender", "")[:254],
        sure=post.get("sure", "")[:64],
        keep=numbers(post.getlist("keep")),
        kept=numbers(post.getlist("kept")),
    )
    posted.text, posted.html = read_words(post, "text", "html", posted.errors)
    for name, typed in (("to", posted.to), ("cc", posted.cc)):
        posted.lines[name], wrong = read_line(typed)
        for piece in wrong:
            posted.wrong(name, "not_an_address", piece)
    ours = own_inboxes(address for line in posted.lines.values() for _, address in line)
    for name, line in posted.lines.items():
        for _, address in line:
            if address in ours:
                posted.wrong(name, "own_address", address)
    if not posted.lines["to"]:
        posted.wrong("to", "no_recipient")
    if len(posted.subject) > SUBJECT_CHARACTERS:
        posted.wrong("subject", "too_long", str(SUBJECT_CHARACTERS))
    return posted
