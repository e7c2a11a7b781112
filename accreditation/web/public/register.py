"""The register: searching it, and one entry of it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from accreditation.schemes.model import Scheme
from accreditation.services.register import Query, find, search
from accreditation.web.public.blueprint import current_scheme, pages
from workflows.accreditation import Standing

TEXT_LENGTH = 100  # of a search; nobody's name is longer


def _query(scheme: Scheme) -> Query:
    """Read the address; a filter that does not exist filters nothing."""
    given = request.args
    kind, stands = given.get("kind", ""), given.get("standing", "")
    indicator = given.get("indicator", type=int)
    return Query(
        text=given.get("q", "")[:TEXT_LENGTH].strip(),
        kind=kind if kind in scheme.kinds else "",
        indicator=indicator if indicator in {one.id for one in scheme.indicators} else None,
        standing=Standing(stands) if stands in set(Standing) else None,
        page=given.get("page", 1, type=int),
    )


@pages.get("/register", endpoint="register", strict_slashes=False)
def search_register() -> ResponseReturnValue:
    """List the accredited sites that fit what was asked for."""
    scheme = current_scheme()
    query = _query(scheme)
    return render_template(
        "public/register.html", scheme=scheme, query=query, found=search(query), standings=Standing
    )


@pages.get("/register/<number>", strict_slashes=False)
def entry(number: str) -> ResponseReturnValue:
    """Show everything public about one accreditation."""
    return render_template("public/entry.html", entry=find(number))
