"""The store of files: bytes under their SHA-256, written once, never changed."""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from flask import current_app
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore

from accreditation.config import Settings
from accreditation.services.room import NoRoomError

_PROBE = b"ready"
_FULL = f"(os error {errno.ENOSPC})"  # the library tells the system's errors in words only


class DamagedFileError(Exception):
    """A stored file no longer has the hash under which it was stored."""


def open_store(settings: Settings) -> LocalStore:
    """Open the folder of files in DATA_DIR, made when it is not there."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def put(content: bytes) -> str:
    """Store bytes and give their SHA-256, which is where they lie; the same bytes lie once.

    They are on the disk when this returns: the row that names them is committed only afterwards.
    NoRoomError when the disk is full; then nothing of them is left.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = _path(sha256)
    try:
        _put(path, content)
    except BaseError as error:
        if _FULL in str(error):
            raise NoRoomError from error
        raise
    _flush(path)
    return sha256


def get(sha256: str) -> bytes:
    """Read the bytes of a hash; DamagedFileError when they are not what was stored.

    FileNotFoundError when there is no such file.
    """
    content = _read(_path(sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(sha256)
    return content


def holds(sha256: str) -> bool:
    """Say whether there is a file of this hash."""
    try:
        _store().head(_path(sha256))
    except FileNotFoundError:
        return False
    return True


def remove(sha256: str) -> None:
    """Remove a file for good; one that is not there is no error."""
    with suppress(FileNotFoundError):
        _store().delete(_path(sha256))


def older_than(moment: datetime) -> Iterator[str]:
    """List the hashes of all files stored before an aware instant, but for that of the probe."""
    probe = hashlib.sha256(_PROBE).hexdigest()
    for batch in _store().list():
        for one in batch:
            sha256 = one["path"].rpartition("/")[2]
            if one["last_modified"] < moment and sha256 != probe:
                yield sha256


def is_ready() -> bool:
    """Say whether the store can be written and read."""
    try:
        return get(put(_PROBE)) == _PROBE
    except (BaseError, OSError, DamagedFileError):
        return False


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


def _put(path: str, content: bytes) -> None:
    try:
        _store().put(path, content, mode="create")
    except AlreadyExistsError:
        if _read(path) != content:  # a power cut tore the file; here are its bytes
            _store().put(path, content, mode="overwrite")


def _read(path: str) -> bytes:
    return bytes(_store().get(path).bytes())


def _flush(path: str) -> None:
    """Flush a file, its folder and the folder above: the library leaves that to the system."""
    file = _folder(current_app.extensions["settings"]) / path
    for place in (file, *file.parents[:2]):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "files"


def _store() -> LocalStore:
    store: LocalStore = current_app.extensions["store"]
    return store
