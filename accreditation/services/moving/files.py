"""The files of a move: each read, checked, stored there, and read again there."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Flask

from accreditation.services import storage


@dataclass
class Carried:
    """How many files and bytes are in the new store now, how many of them came just now."""

    files: int = 0
    size: int = 0
    new: int = 0
    lost: list[str] = field(default_factory=list)


def carry(hashes: Iterable[str], source: Flask, target: Flask) -> Carried:
    """Bring the files of these hashes from one store to the other; those there are only checked.

    Safe to run again at any time. `lost` are those that the old store does not have whole.
    AwayError when a store does not answer.
    """
    carried = Carried()
    for sha256 in hashes:
        try:
            with source.app_context():
                content = storage.get(sha256)
        except (FileNotFoundError, storage.DamagedFileError):
            carried.lost.append(sha256)
            continue
        with target.app_context():
            carried.new += _bring(sha256, content)
        carried.files += 1
        carried.size += len(content)
    return carried


def _bring(sha256: str, content: bytes) -> bool:
    """Store a file unless it is there whole; whether it was not."""
    try:
        storage.get(sha256)
    except (FileNotFoundError, storage.DamagedFileError):
        storage.put(content)
        storage.get(sha256)  # DamagedFileError when the store kept something else
        return True
    return False
