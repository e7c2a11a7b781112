"""The settings: their bounds, what must be set outside the demonstration, and its secrets."""

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accreditation import create_app
from accreditation.config import ConfigurationError, Settings, kept_secret, load_settings
from certificates.sign import make_specimen_seal

WHOLE = {
    "SECRET_KEY": "k" * 32,
    "BASE_URL": "https://accreditation.example.jp/",
    "SIGNING_P12": "/etc/seal.p12",
    "MAIL_SERVER": "mail.example.jp:587",
}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is set but what a test sets."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> Settings:
    """Read the settings with these variables set."""
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings()


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("PORT", 1, 65535),
        ("TRUSTED_PROXIES", 0, 5),
        ("THREADS", 1, 500),
        ("UPLOAD_MEGABYTES", 1, 100),
        ("IDLE_MINUTES", 5, 240),
        ("SESSION_HOURS", 1, 24),
    ],
)
def test_numbers_have_bounds(
    monkeypatch: pytest.MonkeyPatch, name: str, least: int, most: int
) -> None:
    for good in (least, most):
        found = given(monkeypatch, DEMO="1", **{name: str(good)})
        assert getattr(found, name.lower()) == good
    for bad in (least - 1, most + 1, "many", "1.5"):
        with pytest.raises(ConfigurationError, match=rf"^{name}: "):
            given(monkeypatch, DEMO="1", **{name: str(bad)})


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("DEMO", "perhaps"),
        ("MAIL_STARTTLS", "sometimes"),
        ("LOG_LEVEL", "LOUD"),
        ("SIGN_IN_LIMIT", "not too often"),
        ("BACKUP_RECIPIENTS", "age1nobody"),
        ("BACKUP_RECIPIENTS", "AGE-SECRET-KEY-1NOTARECIPIENT"),
        ("BACKUP_PASSPHRASE", "short"),
        ("READ_DATABASE_URL", "nonsense"),
        ("READ_DATABASE_URL", "sqlite:////tmp/replica.db"),
        ("REDIS_URL", "nonsense"),
        ("REDIS_URL", "redis://host:many/0"),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("STORE_URL", "https://s3.example.jp/bucket"),
        ("STORE_URL", "s3://B"),
        ("STORE_URL", "s3://bucket/../other?"),
        ("AWS_ENDPOINT_URL", "s3.example.jp"),
        ("AWS_ENDPOINT_URL", "https://s3.example.jp/with/path"),
        ("TRUSTED_HOSTS", "https://www.example.jp"),
        ("TRUSTED_HOSTS", "www.example.jp:443"),
        ("TRUSTED_HOSTS", "www.example.jp *"),
        ("SECURITY_CONTACT", "security@example.jp"),
        ("SECURITY_CONTACT", "http://example.jp/security"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://user@host/name"),
        ("DATABASE_URL", "postgres://user@host/name"),
        ("DATABASE_URL", "postgresql://user@host:many/name"),
    ],
)
def test_what_can_not_be_read_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"^{name}: "):
        given(monkeypatch, **{"DEMO": "1", name: bad})


@pytest.mark.parametrize(
    "address",
    [
        "sqlite:////var/lib/accreditation/a.db",
        "postgresql://user:secret@db.example.jp:5432/accreditation",
        "postgresql+psycopg://postgres@/accreditation?host=/run/postgresql",
    ],
)
def test_two_databases_are_known(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert given(monkeypatch, DEMO="1", DATABASE_URL=address).database == address


def test_everything_that_is_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError) as caught:
        given(monkeypatch, DEMO="1", PORT="0", THREADS="x", LOG_LEVEL="LOUD")
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0] for line in lines] == ["PORT", "THREADS", "LOG_LEVEL"]


def test_outside_the_demonstration_all_that_is_missing_is_named() -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    for name in WHOLE:
        assert name in str(caught.value)


@pytest.mark.parametrize("left_out", WHOLE)
def test_outside_the_demonstration_each_is_needed(
    monkeypatch: pytest.MonkeyPatch, left_out: str
) -> None:
    variables = {name: value for name, value in WHOLE.items() if name != left_out}
    with pytest.raises(ConfigurationError) as caught:
        given(monkeypatch, **variables)
    named = str(caught.value).split(" must be set")[0]
    assert [name for name in WHOLE if name in named] == [left_out]


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("SECRET_KEY", "k" * 31),
        ("SECRET_KEY", " " * 40),
        ("BASE_URL", "accreditation.example.jp"),
        ("BASE_URL", "ftp://example.jp"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https://office@example.jp"),
        ("BASE_URL", "https://example.jp/path"),
        ("SIGNING_P12", ""),
        ("MAIL_SERVER", "  "),
    ],
)
def test_outside_the_demonstration_a_poor_value_counts_as_missing(
    monkeypatch: pytest.MonkeyPatch, name: str, bad: str
) -> None:
    with pytest.raises(ConfigurationError, match=rf"{name} must be set outside") as caught:
        given(monkeypatch, **{**WHOLE, name: bad})
    assert "kkkk" not in str(caught.value), "a refusal must not print secrets"


