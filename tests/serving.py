"""The real server in a process of its own, on an installation of the tests."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from accreditation.config import PACKAGE, Settings

PATIENCE = 60  # seconds until the server listens, or ends


@dataclass(frozen=True)
class Running:
    """A running server: its process, its port, and the file that holds what it logged."""

    process: subprocess.Popen[bytes]
    port: int
    logged: Path

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def answer(self, request: bytes) -> str:
        """Send bytes; give all that comes back until the server closes the connection."""
        with self.connect() as sent:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before the end
                sent.sendall(request)
            return received(sent).decode(errors="replace")

    def workers(self) -> list[int]:
        """List the processes that answer: the children of the first, but not the queue's."""
        listed = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            check=True,
            text=True,
        )
        lines = [line.split(maxsplit=1) for line in listed.stdout.splitlines()]
        return [int(pid) for pid, words in lines if " worker " not in f"{words} "]


def received(sent: socket.socket) -> bytes:
    """Read until the other side ends the connection, by whatever way."""
    parts = []
    with suppress(ConnectionResetError):
        while part := sent.recv(65536):
            parts.append(part)
    return b"".join(parts)


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def environment(settings: Settings, port: int, **more: str) -> dict[str, str]:
    """Give the environment of a server on an installation of the tests."""
    given = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    given |= {"PORT": str(port), "DEMO": "1", "PYTHONPATH": str(PACKAGE.parent)}
    return {**os.environ, **given, **more}


@contextmanager
def served(settings: Settings, folder: Path, **more: str) -> Iterator[Running]:
    """Serve an installation while the block runs; `more` are settings beside the usual ones."""
    port, logged = free_port(), folder / "logged"
    with logged.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "accreditation", "serve"],
            env=environment(settings, port, **more),
            stdout=subprocess.DEVNULL,
            stderr=out,
            process_group=0,
        )
        at = Running(process, port, logged)
        try:
            wait(at)
            yield at
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait(at: Running) -> None:
    """Wait until the server listens."""
    for _ in range(PATIENCE * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", at.port)):
            return
        assert at.process.poll() is None, at.logged.read_text()
        time.sleep(0.05)
    pytest.fail("the server does not listen")
