"""Blobs are kept whole, once, under the hash of their bytes."""

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from heed.kernel import blobs

LOCAL = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
ELSEWHERE = {"BACKEND": "django.core.files.storage.InMemoryStorage"}


@pytest.fixture(params=[LOCAL, ELSEWHERE], ids=["local", "elsewhere"])
def storage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path / "new" / "blobs")
    settings.STORAGES = {**settings.STORAGES, "default": request.param}
    return tmp_path / "new" / "blobs"


def test_what_was_put_is_read_back_under_its_hash(storage: Path) -> None:
    content = b"A parcel\x00\xff" * 1000
    name = blobs.put(content)
    assert name == hashlib.sha256(content).hexdigest()
    assert blobs.read(name) == content
    with blobs.open_blob(name) as file:
        assert file.read(8) == b"A parcel"


def test_the_same_bytes_are_kept_once_however_often_they_come(storage: Path) -> None:
    names = blobs.put_many([b"one", b"two", b"one"])
    assert names[0] == names[2] == blobs.put(b"one")
    assert blobs.exists(names[1])
    if storage.exists():
        assert len([path for path in storage.rglob("*") if path.is_file()]) == 2


def test_many_writers_of_one_blob_leave_one_whole_blob(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    content = b"x" * 300_000
    with ThreadPoolExecutor(8) as pool:
        names = set(pool.map(lambda _: blobs.put(content), range(24)))
    assert len(names) == 1
    assert [path.read_bytes() == content for path in tmp_path.rglob("*") if path.is_file()] == [True]


def test_more_blobs_than_may_be_open_at_once_are_all_kept(storage: Path) -> None:
    contents = [f"parcel {number}".encode() for number in range(2 * blobs.OPEN_AT_ONCE + 1)]
    names = blobs.put_many(contents)
    assert [blobs.read(name) for name in names] == contents
    assert blobs.put_many(contents) == names


def test_every_file_and_folder_is_flushed_before_its_blob_counts(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    flushed: list[str] = []
    really = os.fsync

    def fsync(handle: int) -> None:
        flushed.append(os.readlink(f"/proc/self/fd/{handle}"))
        really(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    paths = [tmp_path / blobs.path_of(name) for name in blobs.put_many([b"one", b"two", b"three"])]
    staged = [path for path in flushed if Path(path).name.startswith(".")]
    assert sorted(Path(path).name[1:17] for path in staged) == sorted(path.name[:16] for path in paths)
    assert set(flushed[: len(staged)]) == set(staged)  # files first, and only then the names that they get
    folders = {tmp_path, *(path.parent for path in paths), *(path.parent.parent for path in paths)}
    assert set(map(Path, flushed[len(staged) :])) == folders


def test_a_full_disk_leaves_no_half_blob(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        blobs.put_many([b"one", b"two"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    monkeypatch.undo()
    assert [blobs.read(name) for name in blobs.put_many([b"one", b"two"])] == [b"one", b"two"]


def test_an_unknown_blob_is_not_there(storage: Path) -> None:
    name = blobs.sha256_of(b"never put")
    assert not blobs.exists(name)
    with pytest.raises(FileNotFoundError):
        blobs.read(name)


def test_a_deleted_blob_is_gone_and_deleting_twice_is_harmless(storage: Path) -> None:
    name = blobs.put(b"for a while")
    assert blobs.exists(name)
    blobs.delete(name)
    blobs.delete(name)
    assert not blobs.exists(name)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "a" * 63 + "/"])
def test_only_a_hash_is_a_name(name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        blobs.path_of(name)


def test_a_local_blob_is_readable_by_its_owner_only(settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    path = tmp_path / blobs.path_of(blobs.put(b"private"))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
