"""A site in processes of its own that can be killed: server, its web process, its worker."""

import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from accreditation.config import PACKAGE

PATIENCE = 60  # seconds until a site that never answers is given up
LOOK = 0.02  # seconds between two looks
CUT = (OSError, http.client.HTTPException)  # how a request ends when the server is killed


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@dataclass
class Site:
    """A site on a data folder; `settings` are variables of its environment beside the usual."""

    data: Path
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    server: subprocess.Popen[bytes] | None = None

    @contextmanager
    def running(self) -> Iterator["Site"]:
        """Serve until the block ends."""
        self.start()
        try:
            yield self
        finally:
            self.kill("all")

    def start(self) -> None:
        """Start the server, as the system's own supervisor would."""
        given = {"DATA_DIR": str(self.data), "PORT": str(self.port), "DEMO": "1"}
        self.server = subprocess.Popen(
            [sys.executable, "-m", "accreditation", "serve"],
            env={**os.environ, "PYTHONPATH": str(PACKAGE.parent), **given, **self.settings},
            stdout=subprocess.DEVNULL,
            stderr=self._log(),
            process_group=0,
        )

    def _log(self) -> int:
        return os.open(self.settings.get("LOG", os.devnull), os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def strike(self, which: str) -> None:
        """Let a fault happen, and do what the machine itself does afterwards."""
        self.kill(which)
        if which == "all":
            self.start()

    def kill(self, which: str) -> None:
        """Kill -9 of `web`, of `worker` or of `all`, each with everything in its group."""
        assert self.server is not None
        children = _children(self.server.pid)
        workers = [one for one in children if b"worker" in _command(one)]
        for child in children if which == "all" else workers if which == "worker" else children:
            if which != "web" or child not in workers:
                with suppress(ProcessLookupError):
                    (os.killpg if child in workers else os.kill)(child, signal.SIGKILL)
        if which == "all":
            with suppress(ProcessLookupError):
                os.killpg(self.server.pid, signal.SIGKILL)
            self.server.wait()

    def ask(self, path: str, timeout: float = PATIENCE) -> int:
        """Fetch a page; gives its status, 0 when there is no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
        except CUT:
            return 0
        finally:
            connection.close()
        return answer.status

    def wait(self, path: str = "/verify", status: int = 200) -> float:
        """Wait until a page answers; gives how many seconds that took."""
        begun = time.monotonic()
        while self.ask(path) != status:
            assert time.monotonic() - begun < PATIENCE, "the site does not come back"
            time.sleep(LOOK)
        return time.monotonic() - begun


def moment(chance: random.Random) -> float:
    """Choose how many seconds pass between an act and a kill."""
    return chance.uniform(0.0, 0.6)


def _children(process: int) -> list[int]:
    found = set()
    for tasks in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(OSError):
            found |= set(map(int, tasks.read_text().split()))
    return sorted(found)


def _command(process: int) -> bytes:
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""
