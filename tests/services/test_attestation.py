"""The JSON twin: a shape that travel platforms can rely on."""

import json

import pytest
from flask import Flask

from accreditation.config import Settings
from accreditation.models import Office
from accreditation.services import attestation, register
from accreditation.services.steps import take_step
from tests import factories

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


def test_nothing_but_the_register_is_told(settings: Settings, app: Flask) -> None:
    del app
    accreditation = factories.accreditation()
    told = json.dumps(attestation.as_json(register.check("R08-0001"), settings), ensure_ascii=False)
    owner = factories.owner_of(accreditation.site.operator)
    decider = accreditation.newest.decision.decided_by
    for secret in (owner.email, owner.name, decider.name, accreditation.newest.code):
        assert secret not in told
