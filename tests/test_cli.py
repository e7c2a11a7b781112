"""The console command: everything it offers, and what it says when something is wrong."""

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask_migrate import downgrade
from sqlalchemy import select

from accreditation import cli, create_app
from accreditation.cli import root
from accreditation.config import PACKAGE, Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.models import Mail, Person
from accreditation.services import history, mail
from tests import factories
from tests.cluster import Cluster
from tests.console import run
from tests.schemes.small import SMALL

NAMES = {
    "applications",
    "backup",
    "breach",
    "check",
    "data-map",
    "demo-code",
    "documents",
    "export",
    "history",
    "init",
    "invariants",
    "issuance",
    "keys",
    "move",
    "outbox",
    "people",
    "restore",
    "retention",
    "routes",
    "scheme",
    "serve",
    "worker",
}
KANAZAWA = PACKAGE / "schemes" / "kanazawa-2026.yaml"


def environment(settings: Settings, **changes: str) -> dict[str, str]:
    """Say what the environment of a process has to be for these settings."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    given = {"DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database_url}
    return {**kept, **given, "DEMO": "1", "PYTHONPATH": str(PACKAGE.parent), **changes}


def command(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own; nothing it says may be a stack trace."""
    line = [sys.executable, "-m", "accreditation", *arguments]
    done = subprocess.run(line, env=env, capture_output=True, text=True, check=False, timeout=120)
    assert "Traceback" not in done.stdout + done.stderr
    return done


@pytest.fixture
def fresh(tmp_path: Path, cluster: Cluster | None) -> Iterator[Flask]:
    """An installation that was never begun, and whose folder of schemes is empty."""
    address = cluster.new_database(f"fresh_{secrets.token_hex(4)}") if cluster else ""
    folder = tmp_path / "fresh"
    made = create_app(
        load_settings(data_dir=folder, scheme_dir=folder, database_url=address, demo=True)
    )
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def real(settings: Settings) -> Iterator[Flask]:
    """The application for the same database outside the demonstration."""
    folder = settings.data_dir
    given = load_settings(
        demo=False,
        data_dir=folder,
        database_url=settings.database_url,
        secret_key="k" * 40,
        base_url="https://accreditation.example.jp",
        signing_p12=folder / "demo-seal.p12",
        signing_passphrase=(folder / "demo-seal-passphrase").read_text().strip(),
        mail_server="127.0.0.1:1",
    )
    yield (made := create_app(given))
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_help_needs_no_settings_and_lists_our_commands() -> None:
    done = CliRunner().invoke(cli.accreditation, ["--help"], env={"DEMO": None, "PORT": "bad"})
    listed = {line.split()[0] for line in done.stdout.split("Commands:")[1].splitlines() if line}
    assert done.exit_code == 0
    assert listed == NAMES
    assert done.stderr == ""


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_command_explains_itself(name: str) -> None:
    done = CliRunner().invoke(cli.accreditation, [name, "--help"])
    assert done.exit_code == 0
    assert done.stdout.split("Options:")[0].strip().endswith(".")


def test_init_makes_the_database_and_publishes_the_scheme(real: Flask) -> None:
    with real.app_context(), writing():
        downgrade(revision="base")
    first = run(real, "init")
    assert (first.exit_code, first.stdout) == (0, "Published: kanazawa 2026.1\n")
    assert run(real, "init").stdout == ""


def test_init_twice_keeps_what_is_there(real: Flask) -> None:
    typed = f"{factories.PASSWORD}\n" * 2
    assert run(real, "people", "add", "a@example.jp", "見本 一", typed=typed).exit_code == 0
    for _ in range(2):
        assert run(real, "init").exit_code == 0
    with real.app_context():
        assert [person.email for person in db.session.scalars(select(Person))] == ["a@example.jp"]
        assert history.verify() is None


