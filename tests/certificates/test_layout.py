"""Every certificate keeps to a Japanese and an English page, whatever it has to hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from certificates.data import Bilingual, NumberedText
from certificates.glyphs import LONGEST_LIST, LONGEST_TEXT
from certificates.render import render_certificate
from tests.certificates.documents import CERTIFICATE, INDICATORS
from tests.certificates.reading import pages, text

LONG = Bilingual("金沢の町家と用水をめぐる旅行" * 5, "The Old Samurai Quarter by the Canal " * 2)
FULL = replace(
    CERTIFICATE, indicators=INDICATORS, operator=LONG, site=LONG, address=LONG, conditions=()
)
LONG_CONDITION = "取組の内容と結果を事務局へ文書で報告し、" * 7


@pytest.mark.parametrize("indicators", [INDICATORS[:2], INDICATORS])
def test_each_language_has_one_page(indicators: tuple[NumberedText, ...]) -> None:
    pdf = render_certificate(replace(CERTIFICATE, indicators=indicators))
    assert pages(pdf) == 2
    assert "認定証" in text(pdf, 1)
    assert "CertificateofAccreditation" in text(pdf, 2)


def test_long_names_and_all_indicators_fit() -> None:
    pdf = render_certificate(FULL)
    assert pages(pdf) == 2
    assert "".join(LONG.ja.split()) in text(pdf, 1)
    assert "".join(LONG.en.split()) in text(pdf, 2)


def test_long_conditions_move_to_an_annex() -> None:
    conditions = tuple(f"条件その{n}。{LONG_CONDITION}" for n in range(6))
    pdf = render_certificate(replace(FULL, conditions=conditions))
    assert pages(pdf) == 3
    assert "別紙のとおり" in text(pdf, 1)
    assert "seetheannex" in text(pdf, 2)
    assert "その0" not in text(pdf, 1) + text(pdf, 2)
    assert all(condition in text(pdf, 3) for condition in conditions)
    assert "第R08-0012号" in text(pdf, 3)


def test_the_most_conditions_that_are_allowed_flow_over_several_pages() -> None:
    conditions = tuple(f"{n:02}" + "条" * (LONGEST_TEXT - 2) for n in range(LONGEST_LIST))
    pdf = render_certificate(replace(CERTIFICATE, conditions=conditions))
    annex = "".join(text(pdf, page) for page in range(3, pages(pdf) + 1))
    assert all(f"{n:02}条" in annex for n in range(LONGEST_LIST))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"site": Bilingual("金" * 10_000, "x")}, "too long"),
        ({"site": Bilingual("金" * LONGEST_TEXT, "x"), "operator": LONG}, "does not fit"),
        ({"conditions": ("条件",) * (LONGEST_LIST + 1)}, "too long"),
        ({"number": "9" * 10_000}, "too long"),
    ],
)
def test_what_cannot_fit_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render_certificate(replace(FULL, **change))
