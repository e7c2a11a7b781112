"""Loading the demonstration, once: every scenario is acted out in the order of its dates."""

import heapq
from collections.abc import Iterable
from datetime import datetime
from itertools import count

from flask import current_app

from accreditation import clock
from accreditation.config import Settings
from accreditation.demo import made_up, published
from accreditation.demo.real import Years
from accreditation.demo.stage import Scenario, Stage, moment
from accreditation.extensions import db
from accreditation.services import schemes
from accreditation.services.accounts import people


def once() -> bool:
    """Publish the scheme and load the demonstration in one transaction, unless it is there.

    Nothing is half done when it is stopped: the next start begins anew. Says whether it loaded.
    """
    settings: Settings = current_app.extensions["settings"]
    if people.demonstration_people():
        return False
    entries = published.read()
    beginning = min(Years.beginning_of(entries), made_up.beginning_of(clock.today()))
    with clock.at(moment(beginning)):
        schemes.publish(settings.scheme_dir)
        version = schemes.current()
        if version is None:
            message = f"{settings.scheme_dir} holds no scheme file"
            raise published.PublishedError(message)
        stage = Stage(version)
    act_out([*Years(stage, entries).scenarios(), *made_up.scenarios(stage)], clock.now())
    db.session.commit()
    current_app.extensions["jobs"].sweep()
    return True


def act_out(scenarios: Iterable[Scenario], now: datetime) -> None:
    """Resume the scenarios in the order of their moments, each with the clock at its moment.

    What lies in the future is left: no scenario goes beyond `now`.
    """
    serial = count()
    due: list[tuple[datetime, int, Scenario]] = []
    for scenario in scenarios:
        _push(due, serial, scenario)
    while due and due[0][0] <= now:
        at, _, scenario = heapq.heappop(due)
        with clock.at(at):
            _push(due, serial, scenario)


def _push(
    due: list[tuple[datetime, int, Scenario]], serial: "count[int]", scenario: Scenario
) -> None:
    following = next(scenario, None)
    if following is not None:
        heapq.heappush(due, (following, next(serial), scenario))
