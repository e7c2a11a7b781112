"""Erasing what is overdue: what, of what and why; the chain of the history holds throughout."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, delete, select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import (
    Answer,
    Application,
    Attachment,
    Evidence,
    HistoryDetail,
    HistoryEntry,
    Mail,
    Membership,
    Operator,
    Person,
    Review,
    Site,
    Submission,
)
from accreditation.models.base import new_key
from accreditation.services import history, stored
from accreditation.services.accounts import closing
from accreditation.services.privacy import journal
from accreditation.services.privacy import overdue as rules

_CONTACT = ("representative", "postal_code", "phone")
_GRACE = timedelta(days=1)  # a file is stored before the row that names it
FILES = "files"  # the one kind of thing that belongs to nobody
_BY_NOBODY = "no row names them any more"


_Rule = Callable[[], Select[Any]]


class _DoneAlreadyError(Exception):
    """Somebody else erased it, or it is not overdue any more."""


@dataclass(frozen=True)
class Overdue:
    """Something whose time is over: what, of what (a key, never a name), and why.

    `erase` does it in the caller's transaction and gives the hashes of files that may go.
    """

    what: str
    of: str
    why: str
    erase: Callable[[], list[str]]


def overdue() -> Iterator[Overdue]:
    """List what is overdue now, in the order in which it is to be erased."""
    yield from of_rows()
    if left := stored.unnamed_before(clock.now() - _GRACE):
        yield Overdue(FILES, "the store", _BY_NOBODY, lambda: left)


def of_rows() -> Iterator[Overdue]:
    """List the same, but for stray files, which belong to nobody."""
    for one in _chosen(rules.drafts()):
        why = f"never sent, the call ended more than {rules.DRAFT} year ago"
        yield _of_case("draft", one, why, rules.drafts, _draft)
    for one in _chosen(rules.with_evidence()):
        accredited = one.state == "accredited"
        years = rules.EVIDENCE_ACCREDITED if accredited else rules.EVIDENCE_OTHERWISE
        yield _of_case("evidence", one, _ended(one, years), rules.with_evidence, _evidence)
    for one in _chosen(rules.with_letters()):
        yield _of_case("mails", one, _ended(one, rules.LETTERS), rules.with_letters, _mails)
    for review in _chosen(rules.with_reviewers()):
        why = _ended(review.application, rules.REVIEWERS)
        erase = partial(_anew, rules.with_reviewers, review.id, _reviewer)
        yield Overdue("who reviewed", f"case {review.application.key}", why, erase)
    for one in _chosen(rules.with_words()):
        why = _ended(one, rules.WORDS)
        yield _of_case("words in the history", one, why, rules.with_words, _words)
    for operator in _chosen(rules.operators()):
        why = f"nothing under way for more than {rules.CONTACT} years"
        erase = partial(_anew, rules.operators, operator.id, _contact)
        yield Overdue("contact and people", f"operator {operator.key}", why, erase)


def apply(found: list[Overdue]) -> list[str]:
    """Erase what was found, committing each by itself; give what could not be, and why.

    It is written down in the history what was erased, by kind and number.
    """
    refused: list[str] = []
    done: dict[str, int] = {}
    for one in found:
        db.session.rollback()  # SQLite lets no transaction write that began as a reading one
        with writing():
            try:
                history.lock()
                files = one.erase()
            except _DoneAlreadyError:
                db.session.rollback()
                continue
            except closing.StillNeededError as error:
                db.session.rollback()
                refused.append(f"{one.what} of {one.of}: {error}")
                continue
            db.session.commit()
            stored.remove_unnamed(files)
        done[one.what] = done.get(one.what, 0) + 1
    if done:
        journal.write_down("erase_overdue", **done)
    return refused


def _of_case(
    what: str, case: Application, why: str, rule: _Rule, erase: Callable[[Application], list[str]]
) -> Overdue:
    return Overdue(what, f"case {case.key}", why, partial(_anew, rule, case.id, erase))


def _anew(rule: _Rule, number: int, erase: Callable[[Any], list[str]]) -> list[str]:
    """Erase what a rule still chooses, read anew under the lock; else another did it meanwhile."""
    db.session.expire_all()
    chosen = rule()
    entity = chosen.column_descriptions[0]["entity"]
    row = db.session.scalar(chosen.where(entity.id == number))
    if row is None:
        raise _DoneAlreadyError
    return erase(row)


def _chosen(chosen: Any) -> list[Any]:  # noqa: ANN401 - a select of any of the tables
    return list(db.session.scalars(chosen.order_by(chosen.column_descriptions[0]["entity"].id)))


def _ended(case: Application, years: int) -> str:
    plural = "year" if years == 1 else "years"
    return f"{case.state} on {clock.day_of(case.state_since)}, kept {years} {plural}"


def _draft(case: Application) -> list[str]:
    """Delete a draft whole: nobody but its authors ever saw it."""
    files = _evidence(case)
    db.session.execute(delete(Mail).where(Mail.application_id == case.id))
    db.session.delete(case)
    _words(case)
    db.session.flush()
    return files


def _evidence(case: Application) -> list[str]:
    """Delete the files of a case; what was sent says only that there were some."""
    files = list(db.session.scalars(select(Evidence).where(Evidence.application_id == case.id)))
    answers = select(Answer.id).where(Answer.application_id == case.id)
    db.session.execute(delete(Attachment).where(Attachment.answer_id.in_(answers)))
    for submission in case.submissions:
        submission.content, submission.erased_at = _without_files(submission.content), clock.now()
    for one in files:
        db.session.delete(one)
    db.session.flush()
    db.session.expire(case)
    return [one.sha256 for one in files]


def _without_files(content: dict[str, Any]) -> dict[str, Any]:
    answers = {
        item: {
            **answer,
            "evidence": [
                {**one, "name": closing.ERASED, "erased": clock.today().isoformat()}
                for one in answer["evidence"]
            ],
        }
        for item, answer in content["answers"].items()
    }
    return {**content, "answers": answers}


def _mails(case: Application) -> list[str]:
    sent = Mail.sent_at.is_not(None)
    db.session.execute(delete(Mail).where(Mail.application_id == case.id, sent))
    return []


def _reviewer(review: Review) -> list[str]:
    """Put nobody in the reviewer's place; what was found stays."""
    person = review.reviewer
    entries = select(HistoryEntry.sequence).where(
        HistoryEntry.subject_type == "review", HistoryEntry.subject_id == review.id
    )
    db.session.execute(delete(HistoryDetail).where(HistoryDetail.sequence.in_(entries)))
    theirs = select(HistoryEntry.sequence).join(HistoryEntry.detail)
    theirs = theirs.where(
        HistoryEntry.application_id == review.application_id,
        HistoryDetail.content["person"].as_integer() == person.id,
    )
    gone = list(db.session.scalars(theirs))
    db.session.execute(delete(HistoryDetail).where(HistoryDetail.sequence.in_(gone)))
    review.reviewer = _nobody(person)
    db.session.flush()
    return []


