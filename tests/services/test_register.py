"""The register: what the public finds, and how it stands on the day."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import Accreditation, Office
from accreditation.services import operators, register
from accreditation.services.errors import NotFoundError
from accreditation.services.register import Query
from accreditation.services.steps import take_step
from tests import factories
from workflows.accreditation import Standing
from workflows.application import ApplicationState

pytestmark = pytest.mark.usefixtures("context")


def _accredited(
    name: str = "見本の宿", *, kind: str = "accommodation", **given: Any
) -> Accreditation:
    return factories.accreditation(of=factories.site(kind=kind, name_ja=name, **given))


def _take(accreditation: Accreditation, step: str) -> None:
    operator = accreditation.site.operator
    council = factories.person(Office.COUNCIL)
    actor = factories.owner_of(operator) if step == "surrender" else council
    take_step(accreditation, step, actor, note="見本の理由")


def _found(**given: Any) -> list[str]:
    return [entry.number for entry in register.search(Query(**given)).entries]


def test_names_and_places_are_found_in_every_writing() -> None:
    wanted = _accredited(
        "香林坊の宿さくら", name_en="Sakura Kōrinbō", address_ja="金沢市香林坊1-1"
    ).number
    _accredited("別の宿", name_en="Another", address_ja="金沢市片町")
    for text in ("香林坊", "ｻｸﾗ", "korinbo", "ＳＡＫＵＲＡ", "さくら　金沢", wanted.lower()):
        assert _found(text=text) == [wanted], text
    assert _found(text="さくら 片町") == []


def test_old_forms_dots_and_shapes_of_names_do_not_hide_a_site() -> None:
    wanted = _accredited("ザ・渡邊舘", name_en="The·Watanabe", address_ja="金澤市尾山町").number
    _accredited("別の宿", name_en="Another", address_ja="野々市市")
    for text in ("ザ渡辺館", "渡邉", "ｻﾞ･渡辺", "thewatanabe", "金沢市"):
        assert _found(text=text) == [wanted], text


def test_signs_with_a_meaning_to_the_database_are_plain_text() -> None:
    _accredited()
    assert _found(text="%") == []
    assert _found(text="_") == []
    assert _found(text="' OR 1=1 --") == []


def test_a_search_of_many_words_is_only_a_search() -> None:
    number = _accredited("見本の宿").number
    assert _found(text="見本 " * 5000) == [number]


def test_filters_narrow_the_list() -> None:
    inn = factories.accreditation(indicators=(1, 2, 5)).number
    tour = _accredited(kind="tour").number
    assert _found(kind="tour") == [tour]
    assert _found(indicator=5) == [inn]
    assert _found(kind="tour", indicator=5) == []


def test_valid_entries_come_first_and_a_standing_can_be_chosen() -> None:
    valid, suspended, withdrawn, surrendered = (_accredited() for _ in range(4))
    _take(suspended, "suspend")
    _take(withdrawn, "withdraw")
    _take(surrendered, "surrender")
    assert _found()[0] == valid.number
    assert _found(standing=Standing.VALID) == [valid.number]
    assert _found(standing=Standing.SUSPENDED) == [suspended.number]
    assert _found(standing=Standing.WITHDRAWN) == [withdrawn.number]
    assert _found(standing=Standing.SURRENDERED) == [surrendered.number]
    assert _found(standing=Standing.EXPIRED) == []


def test_the_last_day_counts_whole_and_then_the_entry_is_expired() -> None:
    accreditation = _accredited()
    last_instant = clock.end_of(accreditation.valid_until) - timedelta(seconds=1)
    with clock.at(last_instant):
        assert register.find(accreditation.number).standing == Standing.VALID
        assert _found(standing=Standing.VALID) == [accreditation.number]
    with clock.at(last_instant + timedelta(seconds=1)):
        assert register.find(accreditation.number).standing == Standing.EXPIRED
        assert not register.find(accreditation.number).in_date
        assert _found(standing=Standing.EXPIRED) == [accreditation.number]


def test_pages_keep_within_what_there_is() -> None:
    for _ in range(3):
        _accredited()
    page = register.search(Query(page=10**30))
    assert (page.number, page.pages, page.total, page.has_next) == (1, 1, 3, False)
    assert register.search(Query(page=-5)).number == 1


def test_a_list_takes_a_fixed_number_of_queries() -> None:
    def queries() -> int:
        db.session.commit()
        db.session.expunge_all()
        seen: list[str] = []

        def note(*given: object) -> None:
            seen.append(str(given[2]))

        event.listen(db.engine, "before_cursor_execute", note)
        for entry in register.search(Query()).entries:
            assert entry.scheme
            assert entry.name("ja")
            assert entry.editions
            assert entry.fiscal_years
        event.remove(db.engine, "before_cursor_execute", note)
        return len(seen)

    _accredited()
    one = queries()
    for _ in range(3):
        _accredited()
    assert queries() == one


def test_the_names_are_those_that_were_accredited() -> None:
    accreditation = _accredited("もとの名", name_en="")
    site = accreditation.site
    owner = factories.owner_of(site.operator)
    operators.change_site(site, owner, {"name_ja": "あとの名"}, site.version)
    entry = register.find(accreditation.number)
    assert entry.name("ja") == "もとの名"
    assert entry.name("en") == "もとの名"


def test_practices_show_for_certified_indicators_only() -> None:
    accreditation = _accredited()
    site = accreditation.site
    texts = {1: ("節電", "Saving power"), 7: ("新しい試み", "New things")}
    operators.tell_practices(site, factories.owner_of(site.operator), texts)
    assert register.find(accreditation.number).practices("en") == {1: "Saving power"}


@pytest.mark.parametrize("step", ["suspend", "withdraw", "surrender"])
def test_a_site_whose_accreditation_was_taken_away_has_no_voice_here(step: str) -> None:
    accreditation = _accredited(
        description_ja="紹介文", website="https://example.jp/", name_en="Specimen"
    )
    site = accreditation.site
    operators.tell_practices(site, factories.owner_of(site.operator), {1: ("節電", "")})
    before = register.find(accreditation.number)
    assert (before.description("ja"), before.website) == ("紹介文", "https://example.jp/")
    _take(accreditation, step)
    after = register.find(accreditation.number)
    assert (after.description("ja"), after.website, after.practices("ja")) == ("", "", {})


def test_only_web_addresses_become_links() -> None:
    accreditation = _accredited(website="javascript:alert(1)")
    assert register.find(accreditation.number).website == ""


def test_an_unknown_number_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        register.find("R08-9999")
    with pytest.raises(NotFoundError):
        register.find("\x00")


def _renewed() -> Accreditation:
    accreditation = _accredited()
    with clock.at(clock.now() + timedelta(days=200)):
        factories.application(ApplicationState.ACCREDITED, of=accreditation.site)
    db.session.refresh(accreditation)
    return accreditation


def test_a_renewal_keeps_the_number_and_supersedes() -> None:
    accreditation = _renewed()
    first, second = accreditation.certificates
    with clock.at(clock.now() + timedelta(days=201)):
        checked = register.check(accreditation.number, edition=1)
        assert (checked.certificate, checked.shown) == (first, first)
        assert checked.superseded_by == 2
        newest = register.check(accreditation.number)
        assert (newest.certificate, newest.superseded_by) == (second, None)
        assert newest.entry.fiscal_years == [2026, 2027]


def test_a_code_tells_which_edition_a_paper_is() -> None:
    accreditation = _renewed()
    first, second = accreditation.certificates
    old = register.check(accreditation.number, code=first.code)
    assert (old.genuine, old.certificate, old.shown) == (True, first, second)
    new = register.check(accreditation.number, code=second.code)
    assert (new.genuine, new.superseded_by) == (True, None)


def test_a_wrong_code_and_the_code_of_another_number_are_not_ours() -> None:
    accreditation, other = _accredited(), _accredited()
    for code in (
        "",
        "abc",
        "é" * 32,
        accreditation.newest.code.upper(),
        other.newest.code,
        accreditation.newest.code[:-1],
    ):
        assert register.check(accreditation.number, code=code).genuine is False


def test_an_edition_there_is_not_is_another_answer_than_a_number_there_is_not() -> None:
    accreditation = _accredited()
    with pytest.raises(register.NoEditionError) as refused:
        register.check(accreditation.number, edition=2)
    assert refused.value.entry.accreditation is accreditation
    with pytest.raises(NotFoundError):
        register.check("R08-9999", edition=1)


def test_fiscal_years_are_named_as_each_language_does() -> None:
    assert register.fiscal_year_in("ja", 2025) == "令和7年度"
    assert register.fiscal_year_in("en", 2025) == "FY2025"
