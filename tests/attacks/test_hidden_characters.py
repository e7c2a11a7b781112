"""Characters that nobody sees, or that turn the direction of reading, in names."""

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import Site
from accreditation.services import identifiers, operators
from accreditation.services.errors import ServiceError
from tests import factories
from tests.attacks.corpus.lookalikes import BIDI, INVISIBLE, REAL
from tests.pages import Pages

HIDDEN = pytest.mark.parametrize("hidden", [*BIDI, *INVISIBLE], ids=ascii)
FIELDS = ("name_ja", "name_kana", "name_en", "address_ja", "address_en")


@HIDDEN
@pytest.mark.parametrize("name", ["見本{}の宿", "Mihon{} Inn", "{}ミホン"])
def test_what_nobody_sees_is_found_and_taken_out(hidden: str, name: str) -> None:
    text = name.format(hidden)

    assert identifiers.unseen(text) == [hidden]
    assert identifiers.without_unseen(text) == name.format("")


@pytest.mark.parametrize(
    "name", [*REAL, "葛\U000e0100城の宿", "神\ufe00社前", "ホテル　金沢", "髙﨑"]
)
def test_nothing_is_found_in_real_names(name: str) -> None:
    assert identifiers.unseen(name) == []
    assert identifiers.without_unseen(name) == name


@pytest.mark.usefixtures("context")
def test_no_name_with_such_a_character_is_stored_through_any_door() -> None:
    site = factories.site()
    owner = factories.owner_of(site.operator)
    tries = [(field, hidden) for field in FIELDS for hidden in (*BIDI, *INVISIBLE)]

    refused = 0
    for field, hidden in tries:
        with pytest.raises(ServiceError) as error:
            operators.change_site(site, owner, {field: f"ミホン{hidden}"}, site.version)
        refused += error.value.field == field

    assert refused == len(tries) == 26 * len(FIELDS)


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\u3164", "\ufe0f"], ids=ascii)
def test_the_form_says_so_and_comes_back_without(app: Flask, hidden: str) -> None:
    with app.app_context(), writing():
        site = factories.site(factories.operator(factories.person(language="en")))
        email, key = factories.owner_of(site.operator).email, site.key
        db.session.commit()
    path, pages = f"/my/sites/{key}", Pages(app, email)
    values = {"name_ja": f"見本{hidden}の宿", "address_ja": "金沢市"}

    page = pages.post(path, values, page=path, status=422)

    assert f"U+{ord(hidden):04X}" in page
    assert 'value="見本の宿"' in page, "what was typed is there, without what nobody sees"
    with app.app_context():
        assert db.session.scalars(db.select(Site)).unique().one().name_ja != "見本の宿"
