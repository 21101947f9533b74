"""The form of a new conversation: what was posted, read strictly, with every error at its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from heed.conversations.actions.answering import RECIPIENTS
from heed.conversations.doubts import Doubted
from heed.conversations.sheets import PLACE_CHARACTERS
from heed.kernel.words import Status
from heed.people.queries import Desk, own_inboxes
from heed.ui.contexts import FieldError
from heed.web.conversation.composer import read_words
from heed.web.typed import TYPED_CHARACTERS, Line, numbers, read_line

LINES = ("to", "cc", "bcc")
SUBJECT_CHARACTERS = 500
THEN = (Status.WAITING, Status.OPEN, Status.SOLVED)


@dataclass(slots=True)
class Posted:
    """What came back with the form, as it was written, and read as far as it can be used."""

    direction: str = "out"  # or in
    inbox: str = ""
    typed: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LINES, ""))
    subject: str = ""
    text: str = ""
    html: str = ""  # the text with its form, as rows have it; empty: words alone
    then: Status = Status.WAITING
    key: str = ""
    sheet: str = ""  # by which what was begun is kept
    kept: list[int] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=lambda: dict.fromkeys(LINES, ()))
    desk: Desk | None = None
    sender: str = ""  # a further address of its inbox; '': the inbox's own
    sure: str = ""  # the doubts that the writer was shown and sends in spite of
    doubts: list[Doubted] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)

    def wrong(self, name: str, code: str, value: str = "") -> None:
        """Note why a field can't be used; the first reason of a field stands."""
        if name not in {error.field for error in self.errors}:
            self.errors.append(FieldError(field=name, code=code, value=value))


def read_post(post: QueryDict, desks: Sequence[Desk]) -> Posted:
    """Read the form's fields; what can't be used becomes an error. One query."""
    then = post.get("then", "")
    posted = Posted(
        direction="in" if post.get("direction") == "in" else "out",
        inbox=post.get("inbox", ""),
        typed={line: post.get(line, "")[:TYPED_CHARACTERS] for line in LINES},
        subject=" ".join(post.get("subject", "").split()),
        then=Status(then) if then in THEN else Status.WAITING,
        key=post.get("key", "")[:64],
        sheet=post.get("sheet", "")[:PLACE_CHARACTERS],
        sure=post.get("sure", "")[:64],
        kept=numbers(post.getlist("kept")),
    )
    number, _, posted.sender = posted.inbox.partition(":")
    posted.desk = next((desk for desk in desks if str(desk.inbox.pk) == number), None)
    if posted.desk is None or (posted.sender and posted.sender not in posted.desk.further):
        posted.desk = None
        posted.wrong("inbox", "unknown_choice")
    _read_lines(posted)
    _read_subject(posted)
    posted.text, posted.html = read_words(post, "text", "html", posted.errors)
    if not posted.text.strip():
        posted.wrong("text", "required")
    return posted


def _read_lines(posted: Posted) -> None:
    if posted.direction == "in":
        posted.typed = {**posted.typed, "cc": "", "bcc": ""}  # the fields are hidden then
    for line in LINES:
        posted.lines[line] = _read_line(posted, line)
    ours = own_inboxes(address for people in posted.lines.values() for _, address in people)
    for line, people in posted.lines.items():
        for _, address in people:
            if address in ours:
                posted.wrong(line, "own_address", address)
    if not posted.lines["to"]:
        anybody = posted.lines["cc"] or posted.lines["bcc"]
        if not anybody:
            posted.wrong("to", "no_recipient")
    elif posted.direction == "in" and len(posted.lines["to"]) > 1:
        posted.wrong("to", "one_customer")
    if sum(map(len, posted.lines.values())) > RECIPIENTS:
        posted.wrong("to", "too_many")


def _read_line(posted: Posted, name: str) -> Line:
    line, wrong = read_line(posted.typed[name])
    for piece in wrong:
        posted.wrong(name, "not_an_address", piece)
    return line


def _read_subject(posted: Posted) -> None:
    if not posted.subject:
        posted.wrong("subject", "required")
    elif len(posted.subject) > SUBJECT_CHARACTERS:
        posted.wrong("subject", "too_long", str(SUBJECT_CHARACTERS))
