"""Processes killed while people write (promise F1).

    python -m drills.kills [KILLS]

Method: a throwaway installation on SQLite, served by the usual command in processes of its own.
Four people write over HTTP without a pause, with the keys that the forms give them: an operator
attaches files and sends applications, the office returns them and grants incentives, two members
of the council accredit, suspend and lift. 200 times, at a random moment after something was
acknowledged, the web process, the worker's group or everything is killed (SIGKILL); whoever was
cut off sends the same form again. Everything is started again by this drill, as a supervisor does;
the others come back alone. After every kill all invariants are checked, every file is read, and
what was acknowledged is looked for; at the end what is stored must be just that, once. Exits 0
only when nothing was lost, doubled or half done and the site was always back within 10 seconds.
"""

import random
import sys
import tempfile
from pathlib import Path

from drills.stage import installation
from drills.telling import told
from tests.faults.killing import strike_often
from tests.faults.site import Site

KINDS = ("web", "web", "worker", "all")


def main(kills: int) -> int:
    """Run the drill."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = installation(folder)
        which = random.choices(KINDS, k=kills)  # noqa: S311 - a choice, not a secret
        found = strike_often(app, Site(folder / "data"), which, folder, cases=max(kills // 4, 4))
    return told(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
