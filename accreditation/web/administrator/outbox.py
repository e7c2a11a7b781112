"""What waits to be sent or made, for how long and why; and trying it at once."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services import outbox as services
from accreditation.web import access
from accreditation.web.administrator.blueprint import pages


@pages.route("/outbox", methods=["GET"])
def outbox() -> ResponseReturnValue:
    """List the mails and documents that wait."""
    return render_template("administrator/outbox.html", waiting=services.waiting())


@pages.route("/outbox/try", methods=["POST"])
def try_outbox() -> ResponseReturnValue:
    """Try everything that waits at once."""
    services.try_now(access.person())
    db.session.commit()
    flash(_("Everything that waits is tried now."), "success")
    return redirect(url_for(".outbox"), 303)
