"""The tourist's pages: pages to read here; the register and the check beside it."""

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from accreditation.web.public import check, register
from accreditation.web.public.blueprint import current_scheme, pages

__all__ = ["check", "pages", "register"]  # importing the modules hangs their pages up


@pages.get("/")
def home() -> ResponseReturnValue:
    """Welcome everybody and show the three ways in."""
    return render_template("public/home.html", scheme=current_scheme())


@pages.get("/about")
def about() -> ResponseReturnValue:
    """Show the standard in full."""
    return render_template("public/about.html", scheme=current_scheme())


@pages.get("/glossary")
def glossary() -> ResponseReturnValue:
    """Explain the words."""
    return render_template("public/glossary.html")


@pages.get("/accessibility")
def accessibility() -> ResponseReturnValue:
    """Say how accessible the site is, and whom to tell when it is not."""
    return render_template("public/accessibility.html")


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    """Say which personal data is kept, and why."""
    return render_template("public/privacy.html")


@pages.get("/contact")
def contact() -> ResponseReturnValue:
    """Say how the office is reached."""
    office, language = current_scheme().office, str(get_locale())
    given = {
        "name": office.name.in_language(language),
        "address": office.address.in_language(language),
        "phone": office.phone,
        "email": office.email,
    }
    return render_template("public/contact.html", office=given)
