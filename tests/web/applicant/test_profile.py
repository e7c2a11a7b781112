from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import event, select

from accreditation.extensions import db, writing
from accreditation.models import Operator, Person, Site
from accreditation.services import operators
from tests import factories
from tests.fields import hidden
from tests.pages import Pages
from workflows.application import ApplicationState as S

T = TypeVar("T", Operator, Site)
OPERATOR = {
    "name_ja": "見本観光株式会社",
    "name_kana": "みほんかんこう",
    "name_en": "Mihon Tourism",
    "entity_type": "corporation",
    "corporate_number": "４０００－０２－０１７－２０１４",
    "representative": "見本　太郎",
    "postal_code": "〒９２０-0000",
    "address": "石川県金沢市見本町1-1",
    "phone": "０７６－０００－００００",
    "website": "https://mihon.example.jp/",
}
SITE = {
    "kind": "accommodation",
    "name_ja": "見本の宿",
    "name_kana": "",
    "name_en": "Mihon Inn",
    "address_ja": "金沢市見本町1-1",
    "address_en": "",
    "description_ja": "一行目\r\n二行目",
    "description_en": "",
    "website": "",
}


def newcomer(app: Flask) -> Pages:
    with app.app_context(), writing():
        email = factories.person(language="en").email
        db.session.commit()
    return Pages(app, email)


def owner_with_site(app: Flask, **values: str) -> tuple[Pages, str, str]:
    """Give the owner's browser and the keys of an operator and its site."""
    with app.app_context(), writing():
        owner = factories.person(language="en")
        site = factories.site(factories.operator(owner, **values))
        db.session.commit()
        keys = owner.email, site.operator.key, site.key
    return Pages(app, keys[0]), keys[1], keys[2]


def only(app: Flask, kind: type[T]) -> T:
    with app.app_context():
        row = db.session.scalars(select(kind)).unique().one()
        db.session.expunge(row)
        return row


def test_a_newcomer_is_led_from_the_first_step_to_an_application(app: Flask) -> None:
    pages = newcomer(app)
    assert 'href="/my/operators/new"' in pages.get("/my")
    assert "Add a site" in pages.post("/my/operators/new", OPERATOR)
    operator = only(app, Operator)
    stored = (operator.name_kana, operator.corporate_number, operator.postal_code, operator.phone)
    assert stored == ("ミホンカンコウ", "4000020172014", "9200000", "076-000-0000")
    assert operator.representative == "見本 太郎"
    home = pages.post(f"/my/operators/{operator.key}/sites/new", SITE)
    assert "Mihon Inn" in home
    site = only(app, Site)
    assert site.description_ja == "一行目\n二行目"
    with app.app_context(), writing():
        factories.call()
        db.session.commit()
    assert f"/my/sites/{site.key}/apply" in pages.get("/my")
    assert "0 of 20 items answered" in pages.post(
        f"/my/sites/{site.key}/apply", chosen(pages, site.key)
    )


def chosen(pages: Pages, site: str) -> dict[str, str]:
    html = pages.get(f"/my/sites/{site}/apply")
    return {"call": html.split('name="call"')[1].split('value="')[1].split('"')[0]}


def test_everything_wrong_is_said_at_once_and_nothing_typed_is_lost(app: Flask) -> None:
    wrong = {
        **OPERATOR,
        "name_ja": "",
        "name_kana": "見本<b>観光</b>",
        "corporate_number": "4000020172015",
        "postal_code": "92",
        "phone": "call me",
        "website": "javascript:alert(1)",
        "representative": "長" * 201,
    }
    html = newcomer(app).post("/my/operators/new", wrong, status=422)
    for sentence in (
        "Please enter the name in Japanese.",
        "Please write the name as it is read aloud, in katakana only",
        "This is not a corporate number",
        "A postal code has 7 digits.",
        "Please enter a telephone number such as 076-000-0000.",
        "Please enter the address of a website, such as https://example.jp/inn.",
        "This has 201 characters, but only 200 fit here.",
    ):
        assert html.count(sentence) == 2, "beside the field and in the summary"
    assert "Representative: This has 201 characters" in html, "the summary names the field"
    assert html.count("Representative: ") == 1, "beside the field its label stands already"
    for typed in ("4000020172015", "call me", "javascript:alert(1)", "長" * 201, "Mihon Tourism"):
        assert f'value="{typed}"' in html
    assert "<title>Error:" in html


@pytest.mark.parametrize("name", ["name_ja", "name_en", "address"])
def test_what_no_certificate_could_print_is_named_beside_its_field(app: Flask, name: str) -> None:
    pages, operator, _ = owner_with_site(app)
    typed = OPERATOR | {name: "Inn \U0001f3c5"}
    why = "can&#39;t be printed with these characters: \U0001f3c5 (U+1F3C5)"
    path = f"/my/operators/{operator}"
    html = pages.post(path, typed | dict(hidden(pages.get(path))), status=422)
    assert html.count(why) == 2, "beside the field and in the summary"
    assert f'id="{name}-error"' in html
    assert typed[name] in html
    assert only(app, Operator).name_ja != OPERATOR["name_ja"], "nothing of it is stored"
    assert why in pages.post("/my/operators/new", typed, status=422)
    assert only(app, Operator).key == operator


