"""A full disk: nothing typed is lost, reading goes on, and room is enough to heal it (F4)."""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from accreditation import create_app, logs
from accreditation.config import MEGABYTE, Settings
from accreditation.extensions import db, writing
from accreditation.models import Document, Evidence, Mail
from accreditation.services import storage
from accreditation.services.invariants import checking
from accreditation.services.room import NoRoomError
from tests import factories
from tests.faults.small_disk import MAY_MOUNT, SmallDisk, small_disk
from tests.fields import hidden, untouched
from tests.pages import Pages, check_page
from tests.web.applicant.cases import case

NAME = "髙橋 花子"
SAID = {"Sec-Fetch-Site": "same-origin"}
READ = ("/verify", "/verify/R08-0001", "/verify/R08-0001.json", "/register", "/", "/my")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "small", 16) as mounted:
        yield mounted


@pytest.fixture
def make(settings: Settings, disk: SmallDisk) -> Iterator[Callable[..., Flask]]:
    """Makes the application with its data on the small disk."""
    made: list[Flask] = []

    def make(**given: object) -> Flask:
        folder = disk.folder / "data"
        shutil.copytree(settings.data_dir, folder)
        made.append(create_app(settings.model_copy(update={"data_dir": folder, **given})))
        return made[0]

    yield make
    for app in made:
        app.extensions["jobs"].queue.storage.close()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def whole(app: Flask) -> bool:
    """Say whether every invariant holds and every file has its row."""
    with app.app_context():
        wrong = [one.invariant.name for one in checking.check(files=True) if one.offending]
        named = set(db.session.scalars(select(Evidence.sha256)))
        named |= set(db.session.scalars(select(Document.sha256)))
        lying = {
            path.name for path in Path(app.extensions["store"].prefix).rglob("*") if path.is_file()
        }
        db.session.remove()
    return not wrong and lying <= named


def upload(
    pages: Pages, path: str, text: str, size: int, temporary: Path | None = None
) -> tuple[int, str]:
    """Send an indicator's page with a text and a file; gives the status and the page.

    `temporary` is where the server keeps files on their way in.
    """
    address = f"{path}/indicators/1"
    form: dict[str, object] = dict(untouched(pages.get(address), address))
    form["item-1-1-text"] = text
    content = BytesIO(factories.PDF + b"%" + b"x" * size + b"\n")
    form["item-1-1-files"] = FileStorage(content, "証拠.pdf", "item-1-1-files")
    boundary, body = encode_multipart(MultiDict(form))
    kind = f"multipart/form-data; boundary={boundary}"
    tempfile.tempdir = str(temporary) if temporary else None
    answer = pages.client.post(address, data=body, headers=SAID, content_type=kind)
    tempfile.tempdir = None
    return answer.status_code, answer.text


def files(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evidence)) or 0


@MAY_MOUNT
@pytest.mark.sqlite
def test_a_full_database_refuses_to_write_keeps_what_was_typed_and_reads_on(
    make: Callable[..., Flask], disk: SmallDisk
) -> None:
    app = make(free_megabytes=0)
    with app.app_context(), writing():
        held = factories.accreditation()
        email = factories.owner_of(held.site.operator).email
        db.session.commit()
    pages = Pages(app, email)
    form = {"csrf_token": pages.token("/account"), "name": NAME * 9, "language": "ja"}
    disk.fill()
    answer = pages.client.post("/account", data=form, headers=SAID)
    assert answer.status_code == 507
    assert int(answer.headers["Retry-After"]) > 0
    check_page(answer.text)
    assert "いまは保存できません" in answer.text
    assert "Nothing can be saved just now" in answer.text
    assert f"{NAME * 9}</textarea>" in answer.text
    for path in READ:
        pages.get(path)
    app.extensions["printer"].close()
    disk.empty()
    fresh = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert fresh
    again = {**dict(hidden(answer.text)), "csrf_token": fresh[1]}
    assert pages.client.post("/account", data=again).status_code == 303
    assert whole(app)


@MAY_MOUNT
@pytest.mark.sqlite
def test_what_waits_is_done_when_there_is_room_again(
    make: Callable[..., Flask], disk: SmallDisk
) -> None:
    app = make(free_megabytes=0)
    with app.app_context(), writing():
        factories.accreditation()
        db.session.commit()
    disk.fill()
    with pytest.raises(OperationalError, match="full"):  # the queue logs it, and goes on
        app.extensions["jobs"].sweep()
    with app.app_context():
        assert db.session.scalars(select(Document.made_at)).one() is None
    disk.empty()
    app.extensions["jobs"].sweep()
    with app.app_context():
        assert db.session.scalars(select(Document.made_at)).one() is not None
        assert None not in set(db.session.scalars(select(Mail.sent_at)))
    assert whole(app)


@MAY_MOUNT
@pytest.mark.parametrize("floor", [0, 10], ids=["no room", "below the floor"])
def test_a_file_that_finds_no_room_is_refused_and_the_text_beside_it_is_saved(
    make: Callable[..., Flask], disk: SmallDisk, floor: int
) -> None:
    app = make(free_megabytes=floor)
    pages, _key, path = case(app)
    disk.fill(but=2 * MEGABYTE)
    status, page = upload(pages, path, "毎月続けています。", (4 if floor == 0 else 1) * MEGABYTE)
    assert status == 507
    check_page(page)
    assert "no room for files just now" in page
    assert "毎月続けています。" in pages.get(f"{path}/indicators/1")
    assert files(app) == 0
    assert whole(app)
    disk.empty()
    if floor == 0:
        assert upload(pages, path, "毎月続けています。", MEGABYTE)[0] == 303
        assert files(app) == 1
        assert whole(app)


@MAY_MOUNT
def test_of_a_file_that_finds_no_room_nothing_is_left(
    make: Callable[..., Flask], disk: SmallDisk
) -> None:
    app = make(free_megabytes=0)
    disk.fill(but=MEGABYTE)
    with app.app_context(), pytest.raises(NoRoomError):
        storage.put(b"x" * 3 * MEGABYTE)
    assert whole(app)


@MAY_MOUNT
def test_a_full_disk_for_temporary_files_costs_the_file_and_not_the_text(
    app: Flask, disk: SmallDisk
) -> None:
    pages, _key, path = case(app)
    disk.fill()
    status, page = upload(pages, path, "毎月続けています。", 2 * MEGABYTE, disk.folder)
    assert status == 507
    check_page(page)
    assert "毎月続けています。" in pages.get(f"{path}/indicators/1")
    assert files(app) == 0
    disk.empty()
    assert upload(pages, path, "毎月続けています。", 2 * MEGABYTE, disk.folder)[0] == 303


def test_a_full_disk_for_the_log_costs_entries_and_no_answer(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def faulty() -> str:
        raise LookupError

    app.view_functions["public.about"] = faulty
    with Path("/dev/full").open("w") as full:
        monkeypatch.setattr(sys, "stderr", full)
        logs.configure("INFO")
        assert app.test_client().get("/about").status_code == 500
        monkeypatch.undo()
        logs.configure("INFO")
        with pytest.raises(OSError, match="No space left"):
            full.flush()
        full.buffer.raw.close()  # type: ignore[attr-defined] # else its closing would try once more
