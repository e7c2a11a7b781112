"""Invariants that need more than a query: numbers, hashes, the chain, the register, the files."""

import hashlib
from collections.abc import Iterator
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Certificate,
    CertifiedIndicator,
    Document,
    Evidence,
    Incentive,
    NumberSeries,
    SchemeVersion,
    Submission,
)
from accreditation.services import accreditations, history, incentives, numbers, storage
from accreditation.services.canonical import sha256_of
from accreditation.services.invariants.stating import Invariant

_AT_ONCE = 500  # rows read together: submissions are large


def _numbers_given(
    series: str, prefix: str, column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]
) -> Iterator[str]:
    """Compare the numbers in use with those that the series gave: each once, none left out."""
    used = set(db.session.scalars(select(column).where(column.is_not(None))))
    for row in db.session.scalars(select(NumberSeries).where(NumberSeries.series == series)):
        for last in range(1, row.last + 1):
            number = f"{prefix}{numbers.written(row.fiscal_year, last)}"
            if number not in used:
                yield f"{number} was given and is nowhere"
            used.discard(number)
    yield from (f"{number} is used and was never given" for number in sorted(map(str, used)))


def _submissions_changed() -> Iterator[str]:
    chosen = select(Submission.id, Submission.content, Submission.sha256)
    chosen = chosen.where(Submission.erased_at.is_(None))
    for row in db.session.execute(chosen.execution_options(yield_per=_AT_ONCE)):
        if sha256_of(row.content) != row.sha256:
            yield f"submission {row.id}"


def _schemes_changed() -> Iterator[str]:
    chosen = select(SchemeVersion.id, SchemeVersion.text, SchemeVersion.sha256)
    for row in db.session.execute(chosen):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.sha256:
            yield f"scheme version {row.id}"


def _chain_broken() -> Iterator[str]:
    broken = history.verify()
    if broken is not None:
        yield f"entry {broken.sequence}: {broken.problem}"


def _listed_otherwise() -> Iterator[str]:
    listed: dict[int, set[int]] = {}
    for one in db.session.scalars(select(CertifiedIndicator)):
        listed.setdefault(one.accreditation_id, set()).add(one.indicator)
    chosen = select(Accreditation.id, Accreditation.number, Certificate.indicators)
    editions = chosen.join(Certificate, Certificate.accreditation_id == Accreditation.id)
    rows = db.session.execute(editions.order_by(Certificate.edition))
    for newest in {row.id: row for row in rows}.values():
        if set(newest.indicators) != listed.get(newest.id, set()):
            yield f"accreditation {newest.number}"


def _files_missing() -> Iterator[str]:
    named = ((Evidence, "evidence"), (Document, "document"))
    for table, word in named:
        chosen = select(table.id, table.sha256).where(table.sha256.is_not(None))
        for row in db.session.execute(chosen):
            try:
                storage.get(row.sha256)
            except (OSError, storage.DamagedFileError):
                yield f"{word} {row.id}"


RECORDS = (
    Invariant(
        "certificate_numbers",
        "The numbers of accreditations run without gap or double in every fiscal year.",
        partial(_numbers_given, accreditations.SERIES, "", Accreditation.number),
    ),
    Invariant(
        "incentive_numbers",
        "The numbers of incentives run without gap or double in every fiscal year.",
        partial(_numbers_given, incentives.SERIES, incentives.PREFIX, Incentive.number),
    ),
    Invariant(
        "submissions_unchanged",
        "Every submission has the hash with which it was sent, unless a part of it was erased.",
        _submissions_changed,
    ),
    Invariant(
        "schemes_unchanged",
        "Every scheme version has the hash with which it was published.",
        _schemes_changed,
    ),
    Invariant("history_whole", "The chain of the history holds.", _chain_broken),
    Invariant(
        "register_shows_newest",
        "The register lists the indicators of the newest certificate.",
        _listed_otherwise,
    ),
)
FILES = (
    Invariant(
        "files_there",
        "Every piece of evidence and every document made has its file, unchanged.",
        _files_missing,
    ),
)
