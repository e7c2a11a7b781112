"""A press whose renderer does what a broken or taken-over one would: the order names the act.

Started as `python -m tests.attacks.hostile_press FOLDER`, confined as the real one is.
"""

import ctypes
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from certificates import press

GOOD = b"%PDF-1.7 made up"


def spin(_: str) -> None:
    while True:
        pass


def spin_in_a_library(_: str) -> None:
    re.match(r"(a+)+$", "a" * 64 + "b")


def sleep_through_every_signal(_: str) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1000)


def recurse(_: str) -> None:
    recurse(_)


def take_all_memory(_: str) -> None:
    hoard = []
    while True:
        hoard.append(bytearray(64 * 1024 * 1024))


def fill_the_disk(_: str) -> None:
    with tempfile.TemporaryFile() as file:
        while True:
            file.write(bytes(1024 * 1024))


def open_all_files(_: str) -> None:
    kept = [os.dup(1) for _ in range(10_000)]
    del kept


def connect(target: str) -> None:
    host, port = target.split(":")
    socket.create_connection((host, int(port)), timeout=2)


def connect_beneath_python(target: str) -> None:
    """Call the library of the system itself, as taken-over machine code would."""
    system, (_, port) = SYSTEM, target.split(":")
    address = b"\x02\x00" + int(port).to_bytes(2, "big") + socket.inet_aton("127.0.0.1") + bytes(8)
    handle = system.socket(2, 1, 0)
    if system.connect(handle, address, len(address)) != 0:
        raise ConnectionError


def write_beside(target: str) -> None:
    Path(target).with_name("beside").write_text("was here")


def print_between(_: str) -> bytes:
    os.write(1, b"P" + bytes(8))
    sys.stdout.write("words")
    sys.stdout.flush()
    return GOOD


def number(_: str) -> bytes:
    """Say which process this is."""
    return b"%s %d" % (GOOD, os.getpid())


SYSTEM = ctypes.CDLL(None)
ACTS: dict[str, Callable[[str], object]] = {
    "spin": spin,
    "spin in a library": spin_in_a_library,
    "sleep through every signal": sleep_through_every_signal,
    "abort": lambda _: os.abort(),
    "break the memory": lambda _: ctypes.string_at(1),
    "leave": lambda _: os._exit(0),  # the act
    "leave politely": lambda _: sys.exit(0),
    "recurse": recurse,
    "take all memory": take_all_memory,
    "fill the disk": fill_the_disk,
    "open all files": open_all_files,
    "connect": connect,
    "connect beneath python": connect_beneath_python,
    "fetch": lambda target: urllib.request.urlopen(f"http://{target}/", timeout=2),
    "ask for a name": lambda _: socket.getaddrinfo("example.jp", 80),
    "run a program": lambda _: subprocess.run(["id"], check=True),
    "fork": lambda _: os.fork(),
    "kill": lambda _: os.kill(os.getppid(), signal.SIGTERM),
    "read a secret": lambda target: Path(target).read_text(),
    "read the accounts": lambda _: Path("/etc/passwd").read_text(),
    "write beside": write_beside,
    "remove": lambda target: Path(target).unlink(),
    "answer with a page": lambda _: b"<html>",
    "answer without end": lambda _: GOOD + bytes(64 * 1024 * 1024),
    "number": number,
    "print between": print_between,
    "behave": lambda _: GOOD,
}


def render(order: object) -> bytes:
    """Do the act that the order names; an act that gives nothing back did what it wanted."""
    act, target = str(order).split("|")
    given = ACTS[act](target)
    return given if isinstance(given, bytes) else GOOD


if __name__ == "__main__":
    press.main(Path(sys.argv[1]), render)
