"""In which file of a message stands what was looked for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from heed.conversations.models import FileText
from heed.conversations.passages import Piece, Sought, passage_in_file

FILES: Final = 100  # that are looked through for one page of hits


@dataclass(frozen=True, slots=True)
class InFile:
    """A file of a message, and the passage of it that fits."""

    name: str
    passage: Sequence[Piece]


def files_with(wanted: Sequence[Sought], messages: Sequence[int]) -> dict[int, InFile]:
    """For search, of messages that its reader may see: by message, the first file that has something of it.

    One query; none without messages.
    """
    if not messages:
        return {}
    found: dict[int, InFile] = {}
    rows = FileText.objects.filter(attachment__message_id__in=messages).exclude(text="")
    columns = ("attachment__message_id", "attachment__filename", "text")
    for message, name, text in rows.order_by("pk").values_list(*columns)[:FILES]:
        if message not in found and (near := passage_in_file(text, wanted)):
            found[message] = InFile(name, near)
    return found
