"""The server in a process of its own: what it answers and logs of what is no request."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from accreditation.config import PACKAGE, Settings

SECRET = "mihon-secret"
PATIENCE = 60  # seconds until the server listens


@dataclass(frozen=True)
class Running:
    """A running server: its port, and the file that holds what it logged."""

    port: int
    logged: Path

    def answer(self, request: bytes) -> str:
        """Send bytes; give all that comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as sent:
            sent.sendall(request)
            return b"".join(iter(lambda: sent.recv(65536), b"")).decode()


@pytest.fixture
def running(settings: Settings, tmp_path: Path) -> Iterator[Running]:
    """Serve the test's own installation."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        at = Running(found.getsockname()[1], tmp_path / "logged")
    given = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    given |= {"PORT": str(at.port), "DEMO": "1", "PYTHONPATH": str(PACKAGE.parent)}
    with at.logged.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "accreditation", "serve"],
            env={**os.environ, **given},
            stdout=subprocess.DEVNULL,
            stderr=out,
        )
        _wait(process, at)
        yield at
        process.terminate()
        process.wait(PATIENCE)


def _wait(process: subprocess.Popen[bytes], at: Running) -> None:
    for _ in range(PATIENCE * 10):
        with suppress(OSError), socket.create_connection(("127.0.0.1", at.port)):
            return
        assert process.poll() is None, at.logged.read_text()
        time.sleep(0.1)
    pytest.fail("the server does not listen")


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (f"GET /{SECRET}{'x' * 9000} HTTP/1.1", "414"),
        (f"{SECRET} without sense", "400"),
        (f"GET / HTTP/1.1\r\n{SECRET} no header", "400"),
    ],
    ids=["too long", "no request", "no header"],
)
def test_what_is_no_request_is_answered_and_not_logged(
    running: Running, request_line: str, status: str
) -> None:
    answer = running.answer(f"{request_line}\r\nHost: localhost\r\n\r\n".encode())
    assert answer.split()[1] == status
    logged = running.logged.read_text()
    assert SECRET not in logged
    assert "127.0.0.1" not in logged
