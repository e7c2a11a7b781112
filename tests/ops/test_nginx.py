"""The web server's file in ops/nginx, run by a real nginx before two servers of our own."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests

from accreditation.config import MEGABYTE
from tests import daemons, webserver

pytestmark = webserver.needs_nginx
HOST = "127.0.0.1"


class Answering(BaseHTTPRequestHandler):
    """A server that says what it got, or breaks off in the middle."""

    server: "Upstream"

    def log_message(self, *given: object) -> None:
        del given

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.got.append((self.command, dict(self.headers.items())))
        if self.server.breaks:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.send_header("X-Request-ID", "reference")
        self.end_headers()
        self.wfile.write(b"ok")

    def do_POST(self) -> None:
        self.do_GET()


class Upstream(ThreadingHTTPServer):
    """One of the two servers; `breaks`: it takes a request and hangs up."""

    daemon_threads = True
    breaks = False

    def __init__(self) -> None:
        super().__init__((HOST, 0), Answering)
        self.got: list[tuple[str, dict[str, str]]] = []

    def handle_error(self, *given: object) -> None:
        del given


@dataclass
class Front:
    """nginx before two servers."""

    address: str
    folder: Path
    servers: list[Upstream]
    browser: requests.Session = field(default_factory=requests.Session)

    def ask(self, method: str, path: str = "/", **given: Any) -> requests.Response:
        self.browser.trust_env = False
        certificate = str(self.folder / "cert.pem")
        return self.browser.request(
            method, self.address + path, verify=certificate, timeout=30, **given
        )

    def got(self) -> list[tuple[str, dict[str, str]]]:
        return [one for server in self.servers for one in server.got]


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    servers, port = [Upstream(), Upstream()], daemons.free_port(HOST)
    for one in servers:
        Thread(target=one.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    folder = tmp_path / "nginx"
    addresses = [(HOST, one.server_port) for one in servers]
    with webserver.nginx(folder, addresses, HOST, port):
        found = Front(f"https://{HOST}:{port}", folder, servers)
        yield found
        found.browser.close()
    for one in servers:
        one.shutdown()
        one.server_close()


def test_forwarding_headers_are_what_nginx_saw(front: Front) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
    }
    assert front.ask("GET", headers=forged).text == "ok"
    (_, headers), *_ = front.got()
    assert headers["X-Forwarded-For"] == HOST
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-Host"] == headers["Host"] == front.address.removeprefix("https://")


def test_both_servers_work_and_the_log_holds_references_but_no_queries(front: Front) -> None:
    for _ in range(6):
        assert front.ask("GET", "/verify/R08-0001?c=secretcode").ok
    assert [len(server.got) for server in front.servers] == [3, 3]
    logged = (front.folder / "access.log").read_text()
    assert logged.count(" reference\n") == 6
    assert "secretcode" not in logged
    assert HOST not in logged.replace(f"{HOST}:", ""), "who asked is not kept"


def test_reading_goes_on_when_a_server_breaks_off(front: Front) -> None:
    front.servers[0].breaks = True
    assert [front.ask("GET").status_code for _ in range(6)] == [200] * 6
    assert len(front.servers[0].got) == 1, "it is left out for a while"


def test_a_form_that_was_sent_is_never_sent_again_by_nginx(front: Front) -> None:
    for server in front.servers:
        server.breaks = True
    answer = front.ask("POST", data={"form_key": "k"})
    assert answer.status_code == 502
    assert [method for method, _ in front.got()] == ["POST"]
    assert answer.headers["Retry-After"] == "10"
    assert "二重に記録されることはありません" in answer.content.decode()
    assert "never recorded twice" in answer.text


def test_a_form_goes_to_the_other_server_when_one_does_not_listen(front: Front) -> None:
    front.servers[0].shutdown()
    front.servers[0].server_close()
    assert [front.ask("POST", data={"a": "b"}).status_code for _ in range(4)] == [200] * 4


def test_static_files_come_from_nginx_to_be_kept(front: Front) -> None:
    answer = front.ask("GET", "/static/css/base.css")
    assert answer.headers["Content-Type"].startswith("text/css")
    assert "immutable" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert front.ask("GET", "/static/no-such-file.css").status_code == 404
    assert front.got() == []


def test_figures_and_huge_bodies_do_not_pass(front: Front) -> None:
    assert front.ask("GET", "/metrics").status_code == 404
    large = {"Content-Length": str(103 * MEGABYTE)}
    assert front.ask("POST", headers=large, data=b"").status_code == 413
    assert front.got() == []


def test_floods_from_one_address_are_stopped(front: Front) -> None:
    found = [front.ask("GET").status_code for _ in range(160)]
    assert 429 in found
    assert found[:100] == [200] * 100
