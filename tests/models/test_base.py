"""What all tables share: instants with their zone, keys for addresses, enumerations, JSON."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import String, cast, select, type_coerce
from sqlalchemy.exc import StatementError

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import HistoryDetail, Mail, Operator, Person
from accreditation.models.base import KEY_ALPHABET, new_key
from tests import factories

MOMENTS = [
    datetime(2026, 11, 22, 1, 2, 3, 456789, UTC),
    datetime(2026, 11, 22, 0, 30, tzinfo=clock.ZONE),  # the day before in UTC
    datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    datetime(1999, 12, 31, 23, 59, 59, 999999, UTC),
]


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("moment", MOMENTS)
def test_an_instant_comes_back_as_the_same_instant_with_its_zone(moment: datetime) -> None:
    person = factories.person()
    person.disabled_at = moment
    db.session.commit()
    found = db.session.scalars(select(Person.disabled_at).where(Person.id == person.id)).one()
    assert found == moment
    assert found.utcoffset() == timedelta(0)


@pytest.mark.usefixtures("context")
def test_an_instant_may_be_missing() -> None:
    person = factories.person()
    db.session.commit()
    assert db.session.get_one(Person, person.id).disabled_at is None


@pytest.mark.usefixtures("context")
def test_a_naive_time_is_refused() -> None:
    person = factories.person()
    person.disabled_at = datetime(2026, 11, 22, 10, 0)  # noqa: DTZ001 - this is the bad one
    with pytest.raises(StatementError, match="an instant needs its zone"):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(StatementError, match="an instant needs its zone"):
        db.session.scalars(select(Mail).where(Mail.sent_at < datetime(2026, 1, 1))).all()  # noqa: DTZ001


@pytest.mark.usefixtures("context")
def test_instants_are_compared_as_instants() -> None:
    early, late = factories.person(), factories.person()
    early.disabled_at = datetime(2026, 11, 22, 8, 59, tzinfo=clock.ZONE)
    late.disabled_at = datetime(2026, 11, 22, 0, 1, tzinfo=UTC)
    db.session.flush()
    found = select(Person.id).where(Person.disabled_at < datetime(2026, 11, 22, tzinfo=UTC))
    assert db.session.scalars(found).all() == [early.id]


@pytest.mark.usefixtures("context")
def test_an_enumeration_is_stored_by_its_value() -> None:
    operator = factories.operator()
    plain = select(type_coerce(Operator.entity_type, String)).where(Operator.id == operator.id)
    assert db.session.scalars(plain).one() == "sole_proprietor"


@pytest.mark.usefixtures("context")
def test_japanese_in_json_can_be_read_in_the_database() -> None:
    factories.person(name="髙橋 𠮷子")
    stored = select(cast(HistoryDetail.content, String))
    assert any("髙橋 𠮷子" in one for one in db.session.scalars(stored))


def test_a_key_is_random_and_can_be_read_out_by_telephone() -> None:
    keys = {new_key() for _ in range(2000)}
    assert len(keys) == 2000
    assert {len(key) for key in keys} == {10}
    assert set("".join(keys)) == set(KEY_ALPHABET)
    assert not set("01ilo") & set(KEY_ALPHABET)