def _nobody(person: Person) -> Person:
    """Make somebody without name, address or way in."""
    nobody = Person(
        key=(key := new_key()),
        email=f"{key}{rules.FORGOTTEN}",
        name=closing.ERASED,
        password_hash=closing.ERASED,
        language=person.language,
        created_at=clock.now(),
        disabled_at=clock.now(),
        demonstration=person.demonstration,
    )
    db.session.add(nobody)
    return nobody


def _words(case: Application) -> list[str]:
    """Erase names and words beside the history of a case; the chain holds without them."""
    entries = select(HistoryEntry.sequence).where(HistoryEntry.application_id == case.id)
    db.session.execute(delete(HistoryDetail).where(HistoryDetail.sequence.in_(entries)))
    return []


def _contact(operator: Operator) -> list[str]:
    """Erase how an operator was reached, and forget its people who are needed for nothing else."""
    for name in _CONTACT:
        setattr(operator, name, "")
    sent = select(Submission).join(Submission.application).join(Application.site)
    for submission in db.session.scalars(sent.where(Site.operator_id == operator.id)):
        cut = {**submission.content["operator"], **dict.fromkeys(_CONTACT, closing.ERASED)}
        submission.content = {**submission.content, "operator": cut}
        submission.erased_at = clock.now()
    for person in [one.person for one in operator.memberships]:
        elsewhere = select(Membership.id).where(
            Membership.person_id == person.id, Membership.operator_id != operator.id
        )
        if person.offices or db.session.scalar(elsewhere.limit(1)):
            left = Membership.person_id == person.id, Membership.operator_id == operator.id
            db.session.execute(delete(Membership).where(*left))
        else:
            closing.forget(person)
    db.session.flush()
    return []
