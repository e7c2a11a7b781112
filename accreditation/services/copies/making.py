"""Making a copy without metadata: one way for each type, and an error rather than the original.

A copy is made whenever somebody asks for it and is stored nowhere: there is nothing more to back
up, to erase or to keep in step, and a better way of making holds for all files at once.
"""

from collections.abc import Callable

from accreditation.services.copies import office_files, pdfs, pictures
from accreditation.services.copies.refusing import CannotCleanError

VERSION = 1  # of the ways below, for those who keep a copy of a copy; another one, another number

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_WAYS: dict[str, Callable[[bytes], bytes]] = {
    "application/pdf": pdfs.cleaned,
    "image/jpeg": pictures.redrawn,
    "image/png": pictures.redrawn,
    "image/webp": pictures.redrawn,
    f"{_OPEN_XML}spreadsheetml.sheet": office_files.cleaned,
    f"{_OPEN_XML}wordprocessingml.document": office_files.cleaned,
    "text/csv": lambda content: content,  # holds nothing but what it shows
}


def copy_of(content: bytes, media_type: str) -> bytes:
    """Give a copy without place, author, device and other metadata; CannotCleanError without one.

    The error's text is the kind of what went wrong, never anything out of the file.
    """
    way = _WAYS.get(media_type)
    if way is None:
        message = "no way for this type"
        raise CannotCleanError(message)
    try:
        return way(content)
    except CannotCleanError:
        raise
    except Exception as error:  # noqa: BLE001 - made for it, a file can let a parser raise anything
        raise CannotCleanError(type(error).__name__) from None
