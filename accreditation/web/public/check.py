"""The check page (/verify) with its JSON and PDF twins: open to everybody, also to machines."""

from io import BytesIO

from flask import (
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from accreditation.config import Settings
from accreditation.services import attestation, documents, papers, register
from accreditation.services.entries import Check
from accreditation.services.errors import NotFoundError
from accreditation.services.numbers import read_number
from accreditation.web.public.blueprint import pages

SECONDS_TO_MAKE = 30  # after which it is worth asking again for a certificate in the making


@pages.get("/verify", endpoint="check")
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


@pages.get("/verify/<number>")
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
    answer.access_control_allow_origin = "*"
    return answer


@pages.get("/verify/<number>.pdf")
def verify_pdf(number: str) -> ResponseReturnValue:
    """Give the certificate itself: our own signed file, which browsers may show."""
    certificate = _checked(number).certificate
    name = f"{certificate.accreditation.number}-{certificate.edition}.pdf"
    if certificate.document.sha256 is None:
        return _in_the_making()
    paper = documents.read(certificate.document, name)
    return send_file(
        BytesIO(paper.content), "application/pdf", download_name=paper.name, etag=paper.sha256
    )


def _checked(number: str) -> Check:
    """Check what the address asks for; NotFoundError for a number or edition there is not."""
    given = request.args
    return register.check(
        number, code=given.get("c") or None, edition=given.get("edition", type=int)
    )


def _in_the_making() -> Response:
    title = _("This certificate is being made")
    text = _("It will be ready in a moment. Please try again in a minute.")
    answer = make_response(render_template("errors/error.html", title=title, text=text), 503)
    answer.headers["Retry-After"] = str(SECONDS_TO_MAKE)
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
