"""How much is lost when the machine burns while litestream copies the database (promise B2).

Method: a fresh installation on SQLite, litestream beside it with a folder as its target, and
entries of the history written every tenth of a second for half a minute. At ten moments the target
is copied aside, as a fire would leave it, and restored from there: what is missing in it, in
seconds, is what a fire at that moment would have taken. Then litestream is killed and the last
copy's chain is verified. Prints the largest loss and exits with 1 when it is over its bar (5 s) or
the chain is broken.

litestream is not installed with the system. Run it with the repository's interpreter, in the
repository: `.venv/bin/python -m drills.continuous_copy PATH-OF-LITESTREAM`.
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path
from threading import Event, Thread

from flask import Flask

from accreditation import clock, create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.services import history
from drills.stage import installation

MOMENTS, BETWEEN = 10, 3.0  # how often the copy is looked at, and the seconds between
BAR = 5.0  # seconds


def write(app: Flask, ended: Event) -> None:
    """Write entries until told to end."""
    while not ended.wait(0.1):
        with app.app_context(), writing():
            history.record(history.Event("installation", 1, "probe", None, "system"))
            db.session.commit()


def restored(program: str, target: Path, copy: Path) -> None:
    """Restore what the target holds now."""
    command = [program, "restore", "-o", str(copy), target.as_uri()]
    subprocess.run(command, check=True, capture_output=True)


def lost(program: str, target: Path, copy: Path, original: Path) -> float:
    """Give how many seconds of entries a copy of this moment lacks."""
    asked = "SELECT max(at) FROM history"
    with sqlite3.connect(original) as here:
        last = datetime.fromisoformat(here.execute(asked).fetchone()[0])
    frozen = copy.with_suffix(".target")
    shutil.copytree(target, frozen)  # as it lies there now; more comes while it is read
    restored(program, frozen, copy)
    with sqlite3.connect(copy) as there:
        found = there.execute(asked).fetchone()[0]
    return max(0.0, (last - datetime.fromisoformat(found)).total_seconds())


def watched(program: str, folder: Path, app: Flask) -> list[float]:
    """Write beside litestream and look at the copy again and again; gives each loss in seconds."""
    original, target, ended = folder / "data" / "accreditation.db", folder / "target", Event()
    command = [program, "replicate", str(original), target.as_uri()]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as copying:
        writer = Thread(target=write, args=(app, ended))
        writer.start()
        try:
            time.sleep(BETWEEN * 2)
            losses = []
            for number in range(MOMENTS):
                losses.append(lost(program, target, folder / f"copy-{number}.db", original))
                time.sleep(BETWEEN)
        finally:
            ended.set()
            writer.join()
            copying.kill()
    return losses


def main() -> int:
    """Write, copy, look, verify, tell."""
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = installation(folder)
        with app.app_context(), writing():
            history.record(history.Event("installation", 1, "probe", None, "system"))
            db.session.commit()
        losses = watched(program, folder, app)
        (folder / "there").mkdir()
        restored(program, folder / "target", folder / "there" / "accreditation.db")
        copied = create_app(load_settings(data_dir=folder / "there", demo=True))
        with copied.app_context(), clock.at(clock.now()):
            broken = history.verify()
    worst, middle = max(losses), sorted(losses)[len(losses) // 2]
    figures = {"looked": len(losses), "largest_loss_s": round(worst, 2)}
    print(json.dumps({**figures, "median_loss_s": round(middle, 2), "whole": broken is None}))
    return int(worst > BAR or broken is not None)


if __name__ == "__main__":
    sys.exit(main())
