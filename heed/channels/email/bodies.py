"""From parts to what people read: the body as text and as HTML, and the attachments."""

import html as html_module
import mimetypes
import re
from dataclasses import dataclass, field, replace

from heed.channels.email.calendars import read_invitation
from heed.channels.email.charsets import clean, decode
from heed.channels.email.htmltext import crude_text, is_too_deep
from heed.channels.email.limits import Limits
from heed.channels.email.mail import Invitation, Part
from heed.channels.email.parameters import ContentType, parameters
from heed.channels.email.structure import Entity, Splitter
from heed.channels.email.tnef import Tnef, read_tnef
from heed.channels.email.transfer import content_of
from heed.channels.email.words import decode_words
from heed.kernel.html import to_text

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset=["']?([\w.:-]{1,40})""", re.IGNORECASE)
_BAD_IN_NAME = re.compile('[\\\\/:*?"<>|\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
_BODY_TEXTS = frozenset({"plain", "enriched", "richtext", "markdown", "x-markdown", "unknown"})
_REPORT_PARTS = frozenset(
    {"delivery-status", "global-delivery-status", "disposition-notification", "feedback-report"}
)
_EXTENSIONS = {
    "message/rfc822": ".eml",
    "text/rfc822-headers": ".txt",
    "image/jpeg": ".jpg",
    "text/plain": ".txt",
}
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_ENVELOPES = 3  # mails within mails that are opened
_MARKUP = re.compile(r"<[^<>\n]{1,200}>")


@dataclass(slots=True)
class Segment:
    """A piece of the body: its plain form, its HTML form, or both."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Bodies:
    """What was collected from the parts of one mail."""

    limits: Limits
    segments: list[Segment] = field(default_factory=list)
    attachments: list[Part] = field(default_factory=list)
    has_calendar_reply: bool = False
    invitation: Invitation | None = None
    defects: list[str] = field(default_factory=list)
    named_texts: list[Entity] = field(default_factory=list)  # files that nobody said are attached

    def collect(self, mail: Entity) -> None:
        """Read all parts of the mail."""
        self.segments = self._read(mail, is_root=True, is_related=False)
        inner = mail
        for _ in range(_ENVELOPES):  # a mail that is nothing but another mail: what that one says is shown
            if self.segments or inner.children or inner.type.full != "message/rfc822":
                break
            inner = Splitter(content_of(inner), self.limits).split()
            self.segments = self._read(inner, is_root=True, is_related=False)
        if not any((segment.text or "").strip() or segment.html for segment in self.segments):
            for entity in self.named_texts:  # nothing else to read: they are the mail, and stay files as well
                self.segments.extend(self._body(entity, entity.type.sub))
        html = "".join(segment.html for segment in self.segments if segment.html is not None)
        self._open_winmail()
        if "cid:" in html:
            self.attachments = [_inlined(part, html) for part in self.attachments]

    def _open_winmail(self) -> None:
        """Put what a winmail.dat holds in its place."""
        for place, part in enumerate(self.attachments):
            if part.content_type not in _TNEF and part.filename.lower() != "winmail.dat":
                continue
            found = read_tnef(part.content, self.limits)
            if found is None:
                continue
            if not any(segment.text or segment.html for segment in self.segments):
                self.segments = [Segment(text=found.text or None, html=self._bounded(found.html))]
            self.attachments[place : place + 1] = tnef_parts(found, self.limits)
            return

    def _bounded(self, html: str) -> str | None:
        is_over = len(html) > self.limits.html_bytes or is_too_deep(html, self.limits)
        return None if is_over else html or None

    def html(self) -> str:
        """Return the whole HTML body, '' when no part has one."""
        if not any(segment.html for segment in self.segments):
            return ""
        return "\n".join(
            segment.html
            if segment.html is not None
            else f"<pre>{html_module.escape(segment.text or '')}</pre>"
            for segment in self.segments
        )

    def text(self) -> str | None:
        """Return the whole plain body, None when there is only HTML."""
        if not any(segment.text for segment in self.segments):
            return None
        texts = (
            segment.text if segment.text is not None else clean(to_text(segment.html or ""))
            for segment in self.segments
        )
        return "\n".join(text for text in texts if text)

    def _read(self, entity: Entity, *, is_root: bool, is_related: bool) -> list[Segment]:
        kind = entity.type
        if entity.children:
            related = kind.sub == "related"
            groups = [self._read(child, is_root=False, is_related=related) for child in entity.children]
            if kind.sub == "alternative":
                return _alternative(groups)
            return [segment for group in groups for segment in group]
        if kind.main == "multipart":  # without parts to be found: shown as it is
            return self._body(entity, "")
        named = _names(entity, self.limits)
        if kind.main == "text" and kind.sub == "calendar" and b"method=reply" in _squeezed(entity):
            self.has_calendar_reply = True
        if self.invitation is None and _is_calendar(kind, named):
            self.invitation = read_invitation(content_of(entity), kind.charset, self.limits)
        is_body = kind.main == "text" and (kind.sub in _BODY_TEXTS or kind.sub == "html")
        is_attached = named is not None and (named[1] == "attachment" or bool(named[0]))
        if is_body and (not is_attached or (is_root and named is not None and named[1] != "attachment")):
            return self._body(entity, kind.sub)
        if is_body and named is not None and named[1] != "attachment":
            self.named_texts.append(entity)
        if kind.sub != "x-amp-html" and not (kind.main == "message" and kind.sub in _REPORT_PARTS):
            self._attach(entity, named, is_related=is_related)
        return []

    def _body(self, entity: Entity, sub: str) -> list[Segment]:
        data = content_of(entity)
        charset = entity.type.charset
        if sub != "html":
            text = decode(data, charset)
            if sub in ("enriched", "richtext"):
                text = _MARKUP.sub("", text)
            if len(text) > self.limits.text_chars:
                self._keep(data, "message.txt", "text/plain", "text-too-long")
                text = text[: self.limits.text_chars]
            return [Segment(text=text)]
        if not charset and (meta := _META_CHARSET.search(data, 0, 2048)):
            charset = meta[1].decode("latin-1")
        html = decode(data, charset)
        if len(data) > self.limits.html_bytes or is_too_deep(html, self.limits):
            self._keep(data, "message.html", "text/html", "html-over-limits")
            return [Segment(text=clean(crude_text(html[: self.limits.text_chars])))]
        return [Segment(html=html)]

    def _keep(self, data: bytes, name: str, kind: str, defect: str) -> None:
        self.attachments.append(Part(name, kind, None, is_inline=False, content=data))
        self.defects.append(defect)

    def _attach(self, entity: Entity, named: tuple[str, str] | None, *, is_related: bool) -> None:
        name, disposition = named or ("", "")
        kind = entity.type.full
        content_id = entity.first("content-id")
        cid = (
            decode_words(content_id).strip("<> ")[: self.limits.message_id_chars] or None
            if content_id
            else None
        )
        is_inline = is_related and cid is not None and disposition != "attachment"
        if not name and kind == "message/rfc822":
            made_up = "message.eml"
        else:
            made_up = name or f"attachment-{len(self.attachments) + 1}{_extension(kind)}"
        self.attachments.append(Part(made_up, kind, cid, is_inline, content_of(entity), is_named=bool(name)))


def _is_calendar(kind: ContentType, named: tuple[str, str] | None) -> bool:
    return kind.sub in ("calendar", "ics") or (named is not None and named[0].lower().endswith(".ics"))


def tnef_parts(found: Tnef, limits: Limits) -> list[Part]:
    """Return the files of a winmail.dat as attachments."""
    return [
        Part(
            filename=safe_name(file.name, limits) or f"attachment-{number}.bin",
            content_type=file.content_type if "/" in file.content_type else _type_of(file.name),
            content_id=file.content_id[: limits.message_id_chars] or None,
            is_inline=False,
            content=file.content,
            is_named=bool(safe_name(file.name, limits)),
        )
        for number, file in enumerate(found.files, 1)
    ]


def _type_of(name: str) -> str:
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


def _alternative(groups: list[list[Segment]]) -> list[Segment]:
    """Return one segment from several forms of the same content: the first plain, the last HTML."""
    texts = [segments for segments in groups if any(segment.text is not None for segment in segments)]
    htmls = [segments for segments in groups if any(segment.html is not None for segment in segments)]
    merged = Segment()
    if texts:
        merged.text = "\n".join(segment.text for segment in texts[0] if segment.text is not None)
    if htmls:
        merged.html = "\n".join(segment.html for segment in htmls[-1] if segment.html is not None)
    return [merged] if texts or htmls else []


def _names(entity: Entity, limits: Limits) -> tuple[str, str] | None:
    """Return (file name or '', disposition) of a part, None when it has neither."""
    disposition = entity.first("content-disposition")
    kind = entity.first("content-type")
    name = ""
    if disposition is not None:
        found = parameters(disposition[: limits.parameter_bytes])
        name = found.get("filename") or found.get("name") or ""
    if not name and kind is not None and b"name" in kind.lower():
        found = parameters(kind[: limits.parameter_bytes])
        name = found.get("name") or found.get("filename") or ""
    if disposition is None and not name:
        return None
    word = (disposition or b"").partition(b";")[0].strip().lower().decode("latin-1")
    return safe_name(name, limits), word


def safe_name(name: str, limits: Limits) -> str:
    """Return a file name that is safe to show and to save: no folders or controls, bounded."""
    name = name.replace("\\", "/").rpartition("/")[2] if "/" in name or "\\" in name else name
    name = _BAD_IN_NAME.sub("_", clean(name)).replace("\n", " ").strip(". ")
    if len(name) > limits.filename_chars:
        stem, dot, extension = name.rpartition(".")
        extension = extension[:20] if dot else ""
        name = (stem or name)[: limits.filename_chars - len(extension) - 1] + dot + extension
    return name


def _squeezed(entity: Entity) -> bytes:
    value = entity.first("content-type") or b""
    return value.replace(b'"', b"").replace(b" ", b"").lower()


def _extension(kind: str) -> str:
    return _EXTENSIONS.get(kind) or mimetypes.guess_extension(kind) or ".bin"


def _inlined(part: Part, html: str) -> Part:
    if part.content_id is None or part.is_inline or f"cid:{part.content_id}" not in html:
        return part
    return replace(part, is_inline=True)