def test_demonstration_accounts_are_not_taken_outside_the_demonstration(
    app: Flask, real: Flask
) -> None:
    with app.app_context(), writing():
        factories.person()
        db.session.commit()
    done = run(real, "init")
    assert done.exit_code == 1
    assert "this database holds demonstration accounts" in done.stderr
    assert "DEMO=1" in done.stderr


def test_a_good_scheme_file(app: Flask) -> None:
    done = run(app, "scheme", "check", str(KANAZAWA))
    assert done.exit_code == 0
    assert "8 indicators" in done.stdout


@pytest.mark.parametrize(("language", "words"), [("en", "bad.yaml:"), ("ja", "定義されていません")])
def test_a_bad_scheme_file_is_named_with_its_lines(
    app: Flask, tmp_path: Path, language: str, words: str
) -> None:
    bad = tmp_path / "bad.yaml"
    wrong = SMALL.replace('share: "1/2"', 'share: "3/2"').replace("kinds: [inn]", "kinds: [ship]")
    bad.write_text(wrong, encoding="utf-8")
    done = run(app, "scheme", "check", str(bad), "--language", language)
    assert done.exit_code == 1
    for old in ('share: "3/2"', "kinds: [ship]"):
        line = wrong[: wrong.index(old)].count("\n") + 1
        assert f"bad.yaml:{line}:" in done.stderr
    assert words in done.stderr


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"- 1\n- [", b"scheme: {"])
def test_a_file_that_is_no_scheme_at_all(app: Flask, tmp_path: Path, content: bytes) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)
    done = run(app, "scheme", "check", str(bad))
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert "bad.yaml" in done.stderr


def test_a_scheme_file_that_is_not_there(app: Flask) -> None:
    done = run(app, "scheme", "check", "/nowhere.yaml")
    assert done.exit_code == 2
    assert "does not exist" in done.stderr


def test_wrong_settings_end_with_two_and_without_a_trace(settings: Settings) -> None:
    bare = command("serve", env=environment(settings, DEMO="0"))
    assert (bare.returncode, bare.stdout) == (2, "")
    assert bare.stderr.startswith("Error: ")
    for name in ("SECRET_KEY", "BASE_URL", "SIGNING_P12", "MAIL_SERVER"):
        assert name in bare.stderr


def main(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the installed command's own function; give its exit code."""
    monkeypatch.setattr(sys, "argv", ["accreditation", *arguments])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return int(ended.value.code or 0)


def test_every_wrong_setting_is_named_in_a_line_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"DEMO": "1", "PORT": "many", "THREADS": "0"}.items():
        monkeypatch.setenv(name, value)
    assert main(monkeypatch, "history", "verify") == 2
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("Error: PORT: ")
    assert second.startswith("THREADS: ")


def test_a_database_that_was_never_begun_is_named(
    fresh: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(root, "_application", lambda: fresh)
    assert main(monkeypatch, "history", "verify") == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("Error: the database: ")
    assert said.endswith("(was `accreditation init` run?)")


def test_a_scheme_folder_without_schemes_is_named(
    fresh: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(root, "_application", lambda: fresh)
    assert main(monkeypatch, "init") == 2
    assert "There is no scheme file" in capsys.readouterr().err.splitlines()[-1]


def test_the_worker_works_until_its_parent_ends(app: Flask, settings: Settings) -> None:
    with app.app_context(), writing():
        mail.write_to("a@example.jp", "ja", "account/sign_up", token="t", hours=24)
        db.session.commit()
    line = [sys.executable, "-m", "accreditation", "worker", "--until-parent-ends"]
    with subprocess.Popen(
        line, env=environment(settings), stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as worker:
        deadline = time.monotonic() + 60
        while not sent(app) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert sent(app)
        assert worker.poll() is None
        _, said = worker.communicate(timeout=60)  # closes its end of the pipe, as an end does
    assert "Traceback" not in said


def sent(app: Flask) -> bool:
    with app.app_context():
        return db.session.scalars(select(Mail)).one().sent_at is not None
