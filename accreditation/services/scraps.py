"""A folder for a process's scraps, which goes with it; also when everything was killed at once."""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PREFIX = "accreditation-press-"
_YOUNG = 60  # seconds in which a folder may be there and not locked yet


class Scraps:
    """A new folder, locked as long as this process lives: that tells it from one left behind."""

    def __init__(self) -> None:
        """Make and lock the folder, and remove those that nobody holds any more."""
        _remove_left_behind()
        self.folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = _locked(self.folder)

    def remove(self) -> None:
        """Remove the folder; what others hold open in it does not hinder that."""
        shutil.rmtree(self.folder, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _remove_left_behind() -> None:
    """Remove folders of processes that were killed; those of other users are not touched."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            found = folder.lstat()
            mine = found.st_uid == os.getuid() and not folder.is_symlink()
            if mine and found.st_mtime < time.time() - _YOUNG and (lock := _locked(folder)):
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock a folder and give what holds it until it is closed; None when another process does."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
