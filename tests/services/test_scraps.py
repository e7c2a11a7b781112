"""Folders of scraps: each process has its own, and none stays behind."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from accreditation.services.scraps import Scraps

OLD = 61  # seconds
HOLDS_ONE = (
    "from accreditation.services.scraps import Scraps; s = Scraps(); print(s.folder); input()"
)


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that is this test's alone."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def grown_old(folder: Path) -> None:
    before = folder.stat().st_mtime - OLD
    os.utime(folder, (before, before))


def test_what_a_killed_process_left_goes_when_the_next_begins(place: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(place)},
        text=True,
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        (left / "a name").write_text("a page")
        grown_old(left)
        first = Scraps()
        assert left.exists(), "its process lives"
        other.send_signal(signal.SIGKILL)
    second = Scraps()
    assert not left.exists()
    assert {first.folder, second.folder} == set(place.iterdir())
    for one in (first, second):
        one.remove()
    assert list(place.iterdir()) == []


def test_a_folder_that_is_being_made_and_files_of_others_stay(place: Path) -> None:
    young, other = place / "accreditation-press-young", place / "another"
    for folder in (young, other):
        folder.mkdir()
    grown_old(other)
    target = place / "target"
    target.mkdir()
    (place / "accreditation-press-link").symlink_to(target)
    Scraps().remove()
    assert {one.name for one in place.iterdir()} == {
        "accreditation-press-young",
        "accreditation-press-link",
        "another",
        "target",
    }
