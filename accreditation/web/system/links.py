"""Links in the plain text of a mail: only those into our own site become ones to click."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Piece:
    """A piece of a text; with a path within this site where it is a link."""

    text: str
    path: str = ""


def linked(body: str, site_address: str) -> list[Piece]:
    """Cut a text into pieces: links into this site, and everything else.

    An address that only begins like ours (another port, a longer host) is no link.
    """
    link = re.compile(rf"({re.escape(site_address)}/[\w\-./?=&%#]*)")
    parts = link.split(body)
    return [
        Piece(part, part.removeprefix(site_address) if place % 2 else "")
        for place, part in enumerate(parts)
        if part
    ]
