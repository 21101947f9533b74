"""Verbs about saved replies: made, changed, put away and brought back. Every version stays, with who wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from heed.answering.models import SavedReply, SavedReplyFile, SavedReplyText, SavedReplyVersion
from heed.answering.shelves import shelf_of
from heed.answering.variables import unknown
from heed.brands.models import Brand
from heed.conversations.actions.uploads import add_use, drop_uses, upload
from heed.conversations.models import Attachment
from heed.eventlog.kinds import SavedReplyChanged
from heed.eventlog.unit import add, change, lock, record, remove, verb
from heed.kernel import clock
from heed.kernel.errors import Unusable, require, require_visible
from heed.kernel.words import AgentId, BrandId, SavedReplyId, SavedReplyPart, TeamId
from heed.people.checked import language_of
from heed.people.models import Team
from heed.people.policy import Actor, Shelf, may_keep, may_use

NAME_CHARACTERS: Final = 120
FOLDER_CHARACTERS: Final = 60
TEXT_CHARACTERS: Final = 20_000  # in one language
LANGUAGES: Final = 40  # of one reply
FILES: Final = 10  # of one reply
REPLIES: Final = 2_000  # of one brand, private ones and those put away included


class UnknownVariables(Unusable):
    """These stand in braces and stand for nothing."""

    def __init__(self, language: str, names: list[str]) -> None:
        """In the text of which language, and which they are."""
        super().__init__(f"text-{language}", "unknown_variable")
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a saved reply is to be. texts: by language; an empty one is left out. Owner: private; team: that team's."""

    name: str
    folder: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    team: TeamId | None = None
    owner: AgentId | None = None


@verb
def add_saved_reply(brand: Brand, *, wanted: Wanted, by: Actor) -> SavedReply:
    """Afterwards the brand has one more saved reply, found by those who may use it. Records reply.changed.

    Raises NotFound for a brand that `by` does not answer for, Refused, and Unusable for the first field that can't be
    used (UnknownVariables: braces that stand for nothing).
    """
    tidy = _tidy(brand, wanted, by)
    lock(brand)  # the limit holds for two at once
    if SavedReply.objects.filter(brand=brand).count() >= REPLIES:
        raise Unusable("name", "too_many")
    row = add(
        SavedReply(
            brand=brand,
            owner_id=tidy.owner,
            team_id=tidy.team,
            name=tidy.name,
            folder=tidy.folder,
            changed_at=clock.now(),
        )
    )
    for language, text in tidy.texts.items():
        add(SavedReplyText(reply=row, language=language, text=text))
    _note(row, [SavedReplyPart.MADE], tidy.texts, by)
    return row


@verb
def change_saved_reply(reply: SavedReply, *, wanted: Wanted, by: Actor) -> SavedReply:
    """Afterwards it is as wanted, and how it was can be read. Records reply.changed for each part that differs.

    Raises NotFound when `by` does not find it, Refused, Unusable as add_saved_reply.
    """
    held = _hold(reply, by)
    tidy = _tidy(held.brand, wanted, by)
    before = {row.language: row for row in SavedReplyText.objects.filter(reply=held)}
    differs = {
        SavedReplyPart.NAME: held.name != tidy.name,
        SavedReplyPart.FOLDER: held.folder != tidy.folder,
        SavedReplyPart.SHARING: (held.owner_id, held.team_id) != (tidy.owner, tidy.team),
        SavedReplyPart.TEXTS: {code: row.text for code, row in before.items()} != tidy.texts,
    }
    parts = [part for part, is_other in differs.items() if is_other]
    if not parts:
        return held
    change(
        held,
        name=tidy.name,
        folder=tidy.folder,
        owner_id=tidy.owner,
        team_id=tidy.team,
        changed_at=clock.now(),
    )
    for language, text in tidy.texts.items():
        if language not in before:
            add(SavedReplyText(reply=held, language=language, text=text))
        elif before[language].text != text:
            change(before[language], text=text)
    for language in set(before) - set(tidy.texts):
        remove(before[language])
    _note(held, parts, tidy.texts, by)
    return held


@verb
def archive_saved_reply(reply: SavedReply, *, by: Actor) -> SavedReply:
    """Afterwards nobody is offered it any more; it can come back. Records reply.changed, once.

    Raises NotFound when `by` does not find it, Refused.
    """
    held = _hold(reply, by)
    if held.archived_at is None:
        change(held, archived_at=clock.now())
        _note(held, [SavedReplyPart.ARCHIVED], _texts(held), by)
    return held


