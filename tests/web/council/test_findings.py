"""The findings side by side, at a desk and on a phone."""

from flask import Flask

from accreditation.extensions import db
from accreditation.models import Person, Review
from tests.pages import Pages
from tests.web.council.test_decisions import made, with_third_not_reached


def test_the_findings_become_cards_that_name_who_found_what(app: Flask, council: Pages) -> None:
    path = made(app, with_third_not_reached)
    with app.app_context():
        names = db.session.scalars(
            db.select(Person.name).join(Review, Review.reviewer_id == Person.id)
        ).all()

    table = council.get(path).split('id="findings-3"')[1].split("</table>")[0]

    for label in (*names, "What counts"):
        assert table.count(f'data-label="{label}"') == table.count("</tr>") - 1, label
