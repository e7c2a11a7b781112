"""Slow clients and doubtful framings, at the server itself and through nginx (promises F11, W16).

    python -m drills.front [CONNECTIONS]

Method: a throwaway installation, served as `accreditation serve` does it, and nginx in front of it
with what a front end must do: it reads whole requests before it passes them on, and takes whole
answers. 201 connections stand still in the middle of their headers, their bodies or in reading,
a third each, while pages are fetched, four at a time: first at the server itself, then through
nginx. The server alone is also asked how soon it gives up those that stand still. Then every
doubtful framing goes through nginx, each followed by a visitor of their own. Prints the figures;
exits 0 only when through nginx the 95th of a hundred pages took less than 2 s with no error, and
every framing had at most one answer, which was a refusal.
"""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from accreditation import wire
from accreditation.config import Settings
from drills.stage import installation
from tests.attacks.corpus.framings import FRAMINGS
from tests.serving import free_port, received, served
from tests.slow import holding

NGINX = shutil.which("nginx") or ""
OK = 200
BAR, ROUNDS = 2.0, 40  # seconds; how often each page is fetched
PAGES = ("/glossary", "/verify", "/sign-in", "/healthz")
CONF = """
worker_processes 1; daemon off; pid {folder}/pid; error_log {folder}/errors crit;
events {{ worker_connections 2048; }}
http {{
  access_log off; server_tokens off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_header_timeout 15s; client_body_timeout 30s; send_timeout 30s; client_max_body_size 110m;
  server {{
    listen 127.0.0.1:{port} backlog=1024;
    location / {{
      proxy_pass http://127.0.0.1:{behind};
      proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_request_buffering on; proxy_buffers 32 16k;
    }}
  }}
}}
"""


@contextmanager
def nginx(folder: Path, behind: int) -> Iterator[int]:
    """Run nginx in front of a port while the block runs; give its own."""
    port, conf = free_port(), folder / "nginx.conf"
    conf.write_text(CONF.format(folder=folder, port=port, behind=behind))
    process = subprocess.Popen([NGINX, "-p", str(folder), "-c", str(conf)])
    for _ in range(100):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30):
            break
        time.sleep(0.1)
    yield port
    process.terminate()
    process.wait(30)


def fetch(port: int, path: str) -> tuple[int, float]:
    """Fetch a page; give its status (0: none within 30 s) and how long it took, in seconds."""
    began = time.monotonic()
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=30) as made:
        asking = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        made.sendall(asking.encode())
        found = re.match(rb"HTTP/1\.1 (\d{3})", received(made))
        return int(found[1]) if found else 0, time.monotonic() - began
    return 0, time.monotonic() - began


def others(port: int) -> tuple[float, int]:
    """Fetch pages, four at a time; give the 95th of a hundred in seconds, and the errors."""
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda path: fetch(port, path), PAGES * ROUNDS))
    took = sorted(seconds for _, seconds in found)
    return took[int(len(took) * 0.95)], sum(status != OK for status, _ in found)


def slow(name: str, port: int, connections: int) -> tuple[float, int]:
    """Fetch pages as usual and beside slow clients; say and give what it was beside them."""
    usual, _ = others(port)
    with holding(port, connections // 3):
        held, errors = others(port)
    print(f"{name}, {connections} slow: p95 {held:.2f} s (usual {usual:.2f} s), {errors} errors")
    return held, errors


def given_up(port: int) -> float:
    """Give how many seconds a client may stand still in its headers, at the server itself."""
    began = time.monotonic()
    with holding(port, 1) as held:
        held[0].settimeout(wire.STANDSTILL * 2)
        received(held[0])
    return time.monotonic() - began


def framed(port: int) -> list[str]:
    """Send every framing, each followed by a visitor; list those that were not refused once."""
    wrong = []
    for name, request in FRAMINGS.items():
        with socket.create_connection(("127.0.0.1", port), timeout=30) as made:
            made.sendall(request)
            made.shutdown(socket.SHUT_WR)
            found = re.findall(rb"HTTP/1\.1 (\d{3})", received(made))
        if len(found) > 1 or [one for one in found if not one.startswith((b"4", b"501"))]:
            wrong.append(f"{name}: {found}")
        if fetch(port, "/glossary")[0] != OK:
            wrong.append(f"the visitor after {name}")
    return wrong


def main(connections: int) -> int:
    """Run all of it and say what came of it."""
    if not NGINX:
        print("not installed: nginx-light")
        return 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings: Settings = installation(folder).extensions["settings"]
        with served(settings, folder, TRUSTED_PROXIES="1") as at, nginx(folder, at.port) as port:
            others(at.port)
            slow("alone", at.port, 60)
            held, errors = slow("through nginx", port, connections)
            print(f"alone, a client that stands still is given up after {given_up(at.port):.0f} s")
            wrong = framed(port)
    print(f"{len(FRAMINGS)} framings through nginx, not refused once: {wrong or 'none'}")
    return int(held >= BAR or errors > 0 or bool(wrong))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 201))
