"""Moving one's account to another mail address."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import addresses
from accreditation.web import access
from accreditation.web.auth import limits
from accreditation.web.auth.blueprint import pages
from accreditation.web.auth.forms import AddressForm
from accreditation.web.auth.links import mailed


@pages.route("/account/address", methods=["GET", "POST"])
@limits.links_by_address
@limits.links_by_account
def address() -> ResponseReturnValue:
    """Mail a link to the new address; only its owner can use it."""
    form, person = AddressForm(), access.person()
    if form.validate_on_submit():
        if form.email.data == person.email:
            form.email.errors = [_("This is your address already.")]
        else:
            addresses.ask(person, form.email.data)
            db.session.commit()
            return mailed(form)
    return render_template("auth/address.html", form=form), 422 if form.errors else 200
