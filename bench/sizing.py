"""How much one machine and two servers carry: the figures of docs/sizing.md.

    python -m bench.sizing [CASES] [SECONDS]

Method: an installation with CASES (40) accredited cases of the full scheme is made on SQLite. Each
page is asked for over HTTP by 8 threads, each with a connection of its own, for SECONDS (5), after
each was shown twice and a fifth of that time, which don't count: answers a second and the 95th
percentile of the time of one.
First of one server on SQLite; then the installation is moved to a throwaway PostgreSQL (fsync off:
these are reads) and asked of one server, then of two, to which the threads go in turn. Client,
servers and database share the cores of this machine, so that answers a second say little when it is
busy, and two servers can't be twice as fast here. What says most is the processor time of one
answer in the server's processes (utime and stime), which hardly depends on what else runs; that of
PostgreSQL is not in it. Memory is Pss after the load: what processes share counts once. The
database's size is what CASES more cases added, as a SQLite file without what could be given back.
Every case of the tests has an officer of its own and all officers get all mails: few cases are
nearer to a city than many.
"""

import http.client
import os
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import create_engine, text

from accreditation import create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import Office
from accreditation.services import schemes
from drills.park import OURS, environment, run
from tests import daemons, factories
from tests.cluster import Cluster
from tests.pages import Pages
from workflows.application import ApplicationState

THREADS = 8
HOSTS = ("127.0.0.6", "127.0.0.7")
SECRET = "of this measurement and of nothing else"  # noqa: S105 - of a throwaway installation
Pace = tuple[float, float, float]


@dataclass(frozen=True)
class Page:
    """A page to ask for, and the cookie of who asks."""

    name: str
    path: str
    cookie: str = ""


def made(folder: Path, cases: int) -> tuple[list[Page], float]:
    """Make the installation; gives the pages, and what a case adds to the database in bytes."""
    app = create_app(load_settings(data_dir=folder, demo=True, secret_key=SECRET))
    with app.app_context(), writing():
        upgrade()
        schemes.publish(app.extensions["settings"].scheme_dir)
        factories.application(ApplicationState.ACCREDITED)
        office = factories.person(Office.OFFICE).email
        db.session.commit()
    before = size_of(app)
    with app.app_context(), writing():
        for _ in range(cases):
            last = factories.application(ApplicationState.ACCREDITED)
            owner = factories.owner_of(last.site.operator).email
            db.session.commit()
        key = last.key
        db.session.remove()
    grown = size_of(app) - before
    return [
        Page("home", "/"),
        Page("register", "/register"),
        Page("check", "/verify/R08-0001"),
        Page("check, JSON", "/verify/R08-0001.json"),
        Page("an operator's application", f"/my/applications/{key}", cookie(app, owner)),
        Page("the office's queue", "/office", cookie(app, office)),
    ], grown / cases


def cookie(app: Flask, email: str) -> str:
    """Sign somebody in; give their cookie."""
    found = Pages(app, email).client.get_cookie("accreditation")
    return f"accreditation={found.value}" if found else ""


def size_of(app: Flask) -> int:
    """Give the size of the SQLite database in bytes, without what could be given back."""
    with app.app_context():
        path = Path(str(db.engine.url.database))
    copy = path.with_suffix(".copy")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    size = copy.stat().st_size
    copy.unlink()
    return size


@contextmanager
def serving(
    folder: Path, settings: dict[str, str], hosts: tuple[str, ...]
) -> Iterator[list[daemons.Daemon]]:
    """Run a server at each host, without a worker."""
    with ExitStack() as running:
        servers = []
        for number, host in enumerate(hosts):
            port = daemons.free_port(host)
            own = settings | {"HOST": host, "PORT": str(port)}
            given = environment(own, folder if not number else folder.with_name(f"data{number}"))
            command = daemons.running([*OURS, "serve"], folder, port, host, given)
            servers.append(running.enter_context(command))
        yield servers


