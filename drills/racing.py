"""Races for one certificate and for one case, counted (promises A7, A8, A14).

    python -m drills.racing [ROUNDS]

Method: a throwaway installation on SQLite with real files. In every round 16 threads, each with a
transaction of its own, decide the same case at the same moment: 65 rounds are 1,040 attempts, of
which 65 may succeed. Then two members of the council change the same accreditation at once, 200
times, each having seen its last version: one succeeds, the other is told. Then every invariant
is checked, numbers without gaps among them. Exits 0 only when all of it held.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from accreditation.extensions import db, writing
from accreditation.models import Accreditation, Certificate, Person
from accreditation.services.errors import OutdatedError
from accreditation.services.invariants import checking
from accreditation.services.steps import take_step
from drills.stage import installation
from tests.services.crowds import Crowd, gathered, step
from tests.threads import at_once, errors
from workflows.engine import StepRefused

THREADS, EDITS = 16, 200
REFUSALS = (StepRefused, OutdatedError)


def decide(app: Flask, crowd: Crowd) -> tuple[int, int]:
    """Let all threads decide each case; gives how many attempts succeeded and how many broke."""
    done = broken = 0
    for case in crowd.applications:
        acts = [partial(step, case, "accredit", crowd.council[n % 2]) for n in range(THREADS)]
        found = at_once(app, *acts)
        done += found.count(None)
        broken += sum(not isinstance(one, REFUSALS) for one in errors(found))
    return done, broken


def change(accreditation: int, name: str, person: int, seen: int) -> None:
    """Take a step on an accreditation as somebody who saw this version of it."""
    held = db.session.get_one(Accreditation, accreditation)
    take_step(held, name, db.session.get_one(Person, person), note="見本の理由", seen=seen)


def edit(app: Flask, crowd: Crowd) -> tuple[int, int]:
    """Let two change the same accreditation, again and again; gives both-succeeded and broken."""
    both = broken = 0
    for number in range(EDITS):
        with app.app_context():
            held = db.session.scalars(select(Accreditation).order_by(Accreditation.id)).first()
            assert held is not None  # noqa: S101 - the first race made it
            known, seen = held.id, held.version
        name = "lift" if number % 2 else "suspend"
        found = at_once(app, *(partial(change, known, name, one, seen) for one in crowd.council))
        both += found.count(None) != 1
        broken += sum(not isinstance(one, REFUSALS) for one in errors(found))
    return both, broken


def main(rounds: int) -> int:
    """Run both races and say what came of them."""
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        crowd = gathered(app, Path(folder), rounds)
        done, broken = decide(app, crowd)
        both, also = edit(app, crowd)
        with app.app_context(), writing():
            certificates = db.session.scalar(select(func.count()).select_from(Certificate))
            wrong = [one.invariant.name for one in checking.check() if one.offending]
    print(f"{rounds * THREADS} attempts: {done} succeeded, {certificates} certificates")
    print(f"{EDITS} edits at once: {both} not won by exactly one")
    print(f"unexpected errors: {broken + also}; invariants broken: {wrong or 'none'}")
    return int(done != rounds or certificates != rounds or both or broken or also or bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 65))
