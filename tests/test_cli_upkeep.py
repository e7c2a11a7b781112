"""The console command's upkeep: closing accounts, forgetting people, checking documents."""

import json
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation.extensions import db, writing
from accreditation.models import Document, DocumentKind, Office, Person
from accreditation.services import documents, storage
from accreditation.services.accounts import entering, people
from certificates.sign import Seal, make_specimen_seal
from tests import disk, factories
from tests.console import run
from workflows.application import ApplicationState


def made(app: Flask, *offices: Office) -> str:
    """Make an account; give its address."""
    with app.app_context(), writing():
        email = factories.person(*offices, name="忘れ 太郎").email
        db.session.commit()
    return email


def test_forgetting_asks_first(app: Flask) -> None:
    email = made(app)
    asked = run(app, "people", "forget", email, typed="n\n")
    assert asked.exit_code == 1
    assert "for good? [y/N]" in asked.output
    assert run(app, "people", "forget", email, "--yes").exit_code == 0
    with app.app_context():
        assert people.by_address(email) is None
        assert "忘れ 太郎" not in db.session.scalars(select(Person.name)).all()
    assert run(app, "history", "verify").stdout == "The history is whole.\n"


def test_who_is_still_needed_is_not_forgotten_and_it_is_said_why(app: Flask) -> None:
    email = made(app, Office.REVIEWER, Office.COUNCIL)
    done = run(app, "people", "forget", email, "--yes")
    assert done.exit_code == 1
    assert done.stderr == (
        "Error: still appointed to council: dismiss first\n"
        "still appointed to reviewer: dismiss first\n"
    )
    with app.app_context():
        assert entering.check_password(email, factories.PASSWORD) is not None


def test_closing_an_account(app: Flask) -> None:
    email = made(app)
    for _ in range(2):
        assert run(app, "people", "close", email).exit_code == 0
    with app.app_context():
        assert entering.check_password(email, factories.PASSWORD) is None
    assert run(app, "history", "verify").exit_code == 0


@pytest.mark.parametrize("arguments", [("close",), ("forget", "--yes")])
def test_nobody_can_be_neither_closed_nor_forgotten(app: Flask, arguments: tuple[str]) -> None:
    done = run(app, "people", *arguments, "nobody@example.jp")
    assert done.exit_code == 1
    assert done.stderr == "Error: there is no account for nobody@example.jp\n"


@pytest.fixture
def stored(app: Flask) -> list[str]:
    """Two certificates and a notice, made; gives the hashes of their files."""
    with app.app_context(), writing():
        factories.application(
            ApplicationState.ACCREDITED, in_call=factories.call(factories.programme())
        )
        factories.application(ApplicationState.ACCREDITED)
        db.session.commit()
    app.extensions["jobs"].sweep()
    with app.app_context():
        return [one or "" for one in db.session.scalars(select(Document.sha256))]


def test_documents_that_are_whole(app: Flask, stored: list[str]) -> None:
    done = run(app, "documents", "check")
    assert done.exit_code == 0
    first, last = done.stdout.splitlines()
    assert first.startswith(f"{len(stored)} whole, signed by the seal: ")
    assert app.extensions["seal"].fingerprint in first
    assert last == "All documents that were made are whole."


def test_documents_signed_by_another_seal_are_whole_and_named(
    app: Flask, stored: list[str]
) -> None:
    before = app.extensions["seal"].fingerprint
    archive = make_specimen_seal(datetime(2022, 4, 1, tzinfo=UTC), b"made up")
    app.extensions["seal"] = Seal.from_pkcs12(archive, b"made up")
    done = run(app, "documents", "check")
    assert done.exit_code == 0
    first, _ = done.stdout.splitlines()
    assert first.startswith(f"{len(stored)} whole, signed by another seal: ")
    assert before in first


def test_broken_documents_are_named_all_at_once(app: Flask, stored: list[str]) -> None:
    with app.app_context(), writing():
        disk.lose(stored[0])
        disk.bend(stored[1])
        document = db.session.scalars(select(Document).where(Document.sha256 == stored[2])).one()
        document.sha256 = storage.put(factories.PDF)  # a file of somebody else's, put in its place
        db.session.commit()
    done = run(app, "documents", "check")
    assert (done.exit_code, done.stdout) == (1, "")
    faults = [line.rpartition(": ")[2] for line in done.stderr.splitlines()]
    assert faults == [
        "the file is missing or can't be read",
        "the file is not the one that was stored",
        "the signature does not hold",
    ]
    for name in ("certificate R08-0001, edition 1", "certificate R08-0002, edition 1", "notice "):
        assert name in done.stderr


def test_documents_never_made_are_not_broken_but_counted(app: Flask) -> None:
    with app.app_context(), writing():
        factories.accreditation()
        orphans = [documents.order(DocumentKind.CERTIFICATE).id for _ in range(2)]
        db.session.commit()
        assert not any(documents.make(one) for one in orphans)
    done = run(app, "documents", "check")
    assert done.exit_code == 0
    assert sorted(done.stdout.splitlines()) == [
        "1 not made yet, no try failed",
        "2 not made yet, the last try failed: NoResultFound",
        "All documents that were made are whole.",
    ]


def test_the_policy_is_printed_for_people_and_machines(app: Flask) -> None:
    rows = json.loads(run(app, "routes", "--json").stdout)
    served = {
        (rule.rule, method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(row["rule"], row["method"]) for row in rows} == served
    assert len(rows) == len(served)
    assert all(row["roles"] and row["who"].endswith(".") for row in rows)
    decide = next(row for row in rows if row["endpoint"] == "council.decide")
    assert (decide["roles"], decide["method"], decide["grave"]) == ("council_reads", "POST", True)
    words = run(app, "routes").stdout
    assert f"POST {decide['rule']}" in words
    assert "People appointed to this office: administrator." in words