def pace(servers: list[daemons.Daemon], page: Page, seconds: float) -> Pace:
    """Ask for a page as fast as it comes.

    Gives answers a second, the p95 of one and the processor time of one, both in milliseconds.
    """
    times: list[float] = []
    targets = cycle(servers)
    begin, end = threading.Event(), threading.Event()

    def ask(server: daemons.Daemon) -> None:
        own = http.client.HTTPConnection(server.host, server.port, timeout=30)
        headers = {"Cookie": page.cookie} if page.cookie else {}
        while not end.is_set():
            begun = time.perf_counter()
            own.request("GET", page.path, headers=headers)
            answer = own.getresponse()
            answer.read()
            if answer.status != http.client.OK:
                raise AssertionError(f"{page.path}: {answer.status}")
            if begin.is_set():
                times.append(time.perf_counter() - begun)
        own.close()

    threads = [threading.Thread(target=ask, args=(next(targets),)) for _ in range(THREADS)]
    for one in threads:
        one.start()
    time.sleep(seconds / 5)
    before = worked(servers)
    begin.set()
    time.sleep(seconds)
    end.set()
    for one in threads:
        one.join()
    each = (worked(servers) - before) / max(len(times), 1)
    return len(times) / seconds, 1000 * sorted(times)[int(0.95 * len(times))], each


def memory(servers: list[daemons.Daemon]) -> list[int]:
    """Give the memory of each server in MB: its processes together, what they share once."""
    return [sum(map(_held, _group(one.process.pid))) // 1024 for one in servers]


def _group(leader: int) -> list[int]:
    numbers = [int(one.name) for one in Path("/proc").iterdir() if one.name.isdecimal()]
    return [one for one in numbers if _belongs(one, leader)]


def _belongs(process: int, leader: int) -> bool:
    try:
        return os.getpgid(process) == leader
    except ProcessLookupError:
        return False


def _held(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def worked(servers: list[daemons.Daemon]) -> float:
    """Give the processor time that servers have used, in milliseconds."""
    processes = [one for server in servers for one in _group(server.process.pid)]
    return sum(map(_ticks, processes)) * 1000 / os.sysconf("SC_CLK_TCK")


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])  # utime and stime: proc(5)


def measured(servers: list[daemons.Daemon], pages: list[Page], seconds: float) -> list[Pace]:
    """Measure every page, after each server has shown each twice: the first time it reads files."""
    for server in servers * 2:
        for page in pages:
            own = http.client.HTTPConnection(server.host, server.port, timeout=60)
            own.request("GET", page.path, headers={"Cookie": page.cookie} if page.cookie else {})
            own.getresponse().read()
            own.close()
    found = [pace(servers, page, seconds) for page in pages]
    print([_cell(*one) for one in found], memory(servers), flush=True)
    return found


def _cell(rate: float, slow: float, each: float) -> str:
    return f"{each:.1f} ms; {rate:.0f}/s, p95 {slow:.0f} ms"


def main(cases: int, seconds: float) -> None:
    """Measure everything and print it as the tables of docs/sizing.md."""
    with tempfile.TemporaryDirectory() as name, Cluster.started(HOSTS[0]) as cluster:
        folder = Path(name) / "data0"
        settings = {"DEMO": "1", "SECRET_KEY": SECRET, "WORKER": "0", "LOG_LEVEL": "WARNING"}
        pages, grown = made(folder, cases)
        found: list[list[Pace]] = []
        with serving(folder, settings, HOSTS[:1]) as servers:
            found.append(measured(servers, pages, seconds))
            used = [memory(servers)]
        cluster.new_database("sizing")
        address = f"postgresql://postgres@{HOSTS[0]}/sizing"
        moved = run(settings, folder, "move", "--to-database", address)
        if moved.returncode:
            raise AssertionError(moved.stdout + moved.stderr)
        for hosts in (HOSTS[:1], HOSTS):
            with serving(folder, settings | {"DATABASE_URL": address}, hosts) as servers:
                found.append(measured(servers, pages, seconds))
                used.append(memory(servers))
        with create_engine(address.replace("postgresql:", "postgresql+psycopg:")).connect() as one:
            large = one.scalar(text("SELECT pg_database_size('sizing')")) or 0
    print("\n| page | SQLite, one server | PostgreSQL, one server | PostgreSQL, two servers |")
    print("|---|---|---|---|")
    for number, page in enumerate(pages):
        cells = [_cell(*row[number]) for row in found]
        print(f"| {page.name} | {' | '.join(cells)} |")
    print(f"\nmemory of a server (MB): SQLite {used[0]}, PostgreSQL {used[1]}, two {used[2]}")
    print(f"SQLite grows by {grown / 1000:.0f} MB for 1,000 cases (measured: {cases} cases)")
    print(f"PostgreSQL: {large / 1e6:.0f} MB in all, with {cases + 1} cases")


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 40,
        float(sys.argv[2]) if len(sys.argv) > 2 else 5.0,  # noqa: PLR2004 - the second argument
    )
