"""Backup and restore: everything comes back, or it is said what does not."""

import tarfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pyrage
from click.testing import Result
from flask import Flask
from pydantic import SecretStr
from pyrage import x25519
from sqlalchemy import func, select, update

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Evidence,
    HistoryEntry,
    HistoryHead,
    Invitation,
    Office,
    OneTimeLink,
    Person,
    SignIn,
)
from accreditation.services import evidence, history
from accreditation.services.accounts import entering, invitations, people, sessions
from tests import disk, factories, triggers
from tests.console import run

Make = Callable[[], Flask]
PHRASE = "a phrase for nobody else"


def back_up(app: Flask, target: Path, *options: str) -> Result:
    done = run(app, "backup", str(target), *options)
    assert done.exit_code == 0, done.output
    return done


def counted() -> dict[str, int]:
    tables = db.metadata.sorted_tables
    return {t.name: db.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def contents() -> tuple[dict[str, int], dict[int, bytes]]:
    """Count the rows and read the evidence."""
    files = {one.id: evidence.read(one) for one in db.session.scalars(select(Evidence))}
    return counted(), files


def test_everything_comes_back(
    filled: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    filled.extensions["jobs"].sweep()  # makes the documents
    with filled.app_context():
        before, files = contents()
    back_up(filled, target)
    assert target.read_bytes().startswith(b"age-encryption.org/v1\n")
    assert target.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in target.parent.iterdir()] == [target.name]

    assert "there is such a file already" in run(filled, "backup", "--plain", str(target)).stderr

    other = empty()
    done = run(other, "restore", str(target), *key)
    assert (done.exit_code, done.stderr) == (0, "")
    assert "history and documents are whole" in done.stdout
    with other.app_context():
        after, found = contents()
        assert found == files
        assert after.pop("history") == before.pop("history") + 1  # the restore itself
        assert (after.pop("challenges"), before.pop("challenges")) == (0, 1)  # they open accounts
        assert after.pop("history_details") == before.pop("history_details") + 1
        assert after == before
    again = run(other, "restore", str(target), *key)
    assert again.exit_code == 1
    assert "there is an installation already: nothing was done" in again.stderr


def test_what_lets_people_in_ends_in_the_copy(
    app: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    with app.app_context(), writing():
        token = sessions.begin(factories.person())
        entering.ask_to_sign_up("new@example.jp", "ja")
        invited = invitations.to_office("invited@example.jp", Office.REVIEWER, "ja")
        db.session.commit()
    back_up(app, target)
    other = empty()
    assert run(other, "restore", str(target), *key).exit_code == 0
    with other.app_context():
        assert sessions.of_token(token) is None
        assert invitations.of_token(invited) is None
        ends = (SignIn.ended_at, OneTimeLink.used_at, Invitation.revoked_at)
        found = [db.session.scalars(select(one)).all() for one in ends]
        assert found == [[clock.now()]] * len(ends)
        assert [one.act for one in history.of_subject("installation", 1)] == ["restore"]
        assert history.verify() is None
    with app.app_context():
        assert sessions.of_token(token) is not None, "the original goes on"


def test_a_passphrase_opens_it_too(app: Flask, empty: Make, target: Path) -> None:
    phrase = {"backup_recipients": "", "backup_passphrase": SecretStr(PHRASE)}
    app.extensions["settings"] = app.extensions["settings"].model_copy(update=phrase)
    back_up(app, target)
    other = empty()
    done = run(other, "restore", str(target))
    assert "BACKUP_PASSPHRASE has to open it" in done.stderr
    other.extensions["settings"] = other.extensions["settings"].model_copy(update=phrase)
    assert run(other, "restore", str(target)).exit_code == 0


def test_who_has_another_key_reads_nothing(
    with_a_file: Flask, empty: Make, target: Path, tmp_path: Path
) -> None:
    back_up(with_a_file, target)
    other = tmp_path / "other.txt"
    other.write_text(f"{x25519.Identity.generate()}\n")
    done = run(empty(), "restore", str(target), "--identity", str(other))
    assert done.exit_code == 1
    assert "none of the keys given opens it" in done.stderr


def test_nothing_is_written_in_the_clear_unless_it_is_said(app: Flask, target: Path) -> None:
    bare = {"backup_recipients": ""}
    app.extensions["settings"] = app.extensions["settings"].model_copy(update=bare)
    done = run(app, "backup", str(target))
    assert done.exit_code == 1
    assert "or say --plain" in done.stderr
    assert not target.exists()


def test_the_inside_can_be_read_with_common_tools(
    with_a_file: Flask, target: Path, tmp_path: Path, identity: x25519.Identity
) -> None:
    back_up(with_a_file, target)
    plain = tmp_path / "plain.tar"
    pyrage.decrypt_file(str(target), str(plain), [identity])
    with tarfile.open(plain) as tar:
        names = tar.getnames()
    assert names[0].startswith("database.")
    assert names[-1] == "manifest.json"
    assert names[1].startswith("files/")


def test_an_existing_file_is_never_overwritten(app: Flask, target: Path) -> None:
    target.write_text("the one of yesterday")
    assert run(app, "backup", str(target)).exit_code == 1
    assert target.read_text() == "the one of yesterday"


def test_a_row_without_its_file_is_an_error(
    with_a_file: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    with with_a_file.app_context():
        sha256 = db.session.scalars(select(Evidence.sha256)).one()
        disk.lose(sha256)
    done = run(with_a_file, "backup", str(target))
    assert done.exit_code == 1
    assert f"the file {sha256} is lost or damaged" in done.stderr
    assert list(target.parent.iterdir()) == []
    back_up(with_a_file, target, "--incomplete")
    done = run(empty(), "restore", str(target), *key)
    assert done.exit_code == 1
    assert f"the file {sha256} was lost before the backup" in done.stderr


def test_what_the_history_lost_since_the_checkpoint_is_counted(
    app: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    with app.app_context(), writing():
        factories.person()
        db.session.commit()
        first = db.session.get_one(HistoryHead, 1)
        held = f"{first.sequence}:{first.hash}"
    back_up(app, target)
    with app.app_context(), writing():
        for _ in range(3):
            factories.person()
        db.session.commit()
        last = db.session.get_one(HistoryHead, 1)
        later = f"{last.sequence}:{last.hash}"
    assert run(empty(), "restore", str(target), *key, "--checkpoint", held).exit_code == 0
    done = run(empty(), "restore", str(target), *key, "--checkpoint", later)
    assert done.exit_code == 1
    assert "3 entries of the history after 1 are missing" in done.stderr
    done = run(empty(), "restore", str(target), *key, "--checkpoint", f"1:{'0' * 64}")
    assert "entry 1 of the history is not the checkpoint's" in done.stderr


def test_a_history_that_was_changed_before_is_named_after_the_restore(
    app: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    with app.app_context(), writing():
        factories.person()
        triggers.drop("history")
        db.session.execute(update(HistoryEntry).values(act="something else"))
        db.session.commit()
    back_up(app, target)
    done = run(empty(), "restore", str(target), *key)
    assert done.exit_code == 1
    assert "restored, but not all is well" in done.stderr
    assert "the history, entry 1: the entry was changed" in done.stderr


def test_what_was_acknowledged_before_is_in_a_backup_taken_under_load(
    app: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    stop = Event()
    acknowledged: list[str] = []

    def write() -> None:
        while not stop.is_set():
            with app.app_context(), writing():
                made = people.create(
                    f"writer{len(acknowledged)}@example.jp", "書き手", factories.PASSWORD, "ja"
                )
                db.session.commit()
                acknowledged.append(made.email)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(write)
        while len(acknowledged) < 5:
            assert not writer.done(), writer.exception()
        before = list(acknowledged)
        back_up(app, target)
        stop.set()
        writer.result()
    other = empty()
    assert run(other, "restore", str(target), *key).exit_code == 0
    with other.app_context():
        found = set(db.session.scalars(select(Person.email)))
    assert set(before) <= found
    assert len(before) >= 5
