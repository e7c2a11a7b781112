"""Servers of other makers, started for a test on ports and in folders of their own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

PATIENCE = 120  # seconds until a server listens
HOST = "127.0.0.1"

needs_redis = pytest.mark.skipif(
    shutil.which("redis-server") is None, reason="not installed: redis-server"
)


def free_port(host: str = HOST) -> int:
    """Find a port that nobody listens on."""
    with socket.socket() as found:
        found.bind((host, 0))
        return int(found.getsockname()[1])


class Daemon:
    """A program that listens on a port; killed and started again as a test likes."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        port: int,
        host: str = HOST,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Start it, and wait until it listens, unless it has no port."""
        self.command, self.folder, self.port, self.host = command, folder, port, host
        self.environment = {**os.environ, **(settings or {})}
        self.start()

    def start(self) -> None:
        """Start it, with its words in a file of its folder."""
        with self.folder.joinpath("log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        if self.port:
            wait_for(self.port, self.host)

    def kill(self) -> None:
        """Kill it as a fault of the machine would."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(PATIENCE)

    def freeze(self) -> None:
        """Let it hang: connections are taken, nothing is answered."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        os.killpg(self.process.pid, signal.SIGCONT)


def wait_for(port: int, host: str = HOST) -> None:
    """Wait until something listens."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection((host, port), 1):
            return
        time.sleep(0.02)
    message = f"nothing listens on {host}:{port}"
    raise TimeoutError(message)


@contextmanager
def running(
    command: list[str],
    folder: Path,
    port: int,
    host: str = HOST,
    settings: Mapping[str, str] | None = None,
) -> Iterator[Daemon]:
    """Let a program run for a block."""
    folder.mkdir(parents=True, exist_ok=True)
    daemon = Daemon(command, folder, port, host, settings)
    try:
        yield daemon
    finally:
        daemon.kill()


@contextmanager
def redis(folder: Path, host: str = HOST, port: int = 0) -> Iterator[Daemon]:
    """Run a Redis that keeps nothing on the disk."""
    port = port or free_port(host)
    options = ["--bind", host, "--port", str(port), "--save", "", "--appendonly", "no"]
    with running(["redis-server", *options], folder, port, host) as daemon:
        yield daemon


@contextmanager
def s3(folder: Path, bucket: str, host: str = HOST, port: int = 0) -> Iterator[Daemon]:
    """Run moto's server, which speaks S3 and keeps everything in memory, with one bucket."""
    port = port or free_port(host)
    command = [sys.executable, "-c", "from moto.server import main; main()"]
    with running([*command, "-H", host, "-p", str(port)], folder, port, host) as daemon:
        requests.put(f"http://{host}:{port}/{bucket}", timeout=PATIENCE).raise_for_status()
        yield daemon
