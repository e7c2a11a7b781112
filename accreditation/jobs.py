"""The queue: it says when, the database says what. Everything here is safe to run twice."""

import sqlite3
import threading
import time

import structlog
from flask import Flask
from huey import RedisHuey, SqliteHuey, crontab
from redis import ConnectionPool, Redis
from redis.exceptions import RedisError

from accreditation import clock
from accreditation.config import Settings
from accreditation.services import documents, mail, turns
from accreditation.services.accounts import expiry
from accreditation.services.privacy import nightly

log = structlog.get_logger()

PATIENCE = {"socket_connect_timeout": 1.0, "socket_timeout": 2.0}  # seconds, of a hanging Redis
MINUTE = 60  # seconds
NIGHT = crontab(minute="10", hour="18")  # UTC: ten past three in Japan


class Jobs:
    """The queue of one installation: in a file beside the database, or in Redis for many."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Open the queue and register what the worker does."""
        self._app = app
        self._redis: Redis | None = None
        self.queue = self._in_redis(settings) if settings.redis_url else _in_file(settings)
        self._sweep = self.queue.task(name="sweep")(self.sweep)
        self.queue.periodic_task(crontab(minute="*"), name="sweep_every_minute")(self.tick)
        self.queue.periodic_task(NIGHT, name="night")(self.night)

    def wake(self) -> None:
        """Ask a worker to look at what is waiting."""
        self._sweep()

    def tick(self) -> bool:
        """Sweep, as every worker does every minute: of several in one minute the first does it."""
        minute = f"accreditation.minute.{int(clock.now().timestamp()) // MINUTE}"
        if self._redis is not None and not self._redis.set(minute, 1, nx=True, ex=2 * MINUTE):
            return False
        self.sweep()
        return True

    def sweep(self) -> None:
        """Make the documents and send the mails that wait, and delete what has run out.

        A document or mail that fails does not stop the others. What another worker is at is left
        to it.
        """
        with self._app.app_context():
            for document_id in documents.waiting():
                with turns.taken(f"document {document_id}") as mine:
                    if mine:
                        documents.make(document_id)
            mail.deliver_all()
            expiry.clear()

    def night(self) -> None:
        """Erase what is overdue and was announced, where the installation does so by itself."""
        with self._app.app_context():
            for problem in nightly.run():
                log.warning("not_erased", problem=problem)

    def is_ready(self) -> bool:
        """Say whether the queue answers."""
        try:
            return bool(self.queue.pending_count() >= 0)
        except (sqlite3.Error, RedisError):
            return False

    def work(self) -> None:
        """Run the worker until it is told to end."""
        log.info("worker_started", at=time.time())
        threading.Thread(target=self._look_by_itself, daemon=True).start()
        self.queue.create_consumer(workers=1, periodic=True, initial_delay=0.1, max_delay=2).run()

    def look_by_itself(self) -> bool:
        """Sweep without the queue while that is away; say whether it was."""
        if self.is_ready():
            return False
        log.warning("queue_away")
        self.sweep()
        return True

    def _look_by_itself(self) -> None:
        while True:
            time.sleep(MINUTE)
            try:
                self.look_by_itself()
            except Exception:
                log.exception("sweep_failed")

    def _in_redis(self, settings: Settings) -> RedisHuey:
        pool = ConnectionPool.from_url(settings.redis_url, **PATIENCE)
        self._redis = Redis(connection_pool=pool)
        return RedisHuey("accreditation", connection_pool=pool)


def _in_file(settings: Settings) -> SqliteHuey:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    queue = SqliteHuey("accreditation", filename=str(settings.data_dir / "queue.db"))
    queue.storage.close()  # opened to make its table; a server forks after this
    return queue
