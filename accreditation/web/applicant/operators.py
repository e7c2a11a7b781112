"""Home of the operators' people, and the entry of an operator."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Operator
from accreditation.services import operators
from accreditation.web import access, outdated, refusals
from accreditation.web.applicant import overview
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import OperatorForm


@pages.route("/my", methods=["GET"])
def home() -> ResponseReturnValue:
    """Show the person's operators, their sites, and what to do next."""
    mine = overview.of_person(access.person())
    return render_template("applicant/home.html", operators=mine)


@pages.route("/my/operators/new", methods=["GET", "POST"])
def new_operator() -> ResponseReturnValue:
    """Enter an operator."""
    form = OperatorForm()
    if form.validate_on_submit():
        with refusals.beside(form):
            made = operators.register(access.person(), form.values())
            db.session.commit()
            flash(_("%(name)s is entered. Now add its site.", name=made.name_ja), "success")
            return redirect(url_for(".new_site", operator=made.key), 303)
    return _page(form)


@pages.route("/my/operators/<operator>", methods=["GET", "POST"])
def operator(operator: str) -> ResponseReturnValue:
    """Change the entry of an operator."""
    del operator
    found = access.subject(Operator)
    form = OperatorForm(obj=found)
    if form.validate_on_submit():
        with outdated.saving(form, found):
            operators.change(found, access.person(), form.values(), outdated.version_of(form))
            db.session.commit()
            flash(_("Saved."), "success")
            return redirect(url_for(".home"), 303)
    return _page(form, found)


def _page(form: OperatorForm, found: Operator | None = None) -> tuple[str, int]:
    context: dict[str, Any] = {"form": form, "operator": found}
    return render_template("applicant/operator.html", **context), 422 if form.errors else 200
