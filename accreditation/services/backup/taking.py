"""Taking a backup while everybody works on.

The database is copied first and then the files that the copy names: what was acknowledged before
is in it, a file that came later does no harm, and a row without its file is an error.
"""

import os
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import BinaryIO, cast

from flask import current_app

from accreditation import clock
from accreditation.config import Settings
from accreditation.services.backup import archive, databases, envelope


class IncompleteError(Exception):
    """Files that rows name are lost or damaged; `missing` are their hashes."""

    def __init__(self, missing: list[str]) -> None:
        """Keep the hashes."""
        super().__init__(", ".join(missing))
        self.missing = missing


def take(target: Path, lock: envelope.Lock | None, *, incomplete: bool = False) -> archive.Manifest:
    """Write a backup to a file that is not there yet; it appears whole or not at all.

    No lock means not encrypted. FileExistsError; IncompleteError when a row's file is lost, unless
    `incomplete`: then the backup is taken without, and says so.
    """
    if target.exists():
        raise FileExistsError(target)
    with NamedTemporaryFile(dir=target.parent, prefix=f".{target.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            manifest = _written(cast("BinaryIO", file), lock)
            _require_whole(manifest, incomplete=incomplete)
            file.flush()
            os.fsync(file.fileno())
            part.replace(target)
        except BaseException:
            part.unlink(missing_ok=True)
            raise
    databases.flush(target.parent)
    return manifest


def _written(file: BinaryIO, lock: envelope.Lock | None) -> archive.Manifest:
    settings: Settings = current_app.extensions["settings"]
    at = clock.now()
    with TemporaryDirectory(prefix="backup-", dir=databases.folder(settings)) as scratch:
        copied = Path(scratch) / archive.DATABASES[databases.kind()]
        facts = databases.copy(copied)
        describe = partial(
            archive.Manifest,
            format=archive.FORMAT,
            made_at=at.isoformat(),
            code=_code(),
            database=databases.kind(),
            facts=facts,
        )
        with envelope.closed(file, lock) as stream:
            return archive.write(stream, copied, facts, describe)


def _require_whole(manifest: archive.Manifest, *, incomplete: bool) -> None:
    if manifest.missing and not incomplete:
        raise IncompleteError(manifest.missing)


def _code() -> str:
    """Give the version of this code; a checkout that is not installed has none."""
    try:
        return version("accreditation")
    except PackageNotFoundError:
        return ""
