"""How long it takes to verify a history of a million entries.

Method: a fresh installation on SQLite; a million entries in the form in which they are written,
each with details, chained as the system chains them. Then `accreditation history verify` as a
process of its own, timed from outside, with the most memory that it took. Then one letter in the
details of the last entry but ten is changed behind the system's back, and it has to be named.
Prints the figures and exits with 1 when one is over its bar (10 s, 500 MB) or nothing was found.

Run it with the repository's interpreter, in the repository:
`.venv/bin/python -m drills.long_history [ENTRIES]`; a million needs 2 GB of disk.
"""

import hashlib
import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import HistoryDetail, HistoryEntry, HistoryHead
from accreditation.services.canonical import canonical, sha256_of
from accreditation.services.history import GENESIS
from drills.stage import installation
from tests import triggers

ENTRIES = 1_000_000
AT_ONCE = 10_000
SECONDS, MEGABYTES = 10, 500  # the bars


def chained(entries: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Make entries with their details, one after the other."""
    previous, at = GENESIS, clock.now()
    for sequence in range(1, entries + 1):
        content = {
            "details": {},
            "name": "見本 花子",
            "note": f"見本の理由 {sequence}",
            "person": 1,
        }
        salt = secrets.token_hex(32)
        entry: dict[str, Any] = {
            "sequence": sequence,
            "at": at,
            "subject_type": "application",
            "subject_id": sequence // 10 + 1,
            "application_id": sequence // 10 + 1,
            "act": "accept",
            "party": "office",
            "from_state": "submitted",
            "to_state": "in_review",
            "commitment": sha256_of_bytes(salt.encode() + canonical(content)),
            "previous_hash": previous,
        }
        previous = sha256_of([*({**entry, "at": at.isoformat()}).values()])
        detail = {"sequence": sequence, "salt": salt, "content": content}
        yield {**entry, "hash": previous}, detail


def sha256_of_bytes(content: bytes) -> str:
    """Hash bytes; 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def fill(entries: int) -> None:
    """Write the history down without the acts that lead to it."""
    waiting: list[tuple[dict[str, Any], dict[str, Any]]] = []
    last = ""
    for one in chained(entries):
        waiting.append(one)
        last = one[0]["hash"]
        if len(waiting) == AT_ONCE or one[0]["sequence"] == entries:
            db.session.execute(insert(HistoryEntry), [entry for entry, _ in waiting])
            db.session.execute(insert(HistoryDetail), [detail for _, detail in waiting])
            waiting.clear()
    db.session.execute(insert(HistoryHead), [{"id": 1, "sequence": entries, "hash": last}])
    db.session.commit()


def verified(folder: Path) -> tuple[float, int, str]:
    """Run the command; give its seconds, its exit code and its last words."""
    environment = {**os.environ, "DEMO": "1", "DATA_DIR": str(folder / "data")}
    command = [sys.executable, "-m", "accreditation", "history", "verify"]
    begun = time.monotonic()
    ended = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    return time.monotonic() - begun, ended.returncode, (ended.stdout + ended.stderr).strip()


def main() -> int:
    """Fill, verify, tamper, verify, tell."""
    entries = int(sys.argv[1]) if sys.argv[1:] else ENTRIES
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = installation(folder)
        with app.app_context(), writing():
            fill(entries)
        seconds, code, said = verified(folder)
        whole = code == 0 and said.endswith("The history is whole.")
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        memory, busy = used.ru_maxrss // 1024, round(used.ru_utime + used.ru_stime, 1)
        with app.app_context(), writing():
            triggers.drop("history_details")
            changed = text(
                "UPDATE history_details SET content = replace(content, '理由', '理申')"
                " WHERE sequence = :at"
            )
            db.session.execute(changed, {"at": entries - 10})
            db.session.commit()
        _, code, said = verified(folder)
        found = code != 0 and f"entry {entries - 10}: the details were changed" in said
    figures = {"entries": entries, "seconds": round(seconds, 1), "seconds_of_a_core": busy}
    figures["largest_memory_mb"] = memory
    print(json.dumps({**figures, "whole": whole, "tampering_found": found}))
    return int(not whole or not found or seconds > SECONDS or memory > MEGABYTES)


if __name__ == "__main__":
    sys.exit(main())
