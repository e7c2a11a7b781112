"""All answers of one indicator on one page: saved together, whatever single ones lack."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from accreditation.extensions import db
from accreditation.models import Answer, Application, Person
from accreditation.schemes.model import Indicator, Item, Scheme
from accreditation.schemes.rules import Verdict
from accreditation.services import applications, evidence
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.evidence import Stored, Upload
from accreditation.services.room import NoRoomError
from accreditation.services.schemes import scheme_of
from accreditation.web import refusals, verdicts
from accreditation.web.applicant.forms import AnswerForm
from accreditation.web.language import language_now
from accreditation.web.outdated import marks, name_errors, version_of

ENDINGS = ",".join(ending for endings in evidence.ALLOWED.values() for ending in endings)


@dataclass(frozen=True)
class Received:
    """A file that came with the page, under its name there: stored, or why it is refused."""

    name: str
    outcome: Stored | ServiceError


@dataclass
class Row:
    """An item, the answer that is stored for it, and its fields."""

    item: Item
    obligatory: bool
    answer: Answer | None
    form: AnswerForm
    overtaken: bool = False
    saved: bool = False
    lacks_room: bool = False

    def save(self, application: Application, person: Person, files: Sequence[Received]) -> None:
        """Save the answer and its files; what can't be saved is said beside its field."""
        if self.form.validate() and self.form.is_touched:
            self._save_answer(application)
        for file in files:
            self._attach(application, person, file)
        name_errors(self.form, self.item.id)

    def show_stored(self, answer: Answer | None) -> None:
        """Let the page know what is stored now; what was refused still counts as typed."""
        self.answer = answer
        if self.saved or self.overtaken:
            self.form.mark(answer)
        else:
            self.form.catch_up(answer)

    def _save_answer(self, application: Application) -> None:
        form, item = self.form, self.item.id
        version = version_of(form)
        try:
            self.answer = applications.save_answer(
                application, item, form.verdict.data, form.text.data, version=version
            )
            self.saved = True
        except OutdatedError as error:
            self.overtaken = True
            refusals.tell(form, error, {item: "text"})
        except ServiceError as error:
            refusals.tell(form, error, {item: "verdict"})

    def _attach(self, application: Application, person: Person, file: Received) -> None:
        if isinstance(file.outcome, ServiceError):
            self.lacks_room |= isinstance(file.outcome, NoRoomError)
            why = refusals.sentence(file.outcome)
            self.form.files.errors.append(_("“%(name)s”: %(why)s", name=file.name, why=why))
        else:
            stored = evidence.accept(application, person, file.outcome)
            evidence.attach(application, self.item.id, stored)


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

    @property
    def lacks_room(self) -> bool:
        """Whether a file came that found no room."""
        return any(row.lacks_room for row in self.rows)

    def verdicts(self) -> dict[str, Verdict | None]:
        """Give what is chosen on the page now, saved or not."""
        return {row.item.id: row.form.verdict.data for row in self.rows if row.form.is_sent}

    def save(self, person: Person, files: Mapping[str, Sequence[Received]]) -> bool:
        """Save all that can be saved; False when something is left to correct.

        `files` are those that came for each item.
        """
        for row in self.rows:
            if row.form.is_sent:
                row.save(self.application, person, files.get(row.item.id, ()))
        db.session.flush()
        stored = applications.answers_of(self.application)
        for row in self.rows:
            row.show_stored(stored.get(row.item.id))
        return not self.has_errors


def receive(items: Sequence[Item]) -> dict[str, list[Received]]:
    """Check and store the files that came with the page, by item; asks no database."""
    return {
        item.id: list(map(_received, filter(None, request.files.getlist(f"{_prefix(item)}files"))))
        for item in items
    }


def _received(file: FileStorage) -> Received:
    name, largest = file.filename or "", current_app.extensions["settings"].upload_bytes
    upload = Upload(name, file.read(largest + 1))  # one more shows that it is too large
    try:
        if getattr(file.stream, "full", False):
            raise NoRoomError
        return Received(name, evidence.store(upload, largest))
    except ServiceError as error:
        return Received(name, error)


def _prefix(item: Item) -> str:
    return f"item-{item.id}-"


def _row(scheme: Scheme, item: Item, answer: Answer | None) -> Row:
    stored = {
        **marks(answer, *AnswerForm.ENTRY),
        "verdict": answer.verdict if answer else None,
        "text": answer.text if answer else "",
    }
    # nosemgrep: form-without-token - one of many in a form that carries the token
    form = AnswerForm(prefix=_prefix(item), data=stored, meta={"csrf": False})
    form.verdict.label.text = item.question.in_language(language_now())
    form.verdict.choices = verdicts.choices(item)
    return Row(item, item.id in scheme.rule.obligatory, answer, form)
