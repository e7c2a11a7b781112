"""The door: who may take which step, what follows, and what a refused step leaves behind."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Decision,
    Mail,
    Membership,
    Office,
    Outcome,
)
from accreditation.schemes.rules import Verdict
from accreditation.services import (
    accreditations,
    history,
    reviews,
    schemes,
)
from accreditation.services.errors import OutdatedError
from accreditation.services.steps import open_steps, take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import Party, Refusal, StepRefused

NO = Verdict.NOT_CARRIED_OUT
pytestmark = pytest.mark.usefixtures("context")


def refusal(case: Application, step: str, **given: Any) -> StepRefused:
    with pytest.raises(StepRefused) as caught:
        take_step(case, step, factories.person(Office.COUNCIL), **given)
    return caught.value


def listed_with_third_missing() -> Application:
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    missing = dict.fromkeys(["3-1", "3-2", "3-3", "3-4"], NO)
    for _ in range(2):
        factories.handed_in_review(case, otherwise=missing)
    take_step(case, "list", factories.person(Office.OFFICE))
    return case


def test_the_council_never_accredits_more_than_was_reached() -> None:
    case = listed_with_third_missing()

    refused = refusal(case, "accredit", details={"indicators": [1, 2, 3]}, note="よく頑張った")

    assert (refused.refusal, refused.guard) == (Refusal.GUARD, "never_more")
    assert db.session.scalar(db.select(Decision)) is None


@pytest.mark.parametrize("proposed", [[], [1], [3], [2, 3]])
def test_the_required_indicators_are_never_left_out(proposed: list[int]) -> None:
    case = factories.application(S.LISTED, indicators=(1, 2, 3))

    refused = refusal(case, "accredit", details={"indicators": proposed}, note="理由")

    assert refused.guard == "never_more"


def test_fewer_than_reached_needs_reasons() -> None:
    case = factories.application(S.LISTED, indicators=(1, 2, 3))

    assert refusal(case, "accredit", details={"indicators": [1, 2]}).guard == "fewer_with_reasons"
    take_step(
        case,
        "accredit",
        factories.person(Office.COUNCIL),
        note="3は次回に確かめる",
        details={"indicators": [1, 2]},
    )
    decision = accreditations.decision_of(case)
    assert (decision.outcome, decision.indicators) == (Outcome.ACCREDITED, [1, 2])
    assert decision.reasons == "3は次回に確かめる"


def test_what_is_accredited_must_itself_reach_the_scheme(context: Flask, tmp_path: Path) -> None:
    current = (context.extensions["settings"].scheme_dir / "kanazawa-2026.yaml").read_text("utf-8")
    level = "  levels: [{id: star, name: {ja: 星, en: Star}, indicators: 3}]\n  validity:\n"
    bent = current.replace('version: "2026.1"', 'version: "bent"').replace("  validity:\n", level)
    (tmp_path / "bent.yaml").write_text(bent, "utf-8")
    schemes.publish(tmp_path)
    case = factories.application(S.LISTED, indicators=(1, 2, 3))

    refused = refusal(case, "accredit", details={"indicators": [1, 2]}, note="理由")

    assert refused.guard == "reached"
    factories.decide(case)
    assert accreditations.decision_of(case).indicators == [1, 2, 3]


def test_conditions_never_replace_an_obligatory_item() -> None:
    case = factories.application(S.IN_REVIEW)
    for _ in range(2):
        factories.handed_in_review(case, otherwise={"1-5": NO})
    take_step(case, "list", factories.person(Office.OFFICE))

    refused = refusal(
        case, "accredit_with_conditions", details={"conditions": ["1-5を3か月以内に行う"]}
    )

    assert refused.guard == "reached"


def test_conditions_have_their_own_step() -> None:
    case = factories.application(S.LISTED)

    assert refusal(case, "accredit_with_conditions").guard == "with_conditions"
    given = {"conditions": ["掲示を直す"]}
    assert refusal(case, "accredit", details=given).guard == "without_conditions"
    factories.decide(case, "accredit_with_conditions", **given)
    assert accreditations.decision_of(case).conditions == ["掲示を直す"]


def test_a_refusal_needs_reasons_and_grants_nothing() -> None:
    case = factories.application(S.LISTED)

    assert refusal(case, "refuse", note="  ").refusal == Refusal.NOTE
    factories.decide(case, "refuse")
    assert accreditations.decision_of(case).indicators == []
    assert db.session.scalar(db.select(Accreditation)) is None


def test_who_reviewed_settled_or_belongs_cannot_decide() -> None:
    case = factories.application(S.IN_REVIEW, indicators=(1, 2, 3))
    reviewer = factories.person(Office.REVIEWER, Office.COUNCIL)
    settler = factories.person(Office.OFFICE, Office.COUNCIL)
    owner = factories.person(Office.COUNCIL)
    db.session.add(Membership(operator=case.site.operator, person=owner))
    factories.handed_in_review(case, reviewer)
    factories.handed_in_review(case, otherwise={"3-1": NO})
    reviews.reconcile(case, reviews.Judgement("3-1", NO, "証拠がない"), settler)
    take_step(case, "list", factories.person(Office.OFFICE))

    for person, guard in (
        (reviewer, "not_an_evaluator"),
        (settler, "not_an_evaluator"),
        (owner, "not_of_the_operator"),
    ):
        for step in ("accredit", "refuse"):
            with pytest.raises(StepRefused) as caught:
                take_step(case, step, person, note="理由")
            assert caught.value.guard == guard
    assert case.state == S.LISTED


def test_who_declared_a_conflict_cannot_decide() -> None:
    case = factories.application(S.IN_REVIEW)
    person = factories.person(Office.REVIEWER, Office.COUNCIL)
    review = reviews.assign(case, person, factories.person(Office.OFFICE))
    take_step(review, "declare_conflict", person, note="親族が働いている")
    for _ in range(2):
        factories.handed_in_review(case)
    take_step(case, "list", factories.person(Office.OFFICE))

    with pytest.raises(StepRefused, match="evaluation"):
        take_step(case, "accredit", person)


def test_the_second_of_two_deciders_is_told_that_the_case_moved_on() -> None:
    case = factories.application(S.LISTED)
    factories.decide(case)

    assert refusal(case, "refuse", note="反対").refusal == Refusal.WRONG_STATE
    assert accreditations.decision_of(case).outcome == Outcome.ACCREDITED


def test_a_case_that_came_back_to_the_same_state_is_another_one() -> None:
    case, office = factories.application(S.LISTED), factories.person(Office.OFFICE)
    seen = case.version
    take_step(case, "unlist", office, note="確認したい")
    take_step(case, "list", office)

    with pytest.raises(OutdatedError):
        take_step(case, "accredit", factories.person(Office.COUNCIL), seen=seen)
    assert case.state == S.LISTED


def test_the_list_asks_for_two_reviews_and_none_open() -> None:
    case, office = factories.application(S.IN_REVIEW), factories.person(Office.OFFICE)
    factories.handed_in_review(case)

    (offer,) = [one for one in open_steps(case, office) if one.step.name == "list"]
    assert offer.why_not == "Two reviews must be handed in first."
    factories.handed_in_review(case)
    factories.open_review(case)
    (offer,) = [one for one in open_steps(case, office) if one.step.name == "list"]
    assert offer.why_not == "A review is still open."


def test_a_step_writes_history_with_state_party_and_reason() -> None:
    case, office = factories.application(S.SUBMITTED), factories.person(Office.OFFICE)

    entry = take_step(case, "return", office, note="  写真が足りません  ")

    assert (entry.act, entry.from_state, entry.to_state) == ("return", S.SUBMITTED, S.RETURNED)
    assert entry.party == Party.OFFICE
    assert entry.detail is not None
    assert entry.detail.content["note"] == "写真が足りません"
    assert history.verify() is None


def test_a_returned_case_is_ended_once_the_time_to_correct_is_over() -> None:
    case, office = factories.application(S.RETURNED), factories.person(Office.OFFICE)
    with clock.at(clock.now() + timedelta(days=30)), pytest.raises(StepRefused) as early:
        take_step(case, "lapse", office, note="写真がありません")
    assert early.value.guard == "nothing_came"

    with clock.at(clock.now() + timedelta(days=31)):
        entry = take_step(case, "lapse", office, note="写真がありません")
        factories.draft(factories.call(days=60), case.site)  # the site may apply again

    assert case.state == S.DECLINED
    letter = db.session.scalars(select(Mail).where(Mail.history_sequence == entry.sequence)).one()
    assert letter.recipient == factories.owner_of(case.site.operator).email
    assert "写真がありません" in letter.body
