"""Four people who write without a pause: attach, send, return, decide, grant, suspend, lift."""

import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import cycle
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

from flask import Flask, current_app
from sqlalchemy import func, select

from accreditation.extensions import db, writing
from accreditation.models import (
    Accreditation,
    Application,
    Evidence,
    HistoryEntry,
    Incentive,
    Person,
)
from tests import factories
from tests.faults.browser import Browser, File
from tests.faults.site import LOOK
from tests.services.crowds import gathered, step

Done = tuple[str, int, str]  # kind of subject, its id, the act
NOTE = "見本の理由"
PLENTY = 10**9  # yen
ACTS = ("submit", "resubmit", "return", "accredit", "fund", "suspend", "lift")


@dataclass(frozen=True)
class World:
    """What there is to do: ids and addresses of cases and incentives, and who acts.

    With each incentive comes the accreditation that it belongs to.
    """

    drafts: list[tuple[int, str]]
    listed: list[tuple[int, str]]
    unfunded: list[tuple[int, str, tuple[int, str]]]
    programme: str
    owner: str
    office: str
    council: list[str]


def world(app: Flask, folder: Path, *, drafts: int, listed: int, unfunded: int) -> World:
    """Make so many complete drafts, cases on the council's list, and unfunded incentives."""
    crowd = gathered(app, folder, listed + unfunded, programmes=1)
    with app.app_context(), writing():
        call = db.session.get_one(Application, crowd.applications[0]).call
        (programme,) = call.programmes
        programme.budget_yen = 0
        db.session.flush()
        for number in crowd.applications[:unfunded]:
            step(number, "accredit", crowd.council[0])
        listed_cases = [
            db.session.get_one(Application, one) for one in crowd.applications[unfunded:]
        ]
        operator = factories.operator()
        made = [
            factories.draft(call, factories.site(operator, "walk"), (1,)) for _ in range(drafts)
        ]
        for draft in made:
            factories.answer_all(draft)
        waiting = db.session.scalars(select(Incentive).where(Incentive.state == "unfunded"))
        found = World(
            [(one.id, one.key) for one in made],
            [(one.id, one.key) for one in listed_cases],
            [(one.id, one.key, _held(one.certificate.accreditation)) for one in waiting],
            programme.key,
            factories.owner_of(operator).email,
            db.session.get_one(Person, crowd.office).email,
            [db.session.get_one(Person, one).email for one in crowd.council],
        )
        programme.budget_yen = PLENTY
        db.session.commit()
        let_go()
    return found


