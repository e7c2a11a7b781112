"""What a site tells travellers, indicator by indicator, on one page."""

from dataclasses import dataclass

from flask_babel import gettext as _

from accreditation.models import Person, Site
from accreditation.schemes.model import Indicator
from accreditation.services import operators
from accreditation.services.entries import Entry
from accreditation.services.errors import ServiceError
from accreditation.web import refusals
from accreditation.web.applicant.forms import PracticeForm
from accreditation.web.language import language_now
from accreditation.web.outdated import fingerprint, name_errors
from workflows.engine import N_

OUTDATED = N_(
    "This was changed in another window or by somebody else. Compare both and save again."
)


@dataclass(frozen=True)
class Row:
    """An indicator of the newest certificate, what is stored for it, and its fields."""

    indicator: Indicator
    stored: tuple[str, str]
    form: PracticeForm

    @property
    def name(self) -> str:
        """The indicator's number and title."""
        return f"{self.indicator.id}. {self.indicator.title.in_language(language_now())}"


class Sheet:
    """The fields of all indicators that a site was certified for."""

    def __init__(self, site: Site, entry: Entry) -> None:
        """Fill the fields from what is stored, or from what was sent."""
        self.site = site
        self.stored = {one.indicator: (one.text_ja, one.text_en) for one in site.practices}
        numbers = entry.certificate.indicators
        self.rows = [self._row(entry.scheme.indicator(number)) for number in numbers]

    @property
    def forms(self) -> list[PracticeForm]:
        """The form of each row."""
        return [row.form for row in self.rows]

    @property
    def has_errors(self) -> bool:
        """Whether something is to be corrected."""
        return any(form.errors for form in self.forms)

    def save(self, person: Person) -> bool:
        """Save what was touched; False when something has to be corrected first."""
        for row in self.rows:
            name_errors(row.form, row.name)
        sound = [row.form.validate() and not self._overtaken(row) for row in self.rows]
        if not all(sound):
            return False
        typed = {row.indicator.id: row.form.texts() for row in self.rows if _touched(row)}
        try:
            operators.tell_practices(self.site, person, typed)
        except ServiceError as error:
            row = next(row for row in self.rows if str(row.indicator.id) == error.field)
            refusals.tell(row.form, error, {str(row.indicator.id): "japanese"})
            return False
        return True

    def _row(self, indicator: Indicator) -> Row:
        stored = self.stored.get(indicator.id, ("", ""))
        shown = {"japanese": stored[0], "english": stored[1], "shown": fingerprint(*stored)}
        # nosemgrep: form-without-token - one of many in a form that carries the token
        form = PracticeForm(prefix=f"practice-{indicator.id}-", data=shown, meta={"csrf": False})
        return Row(indicator, stored, form)

    def _overtaken(self, row: Row) -> bool:
        now = fingerprint(*row.stored)
        if not _touched(row) or now in {row.form.shown.data, fingerprint(*row.form.texts())}:
            return False
        stored = " / ".join(text for text in row.stored if text) or _("nothing")
        row.form.japanese.errors += [_(OUTDATED), _("Saved now: %(text)s", text=stored)]
        row.form.shown.data = now
        return True


def _touched(row: Row) -> bool:
    return bool(fingerprint(*row.form.texts()) != row.form.shown.data)
