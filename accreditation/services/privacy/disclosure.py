"""What is kept of one person, for themselves: all of it, and nothing of anybody else.

Source: Act on the Protection of Personal Information, article 76 (disclosure on request).
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Application,
    Appointment,
    Authenticator,
    Challenge,
    Decision,
    Evidence,
    Finding,
    HistoryDetail,
    HistoryEntry,
    IdempotencyKey,
    Invitation,
    Mail,
    Membership,
    OneTimeLink,
    Operator,
    Passkey,
    Person,
    Reconciliation,
    RecoveryCode,
    Review,
    SignIn,
    Submission,
)
from accreditation.services import storage
from accreditation.services.privacy import journal, rows
from accreditation.services.privacy.map import TABLES

Whose = Callable[[Person], ColumnElement[bool]]

# Of which rows somebody is the subject, or wrote them.
WHOSE: dict[str, Whose] = {
    "applications": lambda one: Application.terms_accepted_by_id == one.id,
    "appointments": lambda one: Appointment.person_id == one.id,
    "authenticators": lambda one: Authenticator.person_id == one.id,
    "challenges": lambda one: Challenge.person_id == one.id,
    "decisions": lambda one: Decision.decided_by_id == one.id,
    "evidence": lambda one: Evidence.uploaded_by_id == one.id,
    "findings": lambda one: Finding.review_id.in_(
        select(Review.id).where(Review.reviewer_id == one.id)
    ),
    "history_details": lambda one: HistoryDetail.content["person"].as_integer() == one.id,
    "invitations": lambda one: or_(
        Invitation.email == one.email, Invitation.invited_by_id == one.id
    ),
    "mails": lambda one: or_(Mail.recipient == one.email, Mail.author_id == one.id),
    "memberships": lambda one: Membership.person_id == one.id,
    "one_time_links": lambda one: or_(
        OneTimeLink.email == one.email, OneTimeLink.person_id == one.id
    ),
    "operators": lambda one: Operator.id.in_(_operators_of(one)),
    "idempotency_keys": lambda one: IdempotencyKey.person_id == one.id,
    "passkeys": lambda one: Passkey.person_id == one.id,
    "people": lambda one: Person.id == one.id,
    "reconciliations": lambda one: Reconciliation.settled_by_id == one.id,
    "recovery_codes": lambda one: RecoveryCode.person_id == one.id,
    "reviews": lambda one: Review.reviewer_id == one.id,
    "sign_ins": lambda one: SignIn.person_id == one.id,
    "submissions": lambda one: Submission.sent_by_id == one.id,
}
# Tables with personal columns of which nobody's rows can be told, and why.
NOT_OF_ONE_PERSON = {
    "accreditations": "of the operator; public in the register",
    "answers": "the operator's; what was sent stands in the submissions",
    "certificates": "of the operator; public in the register",
    "documents": "made by the system about an operator",
    "practices": "of the operator; public in the register",
    "sites": "of the operator; public in the register",
}
# What a row of theirs says of other people, and so is left out of it.
_OF_OTHERS: dict[str, frozenset[str]] = {
    "decisions": frozenset({"reasons", "conditions"}),
    "history_details": frozenset({"salt"}),
}


def export(person: Person, target: Path) -> dict[str, int]:
    """Write what is kept of a person into a ZIP file, its JSON in UTF-8 and their own files.

    Gives the number of rows of each table. FileExistsError when the file is there already.
    """
    found = {name: list(of_person(name, person)) for name in WHOSE}
    about = {
        "made_at": clock.now().isoformat(),
        "explained": _explained(found),
        "not_told_row_by_row": NOT_OF_ONE_PERSON,
        "rows": found,
    }
    with rows.new_zip(target) as archive:
        text = json.dumps(about, ensure_ascii=False, indent=1)
        archive.writestr("about-you.json", text)
        for one in db.session.scalars(select(Evidence).where(WHOSE["evidence"](person))):
            archive.writestr(f"files/{one.key}-{one.name}", storage.get(one.sha256))
    journal.write_down("export_person", key=person.key)
    return {name: len(given) for name, given in found.items() if given}


def of_person(name: str, person: Person) -> Iterator[dict[str, Any]]:
    """Give a person's rows of a table, without what they say of others."""
    for row in rows.of_table(name, WHOSE[name](person)):
        hidden = _OF_OTHERS.get(name, frozenset())
        shown = {key: value for key, value in row.items() if key not in hidden}
        yield _CUT.get(name, _as_it_is)(shown, person)


def _operators_of(person: Person) -> Any:  # noqa: ANN401 - a subquery, whose type says no more
    return select(Membership.operator_id).where(Membership.person_id == person.id)


def _as_it_is(row: dict[str, Any], person: Person) -> dict[str, Any]:
    del person
    return row


def _mail(row: dict[str, Any], person: Person) -> dict[str, Any]:
    """Of a mail to somebody else tell only that it was caused: it is theirs who got it."""
    if row["recipient"] == person.email:
        return row | {"author_id": row["author_id"] if row["author_id"] == person.id else None}
    return {key: row[key] for key in ("id", "application_id", "written_at", "author_id")}


def _operator(row: dict[str, Any], person: Person) -> dict[str, Any]:
    """Leave out a representative who is somebody else."""
    return row if row["representative"] == person.name else row | {"representative": None}


def _submission(row: dict[str, Any], person: Person) -> dict[str, Any]:
    operator = _operator(row["content"]["operator"], person)
    return row | {"content": row["content"] | {"operator": operator}}


def _detail(row: dict[str, Any], person: Person) -> dict[str, Any]:
    """Add the act to the words; its details may name others."""
    entry = db.session.get_one(HistoryEntry, row["sequence"])
    act = {"at": entry.at.isoformat(), "act": entry.act, "as": entry.party}
    return act | {"name": person.name, "note": row["content"]["note"]}


def _invitation(row: dict[str, Any], person: Person) -> dict[str, Any]:
    """Tell either who was invited or who invited: the other one is somebody else."""
    mine = row["email"] == person.email
    inviter = row["invited_by_id"] if row["invited_by_id"] == person.id else None
    return row | {"email": row["email"] if mine else None, "invited_by_id": inviter}


def _link(row: dict[str, Any], person: Person) -> dict[str, Any]:
    """Leave out the number of another account that a link to this address would have changed."""
    return row | {"person_id": row["person_id"] if row["person_id"] == person.id else None}


_CUT: dict[str, Callable[[dict[str, Any], Person], dict[str, Any]]] = {
    "history_details": _detail,
    "invitations": _invitation,
    "mails": _mail,
    "one_time_links": _link,
    "operators": _operator,
    "submissions": _submission,
}


def _explained(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, str]]]:
    """Say of each table with rows what they are kept for, and how long."""
    return {
        name: [
            {"what": one.title, "readers": one.readers, "kept": one.kept, "why": one.reason}
            for one in dict.fromkeys(TABLES[name].personal.values())
        ]
        for name, given in found.items()
        if given
    }
