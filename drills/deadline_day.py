"""Fifty applicants on the last day of a call (promise F16).

    python -m drills.deadline_day [MINUTES]

Method: a throwaway installation on SQLite with Kanazawa's scheme, served by the usual command on
this machine, with the fifty beside it on the same cores. Each has three applications to write:
opens an indicator, thinks for 3 to 9 seconds, saves its answers (every other time with a file),
goes on to the next, reads what would be sent, and sends it; between them, the register and a
check of a certificate. They began their sessions before. For 10 minutes, or as many as are named.
Then every invariant is checked and every file read. Exits 0 only when 95 of 100 readings took
less than a second, 95 of 100 sendings less than two, no answer was a fault of the server or a
refusal, and everything sent is there.
"""

import random
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from flask import Flask
from sqlalchemy import func, select

from accreditation.extensions import db, writing
from accreditation.models import Submission
from accreditation.services import schemes
from accreditation.services.invariants import checking
from drills.stage import installation
from tests import factories
from tests.faults.browser import DONE, Answer, Browser, Fields, File
from tests.faults.site import CUT, Site
from tests.fields import untouched

PEOPLE, EACH = 50, 3
THINKING = (3.0, 9.0)  # seconds
BARS = {"read": 1.0, "save": 2.0, "send": 2.0}  # seconds that 95 of 100 stay below
INDICATORS = (1, 2)
chance = random.Random()  # noqa: S311 - people's thinking, not a secret


@dataclass
class Day:
    """What happened: seconds by kind of request, statuses, and what was sent."""

    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0
    over: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def note(self, kind: str, path: str, began: float, answer: Answer | None) -> None:
        """Keep how one request went; it was cut off when there is no answer."""
        status = answer.status if answer else 0
        with self.lock:
            self.took[kind].append(time.monotonic() - began)
            self.statuses[status] += 1
            if status not in {200, DONE}:
                self.wrong.append(f"{status} {kind} {path}")


@dataclass
class Applicant:
    """One person at the site, with the keys of the applications to write."""

    who: Browser
    keys: list[str]
    day: Day
    number: str

    def live(self) -> None:
        """Write and send one application after the other until the day is over."""
        for _ in self._steps():
            if self.day.over.wait(chance.uniform(*THINKING)):
                return

    def _steps(self) -> Iterator[None]:
        for key in self.keys:
            for indicator in INDICATORS:
                path = f"/my/applications/{key}/indicators/{indicator}"
                form: Fields = {**untouched(self._do("read", path), path)}
                yield
                self._do("save", path, _answered(form), _file(form))
                yield
            path = f"/my/applications/{key}/check"
            form = {**untouched(self._do("read", path), path)}
            yield
            self._do("send", path, {**form, "accepted": "y"})
            yield
            for page in (f"/my/applications/{key}", "/register", f"/verify/{self.number}"):
                self._do("read", page)
                yield
        while True:
            self._do(
                "read", chance.choice(("/my", "/register", f"/verify/{self.number}", "/about"))
            )
            yield

    def _do(
        self, kind: str, path: str, form: Fields | None = None, file: File | None = None
    ) -> str:
        began, answer = time.monotonic(), None
        with suppress(*CUT):
            answer = self.who.ask("POST" if form else "GET", path, form, file)
        self.day.note(kind, path, began, answer)
        if kind == "send" and answer and answer.status == DONE:
            with self.day.lock:
                self.day.sent += 1
        return answer.page if answer else ""


def _answered(form: Fields) -> Fields:
    """Say of every item that it is carried out, and how."""
    items = {name.removesuffix("-text") for name in form if name.endswith("-text")}
    said: Fields = {f"{item}-verdict": "carried_out" for item in items}
    return {**form, **said, **{f"{item}-text": "毎月続けています。" * 20 for item in items}}


def _file(form: Fields) -> File | None:
    item = next((name.removesuffix("-text") for name in form if name.endswith("-text")), None)
    if item is None or chance.random() < 0.5:  # noqa: PLR2004 - every other time
        return None
    content = factories.PDF + b"%" + chance.randbytes(200_000).replace(b"\n", b"") + b"\n"
    return File(f"{item}-files", "証拠.pdf", content)


def prepared(app: Flask) -> tuple[list[tuple[str, list[str]]], str]:
    """Make the people with their applications, and an accreditation to check."""
    with app.app_context(), writing():
        schemes.publish(app.extensions["settings"].scheme_dir)
        call = factories.call(days=1)
        number = factories.accreditation(in_call=call).number
        people = []
        for _ in range(PEOPLE):
            operator = factories.operator()
            drafts = [factories.draft(call, factories.site(operator)) for _ in range(EACH)]
            people.append((factories.owner_of(operator).email, [one.key for one in drafts]))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return people, number


def told(app: Flask, day: Day) -> bool:
    """Print the figures; say whether all bars were held."""
    good = not day.wrong
    for kind, bar in BARS.items():
        took = sorted(day.took[kind]) or [0.0]
        p95 = took[int(len(took) * 0.95)]
        good &= p95 < bar
        print(f"{kind}: {len(took)}, median {took[len(took) // 2]:.2f} s, 95 of 100 {p95:.2f} s")
    print(f"answers by status: {dict(day.statuses)}; wrong: {day.wrong[:5] or 'none'}")
    with app.app_context():
        stored = db.session.scalar(select(func.count()).select_from(Submission)) or 0
        broken = [one.invariant.name for one in checking.check(files=True) if one.offending]
    print(f"sent {day.sent}, stored {stored - 1}; invariants broken: {broken or 'none'}")
    return good and stored - 1 == day.sent and not broken


def main(minutes: float) -> int:
    """Run the drill."""
    with tempfile.TemporaryDirectory() as name:
        app, day = installation(Path(name)), Day()
        people, number = prepared(app)
        site = Site(Path(name) / "data")
        whose = [(Browser(app, email, site.port), keys) for email, keys in people]
        with site.running():
            site.wait()
            lives = [Thread(target=Applicant(who, keys, day, number).live) for who, keys in whose]
            for one in lives:
                one.start()
            time.sleep(minutes * 60)
            day.over.set()
            for one in lives:
                one.join()
        return not told(app, day)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
