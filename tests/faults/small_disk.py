"""A disk so small that it can be filled: a file system in memory, mounted for one test."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

BLOCK = b"\0" * 64 * 1024
MAY_MOUNT = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")


class SmallDisk:
    """A mounted folder that can be filled and emptied again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self, but: int = 0) -> None:
        """Leave no byte free, or so many."""
        with suppress(OSError), self._filler.open("wb", buffering=0) as file:
            while True:
                file.write(BLOCK)
        if but:
            os.truncate(self._filler, self._filler.stat().st_size - but)

    def empty(self) -> None:
        """Take away what filled it."""
        self._filler.unlink()


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Mount a disk of so many megabytes on a new folder until the block ends."""
    folder.mkdir()
    size = f"size={megabytes}m"
    subprocess.run(["mount", "-t", "tmpfs", "-o", size, "none", str(folder)], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
