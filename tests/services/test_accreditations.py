"""What a decision brings: number, edition, certificate; and how an accreditation ends."""

from datetime import date, timedelta

import pytest

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Accreditation, CertifiedIndicator, Office
from accreditation.services import accreditations, history, operators, register
from accreditation.services.steps import open_steps, take_step
from tests import factories
from workflows.accreditation import Standing
from workflows.application import ApplicationState as S
from workflows.engine import Refusal, StepRefused

pytestmark = pytest.mark.usefixtures("context")


def standing(accreditation: Accreditation) -> Standing:
    return register.find(accreditation.number).standing


def renewed(accreditation: Accreditation, **given: object) -> None:
    again = factories.application(
        S.LISTED, of=accreditation.site, in_call=factories.call(), **given
    )
    factories.decide(again)


def test_the_first_grant_gives_a_number_and_the_first_edition() -> None:
    accreditation = factories.accreditation(indicators=(1, 2, 4))

    (certificate,) = accreditation.certificates
    assert accreditation.number == "R08-0001"
    assert certificate.edition == 1
    assert certificate.indicators == [1, 2, 4]
    assert (certificate.valid_from, certificate.valid_until) == (
        date(2026, 11, 22),
        date(2027, 11, 21),
    )
    assert len(certificate.code) == 32
    assert certificate.document.made_at is None, "it is made in the background"
    assert standing(accreditation) == Standing.VALID


def test_numbers_follow_each_other_without_gaps() -> None:
    first = factories.accreditation()
    refused = factories.application(S.LISTED)
    with pytest.raises(StepRefused):
        factories.decide(refused, "accredit", indicators=[8])
    second = factories.accreditation()

    assert [first.number, second.number] == ["R08-0001", "R08-0002"]


def test_a_renewal_keeps_the_number_and_adds_an_edition() -> None:
    accreditation = factories.accreditation(indicators=(1, 2, 3))
    granted_at = accreditation.state_since
    with clock.at(clock.now() + timedelta(days=300)):
        renewed(accreditation, indicators=(1, 2))

        assert [one.edition for one in accreditation.certificates] == [1, 2]
        assert accreditation.newest.indicators == [1, 2]
        assert accreditation.valid_until == accreditation.newest.valid_until
        assert standing(accreditation) == Standing.VALID
    listed = db.session.scalars(db.select(CertifiedIndicator.indicator))
    assert sorted(listed) == [1, 2], "the register filters by the newest edition"
    first, second = history.of_subject("accreditation", accreditation.id)
    assert (first.act, first.from_state, first.to_state) == ("grant", None, "active")
    assert (second.act, second.from_state, second.to_state) == ("renew", "active", "active")
    assert second.detail is not None
    assert second.detail.content["details"] == {"number": "R08-0001", "edition": 2}
    assert accreditation.state_since == granted_at, "it never left its state"


def test_an_expired_accreditation_is_renewed_under_its_number() -> None:
    accreditation = factories.accreditation()
    with clock.at(clock.now() + timedelta(days=500)):
        assert standing(accreditation) == Standing.EXPIRED
        renewed(accreditation)

        assert standing(accreditation) == Standing.VALID
        assert accreditation.newest.edition == 2


@pytest.mark.parametrize("step", ["withdraw", "surrender"])
def test_after_the_end_a_new_accreditation_has_a_new_number(step: str) -> None:
    ended = factories.accreditation()
    owner = factories.owner_of(ended.site.operator)
    actor = owner if step == "surrender" else factories.person(Office.COUNCIL)
    take_step(ended, step, actor, note="見本の理由")

    renewed(ended)

    numbers = [entry.number for entry in register.of_site(ended.site)]
    assert numbers == ["R08-0002", "R08-0001"]
    assert standing(ended) == Standing(ended.state.value)


def test_nobody_renews_around_a_suspension() -> None:
    accreditation = factories.accreditation()
    council = factories.person(Office.COUNCIL)
    take_step(accreditation, "suspend", council, note="調査のため")
    again = factories.application(S.LISTED, of=accreditation.site, in_call=factories.call())

    with pytest.raises(StepRefused) as caught:
        factories.decide(again)
    assert caught.value.guard == "not_suspended"
    take_step(accreditation, "lift", council, note="調査が終わった")
    factories.decide(again)
    assert accreditation.newest.edition == 2


def test_suspending_lifting_and_withdrawing_need_reasons() -> None:
    accreditation, council = factories.accreditation(), factories.person(Office.COUNCIL)

    with pytest.raises(StepRefused) as caught:
        take_step(accreditation, "suspend", council)
    assert caught.value.refusal == Refusal.NOTE
    take_step(accreditation, "suspend", council, note="調査のため")
    assert standing(accreditation) == Standing.SUSPENDED
    take_step(accreditation, "withdraw", council, note="虚偽の申請")
    assert standing(accreditation) == Standing.WITHDRAWN
    assert open_steps(accreditation, council) == []


def test_an_expired_accreditation_can_be_neither_suspended_nor_given_up() -> None:
    accreditation = factories.accreditation()
    with clock.at(clock.now() + timedelta(days=500)):
        for step, actor in (
            ("suspend", factories.person(Office.COUNCIL)),
            ("surrender", factories.owner_of(accreditation.site.operator)),
        ):
            with pytest.raises(StepRefused, match="expired"):
                take_step(accreditation, step, actor, note="理由")


def test_the_certificate_keeps_the_names_that_were_submitted() -> None:
    of = factories.site(factories.operator(name_ja="髙橋観光（見本）"), name_ja="𠮷野の宿")
    accreditation = factories.accreditation(of=of)

    operators.change_site(of, factories.owner_of(of.operator), {"name_ja": "新しい宿"}, of.version)

    assert accreditation.newest.holder["site"]["ja"] == "𠮷野の宿"
    assert accreditation.newest.holder["operator"]["ja"] == "髙橋観光（見本）"


def test_a_decision_and_its_certificate_are_found_by_the_application() -> None:
    accredited, refused = (factories.application(state) for state in (S.ACCREDITED, S.REFUSED))

    certificate = accreditations.certificate_of(accredited)
    assert certificate is not None
    assert certificate.decision == accreditations.decision_of(accredited)
    assert accreditations.certificate_of(refused) is None
    assert accreditations.decision_of(refused).indicators == []
