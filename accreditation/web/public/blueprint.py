"""The blueprint of the tourist's pages, and what their templates share."""

from flask import Blueprint, abort
from flask_babel import get_locale

from accreditation.schemes.model import Scheme
from accreditation.services import register, schemes

pages = Blueprint("public", __name__)


@pages.app_template_filter("fiscal_year")
def fiscal_year(year: int) -> str:
    """Name a fiscal year in the reader's language."""
    return register.fiscal_year_in(str(get_locale()), year)


def current_scheme() -> Scheme:
    """Give the scheme published last; 503 while there is none yet."""
    version = schemes.current()
    return schemes.scheme_of(version) if version else abort(503)
