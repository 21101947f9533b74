"""The words of a file. Pure, and only for the process apart (apart.py): libraries may do anything on hostile files."""

from io import BytesIO
from typing import Final

import charset_normalizer
import pypdf
from pypdf import errors as pdf_errors

from heed.files.kinds import FileKind
from heed.files.office import Encrypted, TooMuch, Unusable, office_text
from heed.kernel.customer_words import FileTrouble

MOST_PAGES: Final = 400  # of a PDF
LOOKED_AT: Final = 20_000  # bytes by which the writing of a text is guessed
MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


class Unread(Exception):
    """Why nothing was read."""

    def __init__(self, trouble: FileTrouble) -> None:
        """Say the trouble."""
        super().__init__(trouble)
        self.trouble = trouble


def text_in(content: bytes, kind: FileKind, *, characters: int) -> str:
    """The words of a file, as far as so many characters. Raises Unread; on hostile files anything."""
    try:
        if kind is FileKind.TEXT:
            return _decoded(content, characters)
        if kind is FileKind.PDF:
            return _pdf(content, characters)
        return office_text(content, kind, characters=characters)
    except Encrypted:
        raise Unread(FileTrouble.LOCKED) from None
    except TooMuch:
        raise Unread(FileTrouble.TOO_MUCH) from None
    except Unusable:
        raise Unread(FileTrouble.BROKEN) from None


def _decoded(content: bytes, characters: int) -> str:
    marked = next((name for mark, name in MARKS if content.startswith(mark)), "")
    some = content[: characters * 4]
    if marked:
        return some.decode(marked, "replace")[:characters]
    try:
        return content.decode("utf-8")[:characters]
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(some[:LOOKED_AT]).best()
        if best is None:
            raise Unusable from None  # no text at all, whatever it is called
        return some.decode(best.encoding, "replace")[:characters]


def _pdf(content: bytes, characters: int) -> str:
    try:
        reader = pypdf.PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Encrypted
        return _pages(reader, characters)
    except (pdf_errors.FileNotDecryptedError, pdf_errors.DependencyError):
        raise Encrypted from None
    except pdf_errors.LimitReachedError:
        raise TooMuch from None
    except pdf_errors.PyPdfError as error:
        raise Unusable from error


def _pages(reader: pypdf.PdfReader, characters: int) -> str:
    said: list[str] = []
    room = characters
    for page in reader.pages[:MOST_PAGES]:
        text = page.extract_text()
        said.append(text[:room])
        room -= len(text) + 1
        if room <= 0:
            break
    return "\n".join(said).strip()
