"""What can stand on a certificate or notice: asked when a text is entered, not when printed."""

from collections.abc import Iterable, Mapping

from accreditation.services.errors import ServiceError
from accreditation.services.identifiers import unseen
from certificates.glyphs import LONGEST_LIST, LONGEST_TEXT, missing_glyphs
from workflows.engine import N_

UNSEEN = N_(
    "There were characters in it that nobody can see or that turn the direction of reading:"
    " %(characters)s. Please check it and save again."
)
LONGEST_OF_PROGRAMME = {"name_ja": 100, "name_en": 100, "benefit_ja": 150, "benefit_en": 250}
"""Characters of a programme's texts that fit its notice, one page, beside the longest names."""


def require(text: str, field: str) -> None:
    """Refuse a text that our font can't print; ServiceError for the field names the characters."""
    if missing := missing_glyphs(text):
        why = N_("Our documents can't be printed with these characters: %(characters)s")
        raise ServiceError(why, field=field, characters=named(sorted(missing, key=text.find)))


def require_seen(text: str, field: str) -> None:
    """Refuse a name with characters that nobody sees; ServiceError for the field names them.

    Such characters make two names that look the same, or one that reads as another.
    """
    if hidden := unseen(text):
        raise ServiceError(UNSEEN, field=field, characters=named(hidden))


def named(characters: Iterable[str]) -> str:
    """Write characters with their code points, by which one that nobody sees is found too."""
    return " ".join(f"{one} ({' '.join(f'U+{ord(c):04X}' for c in one)})" for one in characters)


def require_programme(values: Mapping[str, str]) -> None:
    """Refuse a programme whose notice could not be made: texts too long or not printable."""
    for field, longest in LONGEST_OF_PROGRAMME.items():
        if len(values[field]) > longest:
            raise ServiceError(N_("This is too long for a notice of one page."), field=field)
        require(values[field], field)


def require_conditions(conditions: list[str]) -> None:
    """Refuse conditions that do not fit a certificate: too many, too long, not printable."""
    if len(conditions) > LONGEST_LIST or any(len(one) > LONGEST_TEXT for one in conditions):
        why = N_("At most 20 conditions of at most 500 characters fit the certificate.")
        raise ServiceError(why, field="conditions")
    require("\n".join(conditions), "conditions")
