"""Restoring a backup: into an empty installation only, and looked at before anybody uses it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import delete, update

from accreditation import clock
from accreditation.config import PACKAGE, Settings
from accreditation.extensions import db, writing
from accreditation.models import (
    Challenge,
    HistoryEntry,
    HistoryHead,
    Invitation,
    OneTimeLink,
    SignIn,
)
from accreditation.services import documents, history, storage
from accreditation.services.backup import archive, databases, envelope


class NotEmptyError(Exception):
    """There is an installation already; a restore never touches it."""


@dataclass(frozen=True)
class Checkpoint:
    """A head of the history that was written down outside of the system."""

    sequence: int
    hash: str


def put_back(source: Path, keys: envelope.Keys) -> archive.Manifest:
    """Verify a backup to its last byte, then put it into place; nothing half stays behind.

    NotEmptyError; envelope.BadBackupError says what is wrong with the file.
    """
    settings: Settings = current_app.extensions["settings"]
    if not databases.is_empty():
        raise NotEmptyError
    with TemporaryDirectory(prefix="restore-", dir=databases.folder(settings)) as scratch:
        manifest = _put(source, keys, Path(scratch))
    if databases.kind() == "postgresql":
        with db.engine.connect() as connection:
            _require(databases.facts(connection), manifest)
    return manifest


def faults() -> Iterator[str]:
    """Look at what was restored: the history's chain, every document; name what does not hold."""
    if broken := history.verify():
        yield f"the history, entry {broken.sequence}: {broken.problem}"
    for found in documents.inspect():
        if found.fault:
            yield f"{found.name}: {found.fault}"


def compare(checkpoint: Checkpoint) -> str | None:
    """Say how the restored history stands to a checkpoint; None when it holds all of it."""
    head = db.session.get(HistoryHead, 1)
    last = head.sequence if head else 0
    if checkpoint.sequence > last:
        return f"{checkpoint.sequence - last} entries of the history after {last} are missing"
    entry = db.session.get(HistoryEntry, checkpoint.sequence)
    if entry is None or entry.hash != checkpoint.hash:
        return f"entry {checkpoint.sequence} of the history is not the checkpoint's"
    return None


def begin_anew(made_at: str) -> None:
    """End every session, link and invitation of the copy and write the restore down, committing.

    What ended after the backup was taken would live again otherwise.
    """
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        now = clock.now()
        history.record(
            history.Event(
                subject_type="installation",
                subject_id=1,
                act="restore",
                actor=None,
                party="system",
                details={"backup_of": made_at},
            )
        )
        open_ones = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
        for statement in (
            update(SignIn).where(SignIn.ended_at.is_(None)).values(ended_at=now),
            update(OneTimeLink).where(OneTimeLink.used_at.is_(None)).values(used_at=now),
            update(Invitation).where(open_ones).values(revoked_at=now),
            delete(Challenge),
        ):
            db.session.execute(statement)
        db.session.commit()


def _put(source: Path, keys: envelope.Keys, scratch: Path) -> archive.Manifest:
    with _taken_back_on_failure() as remember, source.open("rb") as file:
        with envelope.opened(file, keys) as stream:
            manifest = archive.read(stream, scratch, remember)
        _require_known(manifest)
        copied = scratch / archive.DATABASES[manifest.database]
        if databases.kind() == "sqlite":
            _require(databases.facts_of_sqlite(copied), manifest)
        databases.load(copied)
    return manifest


@contextmanager
def _taken_back_on_failure() -> Iterator[Callable[[str], None]]:
    """Give what is told of each file before it is stored; after a failure those are removed again.

    What was there before stays: a bucket may be the one that the backup was taken of.
    """
    new: list[str] = []

    def remember(sha256: str) -> None:
        if not storage.holds(sha256):
            new.append(sha256)

    try:
        yield remember
    except BaseException:
        for sha256 in new:
            storage.remove(sha256)
        raise


def _require_known(manifest: archive.Manifest) -> None:
    """Refuse another kind of database, and a schema that this code does not know."""
    if manifest.database != databases.kind():
        here = databases.kind()
        raise envelope.BadBackupError(f"it is of {manifest.database}, but this is {here}")
    revisions = ScriptDirectory(str(PACKAGE / "migrations")).walk_revisions()
    if manifest.facts.schema_revision not in {one.revision for one in revisions}:
        schema = manifest.facts.schema_revision
        raise envelope.BadBackupError(f"its schema {schema!r} is not known to this version")


def _require(found: archive.Facts, manifest: archive.Manifest) -> None:
    if found != manifest.facts:
        raise envelope.BadBackupError("its database is not the one that its manifest describes")
