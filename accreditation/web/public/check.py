"""The check page (/verify) with its JSON and PDF twins: open to everybody, also to machines."""

import re

from flask import current_app, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.config import Settings
from accreditation.services import attestation, papers, register
from accreditation.services.entries import Check
from accreditation.services.errors import NotFoundError
from accreditation.services.numbers import read_number
from accreditation.services.register import NoEditionError
from accreditation.web import sending
from accreditation.web.public.blueprint import pages

_EDITION = re.compile(r"[1-9][0-9]{0,3}")
NO_EDITION = 0  # asked for by whatever is no edition's count: editions count from 1


@pages.errorhandler(NoEditionError)
def no_edition(error: NoEditionError) -> ResponseReturnValue:
    """Say that the certificate has no such edition, and which it has."""
    page = render_template("public/no_edition.html", entry=error.entry, edition=_edition())
    return page, 404


@pages.get("/verify", endpoint="check", strict_slashes=False)
def ask() -> ResponseReturnValue:
    """Ask for a number, and go to its page."""
    typed = request.args.get("number")
    if typed is None:
        return render_template("public/check.html", typed="", error="")
    number = read_number(typed)
    if number is None:
        error = _("Please type the number as it is printed, for example R08-0001.")
        return render_template("public/check.html", typed=typed, error=error), 422
    return redirect(url_for("public.verify", number=number), 303)


@pages.get("/verify/<number>", strict_slashes=False)
def verify(number: str) -> ResponseReturnValue:
    """Say whether a certificate is valid, and whether the paper is ours."""
    try:
        checked = _checked(number)
    except NotFoundError:
        known = read_number(number)  # anything else is not repeated in a sentence of ours
        return render_template("public/unknown.html", number=known, typed=known or ""), 404
    settings = _settings()
    return render_template(
        "public/verify.html",
        check=checked,
        issuer=papers.issuer_of(checked.scheme, settings),
        address=settings.site_address,
    )


@pages.get("/verify/<number>.json")
def verify_json(number: str) -> ResponseReturnValue:
    """Give the same answer to machines, wherever they ask from."""
    try:
        answer = jsonify(attestation.as_json(_checked(number), _settings()))
    except NotFoundError:
        answer = jsonify({"error": "This certificate is not in the register."})
        answer.status_code = 404
    except NoEditionError as error:
        answer = jsonify(attestation.without_edition(error.entry))
        answer.status_code = 404
    answer.access_control_allow_origin = "*"
    return answer


@pages.get("/verify/<number>.pdf")
def verify_pdf(number: str) -> ResponseReturnValue:
    """Give the certificate itself: our own signed file, which browsers may show."""
    certificate = _checked(number).certificate
    name = f"{certificate.accreditation.number}-{certificate.edition}.pdf"
    return sending.document(certificate.document, name, shown=True)


def _checked(number: str) -> Check:
    """Check what the address asks for; NotFoundError or NoEditionError for what there is not."""
    return register.check(number, code=request.args.get("c") or None, edition=_edition())


def _edition() -> int | None:
    """Read which edition the address asks for; what is no count is never the newest by mistake."""
    typed = request.args.get("edition", "")
    if not typed:
        return None
    return int(typed) if _EDITION.fullmatch(typed) else NO_EDITION


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
