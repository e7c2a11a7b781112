"""The JSON twin: a shape that travel platforms can rely on."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from accreditation import clock
from accreditation.config import Settings
from accreditation.models import Accreditation, Office
from accreditation.services import attestation, register
from accreditation.services.steps import take_step
from tests import factories
from workflows.application import ApplicationState as S

pytestmark = pytest.mark.usefixtures("context")

KEYS = {
    "number",
    "status",
    "edition",
    "superseded_by",
    "paper",
    "site",
    "operator",
    "address",
    "kind",
    "scheme",
    "standard",
    "indicators",
    "level",
    "conditions",
    "decided_on",
    "valid_from",
    "valid_until",
    "status_since",
    "editions",
    "specimen",
    "page",
    "checked_at",
}


def test_the_shape_is_stable_and_plain_json(settings: Settings) -> None:
    accreditation = factories.accreditation()
    answer = attestation.as_json(register.check(accreditation.number), settings)
    assert set(answer) == KEYS
    assert json.loads(json.dumps(answer)) == answer
    assert answer["valid_from"] == "2026-11-22"
    assert answer["valid_until"] == "2027-11-21"
    assert answer["page"] == f"{settings.site_address}/verify/R08-0001"
    assert answer["editions"][0]["sha256"] is None


@pytest.mark.parametrize(
    ("step", "status"),
    [("suspend", "suspended"), ("withdraw", "withdrawn"), ("surrender", "surrendered")],
)
def test_the_status_is_how_it_stands_now(settings: Settings, step: str, status: str) -> None:
    accreditation = factories.accreditation()
    owner = factories.owner_of(accreditation.site.operator)
    actor = owner if step == "surrender" else factories.person(Office.COUNCIL)
    take_step(accreditation, step, actor, note="見本")
    assert attestation.as_json(register.check("R08-0001"), settings)["status"] == status


def told_on(day: datetime, settings: Settings) -> tuple[Any, Any]:
    """Say what status the register tells at a moment, and since when."""
    with clock.at(day):
        answer = attestation.as_json(register.check("R08-0001"), settings)
    return answer["status"], datetime.fromisoformat(answer["status_since"])


def renewed(accreditation: Accreditation, moment: datetime) -> None:
    with clock.at(moment):
        factories.application(S.ACCREDITED, of=accreditation.site)
    assert len(accreditation.certificates) > 1


def test_expired_it_stands_so_since_the_end_of_its_last_day(settings: Settings) -> None:
    accreditation = factories.accreditation()
    granted, end = accreditation.state_since, clock.end_of(accreditation.valid_until)
    assert told_on(end - timedelta(seconds=1), settings) == ("valid", granted)
    assert told_on(end, settings) == ("expired", end)
    assert told_on(end + timedelta(days=99), settings) == ("expired", end)


@pytest.mark.parametrize("days", [-30, 0])
def test_a_renewal_in_time_breaks_nothing(settings: Settings, days: int) -> None:
    accreditation = factories.accreditation()
    granted, end = accreditation.state_since, clock.end_of(accreditation.valid_until)
    renewed(accreditation, end + timedelta(days=days))
    assert told_on(end + timedelta(days=9), settings) == ("valid", granted)


def test_after_a_lapse_validity_begins_anew(settings: Settings) -> None:
    accreditation = factories.accreditation()
    again = clock.end_of(accreditation.valid_until) + timedelta(days=1)
    renewed(accreditation, again)
    assert told_on(again, settings) == ("valid", again)
    renewed(accreditation, again + timedelta(days=300))
    assert told_on(again + timedelta(days=400), settings) == ("valid", again)
    end = clock.end_of(accreditation.valid_until)
    assert told_on(end, settings) == ("expired", end)


def test_a_suspension_begins_and_ends_when_the_council_says(settings: Settings) -> None:
    accreditation, council = factories.accreditation(), factories.person(Office.COUNCIL)
    first = clock.now() + timedelta(days=10)
    with clock.at(first):
        take_step(accreditation, "suspend", council, note="見本")
    late = clock.end_of(accreditation.valid_until) + timedelta(days=10)
    assert told_on(late, settings) == ("suspended", first)
    with clock.at(late):
        take_step(accreditation, "lift", council, note="見本")
    assert told_on(late, settings) == ("expired", late), "until then it was suspended"


def test_nothing_but_the_register_is_told(settings: Settings, app: Flask) -> None:
    del app
    accreditation = factories.accreditation()
    told = json.dumps(attestation.as_json(register.check("R08-0001"), settings), ensure_ascii=False)
    owner = factories.owner_of(accreditation.site.operator)
    decider = accreditation.newest.decision.decided_by
    for secret in (owner.email, owner.name, decider.name, accreditation.newest.code):
        assert secret not in told
