"""Name every text that is not translated, doubtful (fuzzy) or has lost a placeholder.

Exit code 0 when there is none. No file at all is a fault too. English needs none: it is the
language of the code.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

LANGUAGES = Path(__file__).parent.parent / "accreditation/translations"


def placeholders(text: str) -> set[str]:
    """Give the names in ``%(name)s``."""
    return set(re.findall(r"%\((\w+)\)", text))


def forms(text: str | Sequence[str] | None) -> tuple[str, ...]:
    """Give the singular, or the singular and the plurals; the last is the fullest."""
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def faults(message: Message) -> Iterator[str]:
    """What is wrong with one entry, in words."""
    source, target = forms(message.id), forms(message.string)
    if not all(target):
        yield "not translated"
    elif message.fuzzy:
        yield "marked as fuzzy"
    elif placeholders(source[-1]) != placeholders(target[-1]):
        yield "other placeholders than in English"
    else:
        yield from (str(error) for error in message.check())


def main() -> int:
    """Check the files of all languages."""
    found = 0
    sources = sorted(LANGUAGES.glob("*/LC_MESSAGES/*.po"))
    for source in sources:
        with source.open("rb") as readable:
            catalogue = read_po(readable, locale=source.parts[-3], abort_invalid=True)
        for message in catalogue:
            for fault in faults(message) if message.id else ():
                found += 1
                print(f"{source.parts[-3]}: {fault}: {message.id!r}")
    return 1 if found or not sources else 0


if __name__ == "__main__":
    sys.exit(main())
