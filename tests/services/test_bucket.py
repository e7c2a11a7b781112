"""The store in a bucket of an S3-compatible service, and what comes of the service's faults.

The service is moto's server for what goes well, and a stub of our own for what does not.
"""

from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation import clock, create_app
from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Evidence
from accreditation.schemes.rules import Verdict
from accreditation.services import storage
from tests import daemons
from tests.web.applicant.desk import desk, file, typed

LIMIT = 1.0  # seconds; the real one is told in storage.TIMEOUT


class Stub(BaseHTTPRequestHandler):
    """An S3 service that keeps what it gets, until its `fault` is set."""

    protocol_version = "HTTP/1.1"
    fault = ""
    kept: dict[str, bytes]
    ended: Event

    def log_message(self, *given: object) -> None:
        del given

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if not self._failed():
            self.kept[self.path] = content
            self._say(200)

    def do_HEAD(self) -> None:
        if not self._failed():
            self._say(200 if self.path in self.kept else 404, self.kept.get(self.path, b""))

    def do_GET(self) -> None:
        if self._failed():
            return
        content = self.kept.get(self.path)
        if self.fault == "wrong":
            content = (content or b"")[:-1] + b"!"
        self._say(404 if content is None else 200, content or b"")
        self.wfile.write((content or b"")[: -5 if self.fault == "truncated" else None])
        self.close_connection = self.fault == "truncated"

    def _failed(self) -> bool:
        if self.fault.isdecimal():
            self._say(int(self.fault))
        elif self.fault == "hangs":
            self.ended.wait(60)
            self.close_connection = True
        return self.fault.isdecimal() or self.fault == "hangs"

    def _say(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Last-Modified", "Sun, 22 Nov 2026 01:00:00 GMT")
        self.send_header("ETag", '"stub"')
        self.end_headers()


@pytest.fixture
def stub() -> Iterator[tuple[type[Stub], int]]:
    class Own(Stub):
        kept: dict[str, bytes] = {}  # noqa: RUF012 - the class is this test's own
        ended = Event()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield Own, server.server_port
    Own.ended.set()
    server.shutdown()
    server.server_close()
    thread.join()


def with_bucket(settings: Settings, port: int) -> Flask:
    given = {
        "store_url": "s3://files/kanazawa/2026",
        "aws_endpoint_url": f"http://127.0.0.1:{port}",
        "aws_region": "us-east-1",
        "aws_access_key_id": "key",
        "aws_secret_access_key": type(settings.secret_key)("secret"),
    }
    return create_app(settings.model_copy(update=given))


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def faulty(
    settings: Settings, stub: tuple[type[Stub], int], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    """An application whose store is the stub."""
    monkeypatch.setattr(storage, "TIMEOUT", f"{LIMIT}s")
    made = with_bucket(settings, stub[1])
    yield made
    close(made)


def test_what_is_put_into_a_bucket_is_what_is_read(settings: Settings, tmp_path: Path) -> None:
    with daemons.s3(tmp_path / "s3", "files") as service:
        app = with_bucket(settings, service.port)
        with app.app_context():
            assert storage.is_ready()
            sha256 = storage.put(b"evidence")
            assert storage.put(b"evidence") == sha256
            assert storage.get(sha256) == b"evidence"
            large = storage.put(b"x" * 12_000_000)
            assert len(storage.get(large)) == 12_000_000
            soon = clock.now() + timedelta(days=36500)  # the clock of these tests stands still
            assert set(storage.older_than(soon)) == {sha256, large}
            storage.remove(sha256)
            storage.remove(sha256)
            assert not storage.holds(sha256)
            with pytest.raises(FileNotFoundError):
                storage.get(sha256)
        app.extensions["store"] = storage.open_store(
            app.extensions["settings"].model_copy(update={"store_url": "s3://nowhere"})
        )
        with app.app_context():
            assert not storage.is_ready()
            with pytest.raises(storage.AwayError):
                storage.put(b"evidence")
        close(app)
    assert [path for path in (settings.data_dir / "files").rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("fault", ["500", "403", "hangs"])
def test_an_upload_that_can_not_be_stored_says_try_again(
    faulty: Flask, stub: tuple[type[Stub], int], fault: str
) -> None:
    at = desk(faulty)
    values = at.shown() | typed("1-1", Verdict.CARRIED_OUT, "since 2020")
    stub[0].fault = fault
    html = at.pages.post(at.page(), values | {"item-1-1-files": file()}, status=422)
    assert "could not be stored just now" in html
    assert at.answer("1-1") == (Verdict.CARRIED_OUT, "since 2020", []), "the text is saved"
    assert rows_of(faulty) == 0
    assert stub[0].kept == {}
    assert at.pages.client.get("/readyz").get_json()["storage"] == "failed"
    stub[0].fault, stub[0].protocol_version = "", "HTTP/1.1"
    at.pages.post(at.page(), at.shown() | {"item-1-1-files": file()})
    assert at.answer("1-1")[2] == ["bills.pdf"], "it heals by itself"


@pytest.mark.parametrize(
    ("fault", "status"),
    [("500", 503), ("403", 503), ("hangs", 503), ("truncated", 503), ("wrong", 500)],
)
def test_no_other_bytes_are_ever_given_out(
    faulty: Flask, stub: tuple[type[Stub], int], fault: str, status: int
) -> None:
    at = desk(faulty)
    at.pages.post(at.page(), at.shown() | {"item-1-1-files": file()})
    with faulty.app_context():
        key = db.session.scalars(select(Evidence.key)).one()
    download = f"/evidence/{key}"
    whole = at.pages.client.get(download)
    assert whole.status_code == 200
    stub[0].fault = fault
    answer = at.pages.client.get(download)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"
    assert ("Retry-After" in answer.headers) == (status == 503)
    stub[0].fault = ""
    assert at.pages.client.get(download).data == whole.data


def rows_of(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evidence)) or 0
