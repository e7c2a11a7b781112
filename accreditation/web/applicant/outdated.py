"""Two people at one entry: both texts are shown, and the second to save decides."""

from hashlib import sha256

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from accreditation.models import Operator, Site
from accreditation.services.errors import OutdatedError


def version_of(form: FlaskForm) -> int:
    """Read the version of the entry that the form was filled from; -1 when it says none."""
    text = form.version.data or ""
    return int(text) if text.isdecimal() and text.isascii() else -1


def tell(form: FlaskForm, row: Operator | Site, error: OutdatedError) -> None:
    """Put what is stored now beside each field that differs; saved again, the form is taken."""
    form.form_errors.append(_(error.why))
    for name, field in form._fields.items():
        stored = getattr(row, name, None)
        if name not in {"version", "csrf_token"} and (field.data or "") != (stored or ""):
            field.errors = [*field.errors, _("Saved now: %(text)s", text=stored or _("nothing"))]
    form.version.data = str(row.version)


def fingerprint(*texts: object) -> str:
    """Make a short mark of what a page showed, by which it is known whether it was touched."""
    return sha256("\x00".join(str(text or "") for text in texts).encode()).hexdigest()[:16]
