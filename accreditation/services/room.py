"""Room on the disk: files are taken only while enough is left for everything else to go on.

The database grows with every decision and must never wait for room that a photograph took.
"""

import shutil

from flask import current_app

from accreditation.config import MEGABYTE, Settings
from accreditation.services.errors import ServiceError
from workflows.engine import N_


class NoRoomError(ServiceError):
    """A file that finds no room now; the text that came with it does."""

    def __init__(self) -> None:
        """Say it beside the file."""
        why = N_(
            "The server has no room for files just now, so this file was not taken."
            " Please add it again later."
        )
        super().__init__(why, field="file")


def require(size: int) -> None:
    """Ask for room for so many bytes; NoRoomError when less than the floor would be left.

    Files that go to a bucket take none of this machine.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.store_url:
        return
    if shutil.disk_usage(settings.data_dir).free - size < settings.free_megabytes * MEGABYTE:
        raise NoRoomError
