"""PostgreSQL restarted while people write (promise F6).

    python -m drills.database_restarts [RESTARTS]

Method: a throwaway PostgreSQL and a site on it, served by the usual command. Four people write as
in `drills.kills`. At random moments the database is restarted at once (`pg_ctl -m immediate`), in
the middle of whatever it does. Whoever is told to try again, or is cut off, sends the same form
again. The time until the check page answers counts from the moment at which PostgreSQL takes
connections again. Exits 0 only when nothing was lost, doubled or half done and that was within
5 seconds each time.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from drills.stage import installation
from drills.telling import told
from tests.cluster import Cluster
from tests.faults import killing
from tests.faults.site import Site

SOON = 5.0  # seconds


@dataclass
class OnPostgreSQL(Site):
    """A site whose database can be restarted."""

    cluster: Cluster | None = None

    def strike(self, which: str) -> None:
        """Restart the database, or what else a site has."""
        if which == "database" and self.cluster is not None:
            self.cluster.restart()
        else:
            super().strike(which)


def main(restarts: int) -> int:
    """Run the drill."""
    killing.LONGEST = SOON
    with tempfile.TemporaryDirectory() as name, Cluster.started(durable=True) as cluster:
        folder, address = Path(name), cluster.new_database("drill")
        app = installation(folder, address)
        site = OnPostgreSQL(folder / "data", {"DATABASE_URL": address}, cluster=cluster)
        faults = ["database"] * restarts
        found = killing.strike_often(app, site, faults, folder, cases=max(restarts, 4))
    return told(found)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
