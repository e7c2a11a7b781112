"""How long a backup and its restore take, and whether all is true in the copy.

Method: a fresh installation on SQLite; one case accredited by the real steps and copies of it with
all their rows and entries of the history (drills/multiplying.py), each with a file of evidence of
its own, random bytes (nothing to compress). Then `accreditation backup`, the original is removed,
and `accreditation restore`, `invariants --files` and `history verify` follow on the copy, each as a
process of its own, encrypted with age, timed from outside, with the largest memory that any took.
Prints the figures and exits with 1 when one is over its bar (a minute for each GB, 300 s) or a
check fails.

Run it with the repository's interpreter, in the repository:
`.venv/bin/python -m drills.backup [FOLDER]`; the folder needs 4 GB for each GB of
evidence. Settings: CASES (1,000), EVIDENCE_MB (1,024).
"""

import json
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pyrage import x25519

from accreditation.extensions import db, writing
from accreditation.services import evidence, schemes, storage
from drills.multiplying import Multiplier
from drills.stage import installation
from tests import factories

MEGABYTE = 1024 * 1024
CASES = int(os.environ.get("CASES", "1000"))
EVIDENCE = int(os.environ.get("EVIDENCE_MB", "1024")) * MEGABYTE
RTO = 300  # seconds
MINUTE = 60


def fill(folder: Path) -> None:
    """Make an installation of the size wanted."""
    app = installation(folder)
    with app.app_context(), writing():
        schemes.publish(app.extensions["settings"].scheme_dir)
        case = factories.draft(indicators=(1, 2))
        evidence.attach(case, "1-1", factories.file_of(case))
        factories.submit(case)
        factories.accept(case)
        for _ in range(2):
            factories.handed_in_review(case)
        factories.office_step("list")(case)
        factories.decide(case)
        db.session.commit()
    app.extensions["jobs"].sweep()  # makes the certificate and sends the mails
    with app.app_context(), writing():
        for rows in Multiplier(db.session.get_one(type(case), 1)).make(CASES - 1):
            for row in rows:
                row["size"] = EVIDENCE // CASES
                row["sha256"] = storage.put(secrets.token_bytes(row["size"]))


def timed(folder: Path, *arguments: str, **settings: str) -> float:
    """Run the console command; give its seconds."""
    environment = {**os.environ, "DEMO": "1", "DATA_DIR": str(folder), **settings}
    begun = time.monotonic()
    subprocess.run([sys.executable, "-m", "accreditation", *arguments], env=environment, check=True)
    return time.monotonic() - begun


def main() -> int:
    """Fill, back up, restore, tell."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if sys.argv[1:] else None) as name:
        root = Path(name)
        key, file = x25519.Identity.generate(), root / "all.backup"
        (root / "key.txt").write_text(str(key), encoding="utf-8")
        fill(root / "here")
        recipients = str(key.to_public())
        here, there = root / "here" / "data", root / "there"
        took = {"backup": timed(here, "backup", str(file), BACKUP_RECIPIENTS=recipients)}
        size = file.stat().st_size / MEGABYTE
        shutil.rmtree(root / "here")
        restored = ("restore", "--identity", str(root / "key.txt"), str(file))
        took["restore"] = timed(there, *restored)
        took["invariants"] = timed(there, "invariants", "--files")
        took["history"] = timed(there, "history", "verify")
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    took = {name: round(seconds, 1) for name, seconds in took.items()}
    figures = {"cases": CASES, "file_mb": round(size), "largest_memory_mb": memory}
    print(json.dumps({"seconds": took, **figures}))
    return int(took["backup"] > MINUTE * max(1, size / 1024) or took["restore"] > RTO)


if __name__ == "__main__":
    sys.exit(main())
