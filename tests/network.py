"""No test speaks to the world: only this machine's own addresses and sockets are reached.

Python tells the hook of every connection before it is made, whoever makes it. What was tried is
remembered too, for code under test may take a refusal for a server that does not answer.
"""

import ipaddress
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pytest

OWN_NAME = socket.gethostname().lower()
OF_THE_WORLD = (socket.AF_INET, socket.AF_INET6)
tried: list[str] = []


class WorldError(BaseException):
    """A test would have left this machine; not an OSError, which mails and pages can live with."""


def is_here(host: object) -> bool:
    """Whether a host is this machine: a loopback address, one of its names, or none at all."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name.rstrip(".").lower() in {"localhost", OWN_NAME}:
        return True  # smtplib asks for the second, to greet with it
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _asked_for(event: str, arguments: tuple[Any, ...]) -> object:
    """Give the host that an event of Python's names, or None when it leaves no machine."""
    if event in {"socket.connect", "socket.sendto"}:
        connection, address = arguments
        return address[0] if connection.family in OF_THE_WORLD else None
    if event in {"socket.getaddrinfo", "socket.gethostbyname"}:
        return arguments[0]
    return None


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith("socket.") and not is_here(_asked_for(event, arguments)):
        tried.append(f"{event} {_asked_for(event, arguments)}")
        raise WorldError(tried[-1])


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def no_world() -> Iterator[None]:
    """Fail a test that tried to leave this machine, also when its code swallowed the refusal."""
    tried.clear()
    yield
    left = list(tried)
    tried.clear()
    assert left == []
