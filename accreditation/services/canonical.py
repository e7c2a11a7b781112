"""One way to write data down so that the same data always has the same hash."""

import hashlib
import json


def canonical(value: object) -> bytes:
    """Write JSON-like data with sorted keys and no spaces, in UTF-8.

    It is written as a database gives it back: numbers as keys are text before they are sorted.
    """
    stored = json.loads(json.dumps(value))
    return json.dumps(stored, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256_of(value: object) -> str:
    """Hash JSON-like data in its canonical form; 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