def test_a_site_that_no_certificate_could_name_is_told_so_when_it_is_entered(app: Flask) -> None:
    pages, operator, site = owner_with_site(app)
    typed = SITE | {"address_en": "Sun \U0001f31e Street"}
    html = pages.post(f"/my/operators/{operator}/sites/new", typed, status=422)
    assert html.count("characters: \U0001f31e (U+1F31E)") == 2
    assert "一行目\n二行目" in html
    shown = dict(hidden(pages.get(f"/my/sites/{site}")))
    assert 'id="address_en-error"' in pages.post(f"/my/sites/{site}", typed | shown, status=422)
    assert only(app, Site).key == site


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("mihon.example.jp", "https://mihon.example.jp"),
        ("ｈｔｔｐｓ：／／ｍｉｈｏｎ．ｅｘａｍｐｌｅ．ｊｐ／", "https://mihon.example.jp/"),
    ],
)
def test_a_website_is_read_as_people_write_it(app: Flask, typed: str, stored: str) -> None:
    newcomer(app).post("/my/operators/new", OPERATOR | {"website": typed})
    assert only(app, Operator).website == stored


def test_no_field_cuts_off_what_is_pasted(app: Flask) -> None:
    pages, operator, site = owner_with_site(app)
    for path in (f"operators/{operator}", f"sites/{site}"):
        assert "maxlength" not in pages.get(f"/my/{path}")
    assert "maxlength" not in pages.get("/account")


def test_a_corporation_needs_its_number_and_others_do_not(app: Flask) -> None:
    pages, without = newcomer(app), {**OPERATOR, "corporate_number": ""}
    html = pages.post("/my/operators/new", without, status=422)
    assert "every corporation has one" in html
    assert "Please choose the legal form." in pages.post(
        "/my/operators/new", {**without, "entity_type": "empire"}, status=422
    )
    pages.post("/my/operators/new", {**without, "entity_type": "sole_proprietor"})
    operator = only(app, Operator)
    assert operator.corporate_number is None


def test_the_same_form_sent_twice_makes_one_operator_and_one_site(app: Flask) -> None:
    pages = newcomer(app)
    for _ in range(2):
        pages.post("/my/operators/new", OPERATOR)
    operator = only(app, Operator)
    for _ in range(2):
        pages.post(f"/my/operators/{operator.key}/sites/new", SITE)
    assert only(app, Site).name_ja == "見本の宿"


def test_a_site_needs_a_kind_a_name_and_a_place(app: Flask) -> None:
    pages, operator, _ = owner_with_site(app)
    wrong = {**SITE, "kind": "castle", "name_ja": " ", "address_ja": "", "description_en": "Kept"}
    html = pages.post(f"/my/operators/{operator}/sites/new", wrong, status=422)
    assert "Please choose what it is." in html
    assert "Please enter the name in Japanese." in html
    assert "Please enter the address or the place." in html
    assert "Kept" in html


def test_an_entry_is_changed_but_its_kind_never(app: Flask) -> None:
    pages, operator, site = owner_with_site(app)
    version = dict(hidden(pages.get(f"/my/sites/{site}")))
    assert 'name="kind"' not in pages.get(f"/my/sites/{site}")
    pages.post(f"/my/sites/{site}", {**SITE, **version, "kind": "tour", "name_en": "New Inn"})
    changed = only(app, Site)
    assert (changed.kind, changed.name_en) == ("accommodation", "New Inn")
    version = dict(hidden(pages.get(f"/my/operators/{operator}")))
    assert "Saved." in pages.post(f"/my/operators/{operator}", {**OPERATOR, **version})


def test_of_two_who_change_an_entry_the_second_sees_both_and_decides(app: Flask) -> None:
    for kind in ("operators", "sites"):
        pages, operator, site = owner_with_site(app)
        path, values = (
            f"/my/{kind}/{operator if kind == 'operators' else site}",
            {**SITE, **OPERATOR},
        )
        shown = dict(hidden(pages.get(path)))
        pages.post(path, {**values, **shown, "name_en": "The other one"})
        mine = {**values, **shown, "name_en": "Mine"}
        html = pages.post(path, mine, status=422)
        assert "Saved now: The other one" in html
        assert 'value="Mine"' in html
        assert "Saved." in pages.post(path, {**mine, **dict(hidden(html))})
        assert "Mine" in pages.get(path)


def test_nobody_sees_or_changes_what_belongs_to_others(app: Flask) -> None:
    _, operator, site = owner_with_site(app)
    stranger = newcomer(app)
    for path in (f"operators/{operator}", f"operators/{operator}/sites/new", f"sites/{site}"):
        stranger.get(f"/my/{path}", 404)
        stranger.post(f"/my/{path}", {**SITE, **OPERATOR}, page="/my/operators/new", status=404)
    stranger.get(f"/my/sites/{site}/apply", 404)
    stranger.get(f"/my/sites/{site}/practices", 404)


def test_without_an_accreditation_there_are_no_practices_to_tell(app: Flask) -> None:
    pages, _, site = owner_with_site(app)
    pages.get(f"/my/sites/{site}/practices", 404)


def test_home_takes_the_same_number_of_queries_for_few_and_many_sites(app: Flask) -> None:
    def queries(sites: int) -> int:
        with app.app_context(), writing():
            owner = factories.person(language="en")
            for _ in range(sites):
                of, call = factories.operator(owner), factories.call()
                factories.application(S.ACCREDITED, of=factories.site(of), in_call=call)
                factories.draft(call, factories.site(of))
            db.session.commit()
            email = owner.email
        pages, counted = Pages(app, email), []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *given: counted.append(given[2]))
        pages.get("/my")
        return len(counted)

    assert queries(1) == queries(3)


def test_the_site_of_another_person_does_not_show_on_my_page(app: Flask) -> None:
    _, _, _ = owner_with_site(app, name_en="Somebody Else's")
    assert "Somebody Else" not in newcomer(app).get("/my")
    with app.app_context():
        people = db.session.scalars(select(Person)).all()
        assert [len(operators.of_person(person)) for person in people] == [1, 0]
