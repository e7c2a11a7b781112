"""Migrations killed in the middle (promise F17).

    python -m drills.killed_migration

Method: an installation with a row in every table is taken back to each earlier version of the
tables. From there a process of its own upgrades and is killed (SIGKILL) after i/20 of the time that
an upgrade takes undisturbed, for i = 1 to 20. After every kill the database is whole, its rows are
counted, the upgrade is run again and every invariant is checked. Exits 0 only when all of it held.
"""

import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.invariants import checking
from drills.stage import installation
from tests.models import world

POINTS = 20
EARLIER = ("0001", "0002")


def counted(app: Flask) -> dict[str, int]:
    """Check the file and count the rows of every table that is there."""
    with app.app_context():
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


def from_version(app: Flask, file: Path, version: str) -> int:
    """Kill the upgrade from a version at every point; gives after how many kills it had not run."""
    kept = file.with_suffix(".kept")
    with app.app_context(), writing():
        downgrade(revision=version)
        db.session.remove()
        db.engine.dispose()
    shutil.copyfile(file, kept)
    before, takes, undone = counted(app), upgraded(app, None), 0
    for point in range(1, POINTS + 1):
        for rest in file.parent.glob(f"{file.name}*"):
            rest.unlink()
        shutil.copyfile(kept, file)
        upgraded(app, takes * point / POINTS)
        after = counted(app)
        undone += after == before
        upgraded(app, None)
        final = counted(app)
        lost = [table for table in before if final.get(table) != before[table]]
        assert lost in ([], ["one_time_links", "sign_ins"]), lost  # noqa: S101 - 0002 ends sessions
        assert broken(app) == [], broken(app)  # noqa: S101 - see above
    return undone


def main() -> None:
    """Run the drill from every earlier version."""
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        with app.app_context(), writing():
            schemes.publish(app.extensions["settings"].scheme_dir)
            world.fill()
            db.session.remove()
            db.engine.dispose()
        for version in reversed(EARLIER):
            undone = from_version(app, Path(folder) / "data" / "accreditation.db", version)
            print(f"from {version}: {POINTS} kills, {undone} undone, the others done; 0 unreadable")


if __name__ == "__main__":
    main()
    sys.exit(0)
