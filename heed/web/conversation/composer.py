"""The answer form: whom it goes to by default, what was posted, and the form again with what is wrong."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from heed.channels.email.mailboxes import is_address, key_of
from heed.conversations.actions.answering import TEXT_CHARACTERS
from heed.conversations.doubts import Doubted
from heed.conversations.models import Attachment, Conversation, Draft, Message, Participant
from heed.conversations.recipients import is_outside_of
from heed.conversations.richtext import HTML_CHARACTERS, files_in
from heed.kernel.errors import Unusable
from heed.kernel.words import (
    Automatic,
    Confidence,
    DeliveryState,
    Direction,
    Status,
    SuppressReason,
)
from heed.people.models import AddressStanding
from heed.ui.contexts import FieldError, Person
from heed.web.conversation.composer_contexts import ComposerContext, KeptFile, Meanwhile, Recipient, Trouble
from heed.web.conversation.forms import read_form, read_overlong, stands_in_text, to_edit
from heed.web.typed import number, numbers

LINES = ("to", "cc", "bcc")
THEN = (Status.WAITING, Status.OPEN, Status.SOLVED)


@dataclass(slots=True)
class Posted:
    """What came back with the form. Addresses are normalised; files are ids of uploads."""

    kind: str = "reply"
    text: str = ""
    note: str = ""
    html: str = ""  # the text with its form, as rows have it; empty: words alone
    note_html: str = ""
    lines: dict[str, list[str]] = field(default_factory=lambda: {line: [] for line in LINES})
    kept: list[int] = field(default_factory=list)
    note_kept: list[int] = field(default_factory=list)
    then: Status = Status.WAITING
    key: str = ""
    sender: str = ""  # the address that it is to leave from
    later: str = ""  # an offered time, or "own"
    later_at: str = ""  # a wall time of the writer's
    seen: int | None = None
    vouched: frozenset[str] = frozenset()  # flagged people whom the agent was shown and sends to all the same
    seen_elsewhere: int | None = None
    is_stopped_by_elsewhere: bool = False
    sure: str = ""  # the doubts that the writer was shown and sends in spite of
    doubts: list[Doubted] = field(default_factory=list)  # those for which sending stopped
    to_vouch: list[str] = field(default_factory=list)  # those for whom sending stopped
    step: str = "send"  # send, draft, again, rest (what was not sent with the other kind)
    errors: list[FieldError] = field(default_factory=list)

    @property
    def own(self) -> str:
        """The text of the kind that is being sent."""
        return self.note if self.kind == "note" else self.text

    @property
    def is_too_long(self) -> bool:
        """Whether a text can't be kept, not even as a draft, without losing some of it."""
        return any(error.code == "too_long" for error in self.errors)

    @property
    def images(self) -> list[int]:
        """The files that stand in the text of the answer."""
        return files_in(self.html)

    @property
    def own_html(self) -> str:
        """Its form."""
        return self.note_html if self.kind == "note" else self.html


def read_post(request: HttpRequest) -> Posted:
    """Read the form's fields; what can't be used becomes an error, and is kept as it was written."""
    post = request.POST
    then = post.get("then", "")
    errors: list[FieldError] = []
    text, html = read_words(post, "text", "html", errors)
    note, note_html = read_words(post, "note", "note_html", errors)
    posted = Posted(
        kind="note" if post.get("kind") == "note" else "reply",
        text=text,
        note=note,
        html=html,
        note_html=note_html,
        kept=numbers(post.getlist("kept")),
        note_kept=numbers(post.getlist("note_kept")),
        then=Status(then) if then in THEN else Status.WAITING,
        key=post.get("key", "")[:64],
        sender=post.get("sender", "")[:254],
        later=post.get("later", "")[:40],
        later_at=post.get("later_at", "")[:40],
        seen=number(post.get("confirm") or post.get("seen", "")),
        seen_elsewhere=number(post.get("seen_elsewhere", "")),
        sure=post.get("sure", "")[:64],
        vouched=frozenset(part for part in post.get("vouched", "").split(",") if part),
        errors=errors,
    )
    for line in LINES:
        typed = post.get(f"add_{line}", "").replace(";", ",").split(",")
        for given in (*post.getlist(line), *typed):
            _add_address(posted, line, given.strip())
    if "remove" in post:
        _remove(posted, post["remove"])
        posted.step = "again"
    elif "draft" in post:
        posted.step = "draft"
    return posted


