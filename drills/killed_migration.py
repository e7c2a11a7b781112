"""Migrations killed in the middle (promise F17).

    python -m drills.killed_migration [sqlite | postgresql]

Method: an installation with a row in every table is taken back to each earlier version of the
tables, on SQLite and then on PostgreSQL. From there a process of its own upgrades and is killed
(SIGKILL) after i/20 of the time that an upgrade takes undisturbed, for i = 1 to 20. After every
kill the database is whole, its rows are counted, the upgrade is run again and every invariant is
checked. Exits 0 only when all of it held.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from accreditation.config import PACKAGE
from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.invariants import checking
from drills.stage import installation
from tests.cluster import Cluster
from tests.models import world

POINTS = 20
DATABASES = ("sqlite", "postgresql")
KEPT, WORK = "kept", "work"
Act = Callable[[], None]


def counted(app: Flask) -> dict[str, int]:
    """Check a file and count the rows of every table that is there."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            whole = db.session.execute(text("PRAGMA integrity_check")).scalar_one()
            assert whole == "ok", whole  # noqa: S101 - a drill stops at the first thing that is wrong
        tables = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
        # nosemgrep: sql-from-values - names that the database itself gave
        rows = (text(f'SELECT count(*) FROM "{table}"') for table in sorted(tables))  # noqa: S608
        found = {
            t: db.session.scalar(one) or 0 for t, one in zip(sorted(tables), rows, strict=True)
        }
        db.session.remove()
        db.engine.dispose()
        return found


def upgraded(app: Flask, after: float | None) -> float:
    """Upgrade in a process of its own, killed after so many seconds; gives how long it ran."""
    begun = time.monotonic()
    child = os.fork()
    if child == 0:
        with app.app_context(), writing():
            upgrade()
        os._exit(0)
    if after is not None:
        time.sleep(after)
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return time.monotonic() - begun


def broken(app: Flask) -> list[str]:
    """Name the invariants that do not hold."""
    with app.app_context(), writing():
        found = [one.invariant.name for one in checking.check() if one.offending]
        db.session.remove()
        db.engine.dispose()
        return found


def from_version(app: Flask, keep: Act, reset: Act, version: str) -> int:
    """Kill the upgrade from a version at every point; gives after how many kills it had not run.

    `keep` remembers the database as it is; `reset` brings it back to that.
    """
    with app.app_context(), writing():
        downgrade(revision=version)
        db.session.remove()
        db.engine.dispose()
    keep()
    before, takes, undone = counted(app), upgraded(app, None), 0
    for point in range(1, POINTS + 1):
        reset()
        upgraded(app, takes * point / POINTS)
        after = counted(app)
        undone += after == before
        upgraded(app, None)
        final = counted(app)
        lost = [table for table in before if final.get(table) != before[table]]
        assert lost in ([], ["one_time_links", "sign_ins"]), lost  # noqa: S101 - 0002 ends sessions
        assert broken(app) == [], broken(app)  # noqa: S101 - see above
    return undone


def earlier() -> list[str]:
    """List the versions of the tables before the present one, the newest first."""
    scripts = ScriptDirectory(str(PACKAGE / "migrations"))
    return [one.revision for one in scripts.walk_revisions()][1:]


@contextmanager
def on_sqlite(folder: Path) -> Iterator[tuple[Flask, Act, Act]]:
    """Give an installation, and how its database is kept and reset: a file that is copied."""
    file = folder / "data" / "accreditation.db"
    kept = file.with_suffix(".kept")

    def reset() -> None:
        for rest in file.parent.glob(f"{file.name}*"):
            rest.unlink()
        shutil.copyfile(kept, file)

    yield installation(folder), lambda: _copy(file, kept), reset


def _copy(file: Path, kept: Path) -> None:
    shutil.copyfile(file, kept)


@contextmanager
def on_postgresql(folder: Path) -> Iterator[tuple[Flask, Act, Act]]:
    """Give an installation, and how its database is kept and reset: a template."""
    with Cluster.started() as cluster:

        def copy(to: str, of: str) -> None:
            cluster.replace_database(to, of)

        app = installation(folder, cluster.new_database(WORK))
        yield app, lambda: copy(KEPT, WORK), lambda: copy(WORK, KEPT)


def main(databases: list[str]) -> None:
    """Run the drill from every earlier version."""
    for name in databases:
        place = on_sqlite if name == "sqlite" else on_postgresql
        with tempfile.TemporaryDirectory() as folder, place(Path(folder)) as (app, keep, reset):
            with app.app_context(), writing():
                schemes.publish(app.extensions["settings"].scheme_dir)
                world.fill()
                db.session.remove()
                db.engine.dispose()
            for version in earlier():
                undone = from_version(app, keep, reset, version)
                said = f"{POINTS} kills, {undone} undone, the others done; 0 unreadable"
                print(f"{name}, from {version}: {said}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or list(DATABASES))
    sys.exit(0)
