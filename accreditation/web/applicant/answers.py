"""All answers of one indicator on one page: saved together, whatever single ones lack."""

from dataclasses import dataclass

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from wtforms import SelectChoice

from accreditation.extensions import db
from accreditation.models import Answer, Application, Person
from accreditation.schemes.model import Indicator, Item, Scheme
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.evidence import Upload
from accreditation.services.schemes import scheme_of
from accreditation.web.applicant import outdated
from accreditation.web.applicant.forms import AnswerForm
from accreditation.web.applicant.outdated import fingerprint
from accreditation.web.page import language_now

ENDINGS = ",".join(ending for endings in evidence.ALLOWED.values() for ending in endings)


@dataclass
class Row:
    """An item, the answer that is stored for it, and its fields."""

    item: Item
    obligatory: bool
    answer: Answer | None
    form: AnswerForm
    overtaken: bool = False

    @property
    def is_sent(self) -> bool:
        """Whether the fields of this item came with the request."""
        return self.form.version.name in request.form

    def save(self, application: Application, person: Person) -> None:
        """Save the answer and its files; what can't be saved is said beside its field."""
        if self.form.validate() and self._is_touched():
            self._save_answer(application)
        for upload in self.form.files.data or []:
            self._attach(application, person, upload)
        for field in self.form:
            field.errors = [f"{self.item.id}: {error}" for error in field.errors]

    def show_stored(self) -> None:
        """Let the hidden fields say what is stored now, so that saving again is possible."""
        answer = self.answer
        self.form.version.data = str(answer.version if answer else 0)
        self.form.shown.data = _mark(answer)

    def _is_touched(self) -> bool:
        typed = fingerprint(self.form.verdict.data, self.form.text.data)
        return bool(typed != self.form.shown.data)

    def _save_answer(self, application: Application) -> None:
        form, item = self.form, self.item.id
        version = outdated.version_of(form)
        try:
            self.answer = applications.save_answer(
                application, item, form.verdict.data, form.text.data, version=version
            )
        except OutdatedError as error:
            self.overtaken = True
            form.text.errors.append(_(error.why))
        except ServiceError as error:
            form.verdict.errors.append(_(error.why))

    def _attach(self, application: Application, person: Person, upload: FileStorage) -> None:
        name, largest = upload.filename or "", current_app.extensions["settings"].upload_bytes
        try:
            file = Upload(name, upload.read(largest + 1))  # one more shows that it is too large
            stored = evidence.accept(application.site.operator, person, file, largest)
            evidence.attach(application, self.item.id, stored)
        except ServiceError as error:
            said = _("“%(name)s”: %(why)s", name=name, why=_(error.why))
            self.form.files.errors.append(said)


class Sheet:
    """The items of one indicator that are asked of an application, with their fields."""

    def __init__(self, application: Application, indicator: Indicator) -> None:
        """Fill the fields from what is stored, or from what was sent."""
        self.application, self.indicator = application, indicator
        scheme, answers = (
            scheme_of(application.scheme_version),
            applications.answers_of(application),
        )
        items = indicator.items_of(application.site.kind)
        self.rows = [_row(scheme, item, answers.get(item.id)) for item in items]

    @property
    def forms(self) -> list[AnswerForm]:
        """The form of each row."""
        return [row.form for row in self.rows]

    @property
    def has_errors(self) -> bool:
        """Whether something could not be saved."""
        return any(form.errors for form in self.forms)

    def verdicts(self) -> dict[str, Verdict | None]:
        """Give what is chosen on the page now, saved or not."""
        return {row.item.id: row.form.verdict.data for row in self.rows if row.is_sent}

    def save(self, person: Person) -> bool:
        """Save all that can be saved; False when something is left to correct."""
        for row in self.rows:
            if row.is_sent:
                row.save(self.application, person)
        db.session.flush()
        stored = applications.answers_of(self.application)
        for row in self.rows:
            row.answer = stored.get(row.item.id)
            row.show_stored()
        return not self.has_errors


def _row(scheme: Scheme, item: Item, answer: Answer | None) -> Row:
    stored = {
        "version": str(answer.version if answer else 0),
        "shown": _mark(answer),
        "verdict": answer.verdict if answer else None,
        "text": answer.text if answer else "",
    }
    form = AnswerForm(prefix=f"item-{item.id}-", data=stored, meta={"csrf": False})
    form.verdict.label.text = item.question.in_language(language_now())
    form.verdict.choices = _choices(item)
    return Row(item, item.id in scheme.rule.obligatory, answer, form)


def _choices(item: Item) -> list[SelectChoice]:
    choices = [
        SelectChoice(Verdict.CARRIED_OUT.value, _("Carried out")),
        SelectChoice(Verdict.NOT_CARRIED_OUT.value, _("Not carried out")),
    ]
    if item.may_not_apply:
        choices.append(SelectChoice(Verdict.NOT_APPLICABLE.value, _("Does not apply")))
    return choices


def _mark(answer: Answer | None) -> str:
    return fingerprint(answer.verdict, answer.text) if answer else fingerprint(None, "")