@verb
def restore_saved_reply(reply: SavedReply, *, by: Actor) -> SavedReply:
    """Afterwards it is offered again. Records reply.changed, once.

    Raises NotFound when `by` does not find it, Refused.
    """
    held = _hold(reply, by)
    if held.archived_at is not None:
        change(held, archived_at=None)
        _note(held, [SavedReplyPart.RESTORED], _texts(held), by)
    return held


@verb
def attach_to_reply(reply: SavedReply, *, file: SavedReplyFile, by: Actor) -> SavedReplyFile:
    """Afterwards a file, whose bytes are in blob storage under blob_id, goes with the reply. Records reply.changed.

    The same file twice is one. Raises NotFound when `by` does not find the reply, Refused, Unusable for too many.
    """
    held = _hold(reply, by)
    files = list(SavedReplyFile.objects.filter(reply=held))
    for known in files:
        if (known.blob_id, known.filename) == (file.blob_id, file.filename):
            return known
    if len(files) >= FILES:
        raise Unusable("files", "too_many")
    file.reply = held
    add_use(file.blob_id, size=file.size)
    kept = add(file)
    _note(held, [SavedReplyPart.FILES], _texts(held), by)
    return kept


@verb
def detach_from_reply(reply: SavedReply, *, file_id: int, by: Actor) -> None:
    """Afterwards this file does not go with the reply. Records reply.changed when it did.

    Raises NotFound when `by` does not find the reply, Refused.
    """
    held = _hold(reply, by)
    file = SavedReplyFile.objects.filter(reply=held, pk=file_id).first()
    if file is not None:
        drop_uses([file.blob_id])
        remove(file)
        _note(held, [SavedReplyPart.FILES], _texts(held), by)


@verb
def take_files(reply: SavedReply, *, by: Actor) -> list[Attachment]:
    """Afterwards `by` has files of their own to send, the same as those of the reply. Records nothing.

    Those that are never sent go as other uploads do. Raises NotFound when `by` does not find the reply.
    """
    require_visible(may_use(by, shelf_of(reply)) and reply.archived_at is None)
    return [
        upload(
            Attachment(
                blob_id=file.blob_id,
                filename=file.filename,
                content_type=file.content_type,
                size=file.size,
            ),
            by=by,
        )
        for file in SavedReplyFile.objects.filter(reply=reply).order_by("pk")
    ]


def _hold(reply: SavedReply, by: Actor) -> SavedReply:
    held = lock(reply)
    require_visible(may_use(by, shelf_of(held)))
    require(may_keep(by, shelf_of(held)))
    return held


def _tidy(brand: Brand, wanted: Wanted, by: Actor) -> Wanted:
    shelf = Shelf(BrandId(brand.pk), wanted.team, wanted.owner)
    require_visible(may_use(by, Shelf(BrandId(brand.pk))))
    if wanted.owner is not None and wanted.owner != by.agent_id:
        raise Unusable("sharing", "unknown_choice")
    if wanted.team is not None and not Team.objects.filter(pk=wanted.team, brand=brand).exists():
        raise Unusable("sharing", "unknown_choice")
    require(may_keep(by, shelf))
    return Wanted(
        name=_words("name", wanted.name, NAME_CHARACTERS, is_needed=True),
        folder=_words("folder", wanted.folder, FOLDER_CHARACTERS, is_needed=False),
        texts=_checked(wanted.texts),
        team=wanted.team,
        owner=wanted.owner,
    )


def _words(name: str, text: str, limit: int, *, is_needed: bool) -> str:
    tidy = " ".join(text.split())
    if is_needed and not tidy:
        raise Unusable(name, "missing")
    if len(tidy) > limit:
        raise Unusable(name, "too_long")
    return tidy


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    found = {language_of(code): text.strip() for code, text in texts.items() if text.strip()}
    if not found:
        raise Unusable("texts", "missing")
    if len(found) > LANGUAGES:
        raise Unusable("texts", "too_many")
    for language, text in found.items():
        if len(text) > TEXT_CHARACTERS:
            raise Unusable(f"text-{language}", "too_long")
        if names := unknown(text):
            raise UnknownVariables(language, names)
    return found


def _texts(reply: SavedReply) -> dict[str, str]:
    return dict(SavedReplyText.objects.filter(reply=reply).values_list("language", "text"))


def _note(reply: SavedReply, parts: list[SavedReplyPart], texts: Mapping[str, str], by: Actor) -> None:
    add(
        SavedReplyVersion(
            reply=reply,
            at=clock.now(),
            agent_id=by.agent_id,
            parts=[str(part) for part in parts],
            owner_id=reply.owner_id,
            team_id=reply.team_id,
            name=reply.name,
            folder=reply.folder,
            texts=dict(texts),
        )
    )
    for part in parts:
        record(SavedReplyChanged(reply=SavedReplyId(reply.pk), brand=BrandId(reply.brand_id), part=part))
