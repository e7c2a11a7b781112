"""Several people at once: real threads, each with a context and a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing

Act = Callable[[], object]
PATIENCE = 60  # seconds until a thread that never comes fails the test


def at_once(app: Flask, *acts: Act, before: Act | None = None) -> list[object]:
    """Do things at the same moment and commit each; give what each returned or raised, in order.

    `before` is done in every thread's own transaction before they all set off together.
    """
    barrier, moment = Barrier(len(acts)), clock.now()

    def run(act: Act) -> object:
        with app.app_context(), writing(), clock.at(moment):
            try:
                if before is not None:
                    before()
                barrier.wait(PATIENCE)
                found = act()
                db.session.commit()
            except Exception as error:  # noqa: BLE001 - what it raised is what the test is about
                db.session.rollback()
                return error
            return found

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def errors(found: list[object]) -> list[Exception]:
    """Give those of the results that were raised."""
    return [one for one in found if isinstance(one, Exception)]
