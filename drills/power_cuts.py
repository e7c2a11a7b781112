"""The power cut while people write (promise F2).

    python -m drills.power_cuts [CUTS]

Method: a throwaway installation on a disk of its own (ext4 in a file, by a loop device; only root
may mount it). Four people write as in `drills.kills`; one of them attaches files. At random moments
the file system is shut down without flushing anything, its journal neither (EXT4_IOC_SHUTDOWN with
NOLOGFLUSH): what was not on the disk yet is gone. Every process is killed, the disk mounted again,
which replays its journal, and the site started. Everything acknowledged before has to be there, all
invariants have to hold and every file that a row names has to be whole. Exits 0 only when nothing
was lost, doubled, torn or half done.
"""

import fcntl
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from drills.stage import installation
from drills.telling import told
from tests.faults.killing import strike_often
from tests.faults.site import PATIENCE, Site

SIZE = 1024 * 1024 * 1024  # bytes of the disk
SHUTDOWN = 0x8004587D  # EXT4_IOC_SHUTDOWN of linux/fs/ext4/ext4.h: _IOR('X', 125, __u32)
NO_FLUSH = struct.pack("I", 2)  # EXT4_GOING_FLAGS_NOLOGFLUSH


@dataclass
class Disk:
    """A file with a file system in it, and where it is mounted."""

    image: Path
    folder: Path

    def mount(self) -> None:
        """Mount it; after a cut its journal is replayed."""
        subprocess.run(["mount", "-o", "loop", self.image, self.folder], check=True)

    def unmount(self) -> None:
        """Unmount it as soon as nobody uses it any more."""
        until = time.monotonic() + PATIENCE
        while subprocess.run(["umount", self.folder], check=False, capture_output=True).returncode:
            if time.monotonic() > until:
                raise TimeoutError(self.folder)
            time.sleep(0.1)

    def cut(self) -> None:
        """Let nothing reach the disk any more, from this moment on."""
        handle = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(handle, SHUTDOWN, NO_FLUSH)
        finally:
            os.close(handle)


@contextmanager
def a_disk(folder: Path) -> Iterator[Disk]:
    """Make a disk and mount it until the block ends."""
    disk = Disk(folder / "image", folder / "disk")
    disk.folder.mkdir()
    with disk.image.open("wb") as file:
        file.truncate(SIZE)
    subprocess.run(["mkfs.ext4", "-q", disk.image], check=True)
    disk.mount()
    try:
        yield disk
    finally:
        disk.unmount()


@dataclass
class OnDisk(Site):
    """A site on such a disk."""

    disk: Disk = field(default_factory=lambda: Disk(Path(), Path()))

    def strike(self, which: str) -> None:
        """Cut the power, and come back."""
        if which != "power":
            super().strike(which)
            return
        self.disk.cut()
        self.kill("all")
        self.disk.unmount()
        self.disk.mount()
        self.start()


def main(cuts: int) -> int:
    """Run the drill."""
    with tempfile.TemporaryDirectory() as name, a_disk(Path(name)) as disk:
        app = installation(disk.folder)
        site = OnDisk(disk.folder / "data", disk=disk)
        found = strike_often(app, site, ["power"] * cuts, Path(name), cases=max(cuts // 2, 4))
    return told(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50))