def read_words(post: QueryDict, name: str, form: str, errors: list[FieldError]) -> tuple[str, str]:
    """One of the texts and its form; all of it also when it is too long, which is an error then."""
    typed, with_form = post.get(name, "").replace("\r\n", "\n"), post.get(form, "")
    try:
        words, html = read_form(typed, with_form)
    except Unusable:
        errors.append(FieldError(field=name, code="too_long", value=str(HTML_CHARACTERS)))
        return typed, read_overlong(with_form)
    if len(words) > TEXT_CHARACTERS:
        errors.append(FieldError(field=name, code="too_long", value=str(TEXT_CHARACTERS)))
    return words, html


def key_of_doubts(doubts: Sequence[Doubted]) -> str:
    """What the form sends back when the writer was shown exactly these."""
    told = "\n".join(f"{one.doubt} {one.value} {one.other}" for one in doubts)
    return sha256(told.encode("utf-8", "replace")).hexdigest()


def unshown(found: list[Doubted], sure: str) -> list[Doubted]:
    """Those found, unless they are what the writer was shown and sends in spite of."""
    return [] if found and key_of_doubts(found) == sure else found


def rest_of(posted: Posted) -> Posted | None:
    """What stays in the form after one kind was sent: text and files of the other; None: nothing."""
    if posted.kind == "note":
        rest = Posted(kind="reply", text=posted.text, html=posted.html, kept=posted.kept, step="rest")
    else:
        rest = Posted(
            kind="note",
            note=posted.note,
            note_html=posted.note_html,
            note_kept=posted.note_kept,
            step="rest",
        )
    return rest if rest.own.strip() or rest.kept or rest.note_kept else None


def _add_address(posted: Posted, line: str, given: str) -> None:
    if not given:
        return
    if not is_address(given):
        posted.errors.append(FieldError(field=line, code="not_an_address", value=given[:200]))
    elif key_of(given) not in posted.lines[line]:
        posted.lines[line].append(key_of(given))


def _remove(posted: Posted, what: str) -> None:
    line, _, value = what.partition(":")
    if line in LINES and value in posted.lines[line]:
        posted.lines[line].remove(value)
    elif line == "file":
        posted.kept = [pk for pk in posted.kept if str(pk) != value]
        posted.note_kept = [pk for pk in posted.note_kept if str(pk) != value]


def uploads(request: HttpRequest, name: str) -> "Sequence[UploadedFile[bytes]]":
    """The files that came with the form under this name."""
    return [file for file in request.FILES.getlist(name) if file]


def fresh_form(
    conversation: Conversation,
    *,
    href: str,
    customer: Person | None,
    people: Sequence[Participant],
    said: Sequence[Message],
    lines: Mapping[str, Sequence[str]],
    seen: int,
    standings: Mapping[str, AddressStanding],
    company: str = "",
) -> ComposerContext:
    """The form with these recipients and nothing written yet."""
    spoken = [m for m in said if m.direction == Direction.OUT and m.state != DeliveryState.HELD]
    ours = [m for m in spoken if m.automatic == Automatic.NO]
    last = max(ours, key=lambda message: message.at, default=None)
    known = {person.address: person for person in people}
    last_at = last.at if last else None

    def filled(address: str) -> Recipient:
        trouble = trouble_of(standings.get(address), conversation)
        return replace(_recipient(address, known, last_at, company), trouble=trouble)

    return ComposerContext(
        action=f"{href}reply/",
        preview_action=f"{href}preview/",
        draft_action="/drafts/",
        number=conversation.pk,
        key=secrets.token_urlsafe(18),
        seen=seen,
        customer=customer or Person(name=f"#{conversation.pk}"),
        to=[filled(address) for address in lines["to"]],
        cc=[filled(address) for address in lines["cc"]],
        bcc=[filled(address) for address in lines["bcc"]],
        inbox_address=conversation.inbox.address,
        removed=_removed(last, lines),
        company=company,
    )


