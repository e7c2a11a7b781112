"""Publishing scheme files, and reading the version that an application is pinned to."""

from pathlib import Path

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import SchemeVersion
from accreditation.schemes.loader import load_folder, load_scheme
from accreditation.schemes.model import Scheme

_parsed: dict[str, Scheme] = {}  # by hash: a published version never changes


class SchemeChangedError(Exception):
    """A published version's file was changed; a change needs a new version."""


def publish(folder: Path) -> list[SchemeVersion]:
    """Publish every version in a folder that is not published yet; SchemeError names bad lines."""
    added = []
    for loaded in load_folder(folder):
        scheme = loaded.scheme
        known = db.session.scalar(
            select(SchemeVersion).where(
                SchemeVersion.scheme == scheme.scheme, SchemeVersion.version == scheme.version
            )
        )
        if known is None:
            known = SchemeVersion(
                scheme=scheme.scheme,
                version=scheme.version,
                sha256=loaded.sha256,
                text=loaded.text,
                published_at=clock.now(),
            )
            db.session.add(known)
            added.append(known)
        elif known.sha256 != loaded.sha256:
            message = f"{loaded.source}: version {scheme.version} was published with other words"
            raise SchemeChangedError(message)
    db.session.flush()
    return added


def scheme_of(version: SchemeVersion) -> Scheme:
    """Read a published version; each is loaded and parsed once in a process."""
    if version.sha256 not in _parsed:
        _parsed[version.sha256] = load_scheme(version.text, version.version)
    return _parsed[version.sha256]


def versions() -> list[SchemeVersion]:
    """List all published versions, newest first."""
    return list(db.session.scalars(select(SchemeVersion).order_by(SchemeVersion.id.desc())))


def current() -> SchemeVersion | None:
    """Give the version published last, under which new calls are made."""
    return db.session.scalar(select(SchemeVersion).order_by(SchemeVersion.id.desc()).limit(1))
