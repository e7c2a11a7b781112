"""Who acts for an operator: members, their roles, invitations."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import MemberRole, Operator
from accreditation.services import members
from accreditation.services.accounts import invitations
from accreditation.services.errors import NotFoundError
from accreditation.services.members import role_of
from accreditation.web import access, refusals
from accreditation.web.applicant.blueprint import pages
from accreditation.web.applicant.forms import MemberForm


@pages.route("/my/operators/<operator>/people", methods=["GET", "POST"])
def people(operator: str) -> ResponseReturnValue:
    """List who acts for an operator; an owner invites others."""
    del operator
    found, form = access.subject(Operator), MemberForm()
    if form.validate_on_submit():
        with refusals.beside(form):
            role = MemberRole(form.role.data)
            invitations.to_operator(form.email.data, found, role, access.person())
            return _done(found, _("The invitation is mailed."))
    page = render_template(
        "applicant/people.html",
        operator=found,
        form=form,
        members=members.of_operator(found),
        invitations=invitations.open_to(found),
        owner=role_of(access.person(), found) is MemberRole.OWNER,
    )
    return page, 422 if form.errors else 200


@pages.route("/my/operators/<operator>/people/<account>/role", methods=["POST"])
def change_role(operator: str, account: str) -> ResponseReturnValue:
    """Give somebody another role."""
    del operator
    found = access.subject(Operator)
    members.change_role(found, account, _role(), access.person())
    return _done(found, _("Saved."))


@pages.route("/my/operators/<operator>/people/<account>/remove", methods=["POST"])
def remove_member(operator: str, account: str) -> ResponseReturnValue:
    """Let somebody act for the operator no more, from their next request on."""
    del operator
    found = access.subject(Operator)
    members.remove(found, account, access.person())
    return _done(found, _("This person does not act for the operator any more."))


@pages.route("/my/operators/<operator>/leave", methods=["POST"])
def leave(operator: str) -> ResponseReturnValue:
    """Leave an operator oneself."""
    del operator
    found, person = access.subject(Operator), access.person()
    members.remove(found, person.key, person)
    db.session.commit()
    flash(_("You have left this operator."), "success")
    return redirect(url_for(".home"), 303)


@pages.route("/my/operators/<operator>/invitations/<key>/revoke", methods=["POST"])
def revoke_invitation(operator: str, key: str) -> ResponseReturnValue:
    """Take an invitation back."""
    del operator
    found = access.subject(Operator)
    invitations.revoke(invitations.to_operator_by_key(found, key), access.person())
    return _done(found, _("The invitation is taken back."))


def _role() -> MemberRole:
    try:
        return MemberRole(request.form.get("role", ""))
    except ValueError:
        raise NotFoundError from None


def _done(found: Operator, said: str) -> ResponseReturnValue:
    db.session.commit()
    flash(said, "success")
    return redirect(url_for(".people", operator=found.key), 303)
