"""Many cases for many people to work on at once, under a scheme small enough to make them fast."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Application, Office, Person, Programme
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, results, reviews, schemes
from accreditation.services.steps import take_step
from tests import factories
from tests.schemes.small import SMALL


@dataclass(frozen=True)
class Crowd:
    """The ids of some applications in one call, and of those who work on them."""

    applications: tuple[int, ...]
    owner: int
    office: int
    reviewers: tuple[int, int]
    council: tuple[int, int]


def gathered(
    app: Flask, folder: Path, number: int, *, listed: bool = True, programmes: int = 0
) -> Crowd:
    """Make so many applications, on the council's list or in review, and commit them."""
    folder.joinpath("small.yaml").write_text(SMALL, encoding="utf-8")
    with app.app_context(), writing():
        schemes.publish(folder)
        call = factories.call(*(_programme() for _ in range(programmes)))
        operator = factories.operator()
        office = factories.person(Office.OFFICE)
        pair = (factories.person(Office.REVIEWER), factories.person(Office.REVIEWER))
        made = [
            factories.draft(call, factories.site(operator, "walk"), (1,)) for _ in range(number)
        ]
        for one in made:
            _take(one, office, pair, listed=listed)
        council = (factories.person(Office.COUNCIL), factories.person(Office.COUNCIL))
        db.session.commit()
        return Crowd(
            tuple(one.id for one in made),
            factories.owner_of(operator).id,
            office.id,
            _ids(pair),
            _ids(council),
        )


def _programme() -> Programme:
    """A programme that can pay twelve times, and all but one yen of a thirteenth time."""
    return factories.programme(amount_yen=100_000, budget_yen=1_299_999)


def _ids(pair: tuple[Person, Person]) -> tuple[int, int]:
    return pair[0].id, pair[1].id


def _take(
    application: Application, office: Person, pair: Iterable[Person], *, listed: bool
) -> None:
    owner = factories.owner_of(application.site.operator)
    factories.answer_all(application)
    applications.accept_terms(application, owner)
    take_step(application, "submit", owner)
    take_step(application, "accept", office)
    for reviewer in pair:
        review = reviews.assign(application, reviewer, office)
        take_step(review, "declare_none", reviewer)
        for item in results.asked(application):
            found = reviews.Judgement(item.id, Verdict.CARRIED_OUT, "確認した")
            reviews.find(review, found)
        if listed:
            take_step(review, "hand_in", reviewer)
    if listed:
        take_step(application, "list", office)


def step(application: int, name: str, person: int, note: str = "見本の理由") -> None:
    """Take a step on an application as a person, both named by their ids."""
    subject = db.session.get_one(Application, application)
    take_step(subject, name, db.session.get_one(Person, person), note=note)
