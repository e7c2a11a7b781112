"""Hostile files are refused in words; what is taken lies in the store and is given out inert."""

import io
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart

from accreditation.config import Settings
from accreditation.extensions import db
from accreditation.models import Evidence
from accreditation.services import evidence, storage
from accreditation.services.errors import ServiceError
from tests.attacks.corpus.uploads import FILE_NAMES, REJECTED, TAKEN
from tests.factories import PDF
from tests.web.applicant.desk import Desk, desk

pytestmark = pytest.mark.sqlite

LARGEST = 20 * 1024 * 1024


@pytest.mark.parametrize("name", REJECTED)
def test_a_hostile_file_is_refused(shared_app: Flask, name: str) -> None:
    began = time.monotonic()
    with shared_app.app_context(), pytest.raises(ServiceError) as refused:
        evidence.store(evidence.Upload(name, REJECTED[name]), LARGEST)
    assert refused.value.field == "file"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("name", TAKEN)
def test_a_harmless_file_is_kept_byte_for_byte(shared_app: Flask, name: str) -> None:
    with shared_app.app_context():
        stored = evidence.store(evidence.Upload(name, TAKEN[name]), LARGEST)
        assert storage.get(stored.sha256) == TAKEN[name]


def test_a_file_of_one_byte_too_many_is_refused(shared_app: Flask) -> None:
    with shared_app.app_context(), pytest.raises(ServiceError, match="too large"):
        evidence.store(evidence.Upload("large.pdf", PDF.ljust(LARGEST + 1)), LARGEST)


def test_a_file_of_exactly_the_largest_size_is_taken(shared_app: Flask) -> None:
    with shared_app.app_context():
        taken = evidence.store(evidence.Upload("large.pdf", PDF.ljust(LARGEST)), LARGEST)
    assert taken.size == LARGEST


def files_in(folder: Path) -> set[Path]:
    return {one for one in folder.rglob("*") if one.is_file()}


def test_all_at_once_break_nothing_and_leave_nothing_outside_the_store(
    app: Flask, settings: Settings, tmp_path: Path
) -> None:
    at = desk(app)
    before = files_in(tmp_path)
    send(at, REJECTED.items())
    with app.app_context():
        assert db.session.scalars(db.select(Evidence)).all() == []
    send(at, [(name, PDF) for name in FILE_NAMES])
    made = files_in(tmp_path) - before
    store = settings.data_dir / "files"
    databases = {one for one in made if ".db" in one.name}
    assert {one for one in made - databases if not one.is_relative_to(store)} == set()
    assert all(re.fullmatch("[0-9a-f]{64}", one.name) for one in made - databases)


def send(at: Desk, files: Iterable[tuple[str, bytes]]) -> None:
    """Send files beside the first item, as a browser does; some of them may be refused."""
    uploads = [FileStorage(io.BytesIO(content), name) for name, content in files]
    values = at.shown() | {"item-1-1-files": uploads, "csrf_token": at.pages.token(at.page())}
    boundary, body = encode_multipart(values)  # the client's own encoder leaves a file open
    kind = f"multipart/form-data; boundary={boundary}"
    path = f"{at.path}/items/1-1/evidence"
    assert at.pages.client.post(path, data=body, content_type=kind).status_code in {303, 422}


def test_what_is_taken_is_given_out_inert(app: Flask) -> None:
    at = desk(app)
    send(at, [*TAKEN.items(), *((name, PDF) for name in FILE_NAMES)])
    with app.app_context():
        rows = [(one.key, one.name) for one in db.session.scalars(db.select(Evidence))]
    assert len(rows) > len(TAKEN)
    for key, name in rows:
        answer = at.pages.client.get(f"/evidence/{key}")
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"] == "sandbox"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.mimetype in evidence.ALLOWED
        assert "Set-Cookie: x" not in str(answer.headers)
        assert not set(name) & set("/\\\r\n\0\u202e\u200b")
        assert len(name) <= evidence.NAME_LENGTH
