"""Blacking out what the law keeps back: as text, each place with its ground.

Known are the names and addresses of the people of the case and what its operator entered as its
contact; any mail address and telephone number beside. What people wrote about others in words of
their own is not known: somebody has to read the file before it is given away.
Source of the grounds: Act on Access to Information Held by Administrative Organs, article 5; a
city's own ordinance comes first.
"""

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from typing import Any

from sqlalchemy import or_, select

from accreditation.extensions import db
from accreditation.models import (
    Application,
    EntityType,
    HistoryDetail,
    HistoryEntry,
    Mail,
    Membership,
    Person,
    Review,
)
from accreditation.services.accounts.closing import ERASED

_MAIL_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_TELEPHONE = re.compile(r"(?<!\d)\+?\d{1,4}[-(]\d{1,4}[-)]\d{3,4}(?!\d)")
_PERSON, _CONTACT = ("name", "email"), ("representative", "postal_code", "phone")
_SHORTEST = 2  # characters: a single one would black out half of the text


class Ground(IntEnum):
    """Why something is blacked out; its number stands in its place."""

    PERSON = 1
    REVIEWER = 2
    FILE = 3


GROUNDS = {
    Ground.PERSON: "who somebody is, or how to reach them (article 5, item 1)",
    Ground.REVIEWER: "who reviewed: it would hinder fair reviews (article 5, item 6)",
    Ground.FILE: "the name of a file, which nobody has looked through (article 5, item 1)",
}


def redacted(file: dict[str, Any], case: Application) -> dict[str, Any]:
    """Give a case's file with everything known blacked out, and the grounds beside it."""
    words = sorted(_known(file, case), key=lambda one: -len(one[0]))

    def black_out(text: str) -> str:
        for word, ground in words:
            text = text.replace(word, mark(ground))
        for pattern in (_MAIL_ADDRESS, _TELEPHONE):
            text = pattern.sub(mark(Ground.PERSON), text)
        return text

    grounds = {mark(ground): why for ground, why in GROUNDS.items()}
    return {"blacked_out": grounds, **_through(file, black_out)}


def mark(ground: Ground) -> str:
    """Give what stands in the place of what is blacked out."""
    return f"■■■[{ground.value}]"


def _through(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_through(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _through(one, change) for key, one in value.items()}
    return value


def _known(file: dict[str, Any], case: Application) -> Iterator[tuple[str, Ground]]:
    reviewers = set(
        db.session.scalars(select(Review.reviewer_id).where(Review.application_id == case.id))
    )
    for person in _people(case, reviewers):
        ground = Ground.REVIEWER if person.id in reviewers else Ground.PERSON
        yield from _long((getattr(person, name), ground) for name in _PERSON)
    names = (entry["by"] for entry in file["history"])  # as they were called then
    yield from _long((name, Ground.PERSON) for name in names)
    operators = [one["content"]["operator"] for one in file["submissions"]]
    now = case.site.operator
    operators.append({name: getattr(now, name) for name in (*_CONTACT, "address", "entity_type")})
    for given in operators:
        private = given["entity_type"] == EntityType.SOLE_PROPRIETOR
        fields = (*_CONTACT, "address") if private else _CONTACT
        yield from _long((given[name], Ground.PERSON) for name in fields)
    yield from _long((one["name"], Ground.FILE) for one in file["evidence"])


def _long(given: Iterator[tuple[str | None, Ground]]) -> Iterator[tuple[str, Ground]]:
    for word, ground in given:
        if word and len(word) >= _SHORTEST and word != ERASED:
            yield word, ground


def _people(case: Application, reviewers: set[int]) -> list[Person]:
    """List everybody who had to do with a case, or belongs to its operator."""
    acted = select(HistoryDetail.content["person"].as_integer()).where(
        HistoryDetail.sequence == HistoryEntry.sequence, HistoryEntry.application_id == case.id
    )
    members = select(Membership.person_id).where(Membership.operator_id == case.site.operator_id)
    told = select(Mail.recipient).where(Mail.application_id == case.id)
    chosen = select(Person).where(
        or_(
            Person.id.in_(acted),
            Person.id.in_(members),
            Person.id.in_(reviewers),
            Person.email.in_(told),
        )
    )
    return list(db.session.scalars(chosen))
