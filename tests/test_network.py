"""The guard against tests that speak to the world has teeth."""

import socket
import threading
from pathlib import Path

import pytest
import requests

from tests import network


def _forget() -> list[str]:
    seen = list(network.tried)
    network.tried.clear()
    return seen


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.jp", b"example.com"])
def test_nothing_leaves_this_machine(host: str | bytes) -> None:
    with pytest.raises(network.WorldError):
        socket.create_connection((host, 80), timeout=1)  # type: ignore[arg-type]  # bytes work too
    assert len(_forget()) == 1


def test_libraries_are_stopped_too() -> None:
    with pytest.raises(network.WorldError):
        requests.get("http://example.jp/", timeout=1)
    assert _forget() == ["socket.getaddrinfo example.jp"]


def test_datagrams_are_stopped_too() -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as line, pytest.raises(network.WorldError):
        line.sendto(b"?", ("192.0.2.1", 53))
    assert _forget() == ["socket.sendto 192.0.2.1"]


def test_what_a_thread_swallowed_is_remembered() -> None:
    def speak() -> None:
        with pytest.raises(network.WorldError):
            socket.create_connection(("192.0.2.1", 80), timeout=1)

    thread = threading.Thread(target=speak)
    thread.start()
    thread.join()
    assert _forget() == ["socket.getaddrinfo 192.0.2.1"]


def test_this_machine_is_reached(tmp_path: Path) -> None:
    socket.gethostbyname("localhost")
    socket.getfqdn()
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname(), timeout=5).close()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as line:
        server.bind(str(tmp_path / "socket"))
        server.listen()
        line.connect(str(tmp_path / "socket"))
