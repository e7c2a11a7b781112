"""nginx with the file of ops/, in which only addresses and paths are other ones."""

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from accreditation.config import PACKAGE
from tests import daemons

ROOT = PACKAGE.parent
FILE = ROOT / "ops/nginx/accreditation.conf"
FOLDERS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

needs_nginx = pytest.mark.skipif(shutil.which("nginx") is None, reason="not installed: nginx-light")


@contextmanager
def nginx(
    folder: Path, servers: Sequence[tuple[str, int]], host: str, port: int
) -> Iterator[daemons.Daemon]:
    """Run it before two servers, with TLS and a certificate of its own (cert.pem)."""
    folder.mkdir()
    _certify(folder, host)
    whole = folder / "nginx.conf"
    whole.write_text(_whole(folder, _changed(folder, servers, host, port)), encoding="utf-8")
    command = ["nginx", "-p", str(folder), "-c", str(whole)]
    with daemons.running(command, folder, port, host) as running:
        yield running


def _certify(folder: Path, host: str) -> None:
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    made += ["-subj", "/CN=accreditation", "-addext", f"subjectAltName=IP:{host}"]
    made += ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(made, check=True, capture_output=True)


def _changed(folder: Path, servers: Sequence[tuple[str, int]], host: str, port: int) -> str:
    """Put our addresses and paths where an administrator puts theirs."""
    (first, second), site = servers, FILE.read_text(encoding="utf-8")
    changes = {
        "10.0.0.11:8000": f"{first[0]}:{first[1]}",
        "10.0.0.12:8000": f"{second[0]}:{second[1]}",
        "listen 80;": f"listen {host}:{daemons.free_port(host)};",
        "listen 443 ssl;": f"listen {host}:{port} ssl;",
        "server_name accreditation.example.jp;": f"server_name {host};",
        "/etc/ssl/accreditation/fullchain.pem": f"{folder}/cert.pem",
        "/etc/ssl/accreditation/key.pem": f"{folder}/key.pem",
        "/var/log/nginx/accreditation.log": f"{folder}/access.log",
        "/srv/accreditation/": f"{ROOT}/",
    }
    for old, new in changes.items():
        assert old in site, f"{FILE.name} has no {old!r} any more"
        site = site.replace(old, new)
    return site


def _whole(folder: Path, site: str) -> str:
    """Put what Debian's own file puts around it: one process, everything in one folder."""
    temporary = "".join(f"{one}_temp_path {folder}/{one};\n" for one in FOLDERS)
    return (
        f"user root;\nworker_processes 1;\ndaemon off;\npid {folder}/pid;\n"
        f"error_log {folder}/error.log;\nevents {{ worker_connections 1024; }}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{temporary}{site}\n}}\n"
    )
