"""Closing one's own account, and thinking better of it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import closing
from accreditation.web import access
from accreditation.web.auth.blueprint import pages


@pages.route("/account/close", methods=["GET", "POST"])
def close() -> ResponseReturnValue:
    """Ask for one's account to be closed; it closes only after some days."""
    if request.method == "POST":
        closing.ask(access.person())
        db.session.commit()
        return redirect(url_for(".account"), 303)
    days = closing.WAIT.days
    needed = closing.hindrances(access.person())
    return render_template("auth/close.html", days=days, needed=needed)


@pages.route("/account/keep", methods=["POST"])
def keep_open() -> ResponseReturnValue:
    """Keep one's account after all."""
    closing.keep(access.person())
    db.session.commit()
    flash(_("Your account stays open."), "success")
    return redirect(url_for(".account"), 303)
