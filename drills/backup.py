"""How long a backup and its restore take: 1 GB of evidence beside 200 MB of database.

Method: a fresh installation on SQLite; random bytes (nothing to compress) as 512 files of 2 MB in
the store, each with its row, and frozen submissions of random text until the database holds 200 MB.
Then `accreditation backup` and `accreditation restore` as processes of their own, encrypted with
age, timed from outside, with the largest memory that either took. Prints the figures and exits
with 1 when one is over its bar (60 s, 300 s).

Run it with the repository's interpreter, in the repository:
`PYTHONPATH=. .venv/bin/python drills/backup.py [FOLDER]`; the folder needs 5 GB. A smaller run:
EVIDENCE_MB=64 DATABASE_MB=16.
"""

import json
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from flask_migrate import upgrade
from pyrage import x25519

from accreditation import create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import Submission
from accreditation.services import evidence, schemes, storage
from accreditation.services.canonical import sha256_of
from tests import factories

MEGABYTE = 1024 * 1024
FILE = 2 * MEGABYTE
EVIDENCE = int(os.environ.get("EVIDENCE_MB", "1024")) * MEGABYTE
DATABASE = int(os.environ.get("DATABASE_MB", "200")) * MEGABYTE
BARS = {"backup": 60, "restore": 300}  # seconds


def fill(folder: Path) -> None:
    """Make an installation of the size wanted."""
    app = create_app(load_settings(data_dir=folder, demo=True))
    with app.app_context(), writing():
        upgrade()
        schemes.publish(app.extensions["settings"].scheme_dir)
        case = factories.draft()
        owner = factories.owner_of(case.site.operator)
        for number in range(EVIDENCE // FILE):
            content = secrets.token_bytes(FILE)
            stored = evidence.Stored(f"{number}.pdf", "application/pdf", FILE, storage.put(content))
            evidence.accept(case, owner, stored)
        for number in range(DATABASE // MEGABYTE):
            frozen = {"answers": {}, "text": secrets.token_hex(MEGABYTE // 2)}
            db.session.add(
                Submission(
                    application=case,
                    number=number + 1,
                    content=frozen,
                    sha256=sha256_of(frozen),
                    sent_by=owner,
                    sent_at=case.created_at,
                )
            )
            db.session.flush()
            db.session.expire_all()
        db.session.commit()


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
        took = {"backup": timed(root / "here", "backup", str(file), BACKUP_RECIPIENTS=recipients)}
        restored = ("restore", "--identity", str(root / "key.txt"), str(file))
        took["restore"] = timed(root / "there", *restored)
        memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
        size = file.stat().st_size // MEGABYTE
    print(json.dumps({"seconds": took, "file_mb": size, "largest_memory_mb": memory}))
    return int(any(took[one] > bar for one, bar in BARS.items()))


if __name__ == "__main__":
    sys.exit(main())
