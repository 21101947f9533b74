"""The form of a saved reply: what stands in it, what was typed, and what the verbs take."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.http import QueryDict

from heed.answering.actions.saved_replies import (
    FILES,
    FOLDER_CHARACTERS,
    LANGUAGES,
    NAME_CHARACTERS,
    REPLIES,
    TEXT_CHARACTERS,
    UnknownVariables,
    Wanted,
)
from heed.answering.models import SavedReply
from heed.kernel.config import config
from heed.kernel.errors import Unusable
from heed.kernel.words import AgentId, TeamId
from heed.people.checked import LANGUAGE
from heed.ui.contexts import FieldError
from heed.web.typed import number

PRIVATE, OF_BRAND, OF_TEAM = "private", "brand", "team-"
TEXT = "text-"
_LONGEST_TYPED = 2 * TEXT_CHARACTERS
LONGEST = {"name": NAME_CHARACTERS, "folder": FOLDER_CHARACTERS}
MOST = {"name": REPLIES, "texts": LANGUAGES, "files": FILES}


@dataclass(frozen=True, slots=True)
class Typed:
    """A saved reply as text, as the form holds it."""

    name: str = ""
    folder: str = ""
    sharing: str = PRIVATE
    texts: tuple[tuple[str, str], ...] = ()

    def with_language(self, code: str) -> "Typed":
        """The same with room for a text in one more language."""
        known = {language for language, _ in self.texts}
        is_new = code not in known and LANGUAGE.fullmatch(code)
        return replace(self, texts=(*self.texts, (code, ""))) if is_new else self

    def wanted(self, *, agent: AgentId | None) -> Wanted:
        """What the verbs take. Raises Unusable for a sharing that is none."""
        team = number(self.sharing.removeprefix(OF_TEAM)) if self.sharing.startswith(OF_TEAM) else None
        if team is None and self.sharing not in (PRIVATE, OF_BRAND):
            raise Unusable("sharing", "unknown_choice")
        return Wanted(
            name=self.name,
            folder=self.folder,
            texts=dict(self.texts),
            team=None if team is None else TeamId(team),
            owner=agent if self.sharing == PRIVATE else None,
        )


def sharing_of(reply: SavedReply) -> str:
    """The choice that stands for who finds it."""
    if reply.owner_id is not None:
        return PRIVATE
    return OF_BRAND if reply.team_id is None else f"{OF_TEAM}{reply.team_id}"


def as_it_stands(reply: SavedReply, texts: Mapping[str, str]) -> Typed:
    """What the form of a saved reply holds at first; the brand's language comes first."""
    own = sorted(texts, key=lambda code: (code != reply.brand.language, code))
    return Typed(reply.name, reply.folder, sharing_of(reply), tuple((code, texts[code]) for code in own))


def as_typed(post: QueryDict) -> Typed:
    """What came back from the form; of anything much longer than it could be, the beginning."""

    def typed(name: str) -> str:
        return post.get(name, "")[:_LONGEST_TYPED].replace("\r\n", "\n")

    codes = [name.removeprefix(TEXT) for name in post if name.startswith(TEXT)]
    return Typed(
        name=typed("name"),
        folder=typed("folder"),
        sharing=typed("sharing"),
        texts=tuple((code, typed(f"{TEXT}{code}")) for code in codes if LANGUAGE.fullmatch(code))[
            : LANGUAGES + 1
        ],
    )


def error_of(error: Unusable) -> FieldError:
    """What the form says of a verb's refusal."""
    if isinstance(error, UnknownVariables):
        return FieldError(field=error.field, code="unknown_variable", value=", ".join(error.names)[:200])
    if error.reason == "too_large":
        limit = f"{config.upload_max_bytes // 1_000_000} MB"
        return FieldError(field=error.field, code="too_large", value=limit)
    if error.reason == "too_many":
        return FieldError(field=error.field, code="no_room", value=str(MOST.get(error.field, 0)))
    if error.reason == "too_long":
        limit = str(LONGEST.get(error.field, TEXT_CHARACTERS))
        return FieldError(field=error.field, code="too_long", value=limit)
    return FieldError(field=error.field, code="required" if error.reason == "missing" else error.reason)
