"""The real server: doubtful lengths, split headers, too much and too slow (W16, W17, F11, F12)."""

import gzip
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask

from tests.attacks.corpus.framings import FRAMINGS, RIGHTLY, SMUGGLED
from tests.attacks.corpus.paths import OUTSIDE, TRAVERSALS
from tests.serving import Running, received, served
from tests.slow import holding

pytestmark = pytest.mark.sqlite

SPLITS = (
    "%0d%0aX-Split:%20yes",
    "%0aX-Split:yes",
    "%0d%0a%0d%0a<b>",
    "%E5%98%8A%E5%98%8DX-Split:1",
)
LIMIT = 300  # MB of memory that hostile bodies may make the server grow
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def running(shared_app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for this module."""
    folder: Path = tmp_path_factory.mktemp("server")
    with served(shared_app.extensions["settings"], folder) as at:
        yield at


def statuses(answer: str) -> list[int]:
    return [int(found) for found in re.findall(r"HTTP/1\.[01] (\d{3}) ", answer)]


@pytest.mark.parametrize("name", FRAMINGS)
def test_a_request_of_doubtful_length_is_refused_and_what_follows_is_not_read(
    running: Running, name: str
) -> None:
    answer = running.answer(FRAMINGS[name])
    found = statuses(answer)
    assert len(found) == 1, answer
    assert 400 <= found[0] < 502, answer
    assert found[0] in {400, 501}, answer
    assert "smuggled" not in answer


@pytest.mark.parametrize("name", RIGHTLY)
def test_the_same_framed_rightly_is_two_requests(running: Running, name: str) -> None:
    with running.connect() as sent:
        sent.sendall(
            RIGHTLY[name].removesuffix(SMUGGLED)
            + SMUGGLED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
        )
        answer = received(sent).decode()
        assert statuses(answer) == [400, 404], answer[:300]


def test_nothing_of_it_is_in_the_log(running: Running) -> None:
    logged = running.logged.read_text()
    assert "Traceback" not in logged
    assert "evil.example" not in logged
    assert "unexpected" not in logged


@pytest.mark.parametrize("split", SPLITS)
def test_no_header_is_split(running: Running, split: str) -> None:
    for path in (
        f"/verify?number=R08-0001{split}",
        f"/verify/r8-1{split}",
        f"/verify/r8-1?c={split}",
        f"/register/r8-1?lang={split}",
        f"/sign-in?next=/{split}",
        f"/account?lang=en{split}",
        f"/{split}",
        f"/static/{split}",
    ):
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        head, _, _body = running.answer(request.encode()).partition("\r\n\r\n")
        assert len(statuses(head)) == 1
        names = [line.partition(":")[0].lower() for line in head.split("\r\n")[1:]]
        assert "x-split" not in names


def test_no_path_leads_outside_as_it_is_sent(running: Running) -> None:
    """What a client library would tidy first arrives here as it stands."""
    for payload in TRAVERSALS:
        for path in (f"/static/{payload}", f"/{payload}", f"http://localhost/static/{payload}"):
            line = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            answer = running.answer(line.encode())
            assert 400 <= statuses(answer)[0] < 500, path
            assert not [mark for mark in OUTSIDE if mark in answer]


@pytest.mark.parametrize(
    "request_line",
    ["GET / HTTP/1.1", "GET /no/such HTTP/1.1", "GET /static/css/base.css HTTP/1.1", "nonsense"],
)
def test_no_answer_names_the_server(running: Running, request_line: str) -> None:
    request = f"{request_line}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head = running.answer(request.encode()).partition("\r\n\r\n")[0].lower()
    assert "server:" not in head
    assert "gunicorn" not in head
    assert "x-content-type-options: nosniff" in head
    assert "content-security-policy: " in head


def test_headers_of_a_proxy_change_nothing_when_none_is_trusted(running: Running) -> None:
    for header in (
        "X-Forwarded-Proto: https",
        "X-Forwarded-Ssl: on",
        "SCRIPT_NAME: //evil.example",
    ):
        request = (
            f"GET /register/ HTTP/1.1\r\nHost: localhost\r\n{header}\r\nConnection: close\r\n\r\n"
        )
        answer = running.answer(request.encode())
        assert "\r\nLocation: /register\r\n" in answer
        assert "evil.example" not in answer


def test_a_health_check_without_a_host_is_answered(running: Running) -> None:
    assert statuses(running.answer(b"GET /healthz HTTP/1.0\r\n\r\n")) == [200]


def memory(running: Running) -> int:
    """Give the most memory that any of the server's processes has held, in bytes."""
    found = []
    for pid in (running.process.pid, *running.workers()):
        said = Path(f"/proc/{pid}/status").read_text()
        found.append(int(re.findall(r"VmHWM:\s+(\d+) kB", said)[0]) * 1024)
    return max(found)


def multipart(parts: int, size: int) -> bytes:
    one = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + b"a" * size + b"\r\n"
    return one * parts + b"--x--\r\n"


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
BODIES = {
    "one large field": (FORM, b"a=" + b"x" * (8 * MEGABYTE)),
    "many fields": (FORM, b"a&" * MEGABYTE),
    "many fields in a small body": (FORM, b"a&" * 50_000),
    "many parts": (PARTS, multipart(20_000, 1)),
    "few large parts": (PARTS, multipart(4, 4 * MEGABYTE)),
    "gzip": (FORM, gzip.compress(b"a=" + b"x" * (64 * MEGABYTE))),
    "no form": ("application/octet-stream", b"\xff" * (8 * MEGABYTE)),
    "many lines of a part's head": (PARTS, b"--x\r\n" + b"X-A: b\r\n" * 100_000 + b"\r\n--x--\r\n"),
}


@pytest.mark.parametrize("chunked", [False, True], ids=["by length", "by chunks"])
@pytest.mark.parametrize("path", ["/sign-in", "/my/applications/x/items/1-1/evidence"])
def test_what_is_too_large_is_refused_soon_and_holds_no_memory(
    running: Running, path: str, *, chunked: bool
) -> None:
    before = memory(running)
    for name, (kind, body) in BODIES.items():
        began = time.monotonic()
        answer = running.answer(sending(path, kind, body, chunked=chunked))
        assert time.monotonic() - began < 5, name
        assert statuses(answer)[0] in {400, 401, 413, 415}, (name, answer[:400])
    assert memory(running) - before < LIMIT * MEGABYTE


def sending(path: str, kind: str, body: bytes, *, chunked: bool) -> bytes:
    framed = f"Content-Length: {len(body)}"
    if chunked:
        framed, body = "Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    coded = "Content-Encoding: gzip\r\n" if body.startswith(b"\x1f\x8b") else ""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{framed}\r\n{coded}"
    return f"{head}Connection: close\r\n\r\n".encode() + body


def fetched(running: Running, path: str) -> float:
    """Fetch a page; give how long it took, in seconds."""
    began = time.monotonic()
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert statuses(running.answer(request.encode())) == [200]
    return time.monotonic() - began


def slowest(running: Running) -> float:
    """Fetch forty pages, four at a time; give how long the 95th of a hundred took, in seconds."""
    paths = ["/about", "/verify", "/register", "/healthz"] * 10
    with ThreadPoolExecutor(4) as pool:
        took = sorted(pool.map(lambda path: fetched(running, path), paths))
    return took[int(len(took) * 0.95)]


def test_slow_clients_keep_nobody_else_waiting(running: Running) -> None:
    usual = max(slowest(running) for _ in range(2))
    with holding(running.port, each=20) as held:
        assert len(held) == 60
        assert slowest(running) < max(2, 4 * usual)  # on a machine with other work: as usual
