"""Faults of the disk below the store of files; within a context of the application."""

from flask import current_app
from obstore.store import LocalStore


def lose(sha256: str) -> None:
    """Let a stored file be gone."""
    _store().delete(_path(sha256))


def bend(sha256: str) -> None:
    """Let a stored file hold other bytes."""
    _store().put(_path(sha256), b"bent", mode="overwrite")


def _store() -> LocalStore:
    store: LocalStore = current_app.extensions["store"]
    return store


def _path(sha256: str) -> str:
    return f"{sha256[:2]}/{sha256}"
