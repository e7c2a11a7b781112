"""Serving: gunicorn with threads, and the worker as a child that never outlives it."""

import os
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import click
import structlog
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from accreditation.config import Settings
from accreditation.demo import cast
from accreditation.jobs import Jobs
from accreditation.wire import Worker, reading

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = structlog.get_logger()

PATIENCE = 15  # seconds that the worker has to finish what it is doing
RESTART_AFTER = 2.0  # seconds before a worker that ended is started again


class Quiet(Logger):  # type: ignore[misc] # the library comes without types
    """The library's log without its words: they hold addresses, of pages and of people."""

    def exception(self, msg: str, *args: object, **given: object) -> None:
        """Say what kind of error it was and where it arose."""
        del args, given
        if isinstance(sys.exception(), BlockingIOError):
            return  # a client that stood still: no fault of ours
        # The sentence as it stands: its places are not filled.
        log.error("server_error", said=msg, exc_info=sys.exception())


class Server(BaseApplication):  # type: ignore[misc] # the library comes without types
    """One process with many threads: a slow client keeps a thread, not the site."""

    def __init__(self, app: Flask) -> None:
        """Keep the application for gunicorn to ask for, and the worker beside it."""
        self.application = app
        self.settings: Settings = app.extensions["settings"]
        self.ending = threading.Event()
        self.worker: subprocess.Popen[bytes] | None = None
        super().__init__()

    def load_config(self) -> None:
        """Set gunicorn up."""
        options: dict[str, Any] = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": 1,  # one process: without Redis, tries to sign in are counted in it
            "threads": self.settings.threads,
            "worker_class": Worker,
            "graceful_timeout": 20,
            "logger_class": Quiet,
            "forwarded_allow_ips": "",  # `front` alone says which proxies are believed
            "control_socket_disable": True,  # a second way in that nobody here uses
            "loglevel": "error",  # its warnings name who sent a broken request and what it held
            "when_ready": lambda _arbiter: self.ready(),
            "on_exit": lambda _arbiter: self.end(),
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        """Give gunicorn the application."""
        return reading(self.application)

    def ready(self) -> None:
        """Say where the site is, and start the worker unless it runs elsewhere."""
        if self.settings.demo:
            click.echo(f"\n{cast.listing(self.settings.data_dir)}")
        click.echo(f"\nThe site is at {self.settings.site_address}\n")
        if self.settings.worker:
            threading.Thread(target=self._keep_worker, daemon=True).start()

    def end(self) -> None:
        """End the worker with the server; what it had not done waits in the database."""
        self.ending.set()
        if self.worker is not None:
            self.worker.terminate()
            try:
                self.worker.wait(timeout=PATIENCE)
            except subprocess.TimeoutExpired:
                self.worker.kill()

    def _keep_worker(self) -> None:
        command = [sys.executable, "-m", "accreditation", "worker", "--until-parent-ends"]
        while not self.ending.is_set():
            # In a group of its own: Ctrl-C is for the server, which then ends its worker.
            self.worker = subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.PIPE, process_group=0
            )
            self.worker.wait()
            self.ending.wait(RESTART_AFTER)


def serve(app: Flask) -> None:
    """Serve until told to end."""
    Server(app).run()


def work(jobs: Jobs, *, until_parent_ends: bool) -> None:
    """Work until told to end, or until the pipe from the parent closes."""
    if until_parent_ends:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    jobs.work()


def _end_with_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
