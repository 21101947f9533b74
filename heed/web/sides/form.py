"""The form of a side conversation, also where a message is passed on: read strictly, every error at its field."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import HttpResponse, HttpResponseRedirect

from heed.conversations import queries
from heed.conversations.actions import answering, sides
from heed.conversations.actions.taking_part import SuppressedRecipients
from heed.conversations.doubts import Doubted
from heed.conversations.models import Conversation, Draft
from heed.conversations.richtext import files_in
from heed.conversations.sheets import PLACE_CHARACTERS
from heed.conversations.sides import SUBJECT_CHARACTERS
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.people.queries import own_inboxes
from heed.ui.contexts import FieldError
from heed.ui.respond import wants_fragment
from heed.web.conversation.composer import read_words, unshown
from heed.web.conversation.later import wait_of
from heed.web.doors import Visit
from heed.web.files import keep_upload
from heed.web.sides.beside import is_beside
from heed.web.typed import TYPED_CHARACTERS, Line, number, numbers, read_line, write_line

WORDS = {"missing": "required", "unknown": "unknown_choice"}
Refusal = Unusable | SuppressedRecipients | sides.TakesPart


@dataclass(slots=True)
class Posted:
    """What came back with the form, as it was written, and read as far as it can be used."""

    kind: str = "mail"
    team: int | None = None
    may_read: bool = False
    to: str = ""
    cc: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""  # the text with its form, as rows have it
    key: str = ""
    sender: str = ""
    sheet: str = ""  # by which what was begun is kept
    sure: str = ""  # the doubts that the writer was shown and sends in spite of
    seen: int | None = None  # the newest message that the writer saw
    quoting: list[int] = field(default_factory=list)
    keep: list[int] = field(default_factory=list)  # files of messages, which go along
    kept: list[int] = field(default_factory=list)  # uploads
    lines: dict[str, Line] = field(default_factory=lambda: {"to": (), "cc": ()})
    doubts: list[Doubted] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)
    is_stopped: bool = False

    def wrong(self, name: str, code: str, value: str = "", limit: str = "") -> None:
        """Note why a field can't be used; the first reason of a field stands."""
        if name not in {error.field for error in self.errors}:
            self.errors.append(FieldError(field=name, code=code, value=value, limit=limit))

    def answer(self, visit: Visit) -> answering.Answer:
        """What is said; a mail waits its seconds of undo."""
        return answering.Answer(
            text=self.text,
            html=self.html,
            to=self.lines["to"],
            cc=self.lines["cc"],
            files=self.kept,
            sent_once=self.key,
            subject=self.subject,
            wait=wait_of(visit.agent, "", "") if self.kind == "mail" else None,
            sender=self.sender,
            sheet=self.sheet,
        )


def read_post(visit: Visit, *, kind: str) -> Posted:
    """Read the form's fields, keep its files; what can't be used becomes an error. One query, and one a file."""
    post = visit.request.POST
    posted = Posted(
        kind=kind,
        team=number(post.get("team", "")),
        may_read=bool(post.get("may_read")),
        to=post.get("to", "")[:TYPED_CHARACTERS],
        cc=post.get("cc", "")[:TYPED_CHARACTERS],
        subject=" ".join(post.get("subject", "").split()),
        key=post.get("key", "")[:64],
        sender=post.get("sender", "")[:254],
        sheet=post.get("sheet", "")[:PLACE_CHARACTERS],
        sure=post.get("sure", "")[:64],
        seen=number(post.get("confirm") or post.get("seen", "")),
        quoting=numbers(post.getlist("quote")),
        keep=numbers(post.getlist("keep")),
        kept=numbers(post.getlist("kept")),
    )
    posted.text, posted.html = read_words(post, "text", "html", posted.errors)
    if kind == "mail":
        _read_lines(posted)
    if len(posted.subject) > SUBJECT_CHARACTERS:
        posted.wrong("subject", "too_long", str(SUBJECT_CHARACTERS))
    _keep_files(visit, posted)
    if "remove" in post:
        posted.kept = [pk for pk in posted.kept if f"file:{pk}" != post["remove"]]
        posted.errors = []
    return posted


def _read_lines(posted: Posted) -> None:
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


def _keep_files(visit: Visit, posted: Posted) -> None:
    """Files are kept as they come, so that nothing has to be chosen twice when the form comes back."""
    given = [file for file in visit.request.FILES.getlist("files") if file]
    if sum(file.size or 0 for file in given) > config.upload_max_bytes:
        posted.wrong("files", "too_large", f"{config.upload_max_bytes // 1_000_000} MB")
        return
    posted.kept += [keep_upload(file, by=visit.actor).pk for file in given]


def doubts_about(
    visit: Visit, row: Conversation, posted: Posted, *, beside: Sequence[str] = ()
) -> list[Doubted]:
    """Signs of a wrong recipient, or of somebody else's file, that the writer has not been shown yet.

    `beside`: names of files that go along and are no uploads. A team of ours is no wrong recipient.
    """
    if posted.kind == "team":
        return []
    found = queries.doubts_about_new(
        visit.actor,
        text=posted.text,
        files=posted.kept,
        recipients=[one for line in posted.lines.values() for one in line],
        about=row,
        beside=beside,
    )
    return unshown(found, posted.sure)


def refused(error: Refusal, posted: Posted) -> FieldError:
    """A verb's refusal at its field."""
    if isinstance(error, answering.MailTooLarge):
        size, limit = (f"{number / 1_000_000:.0f} MB" for number in (error.size, error.limit))
        return FieldError(field="files", code="mail_too_large", value=size, limit=limit)
    if isinstance(error, Unusable):
        code = WORDS.get(error.reason, error.reason)
        return FieldError(field=error.field, code=code, value=str(answering.TEXT_CHARACTERS))
    in_copy = {address for _, address in posted.lines["cc"]} - {a for _, a in posted.lines["to"]}
    name = "cc" if in_copy.issuperset(error.addresses) else "to"
    code = "takes_part" if isinstance(error, sides.TakesPart) else "suppressed"
    return FieldError(field=name, code=code, value=", ".join(error.addresses))


def from_draft(draft: Draft) -> Posted:
    """What was taken back, to be gone on with."""
    return Posted(
        to=write_line(draft.lines.get("to", [])),
        cc=write_line(draft.lines.get("cc", [])),
        subject=draft.subject,
        text=draft.text,
        html=draft.html,
        sender=draft.sender,
        kept=[one for one in draft.files if one not in files_in(draft.html)],
    )


def lead_to(visit: Visit, href: str) -> HttpResponse:
    """Show another page, however the form was sent; beside a conversation it is shown there."""
    if wants_fragment(visit.request) and not is_beside(visit.request):
        response = HttpResponse(status=204)
        response.headers["HX-Redirect"] = href
        return response
    return HttpResponseRedirect(href, status=303)
