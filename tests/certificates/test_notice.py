from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pikepdf
import pytest

from certificates.data import Bilingual
from certificates.render import render_notice
from tests.certificates.documents import NOTICE
from tests.certificates.reading import pages, text

BENEFIT = Bilingual("市の観光サイトで1年間紹介します。", "A feature on the city site for a year")
MONEY_JA = (
    "第 R08-I-0003 号",
    "令和8年11月22日",
    "株式会社髙橋旅行 御中",
    "用水と町家の散歩",
    "見本市SDGs推進会議",
    "会長 見本 太郎",
    "（公印省略）",
    "奨励金交付決定通知書",
    "記",
    "金300,000円（¥300,000）",
    "金沢SDGsツーリズム奨励金",
    "令和8年度（2026年度）",
    "第 R08-0012 号",
    "令和8年11月22日（2026年11月22日）",
    "以上",
    "見本：この通知の効力はありません",
)
MONEY_EN = (
    "No. R08-I-0003",
    "22 November 2026",
    "Takahashi Travel Co., Ltd.",
    "Canal and Machiya Walk",
    "Mihon City SDGs Council",
    "Taro Mihon, Chair",
    "(seal omitted)",
    "Notice of incentive",
    "¥300,000 (300,000 Japanese yen)",
    "Kanazawa SDGs Tourism Incentive",
    "2026 (April 2026 to March 2027)",
    "No. R08-0012",
    "SPECIMEN — this notice has no effect",
)


@pytest.mark.parametrize(("language", "facts"), [("ja", MONEY_JA), ("en", MONEY_EN)])
def test_the_letter_tells_every_fact_on_one_page(language: str, facts: tuple[str, ...]) -> None:
    pdf = render_notice(replace(NOTICE, language=language))
    printed = text(pdf, 1)
    assert pages(pdf) == 1
    assert [fact for fact in facts if "".join(fact.split()) not in printed] == []


@pytest.mark.parametrize(
    ("language", "title", "benefit"),
    [("ja", "特典付与通知書", BENEFIT.ja), ("en", "Notice of benefit", BENEFIT.en)],
)
def test_another_benefit_has_its_own_letter(language: str, title: str, benefit: str) -> None:
    notice = replace(NOTICE, amount_yen=None, benefit=BENEFIT, language=language)
    printed = text(render_notice(notice), 1)
    assert "".join(title.split()) in printed
    assert "".join(benefit.split()) in printed
    assert "¥" not in printed


@pytest.mark.parametrize(
    ("language", "title", "author"),
    [
        ("ja", "奨励金交付決定通知書 第 R08-I-0003 号", "見本市SDGs推進会議"),
        ("en", "Notice of incentive No. R08-I-0003", "Mihon City SDGs Council"),
    ],
)
def test_the_file_says_what_it_is(language: str, title: str, author: str) -> None:
    pdf = render_notice(replace(NOTICE, language=language))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert str(opened.docinfo["/Title"]) == title
        assert str(opened.docinfo["/Author"]) == author
        assert str(opened.Root.Lang) == language
        assert b'pdfaid:part="3"' in opened.Root.Metadata.read_bytes()


def test_a_real_letter_is_no_specimen() -> None:
    printed = text(render_notice(replace(NOTICE, specimen=False)), 1)
    assert "SPECIMEN" not in printed
    assert "見本：" not in printed


def test_the_same_letter_gives_the_same_bytes() -> None:
    assert render_notice(NOTICE) == render_notice(NOTICE)


def test_long_texts_still_fit_on_the_page() -> None:
    long = Bilingual("とても長い名前の見本旅行" * 10, "A very long name of a made-up hotel " * 4)
    notice = replace(NOTICE, operator=long, site=long, programme=long)
    assert pages(render_notice(notice)) == 1


def test_markup_in_a_text_is_only_text() -> None:
    payload = '<img src="file:///etc/passwd">'
    pdf = render_notice(replace(NOTICE, operator=Bilingual(payload, payload)))
    assert "".join(payload.split()) in text(pdf, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"language": "fr"}, "language 'fr'"),
        ({"benefit": BENEFIT}, "either an amount or a benefit"),
        ({"amount_yen": None}, "either an amount or a benefit"),
        ({"site": Bilingual("宿" * 10_000, "x")}, "too long"),
        ({"site": Bilingual("温泉😀宿", "x")}, "cannot print"),
    ],
)
def test_a_letter_that_cannot_be_right_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render_notice(replace(NOTICE, **change))
