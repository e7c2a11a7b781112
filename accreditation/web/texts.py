"""Fields of text, the same on all forms: how what was typed is read, and how long it may be."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, ValidationError

from accreditation.schemes.model import MOST_ITEMS
from accreditation.services.identifiers import unseen, without_unseen
from accreditation.services.printable import UNSEEN, named

LONGEST_OF_ITEM = 4000  # characters: of an answer, and of a finding on it
_BYTES = 12  # of the longest character, as a browser writes each of its four bytes: %F0
_MARKS = 1024  # bytes of an item besides its text: names of fields, choice and hidden marks
# Of one request besides its files: an indicator's page with every text as long as it may be.
FORM_BYTES = MOST_ITEMS * (LONGEST_OF_ITEM * _BYTES + _MARKS)

Filter = Callable[[str], str]
Check = Callable[[Any, Any], None]


def given(change: Filter) -> Callable[[str | None], str]:
    """Make a field's filter of a function over text; a field that did not come is empty."""
    return lambda text: change(text or "")


def at_most(longest: int) -> Check:
    """Make the rule for the length of a text, in characters.

    Nothing is cut off: the sentence says how long the text is, which stays in its field.
    """

    def validate(form: FlaskForm, field: Field) -> None:
        del form
        length = len(field.data or "")
        if length > longest:
            why = _(
                "This has %(length)s characters, but only %(longest)s fit here.",
                length=length,
                longest=longest,
            )
            raise ValidationError(why)

    return validate


def seen(form: FlaskForm, field: Field) -> None:
    """Ask of a name to have nothing in it that nobody sees.

    Who pasted it can't find it either, so the field comes back without.
    """
    del form
    if hidden := unseen((field.raw_data or [""])[0] or ""):
        field.data = without_unseen(field.data or "")
        raise ValidationError(_(UNSEEN, characters=named(hidden)))
