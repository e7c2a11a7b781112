"""Who is compared with whom, and what accepting a case asks for."""

from typing import Any

import pytest

from accreditation.models import Application, Office, Site
from accreditation.services import history, lookalikes
from accreditation.services.errors import OutdatedError, ServiceError
from accreditation.services.steps import open_steps, take_step
from tests import factories
from workflows.application import ApplicationState as S
from workflows.engine import StepRefused

pytestmark = pytest.mark.usefixtures("context")


def case(state: S = S.SUBMITTED, of: Site | None = None, **site: Any) -> Application:
    return factories.application(state, of=of or factories.site(**site))


def of_operator(state: S = S.SUBMITTED, **operator: Any) -> Application:
    return case(state, factories.site(factories.operator(**operator)))


def alike_in(application: Application) -> list[lookalikes.Alike]:
    found = lookalikes.of(application)
    return found.alike if found else []


def look(application: Application, note: str = "別の事業者と確認した") -> None:
    marks = [one.mark for one in alike_in(application)]
    lookalikes.compare(application, factories.person(Office.OFFICE), marks, note)


@pytest.mark.parametrize("state", [S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.LISTED, S.ACCREDITED])
def test_names_are_compared_with_those_accredited_and_under_way(state: S) -> None:
    known = case(state, name_ja="カガカフェ")
    (alike,) = alike_in(case(name_ja="力ガ力フェ"))

    assert alike.other.reference == known.reference
    assert alike.names == (("力ガ力フェ", "カガカフェ"),)
    assert (alike.other.number is not None) == (state == S.ACCREDITED)


@pytest.mark.parametrize("state", [S.DRAFT, S.WITHDRAWN, S.DECLINED, S.REFUSED])
def test_nor_with_what_was_never_sent_or_has_ended(state: S) -> None:
    case(state, name_ja="カガカフェ")
    assert alike_in(case(name_ja="力ガ力フェ")) == []


def test_english_names_readings_and_names_of_operators_are_compared() -> None:
    case(name_en="Kanazawa Mills", name_kana="ミルズ")
    assert alike_in(case(name_en="Kаnazawa Mi11s"))
    assert alike_in(case(name_kana="ミルズ"))
    assert alike_in(of_operator(name_en="KANAZAWA MILLS Co., Ltd.")), "a site's by an operator"
    assert not alike_in(case(name_en="Kanazawa Hills"))


def test_the_same_corporate_number_and_telephone_are_noticed() -> None:
    of_operator(corporate_number="4000020172014", phone="076-000-0001")
    of_operator(phone="")

    (number,) = alike_in(of_operator(corporate_number="4000020172014"))
    (phone,) = alike_in(of_operator(phone="+81 (0)76 000 0001"))

    assert (number.same_number, number.same_phone, number.names) == (True, False, ())
    assert (phone.same_number, phone.same_phone, phone.names) == (False, True, ())
    assert alike_in(of_operator(phone="")) == [], "what nobody gave is not the same"


def test_an_operators_own_sites_are_no_strangers() -> None:
    operator = factories.operator(phone="076-000-0002")
    case(of=factories.site(operator, name_ja="見本の宿"))
    assert alike_in(case(of=factories.site(operator, name_ja="見本の宿"))) == []


def test_a_case_like_another_is_accepted_after_somebody_compared_them() -> None:
    case(S.ACCREDITED, name_ja="ホテルロビー")
    copy, office = case(name_ja="ホテル口ビー"), factories.person(Office.OFFICE)

    with pytest.raises(StepRefused) as refused:
        take_step(copy, "accept", office)
    look(copy)
    take_step(copy, "accept", office)

    assert refused.value.guard == "names_compared"
    assert copy.state == S.IN_REVIEW, "a namesake is never refused"


@pytest.mark.parametrize("step", ["return", "decline"])
def test_returning_or_declining_asks_for_no_comparison(step: str) -> None:
    case(name_ja="ホテルロビー")
    copy = case(name_ja="ホテル口ビー")
    take_step(copy, step, factories.person(Office.OFFICE), note="理由")
    assert copy.state != S.SUBMITTED


def test_the_history_keeps_who_compared_what_and_what_was_found() -> None:
    known = case(S.ACCREDITED, name_ja="ホテルロビー")
    copy, office = case(name_ja="ホテル口ビー"), factories.person(Office.OFFICE, name="見本 花子")
    lookalikes.compare(copy, office, [one.mark for one in alike_in(copy)], " 住所も別 ")

    (entry,) = [one for one in history.of_application(copy.id) if one.act == lookalikes.ACT]
    assert entry.detail is not None
    content = entry.detail.content
    (compared,) = content["details"]["compared"]

    assert (content["name"], content["note"]) == ("見本 花子", "住所も別")
    assert compared["application"] == known.reference
    assert compared["operator"] == known.site.operator.key
    assert compared["names"] == [["ホテル口ビー", "ホテルロビー"]]
    assert history.verify() is None


def test_sent_twice_it_stands_in_the_history_once() -> None:
    case(name_ja="ホテルロビー")
    copy = case(name_ja="ホテル口ビー")
    look(copy)
    look(copy)
    assert [one.act for one in history.of_application(copy.id)].count(lookalikes.ACT) == 1


def test_a_word_on_what_was_found_is_asked_for() -> None:
    case(name_ja="ホテルロビー")
    copy = case(name_ja="ホテル口ビー")
    with pytest.raises(ServiceError) as refused:
        look(copy, "  ")
    assert refused.value.field == "note"


def test_what_the_page_did_not_show_was_not_compared() -> None:
    case(name_ja="ホテルロビー")
    copy = case(name_ja="ホテル口ビー")
    shown = [one.mark for one in alike_in(copy)]
    case(name_ja="ホテル・ロビー")

    with pytest.raises(OutdatedError):
        lookalikes.compare(copy, factories.person(Office.OFFICE), shown, "確認した")


def test_a_later_namesake_is_to_be_compared_again() -> None:
    case(name_ja="ホテルロビー")
    copy, office = case(name_ja="ホテル口ビー"), factories.person(Office.OFFICE)
    look(copy)
    case(name_ja="ホテル・ロビー")

    (accept,) = [one for one in open_steps(copy, office) if one.step.name == "accept"]

    assert accept.why_not is not None


def test_several_alphabets_in_a_name_are_shown_but_hold_nothing_up() -> None:
    mixed = case(name_en="Kаnazawa Inn")  # Cyrillic а
    found = lookalikes.of(mixed)

    assert found is not None
    assert (found.mixed, found.alike) == ([("Kаnazawa Inn", "\u0430 (U+0430)")], [])
    take_step(mixed, "accept", factories.person(Office.OFFICE))