def test_whole_settings_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    found = given(monkeypatch, **WHOLE)
    assert found.demo is False
    assert found.session_key == "k" * 32
    assert found.site_address == "https://accreditation.example.jp"
    assert "kkkk" not in repr(found)


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for name in Settings.model_fields if name != "demo"]
    found = given(monkeypatch, DEMO="1", **{name.upper(): "" for name in names})
    assert (found.port, found.signing_p12) == (8000, None)
    assert found.data_dir == Path("data").absolute()


def test_folders_are_absolute_and_know_home(monkeypatch: pytest.MonkeyPatch) -> None:
    found = given(monkeypatch, DEMO="1", DATA_DIR="~/here", SCHEME_DIR="there", HOME="/home/me")
    assert found.data_dir == Path("/home/me/here")
    assert found.scheme_dir == Path("there").absolute()
    assert found.database == "sqlite:////home/me/here/accreditation.db"


def test_addresses_follow_host_and_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert given(monkeypatch, DEMO="1").site_address == "http://127.0.0.1:8000"
    assert given(monkeypatch, PORT="8765").site_address == "http://127.0.0.1:8765"
    assert given(monkeypatch, UPLOAD_MEGABYTES="3").upload_bytes == 3 * 1024 * 1024


@pytest.fixture
def open_umask() -> Iterator[None]:
    """An umask under which everybody could read a careless file."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("open_umask")
def test_the_demonstration_makes_its_secret_and_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "data"
    first = load_settings(demo=True, data_dir=folder).session_key
    assert len(first) >= 32
    assert load_settings(demo=True, data_dir=folder).session_key == first
    assert load_settings(demo=True, data_dir=tmp_path / "other").session_key != first
    mode = stat.S_IMODE((folder / "demo-secret-key").stat().st_mode)
    assert mode == 0o600


def test_a_kept_secret_is_random(tmp_path: Path) -> None:
    found = {kept_secret(tmp_path / f"{number}") for number in range(50)}
    assert len(found) == 50
    assert min(map(len, found)) >= 43


def test_the_demonstration_keeps_its_seal(tmp_path: Path) -> None:
    settings = load_settings(demo=True, data_dir=tmp_path)
    create_app(settings)
    first = (tmp_path / "demo-seal.p12").read_bytes()
    create_app(settings)
    assert (tmp_path / "demo-seal.p12").read_bytes() == first
    assert stat.S_IMODE((tmp_path / "demo-seal-passphrase").stat().st_mode) == 0o600


@pytest.mark.parametrize(("year", "warned"), [(1990, True), (2022, False), (2999, True)])
def test_the_start_warns_of_a_seal_that_may_not_sign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], year: int, *, warned: bool
) -> None:
    file = tmp_path / "seal.p12"
    file.write_bytes(make_specimen_seal(datetime(year, 1, 1, tzinfo=UTC), b"made up"))
    create_app(
        load_settings(demo=True, data_dir=tmp_path, signing_p12=file, signing_passphrase="made up")
    )
    assert ("seal_not_valid" in capsys.readouterr().err) == warned


@pytest.mark.parametrize("content", [b"", b"not a key store"])
def test_a_signing_file_that_is_none_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "seal.p12"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"^SIGNING_P12: .*seal\.p12 can't be used"):
        create_app(load_settings(demo=True, data_dir=tmp_path, signing_p12=file))


def test_a_signing_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^SIGNING_P12: .*lost\.p12 can't be used"):
        create_app(load_settings(demo=True, data_dir=tmp_path, signing_p12=tmp_path / "lost.p12"))


def test_a_data_folder_that_can_not_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "deeper"):
        with pytest.raises(ConfigurationError, match=r"^DATA_DIR: .*file.* can't be used"):
            create_app(load_settings(demo=True, data_dir=folder))


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"READ_DATABASE_URL": "postgresql://host/replica"}, "DATABASE_URL of PostgreSQL"),
        ({"AWS_ACCESS_KEY_ID": "key"}, "AWS_SECRET_ACCESS_KEY"),
        ({"AWS_SECRET_ACCESS_KEY": "key"}, "AWS_ACCESS_KEY_ID"),
    ],
)
def test_what_does_not_fit_together_is_named(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        given(monkeypatch, DEMO="1", **variables)


def test_several_machines_are_a_matter_of_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    found = given(
        monkeypatch,
        DEMO="1",
        DATABASE_URL="postgresql://host/name",
        READ_DATABASE_URL="postgresql://replica/name",
        REDIS_URL="rediss://:password@host:6380/1",
        STORE_URL="s3://accreditation-files/kanazawa/2026",
        AWS_ENDPOINT_URL="https://s3.example.jp/",
    )
    assert found.aws_endpoint_url == "https://s3.example.jp"
