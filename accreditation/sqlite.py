"""SQLite as this system uses it: safe settings, and the writers of one process take turns.

SQLite lets no queue form: whoever finds its lock taken looks again after a while, and of fifty
writers the unlucky one waits very long. So the writers of this process queue here; the lock itself
is fought for by one of them only, with those of other processes: the worker and the commands.
"""

from collections import deque
from threading import Event, Lock
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import TimeoutError as WaitedTooLongError

# Together well under the minute after which web servers in front give up: whoever waited in vain
# gets our own page, which keeps what was typed.
BUSY = 6.0  # seconds for the lock of the file
TURN = 12.0  # seconds for one's turn in this process
_HELD = "turn"


class Turns:
    """The queue of this process's writers; a transaction holds its turn to its very end.

    Who comes first writes first: a plain lock goes to whoever is quickest, again and again.
    """

    def __init__(self, patience: float = TURN) -> None:
        """Begin with nobody writing; `patience` is in seconds."""
        self._patience = patience
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Event] = deque()

    def take(self, info: dict[Any, Any]) -> None:
        """Wait for a connection's turn; sqlalchemy.exc.TimeoutError when it does not come."""
        if not info.get(_HELD):
            self._wait()
            info[_HELD] = True

    def give_up(self, info: dict[Any, Any]) -> None:
        """End a connection's turn, to the first that waits; one that has none is no error."""
        if not info.pop(_HELD, False):
            return
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._taken = False

    def _wait(self) -> None:
        with self._guard:
            if not self._taken:
                self._taken = True
                return
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(self._patience):
            return
        with self._guard:
            if not mine.is_set():  # else it came in the last moment
                self._waiting.remove(mine)
                raise WaitedTooLongError("the writers before this one take too long")


def configure(connection: Any, record: object) -> None:  # noqa: ANN401 - a driver's own type
    """Give a new connection its safe settings."""
    del record
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={BUSY * 1000:.0f}",  # first: even the next line may have to wait
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL lost acknowledged commits in simulated power cuts
        "foreign_keys=ON",
        "recursive_triggers=ON",  # else INSERT OR REPLACE deletes without asking the triggers
    ):
        # nosemgrep: sql-from-values - the words stand above
        connection.execute(f"PRAGMA {pragma}")


def begin(connection: Connection, turns: Turns, *, writes: bool) -> None:
    """Begin a transaction; one that will write takes its turn, and the lock at once.

    A transaction that reads first and writes later would fail at once when another one wrote
    meanwhile, however patient its time-out.
    """
    if writes:
        turns.take(connection.info)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
