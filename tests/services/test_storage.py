"""The store of files: what was put is what is read, or it is said loudly."""

import hashlib
from pathlib import Path

import pytest
from flask import Flask

from accreditation.config import Settings
from accreditation.services import storage


def _file(settings: Settings, sha256: str) -> Path:
    return settings.data_dir / "files" / sha256[:2] / sha256


def test_bytes_lie_under_their_hash(context: Flask, settings: Settings) -> None:
    del context
    sha256 = storage.put(b"evidence")
    assert sha256 == hashlib.sha256(b"evidence").hexdigest()
    assert _file(settings, sha256).read_bytes() == b"evidence"
    assert storage.get(sha256) == b"evidence"


def test_the_same_bytes_lie_once(context: Flask, settings: Settings) -> None:
    del context
    assert storage.put(b"twice") == storage.put(b"twice")
    assert len([path for path in (settings.data_dir / "files").rglob("*") if path.is_file()]) == 1


def test_a_damaged_file_is_not_served(context: Flask, settings: Settings) -> None:
    del context
    sha256 = storage.put(b"evidence")
    _file(settings, sha256).write_bytes(b"evidencf")
    with pytest.raises(storage.DamagedFileError):
        storage.get(sha256)


def test_a_torn_file_is_whole_again_when_its_bytes_come_again(
    context: Flask, settings: Settings
) -> None:
    del context
    sha256 = storage.put(b"evidence")
    _file(settings, sha256).write_bytes(b"")
    storage.put(b"evidence")
    assert storage.get(sha256) == b"evidence"


def test_a_file_that_is_not_there_is_named_as_such(context: Flask) -> None:
    del context
    with pytest.raises(FileNotFoundError):
        storage.get("0" * 64)


def test_a_ready_store_says_so(context: Flask) -> None:
    del context
    assert storage.is_ready()
