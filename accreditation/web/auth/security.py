"""How one gets into one's account, and where it is open now."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.extensions import db
from accreditation.services.accounts import passkeys, second_factors, sessions
from accreditation.web import access, site, visitor
from accreditation.web.auth.blueprint import pages


@pages.route("/account/security", methods=["GET"])
def security() -> ResponseReturnValue:
    """List password, passkeys, authenticator, recovery codes and sessions."""
    person = access.person()
    return render_template(
        "auth/security.html",
        needed=second_factors.needed(person) and not second_factors.has(person),
        keys=passkeys.of_person(person),
        passkeys_possible=site.relying_party() is not None,
        authenticator=second_factors.authenticator_of(person),
        codes_left=second_factors.recovery_codes_left(person),
        sessions=sessions.of_person(person),
        here=visitor.current_sign_in(),
    )


@pages.route("/account/sessions/<int:session_id>/end", methods=["POST"])
def end_session(session_id: int) -> ResponseReturnValue:
    """End one of one's sessions."""
    sessions.end_one(access.person(), session_id)
    db.session.commit()
    flash(_("The session is ended."), "success")
    return redirect(url_for(".security"), 303)


@pages.route("/account/sessions/end-others", methods=["POST"])
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    sessions.end_all(access.person(), keep=visitor.current_sign_in())
    db.session.commit()
    flash(_("All other sessions are ended."), "success")
    return redirect(url_for(".security"), 303)
