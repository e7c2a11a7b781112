"""Files for outside: a case with and without people, and everything for another system."""

import hashlib
import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation.extensions import db, writing
from accreditation.models import EntityType, Office, Submission
from accreditation.services import evidence, history
from accreditation.services.privacy.map import SECRETS
from accreditation.services.steps import take_step
from tests import factories
from tests.console import run
from tests.models import world

REVIEWERS = ("審査 一号", "審査 二号")
PRIVATE = {
    "representative": "代表 太郎",
    "phone": "076-220-3333",
    "postal_code": "9208577",
    "address": "石川県金沢市秘密町9-9",
}
OWNER = "申請 花子"
FILE = "花子さんの写真.pdf"


@pytest.fixture
def case(app: Flask) -> tuple[Flask, str]:
    """A decided case in whose texts people are named; its reference."""
    with app.app_context(), writing():
        owner = factories.person(name=OWNER)
        operator = factories.operator(owner, entity_type=EntityType.SOLE_PROPRIETOR, **PRIVATE)
        made = factories.draft(of=factories.site(operator, name_ja="見本の宿"))
        evidence.attach(made, "1-1", factories.file_of(made, FILE))
        factories.submit(made)
        factories.office_step("accept")(made)
        for name in REVIEWERS:
            factories.handed_in_review(made, factories.person(Office.REVIEWER, name=name))
        take_step(made, "list", factories.person(Office.OFFICE, name="事務 三郎"))
        note = "代表 太郎 様、電話 076-220-3333、hanako@example.jp"
        take_step(made, "refuse", factories.person(Office.COUNCIL, name="審議 四郎"), note=note)
        db.session.commit()
        return app, made.reference


def opened(target: Path) -> dict[str, bytes]:
    with ZipFile(target) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


def test_the_whole_file_of_a_case(case: tuple[Flask, str], tmp_path: Path) -> None:
    app, reference = case
    target = tmp_path / "case.zip"
    done = run(app, "applications", "export", reference, str(target))
    assert (done.exit_code, done.output) == (0, "")
    files = opened(target)
    about: dict[str, Any] = json.loads(files["case.json"])
    assert [one["reviewer"] for one in about["reviews"]] == list(REVIEWERS)
    assert len(about["reviews"][0]["findings"]) > 5
    assert about["submissions"][0]["content"]["operator"]["phone"] == PRIVATE["phone"]
    assert about["decisions"][0]["outcome"] == "refused"
    assert [one for name, one in files.items() if name.startswith("files/")] == [factories.PDF]
    text = files["case.txt"].decode()
    assert "reviewer: 審査 一号" in text
    assert "decided_by: 審議 四郎" in text
    with app.app_context():
        assert db.session.scalars(select(Submission.sha256)).one() in text
        assert [one.act for one in history.of_subject("installation", 1)] == ["export_case"]


def test_blacked_out_nobody_is_left_and_every_place_has_its_ground(
    case: tuple[Flask, str], tmp_path: Path
) -> None:
    app, reference = case
    target = tmp_path / "case.zip"
    done = run(app, "applications", "export", reference, str(target), "--redacted")
    assert done.exit_code == 0
    assert "Read it before you give it away" in done.stdout
    files = opened(target)
    assert set(files) == {"case.json", "case.txt"}
    people = (*REVIEWERS, *PRIVATE.values(), OWNER, "事務 三郎", "審議 四郎", "花子", "@example.jp")
    for text in (one.decode() for one in files.values()):
        assert [one for one in people if one in text] == []
        assert "見本の宿" in text, "what is public stays"
    about = json.loads(files["case.json"])
    assert {one["reviewer"] for one in about["reviews"]} == {"■■■[2]"}
    assert about["evidence"][0]["name"] == "■■■[3]"
    assert about["submissions"][0]["content"]["operator"]["phone"] == "■■■[1]"
    assert set(about["blacked_out"]) == {"■■■[1]", "■■■[2]", "■■■[3]"}
    reasons = about["reviews"][0]["findings"][0]["reason"]
    assert reasons.startswith("確認した")


def test_a_case_that_is_not_there(app: Flask, tmp_path: Path) -> None:
    done = run(app, "applications", "export", "NOBODY", str(tmp_path / "case.zip"))
    assert done.exit_code == 1
    assert "there is no case NOBODY" in done.stderr


def test_everything_for_another_system(app: Flask, tmp_path: Path) -> None:
    with app.app_context(), writing():
        world.fill()
        tables = db.metadata.sorted_tables
        counts = {t.name: db.session.scalar(select(func.count()).select_from(t)) for t in tables}
        db.session.remove()
    target = tmp_path / "all.zip"
    done = run(app, "export", str(target))
    assert done.exit_code == 0, done.output
    assert target.stat().st_mode & 0o777 == 0o600
    files = opened(target)
    schema = json.loads(files["schema.json"])
    for name, count in counts.items():
        rows = [json.loads(line) for line in files[f"tables/{name}.jsonl"].splitlines()]
        assert len(rows) == count
        assert all(set(row) == set(schema["tables"][name]["columns"]) for row in rows)
        assert not any(f"{name}.{column}" in SECRETS for row in rows for column in row)
    stored = {one.removeprefix("files/") for one in files if one.startswith("files/")}
    assert stored
    assert all(hashlib.sha256(files[f"files/{one}"]).hexdigest() == one for one in stored)
    assert b"$argon2" not in b"".join(files.values())
    again = run(app, "export", str(target))
    assert "there is such a file already" in again.stderr
