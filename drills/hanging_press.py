"""Pages while renderers hang (promise F14).

    python -m drills.hanging_press [SECONDS]

Method: a throwaway installation, served as `accreditation serve` does it. Two visitors read the
register and the page that checks a certificate in turn, for SECONDS (20) without, and as long
beside two presses whose renderer counts for ever, confined and of low priority as the real one;
then once more without, for what else changed meanwhile. Each press is ended after 20 seconds and
begins anew. Prints the 95th percentile of each; exits 0 only when every answer was 200 and the
pages beside the presses took less than twice as long as the slower of the other two.
"""

import http.client
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from threading import Event

from accreditation.config import Settings
from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.printing import HangError, Printer
from drills.stage import installation
from tests.attacks.test_press import PRESS, ask
from tests.serving import served

PAGES = ("/register", "/verify")
VISITORS = PRESSES = 2
FIRST = 20  # answers that don't count: what is loaded once
SLOWER = 2.0


def read(port: int, seconds: float) -> list[float]:
    """Read the pages in turn; give the seconds that each answer took."""
    until, took = time.monotonic() + seconds, []
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in cycle(PAGES):
        began = time.monotonic()
        line.request("GET", path)
        answer = line.getresponse()
        answer.read()
        if answer.status != HTTPStatus.OK:
            raise AssertionError(f"{path}: {answer.status}")
        took.append(time.monotonic() - began)
        if time.monotonic() > until:
            return took[FIRST:]
    raise AssertionError


def slowest_but_some(port: int, seconds: float) -> float:
    """Give the 95th percentile of an answer's seconds, over all visitors."""
    with ThreadPoolExecutor(VISITORS) as pool:
        asked = [pool.submit(read, port, seconds) for _ in range(VISITORS)]
        took = sorted(one for visitor in asked for one in visitor.result())
    return took[int(len(took) * 0.95)]


def hang(over: Event) -> None:
    """Order what never ends, again and again."""
    printer = Printer(PRESS)
    while not over.is_set():
        try:
            ask(printer, "spin")
        except HangError:
            continue
        raise AssertionError("it ended by itself")


@contextmanager
def hanging() -> Iterator[None]:
    """Let presses hang until the block ends."""
    over = Event()
    with ThreadPoolExecutor(PRESSES) as pool:
        hung = [pool.submit(hang, over) for _ in range(PRESSES)]
        try:
            time.sleep(2)  # until they count
            yield
        finally:
            over.set()
    for one in hung:
        one.result()


def main(seconds: float) -> int:
    """Measure without, beside, and without once more."""
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        settings: Settings = app.extensions["settings"]
        with app.app_context(), writing():
            schemes.publish(settings.scheme_dir)
            db.session.commit()
        with served(settings, Path(folder)) as running:
            before = slowest_but_some(running.port, seconds)
            with hanging():
                beside = slowest_but_some(running.port, seconds)
            after = slowest_but_some(running.port, seconds)
    print(f"p95 before {before:.3f} s, after {after:.3f} s")
    print(f"p95 beside {PRESSES} hanging presses {beside:.3f} s")
    return int(beside > SLOWER * max(before, after))


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 20))
