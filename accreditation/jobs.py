"""The queue: it says when, the database says what. Everything here is safe to run twice."""

import sqlite3
import time

import structlog
from flask import Flask
from huey import SqliteHuey, crontab

from accreditation.config import Settings
from accreditation.services import documents, mail
from accreditation.services.accounts import expiry
from accreditation.services.privacy import nightly

log = structlog.get_logger()

NIGHT = crontab(minute="10", hour="18")  # UTC: ten past three in Japan


class Jobs:
    """The local queue of one installation, in a file of its own beside the database."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Open the queue and register what the worker does."""
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        self._app = app
        self.queue = SqliteHuey("accreditation", filename=str(settings.data_dir / "queue.db"))
        self.queue.storage.close()  # opened to make its table; a server forks after this
        self._sweep = self.queue.task(name="sweep")(self.sweep)
        self.queue.periodic_task(crontab(minute="*"), name="sweep_every_minute")(self.sweep)

        self.queue.periodic_task(NIGHT, name="night")(self.night)

    def wake(self) -> None:
        """Ask the worker to look at what is waiting."""
        self._sweep()

    def sweep(self) -> None:
        """Make the documents and send the mails that wait, and delete what has run out.

        A document or mail that fails does not stop the others.
        """
        with self._app.app_context():
            for document_id in documents.waiting():
                documents.make(document_id)
            for mail_id in mail.waiting():
                mail.deliver(mail_id)
            expiry.clear()

    def night(self) -> None:
        """Erase what is overdue and was announced, where the installation does so by itself."""
        with self._app.app_context():
            for problem in nightly.run():
                log.warning("not_erased", problem=problem)

    def is_ready(self) -> bool:
        """Say whether the queue's file answers."""
        try:
            return bool(self.queue.pending_count() >= 0)
        except sqlite3.Error:
            return False

    def work(self) -> None:
        """Run the worker until it is told to end."""
        log.info("worker_started", at=time.time())
        self.queue.create_consumer(workers=1, periodic=True, initial_delay=0.1, max_delay=2).run()
