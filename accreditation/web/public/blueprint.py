"""The blueprint of the tourist's pages, and what their templates share."""

from flask import Blueprint, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from accreditation.schemes.model import Scheme
from accreditation.services import register, schemes
from accreditation.services.numbers import read_number

pages = Blueprint("public", __name__)


@pages.before_request
def lead_to_the_address() -> ResponseReturnValue | None:
    """Lead an address typed otherwise than printed, such as its number, to the one that lasts.

    The query comes along. Scripts of other sites may follow, as they may read the JSON there.
    """
    typed = (request.view_args or {}).get("number")
    number = read_number(typed) if typed is not None else None
    if request.endpoint is None or (typed is not None and number is None):
        return None  # no number of ours: the page itself says so
    path = url_for(request.endpoint, number=number, lang=None)  # the query says the language
    if path == request.script_root + request.path:
        return None
    query = request.query_string.decode("ascii", "ignore")
    answer = redirect(f"{path}?{query}" if query else path, 308)
    answer.access_control_allow_origin = "*"
    return answer


@pages.app_template_filter("fiscal_year")
def fiscal_year(year: int) -> str:
    """Name a fiscal year in the reader's language."""
    return register.fiscal_year_in(str(get_locale()), year)


def current_scheme() -> Scheme:
    """Give the scheme published last; 503 while there is none yet."""
    version = schemes.current()
    return schemes.scheme_of(version) if version else abort(503)
