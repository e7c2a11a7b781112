"""The read replica: used for public pages as long as it follows closely enough.

A suspension or withdrawal shows everywhere within 5 s of its commit. So the replica is asked only
while it has everything that the primary had BOUND ago, which is looked at anew every INTERVAL.
"""

from threading import Lock
from time import monotonic

import structlog
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from accreditation.config import Settings
from accreditation.extensions import to_json

log = structlog.get_logger()

INTERVAL = 1.0  # seconds
BOUND = 2.0  # seconds that the replica may be behind
EXPIRES = 2.0  # seconds until an answer is too old to rely on
_WRITTEN = text("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn")
_REPLAYED = text(
    "SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn"
)  # NULL where nothing is replayed
_OPTIONS = "-c default_transaction_read_only=on -c statement_timeout=5000"


class Replica:
    """A streaming replica of the database, and what is known of how closely it follows."""

    def __init__(self, settings: Settings, primary: Engine) -> None:
        """Prepare to ask it; nothing is asked yet."""
        self.engine = create_engine(
            settings.read_database_url,
            json_serializer=to_json,
            pool_size=10,
            max_overflow=30,
            pool_timeout=2,
            connect_args={"connect_timeout": 2, "options": _OPTIONS},
        )
        self._primary = primary
        self._asking = Lock()
        self._asked_at = self._written_at = float("-inf")
        self._written = 0
        self._fresh = False

    def is_fresh(self) -> bool:
        """Say whether it may be asked now; one request in a while looks, no other waits for it."""
        if monotonic() - self._asked_at >= INTERVAL and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asking.release()
        return self._fresh and monotonic() - self._asked_at < EXPIRES

    def avoid(self) -> None:
        """Leave it alone until it is looked at again: it failed somebody."""
        self._fresh = False

    def _ask(self) -> None:
        """Compare how far the primary wrote with how far the replica read that.

        Where the primary is away the replica is what there is: nothing can be decided meanwhile.
        """
        now, written = monotonic(), _position(self._primary, "primary")
        replayed = _position(self.engine, "replica")
        known = now - self._written_at <= BOUND
        needed = self._written if known and written is not None else written
        fresh = replayed is not None and (needed is None or replayed >= needed)
        if fresh != self._fresh:
            log.info("replica_fresh" if fresh else "replica_not_fresh")
        if written is not None:
            self._written, self._written_at = written, now
        self._fresh, self._asked_at = fresh, monotonic()


def _position(engine: Engine, which: str) -> int | None:
    """Ask for a position in the log of writes, in bytes; None when there is no answer."""
    question = _WRITTEN if which == "primary" else _REPLAYED
    try:
        with engine.connect() as connection:
            found = connection.scalar(question)
    except SQLAlchemyError as error:
        log.warning("no_position", of=which, error=type(error).__name__)
        return None
    return None if found is None else int(found)
