"""Invitations to offices: who was invited, inviting, taking an invitation back."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.models import Office
from accreditation.services.accounts import invitations as services
from accreditation.web import access, refusals
from accreditation.web.administrator.blueprint import pages
from accreditation.web.administrator.forms import InvitationForm


@pages.route("/invitations", methods=["GET"])
def invitations() -> ResponseReturnValue:
    """List the invitations that are still good."""
    found = services.open_to_offices()
    return render_template("administrator/invitations.html", invitations=found)


@pages.route("/invitations/new", methods=["GET", "POST"])
def invite() -> ResponseReturnValue:
    """Invite somebody to an office."""
    form = InvitationForm()
    if form.validate_on_submit():
        with refusals.beside(form):
            office, language = Office(form.office.data), form.language.data
            services.to_office(form.email.data, office, language, access.person())
            db.session.commit()
            flash(_("The invitation is mailed."), "success")
            return redirect(url_for(".invitations"), 303)
    return render_template("administrator/invite.html", form=form), 422 if form.errors else 200


@pages.route("/invitations/<key>/revoke", methods=["POST"])
def revoke(key: str) -> ResponseReturnValue:
    """Take an invitation back."""
    services.revoke(services.to_offices_by_key(key), access.person())
    db.session.commit()
    flash(_("The invitation is taken back."), "success")
    return redirect(url_for(".invitations"), 303)
