"""The register's pages: finding a site, and everything public about it."""

import re

import pytest
from flask import Flask

from accreditation.models import Office
from accreditation.services import operators, register
from accreditation.services.steps import take_step
from tests import factories
from tests.pages import Pages
from tests.stages import Stages


def _inn_and_tour() -> None:
    inn = factories.site(
        name_ja="香林坊の宿",
        name_en="Inn <Kōrinbō>",
        description_en="Closed for now",
        website="https://example.jp/inn",
    )
    suspended = factories.accreditation(of=inn)
    take_step(suspended, "suspend", factories.person(Office.COUNCIL), note="内密の理由")
    tour = factories.site(
        kind="tour",
        name_ja="町歩き",
        name_en="Town Walk",
        description_en="Two hours on foot",
        website="https://example.jp/walk",
    )
    factories.accreditation(of=tour, indicators=(1, 2, 5))
    owner = factories.owner_of(tour.operator)
    operators.tell_practices(tour, owner, {5: ("公正な賃金", "Fair wages for guides")})


@pytest.fixture
def pages(app: Flask, stages: Stages) -> Pages:
    """A visitor of a register with an inn (R08-0001, suspended) and a tour (R08-0002)."""
    stages.set(app, _inn_and_tour)
    return Pages(app)


def _names(html: str) -> list[str]:
    return re.findall(r'<h2>\s*<a href="/register/(R08-\d+)', html)


def test_an_empty_register_says_so(app: Flask) -> None:
    assert "Nobody is accredited yet" in Pages(app).get("/register")


def test_the_list_shows_who_where_what_and_how_it_stands(pages: Pages) -> None:
    html = pages.get("/register")
    assert _names(html) == ["R08-0002", "R08-0001"]
    for words in ("2 entries", "Town Walk", "Inn &lt;Kōrinbō&gt;", "Suspended", "FY2026", "Tour"):
        assert words in html
    assert "Make work rewarding" in html


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("q=korinbo", ["R08-0001"]),
        ("q=%E9%A6%99%E6%9E%97%E5%9D%8A", ["R08-0001"]),
        ("q=TOWN&kind=tour", ["R08-0002"]),
        ("indicator=5", ["R08-0002"]),
        ("standing=suspended", ["R08-0001"]),
        ("q=r08-0001", ["R08-0001"]),
    ],
)
def test_search_and_filters_find(pages: Pages, query: str, numbers: list[str]) -> None:
    assert _names(pages.get(f"/register?{query}")) == numbers


@pytest.mark.parametrize(
    "query",
    [
        "kind=castle",
        "indicator=99999999999999999999999",
        "indicator=x",
        "standing=lost",
        "page=x",
        "page=99999999999999999999",
        "page=-1",
    ],
)
def test_a_filter_that_does_not_exist_filters_nothing(pages: Pages, query: str) -> None:
    assert len(_names(pages.get(f"/register?{query}"))) == 2


def test_the_form_keeps_what_was_asked_and_the_language(pages: Pages) -> None:
    html = pages.get("/register?q=%22walk%22&kind=tour&indicator=5&standing=valid&lang=en")
    assert 'value="&#34;walk&#34;"' in html
    assert len(re.findall(r"<option[^>]*selected", html)) == 3
    assert '<input type="hidden" name="lang" value="en">' in html


def test_an_empty_result_says_what_to_do(pages: Pages) -> None:
    html = pages.get("/register?q=nothing")
    assert "Nothing in the register fits this search." in html
    assert 'href="/verify"' in html
    assert "Show all entries" in html


def test_further_pages_keep_the_filters(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "PAGE", 1)  # a short page instead of a long register
    html = pages.get("/register?q=1-1")
    assert _names(html) == ["R08-0002"]
    assert "2 entries" in html
    assert 'href="?q=1-1&amp;page=2"' in html
    assert _names(pages.get("/register?q=1-1&page=2")) == ["R08-0001"]


def test_an_entry_tells_everything_public(pages: Pages) -> None:
    html = pages.get("/register/R08-0002")
    for words in (
        "Town Walk",
        "Two hours on foot",
        "Fair wages for guides",
        "Valid",
        "FY2026",
        "Edition 1",
        'href="https://example.jp/walk" rel="noopener nofollow"',
        'href="/verify/R08-0002"',
    ):
        assert words in html, words


def test_a_suspended_site_is_named_but_does_not_speak(pages: Pages) -> None:
    html = pages.get("/register/R08-0001")
    assert "Suspended" in html
    for words in ("Closed for now", "https://example.jp/inn", "内密の理由"):
        assert words not in html


@pytest.mark.parametrize("number", ["r08-0002", "Ｒ０８－０００２", "R8-2"])
def test_the_number_in_the_address_may_be_typed_freely(pages: Pages, number: str) -> None:
    assert "Town Walk" in pages.get(f"/register/{number}")


@pytest.mark.parametrize("number", ["R08-0003", "nonsense"])
def test_an_entry_there_is_not_is_a_404(pages: Pages, number: str) -> None:
    pages.get(f"/register/{number}", status=404)
