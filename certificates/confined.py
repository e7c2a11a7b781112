"""Confinement of a process that renders: no network, no other program, no file but its own.

Two fences. The hook stops Python code, whatever the system; the limits and, where the system
allows it, a network of its own that leads nowhere hold the libraries beneath.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from pathlib import Path

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space; a certificate takes about a third of it."""
_FILE_SIZE = 64 * 1024 * 1024
_OPEN_FILES = 128
_NEW_NETWORK_OF_A_NEW_USER = 0x40000000 | 0x10000000  # CLONE_NEWNET | CLONE_NEWUSER
_DEVICES = ("/dev/null", "/dev/urandom")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_FORBIDDEN = (
    *("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.system", "os.kill", "ctypes.dlopen"),
)
_CHANGES = {"os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink"}
_CHANGES |= {"os.truncate", "os.chmod", "os.chown"}


class ForbiddenError(BaseException):
    """What a document may not do; no handler of a library for its own errors catches it."""


def leave_the_network() -> bool:
    """Move this process into a network without any way out; False where the system forbids it.

    To be called before any thread is started. The user stays who it was.
    """
    user, group = os.getuid(), os.getgid()
    if not sys.platform.startswith("linux"):
        return False
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_NETWORK_OF_A_NEW_USER) != 0:
        return False
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")
    return True


def limit(memory: int = MEMORY) -> None:
    """Bound memory, files and their size; a crash leaves no image of the memory behind."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, _FILE_SIZE),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


def forbid(readable: list[Path], writable: Path) -> None:
    """From now on let this process read some folders and write one, and open nothing else.

    Can't be taken back.
    """
    write = _inside(writable)
    read = (*write, *(prefix for folder in readable for prefix in _inside(folder)))

    def check(event: str, given: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise ForbiddenError(event)
        if event == "open":
            writes = isinstance(given[2], int) and given[2] & _WRITING
            require(given[:1], write if writes else read)
        elif event in _CHANGES:
            require(given, write)

    def require(given: tuple[object, ...], folders: tuple[str, ...]) -> None:
        for path in given:
            if isinstance(path, str | bytes):
                real = os.path.realpath(os.fsdecode(path))
                if real not in _DEVICES and not f"{real}{os.sep}".startswith(folders):
                    raise ForbiddenError(real)

    sys.addaudithook(check)


def _inside(folder: Path) -> tuple[str, ...]:
    return (f"{folder.resolve()}{os.sep}",)
