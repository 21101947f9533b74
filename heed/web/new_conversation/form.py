"""The form of a new conversation: what was posted, read strictly, with every error at its field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

from heed.channels.email.limits import DEFAULT_LIMITS
from heed.channels.email.mailboxes import is_address, read_addresses
from heed.conversations.actions.answering import RECIPIENTS, TEXT_CHARACTERS
from heed.kernel.words import Status
from heed.people.queries import Desk, own_inboxes
from heed.ui.contexts import FieldError

LINES = ("to", "cc", "bcc")
SUBJECT_CHARACTERS = 500
THEN = (Status.WAITING, Status.OPEN, Status.SOLVED)
Line = tuple[tuple[str, str], ...]  # (name, normalised address) pairs


@dataclass(slots=True)
class Posted:
    """What came back with the form, as it was written, and read as far as it can be used."""

    direction: str = "out"  # or in
    inbox: str = ""
    typed: Mapping[str, str] = field(default_factory=lambda: dict.fromkeys(LINES, ""))
    subject: str = ""
    text: str = ""
    then: Status = Status.WAITING
    key: str = ""
    kept: list[int] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=lambda: dict.fromkeys(LINES, ()))
    desk: Desk | None = None
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
        typed={line: post.get(line, "")[:2000] for line in LINES},
        subject=" ".join(post.get("subject", "").split()),
        text=post.get("text", "").replace("\r\n", "\n"),
        then=Status(then) if then in THEN else Status.WAITING,
        key=post.get("key", "")[:64],
        kept=[
            int(given)
            for given in post.getlist("kept")
            if given.isascii() and given.isdigit() and len(given) < 19
        ],
    )
    posted.desk = next((desk for desk in desks if str(desk.inbox.pk) == posted.inbox), None)
    if posted.desk is None:
        posted.wrong("inbox", "unknown_choice")
    _read_lines(posted)
    _read_words(posted)
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
    """The mailboxes of a typed line: addresses, or names with addresses, apart by commas, semicolons or lines."""
    found: dict[str, str] = {}
    for piece in _pieces(posted.typed[name]):
        addresses, defects = read_addresses(piece.encode(), DEFAULT_LIMITS)
        is_group = ":" in piece.partition('"')[0]  # "friends: a@example.org;" names more than it shows
        one = addresses[0] if len(addresses) == 1 and not defects and not is_group else None
        if one is None or not is_address(one.address) or not is_address(one.key):
            posted.wrong(name, "not_an_address", piece[:200])
        else:
            found.setdefault(one.key, one.name)
    return tuple((label, address) for address, label in found.items())


def _pieces(typed: str) -> list[str]:
    """Cut at commas, semicolons and line ends, but not within a name's quotation marks."""
    pieces, quoted, start = [], False, 0
    for place, sign in enumerate(typed):
        if sign == '"':
            quoted = not quoted
        elif sign in ",;\n" and not quoted:
            pieces.append(typed[start:place])
            start = place + 1
    return [piece.strip() for piece in (*pieces, typed[start:]) if piece.strip()]


def _read_words(posted: Posted) -> None:
    if not posted.subject:
        posted.wrong("subject", "required")
    elif len(posted.subject) > SUBJECT_CHARACTERS:
        posted.wrong("subject", "too_long", str(SUBJECT_CHARACTERS))
    if not posted.text.strip():
        posted.wrong("text", "required")
    elif len(posted.text) > TEXT_CHARACTERS:
        posted.wrong("text", "too_long", str(TEXT_CHARACTERS))
