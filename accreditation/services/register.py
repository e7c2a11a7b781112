"""The register (認定事業者一覧): searching it, and checking a certificate against it."""

from dataclasses import dataclass
from datetime import date
from hmac import compare_digest

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Certificate,
    CertifiedIndicator,
    Site,
)
from accreditation.services.entries import Check, Entry, entry_of
from accreditation.services.errors import NotFoundError
from accreditation.services.names import words
from accreditation.services.numbers import read_number
from certificates.dates import nendo
from workflows.accreditation import AccreditationState, Standing

PAGE = 20
WORDS = 8  # of a search; more narrow nothing down


class NoEditionError(Exception):
    """The accreditation is there, but not the edition asked for; `entry` knows those there are."""

    def __init__(self, entry: Entry) -> None:
        """Keep the entry whose edition was asked for."""
        super().__init__()
        self.entry = entry


@dataclass(frozen=True)
class Query:
    """What somebody looks for; empty fields ask for everything. Pages count from 1."""

    text: str = ""
    kind: str = ""
    indicator: int | None = None
    standing: Standing | None = None
    page: int = 1


@dataclass(frozen=True)
class Page:
    """One page of entries, and how many there are in all."""

    entries: list[Entry]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE))

    @property
    def page(self) -> int:
        """The number of this page, as the pagination of the pages calls it."""
        return self.number

    @property
    def has_prev(self) -> bool:
        """Whether there is a page before."""
        return self.number > 1

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return self.number < self.pages

    @property
    def prev_num(self) -> int:
        """The number of the page before."""
        return self.number - 1

    @property
    def next_num(self) -> int:
        """The number of the page after."""
        return self.number + 1


def search(query: Query) -> Page:
    """Search the register: valid entries first, then by number, newest numbers first."""
    today = clock.today()
    chosen = _filtered(select(Accreditation), query, today)
    total = db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0
    number = min(max(query.page, 1), max(1, -(-total // PAGE)))
    rank = case((_is(Standing.VALID, today), 0), else_=1)
    ordered = chosen.order_by(rank, Accreditation.number.desc())
    part = ordered.limit(PAGE).offset((number - 1) * PAGE)
    rows = db.session.scalars(part.options(*_with_schemes()))
    return Page([entry_of(row) for row in rows], number, total)


def find(number: str) -> Entry:
    """Find an accreditation by its number as typed; NotFoundError when the register has none."""
    chosen = select(Accreditation).where(Accreditation.number == read_number(number))
    found = db.session.scalar(chosen.options(*_with_schemes()))
    if found is None:
        raise NotFoundError
    return entry_of(found)


def of_site(site: Site) -> list[Entry]:
    """List all accreditations of a site, newest first."""
    chosen = select(Accreditation).where(Accreditation.site_id == site.id)
    return [entry_of(row) for row in db.session.scalars(chosen.order_by(Accreditation.id.desc()))]


def check(number: str, *, code: str | None = None, edition: int | None = None) -> Check:
    """Check a certificate by its number, by the code on the paper, or an edition by its count.

    A code tells which edition the paper is, whatever edition is asked for besides; a wrong one
    tells that the paper is not ours. NotFoundError when the register has no such number,
    NoEditionError when the number has no such edition; editions count from 1.
    """
    entry = find(number)
    certificates = entry.accreditation.certificates
    if code is not None:
        given = code.encode()  # to the letter: nobody types it, a QR code carries it
        ours = [one for one in certificates if compare_digest(one.code.encode(), given)]
        return Check(entry, ours[0] if ours else entry.certificate, bool(ours))
    if edition is not None:
        ours = [one for one in certificates if one.edition == edition]
        if not ours:
            raise NoEditionError(entry)
        return Check(entry, ours[0], None)
    return Check(entry, entry.certificate, None)


def fiscal_year_in(language: str, year: int) -> str:
    """Name a fiscal year: 令和8年度 in Japanese, FY2026 in other languages."""
    return nendo(year) if language.startswith("ja") else f"FY{year}"


def _filtered(chosen: Select[Accreditation], query: Query, today: date) -> Select[Accreditation]:
    number = read_number(query.text)
    for word in words(query.text)[:WORDS]:
        named = Accreditation.search_text.contains(word, autoescape=True)
        chosen = chosen.where(or_(named, Accreditation.number == number))
    if query.kind:
        chosen = chosen.where(Accreditation.kind == query.kind)
    if query.indicator is not None:
        listed = select(CertifiedIndicator.accreditation_id).where(
            CertifiedIndicator.indicator == query.indicator
        )
        chosen = chosen.where(Accreditation.id.in_(listed))
    if query.standing is not None:
        chosen = chosen.where(_is(query.standing, today))
    return chosen


def _with_schemes() -> tuple[ORMOption, ...]:
    """Load the editions with their schemes, each scheme version once: its text is long."""
    application = selectinload(Accreditation.certificates).joinedload(
        Certificate.application, innerjoin=True
    )
    return (
        application.load_only(Application.scheme_version_id),
        application.lazyload(Application.call),
        application.lazyload(Application.site),
        application.selectinload(Application.scheme_version),
    )


def _is(stands: Standing, today: date) -> ColumnElement[bool]:
    active = Accreditation.state == AccreditationState.ACTIVE
    if stands == Standing.VALID:
        return and_(active, Accreditation.valid_until >= today)
    if stands == Standing.EXPIRED:
        return and_(active, Accreditation.valid_until < today)
    return Accreditation.state == AccreditationState(stands.value)
