"""Two servers, two workers, all that they share, and faults in the middle (F7, F9, M1 to M3).

    python -m drills.machines [CASES]

Method: `drills.park` starts everything for real, each with an address of its own; an installation
with CASES (40) cases on the council's list is made on SQLite and moved with `accreditation move`.
Then, over nginx with TLS, four people of the council's two sessions decide all cases and two
visitors read, while a server is killed with -9 at a quarter and the other at three quarters, and a
worker at half; each starts again after two seconds, as systemd would. What broke off is sent again
as a person would, the same form with the same key. Then everything is counted: decisions,
certificates, numbers, mails by their Message-ID; every invariant is checked with every file. After
that an accreditation is suspended, passwords are guessed, Redis is killed, the store stands still.
A mail that the killed worker had sent and not yet marked is sent again, under the same Message-ID
and after five minutes: that one is allowed. Exits 0 only when all else held.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pyotp
from sqlalchemy import create_engine, text

from accreditation.services.accounts import second_factors
from drills import park
from drills.council import Council, decide, prepare
from drills.park import Park
from drills.visitor import Visitor
from tests.factories import PASSWORD

RESTART = 2.0  # seconds, as in the units of ops/systemd
OUTBOX = 420  # seconds: a mail that a killed worker had taken is free again after five minutes
SHOWN, READ_WITHIN, STORE = 5, 2, 15  # seconds: promises W24, F7, F9
GUESSES = 15  # promise S3; where each of two servers counts alone, twice as many
MANY = 50  # transactions, that a replica which nobody reads would not have
OK, SEEN, MISSING, TOO_MANY, BUSY = 200, 303, 404, 429, 503
READS = (
    "SELECT xact_commit + xact_rollback FROM pg_stat_database WHERE datname = current_database()"
)
COUNTS = {
    "decisions": "SELECT count(*) FROM decisions",
    "certificates": "SELECT count(*) FROM certificates",
    "numbers": "SELECT count(DISTINCT number) FROM accreditations",
    "told": "SELECT count(*) FROM history WHERE act = 'accredit'",
    "unmade": "SELECT count(*) FROM documents WHERE made_at IS NULL",
    "unsent": "SELECT count(*) FROM mails WHERE sent_at IS NULL",
}


class Report:
    """What was found, line by line; and whether all of it is as promised."""

    def __init__(self) -> None:
        """Begin with all well."""
        self.well = True

    def say(self, what: str, *, holds: bool = True) -> None:
        """Print a line."""
        self.well = self.well and holds
        print(f"{'ok  ' if holds else 'FAIL'} {what}", flush=True)


def signed_in(site: Park, council: Council, report: Report) -> list[Visitor]:
    """Open four browsers of two members of the council, two of them with the same session."""
    people = [visitor(site, 20 + n) for n in range(4)]
    for one, (email, secret) in zip(people, council.members, strict=False):
        status = one.sign_in(email, PASSWORD, pyotp.TOTP(secret).now())
        report.say(f"signed in with a second factor: {status}", holds=status == SEEN)
    for one, other in zip(people[2:], people[:2], strict=True):
        one.browser.cookies.update(other.browser.cookies)
    return people


class Faults:
    """Programs that are killed as work goes on, one after the other, and start again."""

    def __init__(self, site: Park, cases: int) -> None:
        """Say at which case what is killed."""
        server, other = site.servers
        self._at = {cases // 4: server, cases // 2: site.workers[0], 3 * cases // 4: other}
        self._starting: list[threading.Timer] = []

    def strike(self, turn: int) -> None:
        """Kill what is to be killed now, once what was killed before is there again."""
        if daemon := self._at.get(turn):
            self.wait()
            daemon.kill()
            self._starting.append(threading.Timer(RESTART, daemon.start))
            self._starting[-1].start()

    def wait(self) -> None:
        """Wait until everything is there again."""
        for one in self._starting:
            one.join()


def read(one: Visitor, found: Counter[int], ended: threading.Event) -> None:
    """Read public pages until the work is done."""
    while not ended.is_set():
        for path in ("/register", "/verify/R08-0001.json", "/"):
            found[one.get(path).status_code] += 1
        time.sleep(0.1)


def work_and_faults(site: Park, council: Council, report: Report) -> None:
    """Decide every case while servers and a worker are killed."""
    people, readers = signed_in(site, council, report), [visitor(site, 30 + n) for n in range(2)]
    faults, turns, ended = Faults(site, len(council.cases)), count(), threading.Event()
    decided, pages = Counter[int](), Counter[int]()

    def work(one: Visitor) -> None:
        while (turn := next(turns)) < len(council.cases):
            faults.strike(turn)
            decided[decide(one, council.cases[turn])] += 1

    begun = time.monotonic()
    with ThreadPoolExecutor(8) as pool:
        reading = [pool.submit(read, one, pages, ended) for one in readers]
        for done in [pool.submit(work, one) for one in people]:
            done.result()
        seconds = time.monotonic() - begun
        ended.set()
        for done in reading:
            done.result()
    faults.wait()
    report.say(
        f"{decided[SEEN]} of {len(council.cases)} decisions acknowledged in {seconds:.0f} s, sent"
        f" again after a broken answer: {sum(one.broken for one in people)}",
        holds=decided[SEEN] == len(council.cases),
    )
    times = sorted(t for one in readers for t in one.times)
    report.say(
        f"{len(times)} pages read meanwhile: {dict(pages)}, p95 {late(times):.2f} s, asked again"
        f" {sum(one.broken for one in readers)}",
        holds=set(pages) <= {OK, MISSING},  # before the first decision there is no such number
    )


def late(times: list[float]) -> float:
    """Give the 95th percentile."""
    return sorted(times)[int(0.95 * len(times))]


def visitor(site: Park, number: int) -> Visitor:
    """Open a browser at an address of its own."""
    return Visitor(site.settings["BASE_URL"], site.certificate, f"127.0.0.{number}")


def outbox_empties(site: Park, report: Report) -> None:
    """Wait until every document is made and every mail sent; count what arrived."""
    begun = time.monotonic()
    while any(left := [counted(site)[name] for name in ("unmade", "unsent")]):
        if time.monotonic() - begun > OUTBOX:
            break
        time.sleep(1)
    report.say(
        f"documents and mails left after {time.monotonic() - begun:.0f} s: {left}",
        holds=not any(left),
    )


def counted(site: Park) -> Counter[str]:
    """Ask the database how many there are of what is counted."""
    engine = create_engine(site.settings["DATABASE_URL"])
    with engine.connect() as connection:
        found = {name: connection.scalar(text(sql)) for name, sql in COUNTS.items()}
    engine.dispose()
    return Counter({name: int(number or 0) for name, number in found.items()})


def accounts(site: Park, council: Council, report: Report) -> None:
    """Count everything that may be there once only, and check what must be true."""
    found, number = counted(site), len(council.cases)
    once = {name: found[name] for name in ("decisions", "certificates", "numbers", "told")}
    report.say(f"of {number} decisions there are: {once}", holds=set(once.values()) == {number})
    mails = Counter(str(one["Message-ID"]) for one in site.postbox.messages)
    doubled = sum(n - 1 for n in mails.values())
    report.say(
        f"{len(mails)} mails; sent again under the same Message-ID, for the killed worker had not"
        f" written down that it was sent: {doubled}",
        holds=doubled <= 1,
    )
    checked = park.run(site.settings, site.folder / "console", "invariants", "--files")
    report.say(f"invariants with files: exit {checked.returncode}", holds=checked.returncode == 0)
    lines = [line.split() for line in site.log.read_text().splitlines()]
    posts = Counter(one[-3] for one in lines if one[1] == "POST" and one[3] == "303")
    report.say(f"acknowledged by the servers {dict(posts)}", holds=len(posts) > 1)
    with create_engine(site.settings["READ_DATABASE_URL"]).connect() as connection:
        reads = connection.scalar(text(READS)) or 0
    report.say(f"transactions on the replica: {reads}", holds=reads > MANY)


def guesses(site: Park, number: int) -> int:
    """Guess passwords from one network address; give at which try that was stopped.

    The form is read once, so that nginx gives the tries to both servers in turn.
    """
    one = visitor(site, number)
    form = one.form("/sign-in")
    for turn in range(1, 40):
        typed = {"email": f"nobody{turn}@example.jp", "password": "wrong " * 4}
        if one.once("/sign-in", form | typed).status_code == TOO_MANY:
            return turn
        time.sleep(0.1)  # nginx lets an address ask twenty times a second
    return 0


def suspension(site: Park, council: Council, report: Report) -> None:
    """Suspend an accreditation, and see how soon everybody can see it."""
    one = visitor(site, 40)
    email, secret = council.members[0]
    one.sign_in(email, PASSWORD, pyotp.TOTP(secret).at(int(time.time()) + second_factors.STEP))
    path = "/council/accreditations/R08-0001"
    form = one.form(path) | {"note": "見本の理由"}
    status = one.send(f"{path}/steps/suspend", form).status_code
    begun = time.monotonic()
    reader = visitor(site, 41)
    while reader.get("/verify/R08-0001.json").json()["status"] != "suspended":
        if time.monotonic() - begun > 2 * SHOWN:
            break
        time.sleep(0.02)
    seconds = time.monotonic() - begun
    report.say(
        f"suspended ({status}), seen on the check page after {seconds:.2f} s",
        holds=seconds < SHOWN,
    )


def without_redis(site: Park, report: Report) -> None:
    """Kill Redis: pages are read, guesses are counted, what it had lost is done later."""
    tries = guesses(site, 50)
    report.say(f"guesses at two servers stopped at try {tries}", holds=0 < tries <= GUESSES)
    site.redis.kill()
    one = visitor(site, 51)
    answers = Counter(one.get("/register").status_code for _ in range(40))
    report.say(
        f"without Redis: {dict(answers)}, p95 {late(one.times):.2f} s",
        holds=late(one.times) < READ_WITHIN and set(answers) == {OK},
    )
    tries = guesses(site, 52)
    report.say(f"without Redis guesses stopped at try {tries}", holds=0 < tries <= 2 * GUESSES)
    status = one.once("/sign-up", one.form("/sign-up") | {"email": "new@example.jp"}).status_code
    report.say(f"without Redis a link is asked for: {status}", holds=status < MISSING)
    outbox_empties(site, report)
    site.redis.start()


def without_store(site: Park, report: Report) -> None:
    """Let the store stand still: a certificate waits, and nothing else does."""
    one = visitor(site, 60)
    before = one.get("/verify/R08-0001.pdf").status_code
    site.s3.freeze()
    begun = time.monotonic()
    during = one.once("/verify/R08-0001.pdf").status_code
    seconds, page = time.monotonic() - begun, one.once("/verify/R08-0001").status_code
    site.s3.thaw()
    after = one.once("/verify/R08-0001.pdf").status_code
    report.say(
        f"the store stands still: {before}, then {during} after {seconds:.1f} s (its page {page}),"
        f" then {after}",
        holds=(before, during, page, after) == (OK, BUSY, OK, OK) and seconds <= STORE,
    )


def main(cases: int) -> int:
    """Run all of it."""
    report = Report()
    with tempfile.TemporaryDirectory() as name:
        folder, kept = Path(name), list[Council]()
        folder.chmod(0o755)
        with park.opened(folder, lambda s: kept.append(prepare(s, folder / "old", cases))) as site:
            work_and_faults(site, kept[0], report)
            outbox_empties(site, report)
            accounts(site, kept[0], report)
            suspension(site, kept[0], report)
            without_redis(site, report)
            without_store(site, report)
    return int(not report.well)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 40))
