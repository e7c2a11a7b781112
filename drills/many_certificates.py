"""How long it takes to list every certificate that may be affected, among 100,000.

Method: a fresh installation on SQLite, one case accredited by the real steps, and copies of it in
the tables around its certificate (drills/multiplying.py). Then `accreditation issuance list DAY` as
a process of its own, timed from outside, and the same query inside this one. Prints the figures and
exits with 1 when the query took longer than 5 s or one is missing.

Run it with the repository's interpreter, in the repository:
`.venv/bin/python -m drills.many_certificates [CERTIFICATES]`; 100,000 need 1 GB.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.services import issuance, schemes
from drills.multiplying import Multiplier
from drills.stage import installation
from tests import factories
from workflows.application import ApplicationState

CERTIFICATES = 100_000
AROUND = frozenset(
    {
        *("operators", "sites", "applications", "decisions"),
        *("accreditations", "certificates", "documents"),
    }
)
BAR = 5  # seconds


def main() -> int:
    """Fill, ask, tell."""
    wanted = int(sys.argv[1]) if sys.argv[1:] else CERTIFICATES
    with tempfile.TemporaryDirectory() as name:
        app = installation(Path(name))
        with app.app_context(), writing():
            schemes.publish(app.extensions["settings"].scheme_dir)
            case = factories.application(ApplicationState.ACCREDITED, indicators=(1, 2))
            db.session.commit()
            for _ in Multiplier(case, AROUND).make(wanted - 1):
                pass
            today = clock.today()
            begun = time.monotonic()
            found = len(issuance.issued(today, today))
            inside = time.monotonic() - begun
        environment = {**os.environ, "DEMO": "1", "DATA_DIR": str(Path(name) / "data")}
        command = [sys.executable, "-m", "accreditation", "issuance", "list", today.isoformat()]
        begun = time.monotonic()
        listed = subprocess.run(
            command, env=environment, check=True, capture_output=True, text=True
        )
        seconds = time.monotonic() - begun
    lines = listed.stdout.count("R08-")
    figures = {"certificates": found, "listed": lines, "seconds": round(seconds, 2)}
    print(json.dumps({**figures, "seconds_of_the_query": round(inside, 2)}))
    return int(inside > BAR or found != wanted or lines < wanted)


if __name__ == "__main__":
    sys.exit(main())
