"""200 requests while the server is told to end and started again, five times (promise F3).

    python -m drills.restarts

Method: a throwaway installation, served as `accreditation serve` does it; 200 requests and more
at an even pace, each by a connection of its own; every few seconds SIGTERM, then the next process
as soon as the one before has ended. Once as it is: a request is answered whole, or refused within
a second while nobody listens. Once with the listening socket handed over (LISTEN_FDS, as systemd's
socket units do): then it waits for the next process. Prints how each request ended, and how long
the site was away. Exits 0 only when none was lost, and with the socket handed over none refused.
"""

import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event

from accreditation.config import Settings
from drills.stage import installation
from tests.serving import environment, free_port, received

REQUESTS, RESTARTS = 200, 5
PAUSE, PACE = 3.0, 0.5  # seconds between restarts, and between requests
AT_ONCE = 1.0  # seconds within which a refusal comes
PATIENCE = 60
ASKING = b"GET /glossary HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
# The socket is number 3, and the process knows that it is the one that is meant.
HANDED = 'exec 3<&{0} && export LISTEN_FDS=1 LISTEN_PID=$$ && exec "$0" -m accreditation serve'


def begin(settings: Settings, port: int, handed: int | None) -> subprocess.Popen[bytes]:
    """Start the server, on a socket that was handed over or on one of its own."""
    given, quiet = environment(settings, port), subprocess.DEVNULL
    if handed is None:
        command = [sys.executable, "-m", "accreditation", "serve"]
    else:
        command = ["/bin/bash", "-c", HANDED.format(handed), sys.executable]
    inherited = () if handed is None else (handed,)
    return subprocess.Popen(command, env=given, stdout=quiet, stderr=quiet, pass_fds=inherited)


def ask(port: int) -> tuple[str, float]:
    """Ask once; give how it ended, and after how many seconds."""
    began, answer, sent = time.monotonic(), b"", False
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as made:
        made.sendall(ASKING)
        sent = True
        answer = received(made)
    took = time.monotonic() - began
    if answer.startswith(b"HTTP/1.1 200 ") and b"</html>" in answer:
        return "answered", took
    if not answer and took < AT_ONCE:
        return "reset before any answer" if sent else "refused at once", took
    return "lost", took


def wait(port: int) -> float:
    """Wait until it answers; give for how long it did not."""
    began = time.monotonic()
    while ask(port)[0] != "answered":
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError
        time.sleep(0.05)
    return time.monotonic() - began


def paced(pool: ThreadPoolExecutor, port: int, over: Event) -> list[Future[tuple[str, float]]]:
    """Ask at an even pace until all restarts are over."""
    asked: list[Future[tuple[str, float]]] = []
    while not over.is_set() or len(asked) < REQUESTS:
        asked.append(pool.submit(ask, port))
        time.sleep(PACE)
    return asked


def drill(settings: Settings, port: int, handed: int | None) -> tuple[Counter[str], float]:
    """Restart while requests come; give how they ended, and the longest that nobody answered."""
    process, over, away = begin(settings, port, handed), Event(), []
    wait(port)
    with ThreadPoolExecutor(REQUESTS) as pool:
        asking = pool.submit(paced, pool, port, over)
        for _ in range(RESTARTS):
            time.sleep(PAUSE)
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
            process = begin(settings, port, handed)
            away.append(wait(port))
        time.sleep(PAUSE)
        over.set()
        found = Counter(one.result()[0] for one in asking.result())
    process.terminate()
    process.wait(PATIENCE)
    return found, max(away)


def main() -> int:
    """Run both ways and say what came of them."""
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder))
        settings: Settings = app.extensions["settings"]
        alone, away = drill(settings, free_port(), None)
        with socket.create_server(("127.0.0.1", 0), backlog=512) as listening:
            handed, _ = drill(settings, listening.getsockname()[1], listening.fileno())
    print(f"alone: {dict(alone)}; after the one before had ended, away for {away:.1f} s at most")
    print(f"socket handed over: {dict(handed)}")
    return int(alone["lost"] > 0 or set(handed) != {"answered"})


if __name__ == "__main__":
    sys.exit(main())
