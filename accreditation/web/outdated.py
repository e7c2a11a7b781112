"""Two windows at one entry: only what was touched is written, and a clash shows both texts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from flask import request
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField

from accreditation.models import Operator, Site
from accreditation.services.errors import OutdatedError
from accreditation.web import refusals


class Marked:
    """What a form needs that is one of several on a page: hidden marks of what the page showed.

    `ENTRY` names its fields that are stored as one entry; `version` is that of the stored entry.
    """

    ENTRY: tuple[str, ...] = ()
    version = HiddenField(default="0")
    shown = HiddenField()

    @property
    def is_sent(self) -> bool:
        """Whether the fields came with the request."""
        return self.version.name in request.form

    @property
    def is_touched(self) -> bool:
        """Whether something else is typed than what the page showed."""
        typed = (getattr(self, name).data for name in self.ENTRY)
        return bool(fingerprint(*typed) != self.shown.data)

    def mark(self, stored: object | None) -> None:
        """Say that the page shows what is stored now, so that saving again replaces it."""
        self.version.data, self.shown.data = marks(stored, *self.ENTRY).values()

    def catch_up(self, stored: object | None) -> None:
        """Show what is stored now where nothing was typed; what was typed stays as it is."""
        if not self.is_touched:
            for name in self.ENTRY:
                getattr(self, name).data = getattr(stored, name, None)
            self.mark(stored)


def marks(stored: object | None, *entry: str) -> dict[str, str]:
    """Give the hidden marks of an entry as it is stored: its version and its fingerprint."""
    texts = (getattr(stored, name, None) for name in entry)
    return {"version": str(getattr(stored, "version", 0)), "shown": fingerprint(*texts)}


def fingerprint(*texts: object) -> str:
    """Make a short mark of what a page showed, by which it is known whether it was touched."""
    return sha256("\x00".join(str(text or "") for text in texts).encode()).hexdigest()[:16]


def name_errors(form: FlaskForm, name: str) -> None:
    """Let the summary of errors say of which entry of the page a form's sentences speak.

    Beside the field the entry's name stands above already (`macros/form.html`, `error_summary`).
    """
    form.entry = name


def version_of(form: FlaskForm) -> int:
    """Read the version of the entry that the form was filled from; -1 when it says none."""
    text = form.version.data or ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else -1  # more digits than any has


@contextmanager
def saving(form: FlaskForm, row: Operator | Site) -> Iterator[None]:
    """Save an entry within this block; what speaks against it is told at its field."""
    try:
        with refusals.beside(form):
            yield
    except OutdatedError as error:
        _tell(form, row, error)


def _tell(form: FlaskForm, row: Operator | Site, error: OutdatedError) -> None:
    """Put what is stored now beside each field that differs; saved again, the form is taken."""
    form.form_errors.append(refusals.sentence(error))
    for name, field in form._fields.items():
        stored = getattr(row, name, None)
        if name not in {"version", "csrf_token"} and (field.data or "") != (stored or ""):
            field.errors = [*field.errors, _("Saved now: %(text)s", text=stored or _("nothing"))]
    form.version.data = str(row.version)
