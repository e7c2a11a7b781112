"""Faults at random moments while four people write, and what came of it."""

import random
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.invariants import checking
from tests.faults.site import LOOK, PATIENCE, Site, moment
from tests.faults.writers import Done, Writers, in_database, let_go, world

LONGEST = 10.0  # seconds until a site has to be back


@dataclass
class Outcome:
    """What came of it: counts, acts with too few or too many traces, names of broken invariants.

    `back_after` is in seconds.
    """

    kills: int = 0
    acknowledged: int = 0
    retries: int = 0
    lost: dict[Done, int] = field(default_factory=dict)
    doubled: dict[Done, int] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)
    back_after: list[float] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost, doubled or torn, and the site came back each time."""
        wrong = self.lost or self.doubled or self.broken or self.failed
        return not wrong and self.acknowledged >= self.kills and max(self.back_after) < LONGEST


def strike_often(
    app: Flask, site: Site, faults: Iterable[str], folder: Path, *, cases: int
) -> Outcome:
    """Let one fault after the other happen (`Site.strike`) while four people write.

    `cases` of each kind are prepared for them. After every fault the site has to answer again;
    whoever was cut off sends the same form again.
    """
    chance, found = random.Random(), Outcome()  # noqa: S311 - moments, not secrets
    with app.app_context(), writing():
        schemes.publish(app.extensions["settings"].scheme_dir)
        db.session.commit()
    people = Writers(world(app, folder, drafts=cases, listed=cases, unfunded=cases))
    with app.app_context():
        before = in_database()
    with site.running():
        site.wait()
        with people.at_work(app, site.port):
            for which in faults:
                _wait_for_more(people)  # so that every fault has something to lose
                time.sleep(moment(chance))
                site.strike(which)
                found.back_after.append(site.wait(f"/verify/{people.world.unfunded[0][2][1]}"))
                found.kills += 1
                _compare(app, people, before, found)
            _wait_for_more(people)
    _finish(app, people, before, found)
    return found


def _wait_for_more(people: Writers) -> None:
    seen, until = len(people.done), time.monotonic() + PATIENCE
    while len(people.done) == seen and not people.failed and time.monotonic() < until:
        time.sleep(LOOK)


def _compare(app: Flask, people: Writers, before: Counter[Done], found: Outcome) -> None:
    """Look for what was acknowledged before this moment, and whether everything stored is whole."""
    told = Counter(people.done)
    with app.app_context():
        kept = in_database()
        kept.subtract(before)
        found.lost |= dict(told - kept)
        checking.hold_still()
        wrong = (one.invariant.name for one in checking.check(files=True) if one.offending)
        found.broken += wrong
        let_go()


def _finish(app: Flask, people: Writers, before: Counter[Done], found: Outcome) -> None:
    """Everybody has stopped: what is stored is exactly what was acknowledged."""
    _compare(app, people, before, found)
    told = Counter(people.done)
    with app.app_context():
        kept = in_database()
        kept.subtract(before)
        found.doubled = dict(kept - told - Counter(people.unanswered))
        let_go()
    found.acknowledged = len(people.done)
    found.retries = sum(who.retries + who.busy for who in people.browsers)
    found.failed = people.failed
