"""The stop switch: no certificate after the pause, also in a race; everything else goes on."""

from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Certificate, HistoryEntry
from accreditation.services import history, issuance
from accreditation.services.errors import ServiceError
from accreditation.services.invariants import checking
from tests import factories
from tests.console import run
from tests.services.crowds import gathered, step
from tests.threads import at_once, errors
from workflows.application import ApplicationState
from workflows.engine import StepRefused

WHY = "署名の鍵を調べています。"


def certificates() -> int:
    return db.session.scalar(select(func.count()).select_from(Certificate)) or 0


def test_while_paused_nothing_is_issued_and_all_else_goes_on(context: Flask) -> None:
    del context
    case = factories.application(ApplicationState.LISTED)
    issuance.pause(WHY)
    for name in ("accredit", "accredit_with_conditions"):
        with pytest.raises(StepRefused, match="No certificates are issued at the moment") as caught:
            factories.decide(case, name, conditions=["x"] if "with" in name else [])
        assert caught.value.guard == "not_paused"
    other = factories.application(ApplicationState.LISTED)
    factories.decide(other, "refuse")
    assert (other.state, certificates()) == (ApplicationState.REFUSED, 0)
    issuance.resume()
    factories.decide(case)
    assert (case.state, certificates()) == (ApplicationState.ACCREDITED, 1)


def test_pause_and_resume_stand_in_the_history(context: Flask) -> None:
    del context
    issuance.pause(WHY)
    first = issuance.paused()
    assert first is not None
    since = first.paused_at
    with clock.at(clock.now() + timedelta(hours=1)):
        issuance.pause("Another reason")
        again = issuance.paused()
        assert again is not None
        assert (again.paused_at, again.reason) == (since, "Another reason")
        issuance.resume()
    db.session.commit()
    entries = db.session.scalars(select(HistoryEntry).where(HistoryEntry.subject_type == "switch"))
    told = [(one.act, one.detail.content["note"]) for one in entries if one.detail]
    assert told == [("pause", WHY), ("pause", "Another reason"), ("resume", "")]
    assert history.verify() is None


def test_what_makes_no_sense_is_refused(context: Flask) -> None:
    del context
    with pytest.raises(ServiceError, match="not paused"):
        issuance.resume()
    with pytest.raises(ServiceError, match="reason"):
        issuance.pause(" ")
    assert issuance.paused() is None


def test_a_pause_among_decisions_at_once(app: Flask, tmp_path: Path) -> None:
    rounds, each = 4, 3
    crowd = gathered(app, tmp_path, rounds * each)
    for number in range(rounds):
        cases = crowd.applications[number * each : (number + 1) * each]
        deciding = [partial(step, one, "accredit", crowd.council[0]) for one in cases]
        found = at_once(app, *deciding, partial(issuance.pause, WHY))
        assert {type(one) for one in errors(found)} <= {StepRefused}
        with app.app_context(), writing():
            in_order = [one.invariant.name for one in checking.check() if one.offending]
            assert in_order == []
            issuance.resume()
            db.session.commit()


def test_the_commands(app: Flask) -> None:
    assert run(app, "issuance", "status").stdout == "Certificates are issued.\n"
    with app.app_context(), writing():
        number = factories.accreditation().number
        db.session.commit()
    assert run(app, "issuance", "pause", WHY).exit_code == 0
    done = run(app, "issuance", "status")
    assert (done.exit_code, done.stderr) == (
        1,
        f"Error: paused since 2026-11-22 10:00+09:00: {WHY}\n",
    )
    assert run(app, "issuance", "pause", " ").stderr == "Error: Please give the reason.\n"
    listed = run(app, "issuance", "list", "2026-11-22").stdout
    assert listed == f"{number} 1 2026-11-22 not made yet\n"
    before = run(app, "issuance", "list", "2026-01-01", "--until", "2026-11-21")
    assert before.stdout == ""
    assert run(app, "issuance", "resume").exit_code == 0
    assert run(app, "issuance", "resume").stderr == "Error: Issuing is not paused.\n"
