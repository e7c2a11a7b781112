"""Numbers without gaps, given inside the transaction that uses them: a rollback takes them back."""

import re
import unicodedata

from sqlalchemy import text

from accreditation.extensions import db
from accreditation.services.identifiers import HYPHENS
from certificates.dates import era_fiscal_year

_NEXT = text(
    "INSERT INTO number_series (series, fiscal_year, last) VALUES (:series, :year, 1)"
    " ON CONFLICT (series, fiscal_year) DO UPDATE SET last = number_series.last + 1"
    " RETURNING last"
)
_TYPED = re.compile(r"([A-Z])([0-9]{1,2})-([0-9]{1,12})|([A-Z])([0-9]{2})([0-9]{4,12})")
_SEPARATORS = re.compile(f"[{HYPHENS}_・]")


def next_number(series: str, fiscal_year: int) -> str:
    """Allot the next number of a series in a fiscal year, such as R08-0001.

    The row stays locked until the transaction ends: two decisions at once get two numbers that
    follow each other, and one that fails leaves no gap (requirement R33).
    """
    given = {"series": series, "year": fiscal_year}
    last = db.session.execute(_NEXT, given).scalar_one()
    return written(fiscal_year, last)


def written(fiscal_year: int, last: int) -> str:
    """Write the number that came as the so-and-so many-th of a fiscal year, such as R08-0001."""
    era, year = era_fiscal_year(fiscal_year)
    return f"{era}{year:02d}-{last:04d}"


def read_number(typed: str) -> str | None:
    """Read a number as people type it and give it as it is printed; None when it is none.

    Width, case, spaces and marks that nobody sees, the kind of hyphen or its absence, and leading
    zeros do not matter: "ｒ８－１" is R08-0001. Nothing is guessed beyond that.
    """
    seen = (c for c in unicodedata.normalize("NFKC", typed) if unicodedata.category(c) != "Cf")
    plain = "".join("".join(seen).upper().split())
    found = _TYPED.fullmatch(_SEPARATORS.sub("-", plain))
    if found is None:
        return None
    era, year, last = (part for part in found.groups() if part is not None)
    return f"{era}{int(year):02d}-{int(last):04d}"
