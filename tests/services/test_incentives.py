"""Incentives: from a budget that is never overdrawn, and on which no accreditation depends."""

import pytest

from accreditation.extensions import db
from accreditation.models import IncentiveKind, Membership, Office, Programme
from accreditation.services import documents, incentives, printable
from accreditation.services.steps import open_steps, take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import Refusal, StepRefused
from workflows.incentive import IncentiveState as I

pytestmark = pytest.mark.usefixtures("context")


def grants(programme: Programme, number: int) -> None:
    call = factories.call(programme)
    for _ in range(number):
        factories.application(S.ACCREDITED, in_call=call)


def test_an_accreditation_brings_what_its_call_names() -> None:
    paid = factories.programme(100_000, 100_000)
    listed = factories.programme(
        0, 0, kind=IncentiveKind.BENEFIT, benefit_ja="サイト掲載", benefit_en="Listing"
    )
    factories.programme()

    accreditation = factories.accreditation(in_call=factories.call(paid, listed))

    money, benefit = incentives.of_certificates(accreditation.certificates)
    assert (money.programme, money.amount_yen, money.number) == (paid, 100_000, "I-R08-0001")
    assert (benefit.programme, benefit.amount_yen, benefit.number) == (listed, 0, "I-R08-0002")
    assert money.document is not None
    assert paid.left_yen == 0


def test_with_the_budget_used_up_the_record_says_so_and_the_accreditation_stands() -> None:
    programme = factories.programme(100_000, 250_000)

    grants(programme, 3)

    newest, *before = incentives.of_programme(programme)
    assert newest.state == I.UNFUNDED
    assert (newest.number, newest.amount_yen, newest.document) == (None, 0, None)
    assert newest.certificate.accreditation.number == "R08-0003"
    assert [one.state for one in before] == [I.GRANTED, I.GRANTED]
    assert (programme.committed_yen, programme.left_yen) == (200_000, 50_000)


def test_cancelling_gives_the_budget_back_and_another_is_funded_from_it() -> None:
    programme, office = factories.programme(100_000, 100_000), factories.person(Office.OFFICE)
    grants(programme, 2)
    waiting, granted = incentives.of_programme(programme)

    with pytest.raises(StepRefused) as caught:
        take_step(waiting, "fund", office)
    assert caught.value.guard == "within_budget"
    take_step(granted, "cancel", office, note="辞退のため")
    assert programme.left_yen == 100_000
    take_step(waiting, "fund", office)

    assert (waiting.state, waiting.amount_yen, waiting.number) == (
        I.GRANTED,
        100_000,
        "I-R08-0002",
    )
    assert waiting.document is not None
    assert (granted.state, granted.amount_yen) == (I.CANCELLED, 100_000)
    assert programme.left_yen == 0


def test_cancelling_what_was_never_funded_gives_nothing_back() -> None:
    programme = factories.programme(100_000, 100_000)
    grants(programme, 2)
    waiting, _granted = incentives.of_programme(programme)

    take_step(waiting, "cancel", factories.person(Office.OFFICE), note="辞退のため")

    assert programme.committed_yen == 100_000
    assert open_steps(waiting, factories.person(Office.OFFICE)) == []


def test_cancelling_needs_a_reason() -> None:
    programme = factories.programme()
    grants(programme, 1)
    (granted,) = incentives.of_programme(programme)

    with pytest.raises(StepRefused) as caught:
        take_step(granted, "cancel", factories.person(Office.OFFICE))
    assert caught.value.refusal == Refusal.NOTE
    assert programme.committed_yen == 100_000


def test_only_a_valid_accreditation_is_funded_later() -> None:
    programme, office = factories.programme(100_000, 100_000), factories.person(Office.OFFICE)
    grants(programme, 2)
    waiting, granted = incentives.of_programme(programme)
    take_step(granted, "cancel", office, note="辞退のため")
    take_step(
        waiting.certificate.accreditation,
        "suspend",
        factories.person(Office.COUNCIL),
        note="調査のため",
    )

    with pytest.raises(StepRefused) as caught:
        take_step(waiting, "fund", office)
    assert caught.value.guard == "accredited"


def test_the_office_does_not_handle_incentives_of_its_own_operator() -> None:
    programme, office = factories.programme(), factories.person(Office.OFFICE)
    grants(programme, 1)
    (granted,) = incentives.of_programme(programme)
    operator = granted.certificate.accreditation.site.operator
    db.session.add(Membership(operator=operator, person=office))

    with pytest.raises(StepRefused, match="belong"):
        take_step(granted, "cancel", office, note="理由")


def test_a_notice_is_not_made_once_its_incentive_is_cancelled() -> None:
    programme = factories.programme(100_000, 200_000)
    grants(programme, 2)
    waiting, told = incentives.of_programme(programme)
    ordered, made = waiting.document, told.document
    assert ordered is not None
    assert made is not None
    late = ordered.id
    db.session.commit()
    assert documents.make(made.id)

    for one in (waiting, told):
        take_step(one, "cancel", factories.person(Office.OFFICE), note="辞退のため")
    db.session.commit()

    assert late not in documents.waiting()
    assert documents.make(late), "the worker had it on its list already"
    assert [one.document for one in (waiting, told)] == [None, made], "what was made stays"


def test_amounts_and_budgets_may_be_as_large_as_the_form_takes() -> None:
    programme = factories.programme(1_500_000_000, 2_000_000_000)

    grants(programme, 2)

    assert [one.state for one in incentives.of_programme(programme)] == [I.UNFUNDED, I.GRANTED]
    assert factories.programme(2_000_000_000, 9_000_000_000).left_yen == 9_000_000_000


def test_the_longest_texts_still_fit_a_notice_in_either_language() -> None:
    longest = {
        field: ("髙" if field.endswith("ja") else "W") * length
        for field, length in printable.LONGEST_OF_PROGRAMME.items()
    }
    benefit = factories.programme(0, 0, kind=IncentiveKind.BENEFIT, **longest)
    call = factories.call(benefit)
    names = {"name_ja": "髙" * 200, "name_en": "W" * 200}
    for language in ("ja", "en"):
        owner = factories.person(language=language)
        site = factories.site(factories.operator(owner, **names), **names)
        factories.application(S.ACCREDITED, in_call=call, of=site)
    db.session.commit()

    for incentive in incentives.of_programme(benefit):
        assert incentive.document is not None
        assert documents.make(incentive.document.id)