@dataclass
class Writers:
    """The four at work. `done` is what was acknowledged to them, `failed` what went wrong.

    `unanswered` is what somebody gave up, not knowing whether it was done.
    """

    world: World
    done: list[Done] = field(default_factory=list)
    failed: list[BaseException] = field(default_factory=list)
    unanswered: list[Done] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)

    @contextmanager
    def at_work(self, app: Flask, port: int) -> Iterator["Writers"]:
        """Let all four work until the block ends; each ends with what it has begun."""
        self._stop = Event()
        known, self._sent = self.world, Queue[tuple[int, str]]()
        self._returned = Queue[tuple[int, str]]()
        self._funded = Queue[tuple[int, str]]()
        for draft in known.drafts:
            self._returned.put(draft)
        people = (known.owner, known.office, *known.council)
        self.browsers = [Browser(app, email, port) for email in people]
        works = (self._send(), self._screen(), self._decide(0), self._decide(1))
        threads = [
            Thread(target=self._work, args=(who, work))
            for who, work in zip(self.browsers, works, strict=True)
        ]
        for one in threads:
            one.start()
        try:
            yield self
        finally:
            self._stop.set()
            for one in threads:
                one.join()

    def _work(self, who: Browser, work: Iterator["Act | None"]) -> None:
        act: Act | None = None
        try:
            for act in work:
                if self._stop.is_set():
                    return
                if act is None:
                    self._stop.wait(LOOK)
                    continue
                who.send(act.page, act.action, act.typed, act.file)
                self.done.append(act.done)
                act.then()
        except BaseException as error:  # noqa: BLE001 - told by the test, which waits elsewhere
            self.failed.append(error)
            self.unanswered += [act.done] if act else []

    def _send(self) -> Iterator["Act | None"]:
        known: set[int] = set()
        while True:
            if (one := _next(self._returned)) is None:
                yield None
                continue
            page = f"/my/applications/{one[1]}/check"
            name = "resubmit" if one[0] in known else "submit"
            known.add(one[0])
            yield self._attach(*one)
            done = ("application", one[0], name)
            yield Act(page, page, {"accepted": "y"}, done, partial(self._sent.put, one))

    @staticmethod
    def _attach(number: int, key: str) -> "Act":
        page, item = f"/my/applications/{key}/indicators/1", "1-1"
        content = factories.PDF + f"% {secrets.token_hex()}\n".encode()
        file = File(f"item-{item}-files", f"{secrets.token_hex(4)}.pdf", content)
        return Act(page, page, {}, ("application", number, "attach"), file=file)

    def _screen(self) -> Iterator["Act | None"]:
        waiting = iter(self.world.unfunded)
        while True:
            if (incentive := next(waiting, None)) is not None:
                number, key, held = incentive
                page = f"/office/programmes/{self.world.programme}?incentive={key}"
                path = f"/office/incentives/{key}/steps/fund"
                then = partial(self._funded.put, held)
                yield Act(page, path, {}, ("incentive", number, "fund"), then)
            if (one := _next(self._sent)) is None:
                yield None
                continue
            page = f"/office/applications/{one[1]}"
            done = ("application", one[0], "return")
            back = partial(self._returned.put, one)
            yield Act(page, f"{page}/steps/return", {"note": NOTE}, done, back)

    def _decide(self, member: int) -> Iterator["Act | None"]:
        for case, key in self.world.listed[member::2]:
            page, typed = f"/council/applications/{key}", {"step": "accredit", "indicators": "1"}
            yield Act(page, f"{page}/decision", typed, ("application", case, "accredit"))
        mine: list[tuple[int, str]] = []
        for name in cycle(("suspend", "lift")):
            if name == "suspend" and (one := _next(self._funded)) is not None:
                mine.append(one)
            if not mine:
                yield None
            for held, number in mine:
                page = f"/council/accreditations/{number}"
                done = ("accreditation", held, name)
                yield Act(page, f"{page}/steps/{name}", {"note": NOTE}, done)


def _held(accreditation: Accreditation) -> tuple[int, str]:
    return accreditation.id, accreditation.number


def _nothing() -> None:
    pass


@dataclass(frozen=True)
class Act:
    """A form to be sent: where it stands, where it goes, what is typed, and what it does."""

    page: str
    action: str
    typed: dict[str, str]
    done: Done
    then: Callable[[], object] = _nothing
    file: File | None = None


def in_database() -> Counter[Done]:
    """Count the acts of the writers' kinds, and the files, by what they were done to."""
    files = select(Evidence.application_id, func.count()).group_by(Evidence.application_id)
    group = (HistoryEntry.subject_type, HistoryEntry.subject_id, HistoryEntry.act)
    chosen = select(*group, func.count()).where(HistoryEntry.act.in_(ACTS)).group_by(*group)
    found = Counter({(kind, one, act): n for kind, one, act, n in db.session.execute(chosen)})
    found |= {("application", one, "attach"): n for one, n in db.session.execute(files)}
    let_go()
    return found


def let_go() -> None:
    """Keep no file of the data open: the site has them for itself, and their disk may go."""
    db.session.remove()
    db.engine.dispose()
    current_app.extensions["jobs"].queue.storage.close()  # opened when a commit woke the worker


def _next(queue: Queue[tuple[int, str]]) -> tuple[int, str] | None:
    try:
        return queue.get_nowait()
    except Empty:
        return None
