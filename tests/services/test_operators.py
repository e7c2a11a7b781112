from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask

from accreditation.extensions import db
from accreditation.models import EntityType, HistoryEntry, Membership, Operator, Person, Site
from accreditation.services import applications, operators
from accreditation.services.accounts import closing
from accreditation.services.errors import OutdatedError, ServiceError
from tests import factories

pytestmark = pytest.mark.usefixtures("context")
VALUES = {"name_ja": "見本観光", "entity_type": EntityType.ASSOCIATION, "address": "金沢市"}
SITE = {"name_ja": "見本の宿", "address_ja": "金沢市"}


def test_who_enters_an_operator_acts_for_it() -> None:
    person = factories.person()
    made = operators.register(person, VALUES)
    assert operators.of_person(person) == [made]
    assert operators.of_person(factories.person()) == []


def test_the_same_form_sent_twice_makes_one_operator() -> None:
    person = factories.person()
    assert operators.register(person, VALUES) is operators.register(person, VALUES)
    assert operators.register(factories.person(), VALUES) is not operators.of_person(person)[0]


def test_the_same_form_sent_twice_makes_one_site() -> None:
    owner = factories.operator()
    person = factories.owner_of(owner)
    first = operators.add_site(owner, person, "tour", SITE)
    assert operators.add_site(owner, person, "tour", SITE) is first
    assert operators.add_site(owner, person, "accommodation", SITE) is not first


def test_an_outdated_change_of_an_operator_is_refused_and_changes_nothing() -> None:
    operator = factories.operator()
    person, version = factories.owner_of(operator), operator.version
    operators.change(operator, person, {"name_en": "First"}, version)
    with pytest.raises(OutdatedError):
        operators.change(operator, person, {"name_en": "Second"}, version)
    assert operator.name_en == "First"


def test_an_outdated_change_of_a_site_is_refused_and_changes_nothing() -> None:
    site = factories.site()
    person, version = factories.owner_of(site.operator), site.version
    operators.change_site(site, person, {"name_en": "First"}, version)
    with pytest.raises(OutdatedError):
        operators.change_site(site, person, {"name_en": "Second"}, version)
    assert site.name_en == "First"


def test_fields_that_are_not_given_stay() -> None:
    operator = factories.operator(name_en="Kept")
    operators.change(
        operator, factories.owner_of(operator), {"phone": "076-000-0000"}, operator.version
    )
    assert (operator.name_en, operator.phone) == ("Kept", "076-000-0000")


def test_practices_that_are_not_named_stay_and_keep_their_order() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    operators.tell_practices(site, person, {2: ("連携する", ""), 5: ("学ぶ", "")})
    kept = site.practices[0].id
    operators.tell_practices(site, person, {1: ("節電する", ""), 2: ("広く連携する", "")})
    assert [(p.indicator, p.text_ja) for p in site.practices] == [
        (1, "節電する"),
        (2, "広く連携する"),
        (5, "学ぶ"),
    ]
    assert site.practices[1].id == kept


def test_practices_are_replaced_and_empty_ones_go() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    operators.tell_practices(site, person, {1: ("節電する", "Saves power"), 2: ("連携する", "")})
    assert [(p.indicator, p.text_en) for p in site.practices] == [
        (1, "Saves power"),
        (2, "連携する"),
    ]
    operators.tell_practices(site, person, {1: (" ", ""), 2: ("連携する", "Partners")})
    assert [(p.indicator, p.text_en) for p in site.practices] == [(2, "Partners")]


def test_an_english_practice_without_a_japanese_one_is_refused_and_not_lost() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    operators.tell_practices(site, person, {1: ("節電する", "")})
    with pytest.raises(ServiceError) as refused:
        operators.tell_practices(site, person, {1: ("", ""), 3: ("", "Only English")})
    assert refused.value.field == "3"
    assert [p.text_ja for p in site.practices] == ["節電する"]


def test_every_change_is_in_the_history() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    operators.change_site(site, person, {"name_en": "New"}, site.version)
    operators.tell_practices(site, person, {1: ("節電する", "")})
    chosen = db.select(HistoryEntry.act).where(
        HistoryEntry.subject_type == "site", HistoryEntry.subject_id == site.id
    )
    acts = db.session.scalars(chosen.order_by(HistoryEntry.sequence))
    assert list(acts) == ["register", "change", "tell_practices"]


def test_operators_come_with_their_sites(app: Flask) -> None:
    del app
    site = factories.site()
    person = factories.owner_of(site.operator)
    db.session.commit()
    found = operators.of_person(person)
    assert [type(one) for one in found] == [Operator]
    assert [one.key for one in found[0].sites] == [site.key]
    assert isinstance(found[0].sites[0], Site)


def acts_of(site: Site, person: Person) -> list[Callable[[], object]]:
    """Give everything that somebody does for an operator they act for."""
    operator = site.operator
    return [
        partial(operators.change, operator, person, {"name_en": "New"}, operator.version),
        partial(operators.add_site, operator, person, "tour", SITE),
        partial(operators.change_site, site, person, {"name_en": "New"}, site.version),
        partial(operators.tell_practices, site, person, {1: ("節電する", "")}),
        partial(applications.start, factories.call(), site, person),
    ]


def test_who_does_not_act_for_an_operator_any_more_changes_nothing_of_it() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    db.session.execute(db.delete(Membership).where(Membership.person_id == person.id))
    for act in acts_of(site, person):
        with pytest.raises(ServiceError, match="do not act for this operator any more"):
            act()


def test_whose_account_was_closed_meanwhile_enters_and_changes_nothing() -> None:
    site = factories.site()
    person = factories.owner_of(site.operator)
    closing.close(person)
    register: Callable[[], object] = partial(operators.register, person, VALUES)
    for act in [register, *acts_of(site, person)]:
        with pytest.raises(ServiceError, match="account was closed"):
            act()
