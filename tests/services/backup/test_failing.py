"""What can go wrong at a backup or a restore: nothing half is left, nothing damaged is taken."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from pyrage import x25519

from accreditation.services import history, storage
from accreditation.services.backup import envelope, restoring, taking
from tests import factories
from tests.console import run

Make = Callable[[], Flask]
PHRASE = "a phrase for nobody else"
DAMAGES = 50


def _no_space(*_: object) -> bytes:
    raise OSError(28, "No space left on device")


def test_a_full_disk_leaves_nothing_half(
    with_a_file: Flask, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accreditation.services.backup.taking.os.fsync", _no_space)
    done = run(with_a_file, "backup", str(target))
    assert done.exit_code == 1
    assert "No space left on device" in done.stderr
    assert list(target.parent.iterdir()) == []
    folder = with_a_file.extensions["settings"].data_dir
    assert list(folder.glob("backup-*")) == []


def test_a_full_disk_at_the_restore_leaves_nothing_half(
    with_a_file: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    assert run(with_a_file, "backup", str(target)).exit_code == 0
    other = empty()
    folder = other.extensions["settings"].data_dir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accreditation.services.backup.databases.load", _no_space)
        done = run(other, "restore", str(target), *key)
        assert (done.exit_code, type(done.exception)) == (1, SystemExit)
        assert "No space left on device" in done.stderr
    assert [one for one in (folder / "files").rglob("*") if one.is_file()] == []
    assert list(folder.glob("restore-*")) == []
    assert run(other, "restore", str(target), *key).exit_code == 0


def test_a_failed_restore_leaves_files_that_were_there_before(
    with_a_file: Flask, empty: Make, target: Path, key: tuple[str, str]
) -> None:
    assert run(with_a_file, "backup", str(target)).exit_code == 0
    other = empty()
    with other.app_context():  # as in a bucket that the original still uses
        sha256 = storage.put(factories.PDF)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("accreditation.services.backup.databases.load", _no_space)
        assert run(other, "restore", str(target), *key).exit_code == 1
    with other.app_context():
        assert storage.holds(sha256)


def _damaged(whole: bytes, number: int) -> bytes:
    """Flip a bit, or cut, at one of fifty places spread over the whole of it."""
    place = (len(whole) - 1) * (number // 2) // (DAMAGES // 2 - 1)
    if number % 2:
        return whole[:place]
    return whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :]


@pytest.mark.parametrize("encrypted", [True, False])
def test_a_damaged_backup_is_never_restored(
    with_a_file: Flask, empty: Make, target: Path, identity: x25519.Identity, *, encrypted: bool
) -> None:
    with with_a_file.app_context():
        taking.take(target, envelope.Lock((identity.to_public(),)) if encrypted else None)
    whole, other = target.read_bytes(), empty()
    broken = target.with_name("broken.backup")
    with other.app_context():
        for number in range(DAMAGES):
            broken.write_bytes(_damaged(whole, number))
            with pytest.raises(envelope.BadBackupError):
                restoring.put_back(broken, envelope.Keys((identity,)))
        assert storage.is_ready()
        restoring.put_back(target, envelope.Keys((identity,)))
        assert history.verify() is None


@pytest.mark.parametrize("checkpoint", ["12", "x:abc", ":abc", "12:"])
def test_a_checkpoint_that_is_none_is_named(
    app: Flask, target: Path, tmp_path: Path, checkpoint: str
) -> None:
    target.write_text("not looked at")
    done = run(app, "restore", str(target), "--checkpoint", checkpoint)
    assert done.exit_code == 2
    assert "must be like 1234:0123abcd" in done.stderr
    assert list(tmp_path.glob("restore-*")) == []


@pytest.mark.parametrize(
    "content", [b"", b"x", b"no backup at all" * 1000, b"-----BEGIN AGE ENCRYPTED FILE-----\nx\n"]
)
def test_what_is_no_backup_is_refused(empty: Make, target: Path, content: bytes) -> None:
    target.write_bytes(content)
    with empty().app_context(), pytest.raises(envelope.BadBackupError):
        restoring.put_back(target, envelope.Keys(passphrase=PHRASE))


def test_a_key_file_without_a_key_is_named(empty: Make, target: Path) -> None:
    target.write_text("not an identity\n")
    done = run(empty(), "restore", str(target), "--identity", str(target))
    assert done.exit_code == 1
    assert "holds no age identity" in done.stderr
