"""The archive inside a backup: a tar with the manifest as its last member, and a hash after it.

The manifest names every other member with size and SHA-256; the hash after the tar covers all of
it, so that nothing can be changed unnoticed even where no encryption proves it.
"""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from accreditation.services import storage
from accreditation.services.backup.envelope import BadBackupError

FORMAT = 1
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.dump"}
_MANIFEST = "manifest.json"
_FILES = "files/"
_DIGEST = 32  # bytes
_CHUNK = 1024 * 1024


class Member(BaseModel):
    """One file of the archive; `size` is in bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    sha256: str


class Facts(BaseModel):
    """What a database says of itself: schema revision, rows, the history's head, its files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    schema_revision: str
    rows: dict[str, int]
    sequence: int
    hash: str
    files: list[str]


class Manifest(BaseModel):
    """What a backup holds, made when and of what; `missing` are files that were lost before."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made_at: str
    code: str
    database: str
    facts: Facts
    members: dict[str, Member]
    missing: list[str]


class _Sealing:
    """A stream that hashes what is written to it or read from it.

    While reading, the last bytes are held back: they are the hash itself.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._held = b""
        self._sum = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self._sum.update(content)
        return self._stream.write(content)

    def read(self, size: int) -> bytes:
        found = self._held + self._stream.read(size)
        content, self._held = found[:-_DIGEST], found[-_DIGEST:]
        self._sum.update(content)
        return content

    def seal(self) -> None:
        """Write the hash behind everything that was written."""
        self._stream.write(self._sum.digest())

    def holds(self) -> bool:
        """Read to the end; say whether what was read is what was sealed."""
        while self.read(_CHUNK):
            pass
        return self._held == self._sum.digest()


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()

    def read(self, size: int) -> bytes:
        content = self._file.read(size)
        self.sum.update(content)
        return content


def write(
    stream: BinaryIO, database: Path, facts: Facts, describe: Callable[..., Manifest]
) -> Manifest:
    """Write the archive of a database's copy and the files that it names; gives the manifest.

    `describe` makes the manifest of the members and of the hashes of files that are lost.
    """
    sealing = _Sealing(stream)
    members: dict[str, Member] = {}
    missing: list[str] = []
    with tarfile.open(fileobj=cast("BinaryIO", sealing), mode="w|", bufsize=_CHUNK) as tar:
        with database.open("rb") as file:
            hashing = _Hashing(file)
            size = _add(tar, database.name, hashing, database.stat().st_size)
        members[database.name] = Member(size=size, sha256=hashing.sum.hexdigest())
        for sha256 in facts.files:
            try:
                content = storage.get(sha256)
            except (FileNotFoundError, storage.DamagedFileError):
                missing.append(sha256)
                continue
            name = _FILES + sha256
            size = _add(tar, name, io.BytesIO(content), len(content))
            members[name] = Member(size=size, sha256=sha256)  # the store has just checked it
        manifest = describe(members=members, missing=missing)
        text = manifest.model_dump_json(indent=1).encode()
        _add(tar, _MANIFEST, io.BytesIO(text), len(text))
    sealing.seal()
    return manifest


def read(stream: BinaryIO, folder: Path, stored: Callable[[str], None]) -> Manifest:
    """Unpack an archive: the database into a folder, the files into the store.

    `stored` is told each hash before it is stored. BadBackupError unless everything is there,
    unchanged, and nothing beside it.
    """
    sealing = _Sealing(stream)
    members: dict[str, Member] = {}
    text = b""
    try:
        with tarfile.open(fileobj=cast("BinaryIO", sealing), mode="r|", bufsize=_CHUNK) as tar:
            for info in tar:
                tar.members.clear()  # type: ignore[attr-defined] # the library would remember them all
                content = tar.extractfile(info) if info.isreg() else None
                if content is None or text or info.name in members:
                    raise BadBackupError(f"it holds what no backup holds: {info.name!r}")
                if info.name == _MANIFEST:
                    text = content.read()
                else:
                    members[info.name] = _unpack(info.name, content, folder, stored)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise BadBackupError("it is no backup, or damaged or cut off") from error
    if not sealing.holds():
        raise BadBackupError("it is damaged or cut off")
    return _checked(text, members)


def _checked(text: bytes, members: dict[str, Member]) -> Manifest:
    """Read the manifest and compare it with what was there."""
    try:
        given: dict[str, Any] = json.loads(text)
        if given.get("format") != FORMAT:
            raise BadBackupError(f"its format {given.get('format')!r} is not known here")
        manifest = Manifest.model_validate(given)
    except (ValueError, AttributeError, ValidationError) as error:
        raise BadBackupError("its manifest can't be read") from error
    files = {_FILES + one for one in manifest.facts.files if one not in manifest.missing}
    expected = files | {DATABASES.get(manifest.database)}
    if members != manifest.members or set(members) != expected:
        raise BadBackupError("it does not hold what its manifest says")
    return manifest


def _add(tar: tarfile.TarFile, name: str, file: Any, size: int) -> int:  # noqa: ANN401 - anything that is read from
    info = tarfile.TarInfo(name)
    info.size = size
    info.mode = 0o600
    tar.addfile(info, file)
    tar.members.clear()  # type: ignore[attr-defined] # the library would remember them all
    return size


def _unpack(name: str, content: Any, folder: Path, stored: Callable[[str], None]) -> Member:  # noqa: ANN401 - a file of the tar, whose type has no name
    """Take one member to where it belongs; only the names that we give are known."""
    if name in DATABASES.values():
        hashing, size = _Hashing(content), 0
        with (folder / name).open("xb") as file:
            while chunk := hashing.read(_CHUNK):
                size += file.write(chunk)
        return Member(size=size, sha256=hashing.sum.hexdigest())
    found = content.read()
    sha256 = hashlib.sha256(found).hexdigest()
    if name != _FILES + sha256:
        raise BadBackupError(f"it holds what no backup holds: {name!r}")
    stored(sha256)
    storage.put(found)
    return Member(size=len(found), sha256=sha256)
