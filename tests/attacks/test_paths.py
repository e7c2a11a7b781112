"""No address, file name or export reaches a file outside the place that was meant (W11)."""

import zipfile
from contextlib import closing
from pathlib import Path, PurePosixPath

import pytest
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Application
from accreditation.services import evidence
from accreditation.services.privacy import disclosure, leaving
from tests import factories
from tests.attacks.corpus.paths import OUTSIDE, TRAVERSALS
from tests.attacks.corpus.uploads import FILE_NAMES
from tests.conftest import MADE_UP_NOW
from tests.pages import Pages

pytestmark = pytest.mark.sqlite

DOWNLOADS = (
    "/static/{}",
    "/static/css/{}",
    "/evidence/{}",
    "/notices/{}.pdf",
    "/verify/{}",
    "/verify/{}.json",
    "/verify/{}.pdf",
    "/register/{}",
    "/my/applications/{}",
    "/link/{}",
    "/{}",
)


@pytest.fixture(scope="module")
def case(shared_app: Flask) -> tuple[str, int]:
    """A case whose files have hostile names; its owner's address, and its id."""
    with clock.at(MADE_UP_NOW), shared_app.app_context(), writing():
        made = factories.draft()
        for name in (*FILE_NAMES, *(f"{one}.pdf" for one in TRAVERSALS)):
            stored = evidence.store(evidence.Upload(name, factories.PDF), factories.LARGEST)
            evidence.accept(made, factories.owner_of(made.site.operator), stored)
        db.session.commit()
        return factories.owner_of(made.site.operator).email, made.id


def test_the_corpus_is_large_enough() -> None:
    assert len(set(TRAVERSALS)) >= 30


def test_what_is_sought_is_found_where_it_is_asked_for_rightly(shared_app: Flask) -> None:
    """The probe sees: the same client gets a file of the folder that is meant."""
    with closing(shared_app.test_client().get("/static/css/base.css")) as found:
        assert found.status_code == 200
    root = Path(shared_app.root_path).parent
    assert "[build-system]" in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("address", DOWNLOADS)
def test_no_address_leads_outside(shared_app: Flask, case: tuple[str, int], address: str) -> None:
    client = Pages(shared_app, case[0]).client
    wrong: list[tuple[str, object]] = []
    for payload in TRAVERSALS:
        path = "/" + address.format(payload).lstrip("/")
        with closing(client.get(path)) as answer:
            if answer.status_code not in {301, 302, 303, 308, 400, 404, 410}:
                wrong.append((path, answer.status_code))
            if any(mark in answer.text for mark in OUTSIDE):
                wrong.append((path, "a file"))
    assert not wrong


def test_no_name_in_an_export_leads_outside(
    shared_app: Flask, case: tuple[str, int], tmp_path: Path
) -> None:
    with clock.at(MADE_UP_NOW), shared_app.app_context():
        made = db.session.get_one(Application, case[1])
        leaving.export_case(made, tmp_path / "case.zip", redact=False)
        disclosure.export(factories.owner_of(made.site.operator), tmp_path / "person.zip")
        leaving.export_all(tmp_path / "all.zip")
    for export in tmp_path.glob("*.zip"):
        with zipfile.ZipFile(export) as archive:
            names = archive.namelist()
        assert any(name.startswith("files/") for name in names)
        for name in names:
            parts = PurePosixPath(name).parts
            assert len(parts) <= 2
            assert not set(parts) & {"..", "/", ""}
            assert not set(name) & set("\\\0\r\n")
