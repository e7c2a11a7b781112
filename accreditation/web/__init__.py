"""HTTP: one package for each audience, one guard for all of them."""

from flask import Flask

from accreditation.web import access, errors, headers, incoming, language, outages, page, visitor
from accreditation.web.administrator import views as administrator
from accreditation.web.applicant import views as applicant
from accreditation.web.auth import views as auth
from accreditation.web.council import views as council
from accreditation.web.office import views as office
from accreditation.web.public import views as public
from accreditation.web.reviewer import views as reviewer
from accreditation.web.system import metrics
from accreditation.web.system import views as system

AUDIENCES = (public, auth, applicant, office, reviewer, council, administrator, system)


def register(app: Flask) -> None:
    """Hang all pages, the guard, the error pages and the headers on the application."""
    for audience in AUDIENCES:
        app.register_blueprint(audience.pages)
    metrics.register(app)
    incoming.register(app)
    visitor.register(app)
    language.register(app)
    access.register(app)
    errors.register(app)
    outages.register(app)
    headers.register(app)
    page.register(app)
