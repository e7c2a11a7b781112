"""The store of files: bytes under their SHA-256, written once, never changed.

A folder on this machine, or a bucket of an S3-compatible service that several machines share.
"""

import errno
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from errno import EIO
from pathlib import Path

from flask import current_app
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import LocalStore, S3Store

from accreditation.config import Settings
from accreditation.services.room import NoRoomError

_PROBE = b"ready"
TIMEOUT = "10s"  # of one request to the service; with what is tried again it stays below 15 s
TRIED_AGAIN = timedelta(seconds=4)
_FULL = f"(os error {errno.ENOSPC})"  # the library tells the system's errors in words only


class DamagedFileError(Exception):
    """A stored file no longer has the hash under which it was stored."""


class AwayError(OSError):
    """The store does not answer as it should: away, full, slow; `strerror` says what it was."""


def open_store(settings: Settings) -> LocalStore | S3Store:
    """Open the bucket of STORE_URL, or the folder of files in DATA_DIR, made when it is not there.

    A bucket is not asked for anything yet: a site whose store is away still starts.
    """
    if settings.store_url:
        return _bucket(settings)
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    return LocalStore(folder)


def put(content: bytes) -> str:
    """Store bytes and give their SHA-256, which is where they lie; the same bytes lie once.

    They are on the disk, or acknowledged by the service, when this returns: the row that names
    them is committed only afterwards. NoRoomError when the disk is full, AwayError when they could
    not be stored otherwise; then nothing of them is left.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    with _answering():
        if isinstance(_store(), S3Store):
            _send(_path(sha256), content)
        else:
            _write(_path(sha256), content)
    return sha256


def get(sha256: str) -> bytes:
    """Read the bytes of a hash; DamagedFileError when they are not what was stored.

    FileNotFoundError when there is no such file, AwayError when it can't be read now.
    """
    with _answering():
        content = _read(_path(sha256))
    if hashlib.sha256(content).hexdigest() != sha256:
        raise DamagedFileError(sha256)
    return content


def holds(sha256: str) -> bool:
    """Say whether there is a file of this hash; AwayError when that can't be known now."""
    try:
        with _answering():
            _store().head(_path(sha256))
    except FileNotFoundError:
        return False
    return True


def remove(sha256: str) -> None:
    """Remove a file for good; one that is not there is no error."""
    with suppress(FileNotFoundError), _answering():
        _store().delete(_path(sha256))


def older_than(moment: datetime) -> Iterator[str]:
    """List the hashes of all files stored before an aware instant, but for that of the probe."""
    probe = hashlib.sha256(_PROBE).hexdigest()
    with _answering():
        for batch in _store().list():
            for one in batch:
                sha256 = one["path"].rpartition("/")[2]
                if one["last_modified"] < moment and sha256 != probe:
                    yield sha256


def is_ready() -> bool:
    """Say whether the store can be written and read."""
    try:
        return get(put(_PROBE)) == _PROBE
    except (OSError, DamagedFileError, NoRoomError):
        return False


def _bucket(settings: Settings) -> S3Store:
    """Open a bucket. Without a key of ours the machine's own role is asked for one."""
    bucket, _, prefix = settings.store_url.removeprefix("s3://").strip("/").partition("/")
    given = {
        "endpoint": settings.aws_endpoint_url,
        "region": settings.aws_region,
        "access_key_id": settings.aws_access_key_id,
        "secret_access_key": settings.aws_secret_access_key.get_secret_value(),
    }
    return S3Store(
        bucket,
        prefix=prefix or None,
        checksum_algorithm="SHA256",  # the service refuses what arrived as something else
        client_options={
            "timeout": TIMEOUT,
            "connect_timeout": "3s",
            "allow_http": settings.aws_endpoint_url.startswith("http://"),
        },
        retry_config={"max_retries": 2, "retry_timeout": TRIED_AGAIN},
        **{name: value for name, value in given.items() if value},  # type: ignore[arg-type] # texts all
    )


@contextmanager
def _answering() -> Iterator[None]:
    """Name every fault of the store but a missing file in one way."""
    try:
        yield
    except BaseError as error:
        if _FULL in str(error):
            raise NoRoomError from error
        # Its first line says what happened; what follows are the library's own insides.
        raise AwayError(EIO, str(error).splitlines()[0]) from error


def _send(path: str, content: bytes) -> None:
    """Give bytes to the service. Under their hash they are only ever overwritten by themselves."""
    try:
        _store().put(path, content, mode="overwrite", use_multipart=False)
    except FileNotFoundError as error:
        raise AwayError(EIO, "there is no such bucket") from error


def _write(path: str, content: bytes) -> None:
    try:
        _store().put(path, content, mode="create")
    except AlreadyExistsError:
        if _read(path) != content:  # a power cut tore the file; here are its bytes
            _store().put(path, content, mode="overwrite")
    _flush(path)


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"


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


def _store() -> LocalStore | S3Store:
    store: LocalStore | S3Store = current_app.extensions["store"]
    return store
