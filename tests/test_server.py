"""The server in a process of its own: what it answers to what is no request, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from accreditation.config import PACKAGE, Settings

SECRET = "mihon-secret"
PATIENCE = 60  # seconds until the server listens


@dataclass(frozen=True)
class Running:
    """A running server: its process, its port, and the file that holds what it logged."""

    process: subprocess.Popen[bytes]
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
    with served(settings, tmp_path / "logged") as at:
        yield at


@pytest.fixture(scope="module")
def shared(
    installed: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Serve one installation for all tests that only ask."""
    folder = tmp_path_factory.mktemp("served")
    with served(installed(folder / "data"), folder / "logged") as at:
        yield at


@contextmanager
def served(settings: Settings, logged: Path) -> Iterator[Running]:
    """Run a server until the block ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    given = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    given |= {"PORT": str(port), "DEMO": "1", "PYTHONPATH": str(PACKAGE.parent)}
    with logged.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "accreditation", "serve"],
            env={**os.environ, **given},
            stdout=subprocess.DEVNULL,
            stderr=out,
            process_group=0,
        )
        at = Running(process, port, logged)
        _wait(at)
        yield at
        process.terminate()
        process.wait(PATIENCE)


def _wait(at: Running) -> None:
    for _ in range(PATIENCE * 10):
        with suppress(OSError), socket.create_connection(("127.0.0.1", at.port)):
            return
        assert at.process.poll() is None, at.logged.read_text()
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
    shared: Running, request_line: str, status: str
) -> None:
    answer = shared.answer(f"{request_line}\r\nHost: localhost\r\n\r\n".encode())
    assert answer.split()[1] == status
    logged = shared.logged.read_text()
    assert SECRET not in logged
    assert "127.0.0.1" not in logged


def test_it_ends_without_a_trace_when_told_to_from_the_keyboard(running: Running) -> None:
    os.killpg(running.process.pid, signal.SIGINT)  # as Ctrl-C does, to everything in front
    assert running.process.wait(PATIENCE) == 0
    logged = running.logged.read_text()  # the worker may have said that it began
    assert "Traceback" not in logged
    assert "KeyboardInterrupt" not in logged
