"""Install the wheel in an empty environment outside the checkout, start it, read it, stop it.

Usage: ``check_wheel.py WHEEL``. Exit code 0 when every page answered and the site ended cleanly.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

LOCK = Path(__file__).parent.parent / "requirements.lock"
PATHS = ("/healthz", "/readyz", "/register")
PATIENCE = 60  # seconds


def install(wheel: Path, folder: Path) -> Path:
    """Make an environment with the locked packages and the wheel; give its `accreditation`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    uv = Path(sys.executable).with_name("uv")
    add: list[str | Path] = [uv, "pip", "install", "-q", "--python", folder / "bin/python"]
    subprocess.run([*add, "--require-hashes", "-r", LOCK], check=True)
    subprocess.run([*add, "--no-deps", "--offline", wheel], check=True)
    return folder / "bin/accreditation"


def free_port() -> int:
    """Give a port of the loopback address on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def read(url: str, server: subprocess.Popen[bytes]) -> None:
    """Read a page, waiting for a server that is still starting; raise when none comes."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            # An address of our own server.
            with urlopen(url, timeout=10) as answer:  # nosec B310
                print(f"{answer.status} {url}")
                return
        except URLError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def check(command: Path, folder: Path) -> int:
    """Make the database, serve, read each page, and ask the site to end; give its exit code."""
    port = free_port()
    settings = {"DEMO": "1", "DATA_DIR": str(folder / "data"), "PORT": str(port)}
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    subprocess.run([command, "init"], cwd=folder, env=environment, check=True)
    with subprocess.Popen([command, "serve"], cwd=folder, env=environment) as server:
        try:
            for path in PATHS:
                read(f"http://127.0.0.1:{port}{path}", server)
            server.send_signal(signal.SIGTERM)
            return server.wait(PATIENCE)
        finally:
            server.kill()


def main() -> int:
    """Check the wheel named on the command line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = install(Path(sys.argv[1]).resolve(), folder / "environment")
        code = check(command, folder)
    print(f"ended with code {code}")
    return code


if __name__ == "__main__":
    sys.exit(main())
