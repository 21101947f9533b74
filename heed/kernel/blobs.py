"""Bytes named by their hash, in Django's default storage: a local folder, or an object store on any machine.

A name never changes its content, so writing is idempotent, and nothing is ever overwritten. In a local folder
a blob is flushed to the disk, and its folder too, before put returns; an object store promises that itself.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final

from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage

from heed.kernel import clock

CHUNK_BYTES: Final = 1_000_000
FLUSHED_AT_ONCE: Final = 8
OPEN_AT_ONCE: Final = 64  # files that one flush is for, and their folders

_NAME: Final = re.compile(r"[0-9a-f]{64}")


def sha256_of(content: bytes) -> str:
    """The name of these bytes: the SHA-256 in lower-case hex digits."""
    return hashlib.sha256(content).hexdigest()


def path_of(sha256: str) -> str:
    """Where a blob lies in the storage: ab/cd/abcd…"""
    if not _NAME.fullmatch(sha256):
        raise ValueError("not the name of a blob")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def put(content: bytes) -> str:
    """Keep these bytes, once however often they come, and return their name. Raises OSError."""
    return put_many([content])[0]


def put_many(contents: Iterable[bytes]) -> list[str]:
    """Keep all of these, and return their names in the same order. A folder is flushed once for all in it."""
    given = [(sha256_of(content), content) for content in contents]
    wanted = dict(given)
    if _folder() is None:
        for sha256, content in wanted.items():
            _put_remotely(sha256, BytesIO(content))
    elif wanted:
        _put_locally({sha256: [content] for sha256, content in wanted.items()})
    return [sha256 for sha256, _ in given]


def put_file(path: Path) -> tuple[str, int]:
    """Keep a file's bytes without ever holding them all; their name and how many they are. Raises OSError.

    The file must not change meanwhile.
    """
    with path.open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        size = source.tell()
        source.seek(0)
        if _folder() is None:
            _put_remotely(sha256, source)
        else:
            _put_locally({sha256: iter(lambda: source.read(CHUNK_BYTES), b"")})
    return sha256, size


def open_blob(sha256: str) -> IO[Any]:
    """The blob as an open binary file; the caller closes it. Raises FileNotFoundError."""
    return default_storage.open(path_of(sha256), "rb")


def read(sha256: str) -> bytes:
    """All bytes of a blob. Raises FileNotFoundError."""
    with open_blob(sha256) as file:
        content: bytes = file.read()
        return content


def exists(sha256: str) -> bool:
    """Whether the blob is kept."""
    return default_storage.exists(path_of(sha256))


def delete(sha256: str) -> None:
    """Forget a blob that no row points to; nothing happens when it is gone already."""
    default_storage.delete(path_of(sha256))


def may_forget() -> bool:
    """Whether this storage can tell that somebody found a blob just now, so that one may ever be forgotten."""
    return _folder() is not None


def forget(sha256: str, *, unused_for: timedelta) -> bool:
    """Forget a blob that no row points to, unless somebody kept the same bytes within that time; whether it is gone.

    It is taken aside first. Who keeps the same bytes from then on writes them anew; who did before has left a mark.
    """
    root = _folder()
    if root is None:
        return False
    target = root / path_of(sha256)
    aside = target.with_name(f".{target.name[:16]}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        if clock.now().timestamp() - target.stat().st_mtime < unused_for.total_seconds():
            return False  # not even for a moment, in which this process might die
        target.rename(aside)
    except FileNotFoundError:
        return True
    if clock.now().timestamp() - aside.stat().st_mtime < unused_for.total_seconds():
        aside.replace(target)
        return False
    aside.unlink()
    return True


def _is_there(target: Path) -> bool:
    """Whether a blob is kept; if so it bears the mark of who found it now."""
    try:
        os.utime(target)
    except FileNotFoundError:
        return False
    return True


def _folder() -> Path | None:
    """The root of a local storage; None for any other."""
    found = (
        getattr(default_storage, "location", None) if isinstance(default_storage, FileSystemStorage) else None
    )
    return None if found is None else Path(found)


def _put_remotely(sha256: str, content: IO[bytes]) -> None:
    name = path_of(sha256)
    if default_storage.exists(name):
        return
    saved = default_storage.save(name, File(content))
    if saved != name:  # another process was faster, and the storage chose a name of its own for ours
        default_storage.delete(saved)


def _put_locally(wanted: Mapping[str, Iterable[bytes]]) -> None:
    names = list(wanted)
    for start in range(0, len(names), OPEN_AT_ONCE):
        _put_some({name: wanted[name] for name in names[start : start + OPEN_AT_ONCE]})


def _put_some(wanted: Mapping[str, Iterable[bytes]]) -> None:
    """Write each under another name, flush all, then let them take the blobs' names: there is never half a blob."""
    root = _folder()
    assert root is not None
    touched: set[Path] = set()
    staged: list[tuple[int, Path, Path]] = []
    with ExitStack() as opened:
        for sha256, pieces in wanted.items():
            target = root / path_of(sha256)
            touched.update(_make_folders(root, target.parent))
            touched.add(
                target.parent
            )  # also for a blob that is there: its writer may not have flushed the folder yet
            if not _is_there(target):
                staged.append((*_stage(target, pieces, opened), target))
        _flush([handle for handle, _, _ in staged])
        for _, path, target in staged:
            path.replace(target)
        _flush([opened.enter_context(_opened_folder(folder)) for folder in touched])


def _make_folders(root: Path, folder: Path) -> list[Path]:
    """Make what is missing down to `folder`; the parents whose entries are new."""
    changed: list[Path] = []
    while not folder.is_dir():
        changed.append(folder.parent)
        if folder == root:
            break
        folder = folder.parent
    for parent in reversed(changed):
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return changed


def _stage(target: Path, pieces: Iterable[bytes], opened: ExitStack) -> tuple[int, Path]:
    """Write a file beside the target, not flushed yet. It stays open, and goes away unless it is renamed."""
    target.parent.mkdir(mode=0o700, exist_ok=True)
    path = target.with_name(f".{target.name[:16]}.{os.getpid()}.{secrets.token_hex(4)}")
    file = opened.enter_context(os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"))
    opened.callback(path.unlink, missing_ok=True)
    file.writelines(pieces)
    file.flush()
    return file.fileno(), path


@contextmanager
def _opened_folder(path: Path) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield handle
    finally:
        os.close(handle)


def _flush(handles: Sequence[int]) -> None:
    """Flush files or folders to the disk, together: for a disk several at once are hardly more work than one."""
    if len(handles) == 1:
        os.fsync(handles[0])
    elif handles:
        with ThreadPoolExecutor(min(FLUSHED_AT_ONCE, len(handles)), thread_name_prefix="heed-flush") as pool:
            list(pool.map(os.fsync, handles))
