"""Calls (募集) and incentive programmes, as the office makes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Call,
    Incentive,
    IncentiveKind,
    Person,
    Programme,
    SchemeVersion,
)
from accreditation.services import history, printable
from accreditation.services.errors import OutdatedError, ServiceError
from certificates import dates
from workflows.engine import N_, Party

CALL_FIELDS = ("title_ja", "title_en", "fiscal_year", "opens_at", "closes_at")
PROGRAMME_FIELDS = (
    "name_ja",
    "name_en",
    "benefit_ja",
    "benefit_en",
    "kind",
    "fiscal_year",
    "amount_yen",
    "budget_yen",
)
_KEPT = tuple(name for name in PROGRAMME_FIELDS if name != "budget_yen")


def read_fiscal_year(text: str) -> int | None:
    """Read a fiscal year in Western years or in an era; None when it is neither."""
    return dates.read_fiscal_year(text)


def open_calls() -> list[Call]:
    """List the calls in which an application may be sent now."""
    now = clock.now()
    chosen = select(Call).where(Call.opens_at <= now, Call.closes_at > now)
    return list(db.session.scalars(chosen.order_by(Call.closes_at)))


def next_call() -> Call | None:
    """Give the call that opens next, if one is announced."""
    chosen = select(Call).where(Call.opens_at > clock.now())
    return db.session.scalar(chosen.order_by(Call.opens_at).limit(1))


def all_calls() -> list[Call]:
    """List all calls, newest first."""
    return list(db.session.scalars(select(Call).order_by(Call.opens_at.desc())))


def programmes() -> list[Programme]:
    """List all programmes, newest fiscal year first."""
    chosen = select(Programme).order_by(Programme.fiscal_year.desc(), Programme.id)
    return list(db.session.scalars(chosen))


def open_call(
    person: Person,
    version: SchemeVersion,
    values: Mapping[str, Any],
    chosen: Sequence[Programme] = (),
) -> Call:
    """Make a call under a published version of the scheme. `values`: CALL_FIELDS.

    Sent twice, also at the same moment, the form makes one call.
    """
    _require_order(values)
    history.lock()
    for known in db.session.scalars(select(Call).where(Call.scheme_version_id == version.id)):
        if _is_same(known, CALL_FIELDS, values) and set(known.programmes) == set(chosen):
            return known
    call = Call(scheme_version=version, programmes=list(chosen))
    _set(call, CALL_FIELDS, values)
    db.session.add(call)
    db.session.flush()
    _record("call", call.id, "open", person, _with_programmes(values, chosen))
    return call


def change_call(
    call: Call,
    person: Person,
    values: Mapping[str, Any],
    chosen: Sequence[Programme],
    version: int,
) -> None:
    """Change a call's title, time or programmes; never its scheme version."""
    _require_current(call, version)
    _require_order(values)
    _set(call, CALL_FIELDS, values)
    call.programmes = list(chosen)
    _record("call", call.id, "change", person, _with_programmes(values, chosen))


def make_programme(person: Person, values: Mapping[str, Any]) -> Programme:
    """Make a programme with its budget. `values`: PROGRAMME_FIELDS, amounts in whole yen.

    Sent twice, also at the same moment, the form makes one programme.
    """
    _require_offer(values)
    _require_room(values)
    history.lock()
    for known in programmes():
        if _is_same(known, PROGRAMME_FIELDS, values):
            return known
    programme = Programme(created_at=clock.now())
    _set(programme, PROGRAMME_FIELDS, values)
    db.session.add(programme)
    db.session.flush()
    _record("programme", programme.id, "make", person, values)
    return programme


def change_programme(
    programme: Programme, person: Person, values: Mapping[str, Any], version: int
) -> None:
    """Change a programme; once something was granted from it, its budget only.

    The notices say the rest, some printed already, others still to be printed from it. The
    budget can't fall below what was granted.
    """
    _require_current(programme, version)
    _require_offer(values)
    if values["budget_yen"] < programme.committed_yen:
        raise ServiceError(N_("More than this was granted already."), field="budget_yen")
    _require_kept(programme, values)
    _require_room(values)
    _set(programme, PROGRAMME_FIELDS, values)
    _record("programme", programme.id, "change", person, values)


def _require_offer(values: Mapping[str, Any]) -> None:
    printable.require_programme(values)
    if values["kind"] == IncentiveKind.BENEFIT:
        for name in ("benefit_ja", "benefit_en"):
            if not values[name]:
                raise ServiceError(N_("Please say what the benefit is."), field=name)
        for name in ("amount_yen", "budget_yen"):
            if values[name]:
                raise ServiceError(N_("A benefit that is not money has no amount."), field=name)
    elif values["amount_yen"] is None:
        raise ServiceError(N_("Please give the amount in whole yen."), field="amount_yen")
    elif values["amount_yen"] <= 0:
        raise ServiceError(N_("The amount must be at least 1 yen."), field="amount_yen")
    elif values["budget_yen"] is None:
        raise ServiceError(N_("Please give the budget in whole yen."), field="budget_yen")


def _require_room(values: Mapping[str, Any]) -> None:
    if values["budget_yen"] < values["amount_yen"]:
        why = N_("The budget is less than one amount, so nothing could be granted from it.")
        raise ServiceError(why, field="budget_yen")


def _require_kept(programme: Programme, values: Mapping[str, Any]) -> None:
    changed = [name for name in _KEPT if values[name] != getattr(programme, name)]
    if changed and _was_granted(programme):
        why = N_("Grants were made already: only the budget can be changed now.")
        raise ServiceError(why, field=changed[0])


def _was_granted(programme: Programme) -> bool:
    """Say whether anything was ever granted: it then has a number, also when cancelled since."""
    granted = select(Incentive.id).where(
        Incentive.programme_id == programme.id, Incentive.number.is_not(None)
    )
    return db.session.scalar(granted.limit(1)) is not None


def _set(row: Call | Programme, fields: tuple[str, ...], values: Mapping[str, Any]) -> None:
    for name in fields:
        setattr(row, name, values[name])


def _is_same(row: Call | Programme, fields: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == values[name] for name in fields)


def _require_order(values: Mapping[str, Any]) -> None:
    if values["opens_at"] >= values["closes_at"]:
        raise ServiceError(N_("A call must open before it closes."), field="closes_at")


def _require_current(row: Call | Programme, version: int) -> None:
    history.lock()
    db.session.refresh(row)  # a decision may have taken from the budget before the lock was ours
    if row.version != version:
        why = N_(
            "This entry was changed in another window or by somebody else."
            " Compare both and save again."
        )
        raise OutdatedError(why)


def _with_programmes(values: Mapping[str, Any], chosen: Sequence[Programme]) -> dict[str, Any]:
    return {**values, "programmes": " ".join(programme.key for programme in chosen)}


def _record(kind: str, row_id: int, act: str, person: Person, values: Mapping[str, Any]) -> None:
    history.record(
        history.Event(
            subject_type=kind,
            subject_id=row_id,
            act=act,
            actor=person,
            party=Party.OFFICE,
            details={name: str(value) for name, value in values.items()},
        )
    )
