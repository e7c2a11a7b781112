"""Operators and their sites, as their own people enter them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Membership, Operator, Person, Practice, Site
from accreditation.services import history, printable
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.members import acts_for
from workflows.engine import N_, Party

OPERATOR_FIELDS = (
    "name_ja",
    "name_kana",
    "name_en",
    "entity_type",
    "corporate_number",
    "representative",
    "postal_code",
    "address",
    "phone",
    "website",
)
PRINTED = ("name_", "address")  # what a certificate prints of an entry begins so
SHOWN = (*PRINTED, "representative")  # and what people compare: nothing in it may hide
SITE_FIELDS = (
    "name_ja",
    "name_kana",
    "name_en",
    "address_ja",
    "address_en",
    "description_ja",
    "description_en",
    "website",
)


def of_person(person: Person) -> list[Operator]:
    """List the operators that a person acts for, with their sites."""
    chosen = select(Operator).join(Membership).where(Membership.person_id == person.id)
    chosen = chosen.options(selectinload(Operator.sites)).order_by(Operator.id)
    return list(db.session.scalars(chosen))


def hold(operator: Operator, person: Person) -> None:
    """Lock the chain for an act on an operator's behalf, and read anew who acts.

    ServiceError when their account was closed meanwhile, or they don't act for it any more.
    """
    history.lock(person)
    if not acts_for(person, operator):
        raise ServiceError(N_("You do not act for this operator any more."))


def register(person: Person, values: Mapping[str, Any]) -> Operator:
    """Enter an operator; the person acts for it from now on. `values`: OPERATOR_FIELDS.

    Sent twice, also at the same moment, the form makes one operator.
    """
    history.lock(person)
    for known in of_person(person):
        if _is_same(known, OPERATOR_FIELDS, values):
            return known
    operator = Operator(created_at=clock.now(), demonstration=person.demonstration)
    _set(operator, OPERATOR_FIELDS, values)
    operator.memberships.append(Membership(person=person))
    db.session.add(operator)
    db.session.flush()
    _record("operator", operator.id, "register", person, {"key": operator.key})
    return operator


def change(operator: Operator, person: Person, values: Mapping[str, Any], version: int) -> None:
    """Change an operator's entry, unless somebody else did since `version` was shown."""
    hold(operator, person)
    _require_current(operator, version)
    _set(operator, OPERATOR_FIELDS, values)
    _record("operator", operator.id, "change", person, {"key": operator.key})


def add_site(operator: Operator, person: Person, kind: str, values: Mapping[str, Any]) -> Site:
    """Enter a site; its kind never changes, for the items asked depend on it.

    `values`: SITE_FIELDS. Sent twice, also at the same moment, the form makes one site.
    """
    hold(operator, person)
    for known in db.session.scalars(select(Site).where(Site.operator_id == operator.id)):
        if known.kind == kind and _is_same(known, SITE_FIELDS, values):
            return known
    site = Site(operator=operator, kind=kind, created_at=clock.now())
    _set(site, SITE_FIELDS, values)
    db.session.add(site)
    db.session.flush()
    _record("site", site.id, "register", person, {"key": site.key})
    return site


def change_site(site: Site, person: Person, values: Mapping[str, Any], version: int) -> None:
    """Change a site's entry, unless somebody else did since `version` was shown.

    What was accredited keeps the names that were submitted.
    """
    hold(site.operator, person)
    _require_current(site, version)
    _set(site, SITE_FIELDS, values)
    _record("site", site.id, "change", person, {"key": site.key})


def hold_practices(site: Site) -> None:
    """Lock what a site tells travellers until the transaction ends, and read it anew.

    Of two who save at once, the second then reads what the first wrote.
    """
    history.lock()
    db.session.expire(site, ["practices"])


def tell_practices(site: Site, person: Person, texts: Mapping[int, tuple[str, str]]) -> None:
    """Change what the site tells travellers: indicator -> (Japanese, English).

    Empty ones go; indicators that are not named stay as they are.

    ServiceError (field: the indicator's number) when only the English text is there: the register
    shows the Japanese one where there is no other.
    """
    for indicator, (japanese, english) in texts.items():
        if english.strip() and not japanese.strip():
            why = N_("Please write it in Japanese too.")
            raise ServiceError(why, field=str(indicator))
    hold(site.operator, person)
    hold_practices(site)
    for indicator, (japanese, english) in texts.items():
        _tell(site, indicator, japanese, english or japanese)
    db.session.flush()
    db.session.expire(site, ["practices"])  # read again, they come in their order
    _record("site", site.id, "tell_practices", person, {"key": site.key})


def _tell(site: Site, indicator: int, japanese: str, english: str) -> None:
    known = next((one for one in site.practices if one.indicator == indicator), None)
    if not japanese.strip():
        site.practices = [one for one in site.practices if one is not known]
    elif known is None:
        site.practices.append(Practice(indicator=indicator, text_ja=japanese, text_en=english))
    else:
        known.text_ja, known.text_en = japanese, english


def _set(row: Operator | Site, fields: tuple[str, ...], values: Mapping[str, Any]) -> None:
    given = {name: values[name] for name in fields if name in values}
    for name, value in given.items():
        if name.startswith(SHOWN):
            printable.require_seen(value or "", name)
        if name.startswith(PRINTED):
            printable.require(value or "", name)
    for name, value in given.items():
        setattr(row, name, value)


def _is_same(row: Operator | Site, fields: tuple[str, ...], values: Mapping[str, Any]) -> bool:
    return all(getattr(row, name) == values[name] for name in fields if name in values)


def _require_current(row: Operator | Site, version: int) -> None:
    if row.version != version:
        why = N_(
            "This entry was changed in another window or by somebody else."
            " Compare both and save again."
        )
        raise OutdatedError(why)


def _record(kind: str, row_id: int, act: str, person: Person, details: dict[str, Any]) -> None:
    history.record(
        history.Event(
            subject_type=kind,
            subject_id=row_id,
            act=act,
            actor=person,
            party=Party.OPERATOR,
            details=details,
        )
    )
