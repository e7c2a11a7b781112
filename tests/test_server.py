"""The server in a process of its own: what it answers to what is no request, and how it ends."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accreditation.config import Settings
from tests.serving import PATIENCE, Running, served

SECRET = "mihon-secret"


@pytest.fixture
def running(settings: Settings, tmp_path: Path) -> Iterator[Running]:
    """Serve the test's own installation."""
    with served(settings, tmp_path) as at:
        yield at


@pytest.fixture(scope="module")
def shared(
    installed: Callable[[Path], Settings], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """Serve one installation for all tests that only ask."""
    folder = tmp_path_factory.mktemp("served")
    with served(installed(folder / "data"), folder) as at:
        yield at


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
