"""Which files have words that can be read, by their names and by what their senders call them. Pure."""

from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final


class FileKind(StrEnum):
    """How a file is read."""

    TEXT = "text"  # txt, csv, log, md
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    PPTX = "pptx"
    OPEN = "open"  # odt, ods, odp


_BY_ENDING: Final = {
    **dict.fromkeys((".txt", ".csv", ".tsv", ".log", ".md", ".text"), FileKind.TEXT),
    ".pdf": FileKind.PDF,
    ".docx": FileKind.DOCX,
    ".docm": FileKind.DOCX,
    ".xlsx": FileKind.XLSX,
    ".xlsm": FileKind.XLSX,
    ".pptx": FileKind.PPTX,
    **dict.fromkeys((".odt", ".ods", ".odp"), FileKind.OPEN),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_BY_TYPE: Final = {
    "text/plain": FileKind.TEXT,
    "text/csv": FileKind.TEXT,
    "text/tab-separated-values": FileKind.TEXT,
    "text/markdown": FileKind.TEXT,
    "application/pdf": FileKind.PDF,
    f"{_OFFICE}wordprocessingml.document": FileKind.DOCX,
    f"{_OFFICE}spreadsheetml.sheet": FileKind.XLSX,
    f"{_OFFICE}presentationml.presentation": FileKind.PPTX,
    "application/vnd.oasis.opendocument.text": FileKind.OPEN,
    "application/vnd.oasis.opendocument.spreadsheet": FileKind.OPEN,
    "application/vnd.oasis.opendocument.presentation": FileKind.OPEN,
}


def kind_of(filename: str, content_type: str) -> FileKind | None:
    """How this file is read; None for one that is not: an image, an archive, a program. The name counts more."""
    ending = PurePosixPath(filename.strip().lower()).suffix
    return _BY_ENDING.get(ending) or _BY_TYPE.get(content_type.partition(";")[0].strip().lower())
