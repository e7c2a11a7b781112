"""What a service refuses, in the reader's language and beside the field that it speaks about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from flask_babel import gettext as _
from flask_wtf import FlaskForm

from accreditation.extensions import db
from accreditation.services.errors import ServiceError

NOWHERE_ELSE: Mapping[str, str] = {}


def sentence(error: ServiceError) -> str:
    """Say why an act was refused."""
    return str(_(error.why, **error.given))


def tell(form: FlaskForm, error: ServiceError, places: Mapping[str, str] = NOWHERE_ELSE) -> None:
    """Put the sentence at its field; without one on this form the error goes on to its own page.

    `places` says where a field of the service is on this form, when it has another name there.
    """
    place = places.get(error.field or "", error.field)
    if place is None or place not in form:
        raise error
    form[place].errors = [*form[place].errors, sentence(error)]


@contextmanager
def beside(form: FlaskForm, places: Mapping[str, str] = NOWHERE_ELSE) -> Iterator[None]:
    """Tell at its field what a service refuses within this block, with nothing of it stored.

    The block ends with the view's answer; what follows it shows the form again.
    """
    try:
        yield
    except ServiceError as error:
        db.session.rollback()
        tell(form, error, places)
