"""Several people at once: real threads, each with a context and a transaction of its own."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime
from functools import partial
from threading import Barrier

from flask import Flask
from sqlalchemy import text

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.services import history

Act = Callable[[], object]
PATIENCE = 60  # seconds until a thread that never comes fails the test
_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def at_once(app: Flask, *acts: Act, before: Act | None = None) -> list[object]:
    """Do things at the same moment and commit each; give what each returned or raised, in order.

    `before` is done in every thread's own transaction before they all set off together.
    """
    barrier, moment = Barrier(len(acts)), clock.now()

    def set_off(act: Act) -> object:
        if before is not None:
            before()
        barrier.wait(PATIENCE)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        begun = [pool.submit(_alone, app, partial(set_off, act), moment) for act in acts]
        return [_outcome(one) for one in begun]


def behind(app: Flask, act: Act, then: Act) -> object:
    """Let one wait for the history, do something else meanwhile and commit; on PostgreSQL only.

    Gives what the waiting one returned or raised, as `at_once` does.
    """
    with ThreadPoolExecutor(1) as pool, app.app_context(), writing():
        history.lock()
        waiting = pool.submit(_alone, app, act, clock.now())
        deadline = time.monotonic() + PATIENCE
        while not db.session.scalar(_WAITING):
            assert time.monotonic() < deadline, "it does not wait"
            time.sleep(0.02)
        then()
        db.session.commit()
        return _outcome(waiting)


def _alone(app: Flask, act: Act, moment: datetime) -> object:
    with app.app_context(), writing(), clock.at(moment):
        found = act()
        db.session.commit()
        return found


def _outcome(begun: Future[object]) -> object:
    return begun.exception(PATIENCE) or begun.result()


def errors(found: list[object]) -> list[Exception]:
    """Give those of the results that were raised."""
    return [one for one in found if isinstance(one, Exception)]