def _removed(last: Message | None, lines: Mapping[str, Sequence[str]]) -> list[Person]:
    """Who got our last answer and will not get this one."""
    if last is None:
        return []
    now = {address for line in LINES for address in lines[line]}
    before = {key_of(address): name for line in (last.to, last.cc, last.bcc) for name, address in line}
    return [Person(name=name or key, address=key) for key, name in before.items() if key not in now]


def with_drafts(
    form: ComposerContext, drafts: Mapping[str, Draft], files: Sequence[Attachment]
) -> ComposerContext:
    """The form with what the agent had begun to write; an answer that was taken back brings its lines and files."""
    reply, note = drafts.get(Direction.OUT), drafts.get(Direction.NOTE)
    newest = max((draft.saved_at for draft in (reply, note) if draft), default=None)
    return replace(
        form,
        text=reply.text if reply else "",
        note=note.text if note else "",
        html=to_edit(reply.html) if reply else "",
        note_html=to_edit(note.html) if note else "",
        draft_at=newest,
        text_at=reply.saved_at if reply else None,
        note_at=note.saved_at if note else None,
        files=_listed(files, reply),
        note_files=_listed(files, note),
        **(_lines_again(form, reply) if reply and reply.lines else {}),
    )


def _listed(files: Sequence[Attachment], draft: Draft | None) -> list[KeptFile]:
    numbers = set(draft.files) if draft else set()
    return [_kept(file) for file in files if file.pk in numbers and not stands_in_text(file)]


def _lines_again(form: ComposerContext, draft: Draft) -> dict[str, Any]:
    shown = {one.person.address: one for one in (*form.to, *form.cc, *form.bcc)}

    def line(name: str) -> list[Recipient]:
        return [
            shown.get(address) or Recipient(person=Person(name=called or address, address=address))
            for called, address in draft.lines.get(name, ())
        ]

    return {**{name: line(name) for name in LINES}, "then": draft.then or form.then}


def again(
    form: ComposerContext, posted: Posted, *, files: Sequence[Attachment], meanwhile: Meanwhile | None
) -> ComposerContext:
    """The form with what was posted, and why it came back."""
    return replace(
        form,
        key=posted.key or form.key,
        kind=posted.kind,
        text=posted.text,
        note=posted.note,
        html=to_edit(posted.html),
        note_html=to_edit(posted.note_html),
        files=[_kept(file) for file in files if file.pk in posted.kept],
        note_files=[_kept(file) for file in files if file.pk in posted.note_kept],
        then=posted.then,
        later=posted.later_at if posted.later == "own" else posted.later,
        meanwhile=meanwhile,
        to_vouch=[
            one.person for one in (*form.to, *form.cc, *form.bcc) if one.person.address in posted.to_vouch
        ],
        is_stopped_by_elsewhere=posted.is_stopped_by_elsewhere,
        doubts=posted.doubts,
        sure=key_of_doubts(posted.doubts) if posted.doubts else posted.sure,
        errors=posted.errors,
    )


def _recipient(
    address: str, known: Mapping[str, Participant], last_answer: datetime | None, company: str
) -> Recipient:
    person = known.get(address)
    is_outside = is_outside_of(address, company)
    if person is None:
        return Recipient(person=Person(name=address, address=address), is_new=True, is_outside=is_outside)
    is_new = last_answer is not None and person.joined_at > last_answer
    return Recipient(
        person=Person(name=person.name or address, address=address),
        is_new=is_new,
        is_flagged=person.is_flagged,
        is_unproven=person.confidence in (Confidence.FAILED, Confidence.FORGED_OURS),
        is_outside=is_outside,
    )


def trouble_of(row: AddressStanding | None, conversation: Conversation) -> Trouble | None:
    """What is wrong with an address, if anything is."""
    if row is None:
        return None
    href = f"/addresses/{row.pk}/?conversation={conversation.pk}"
    if row.suppressed_at is not None:
        return Trouble(reason=row.reason, at=row.suppressed_at, href=href)
    if row.complained_at is not None:
        return Trouble(reason=SuppressReason.COMPLAINT, at=row.complained_at, href=href)
    if row.soft_failures and row.failed_at is not None:
        return Trouble(reason="soft", at=row.failed_at, href=href, times=row.soft_failures)
    return None


def _kept(file: Attachment) -> KeptFile:
    return KeptFile(id=file.pk, name=file.filename, size=file.size)
