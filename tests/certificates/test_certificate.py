"""What the certificate says, read from the printed page."""

from __future__ import annotations

from dataclasses import replace

import pytest
import zxingcpp

from certificates.render import render_certificate
from tests.certificates.documents import CERTIFICATE, INDICATORS
from tests.certificates.reading import picture, text

JAPANESE = (
    "第 R08-0012 号",
    "第2版",
    "金沢SDGsツーリズム推進事業者",
    "認定証",
    "株式会社髙橋旅行 御中",
    "用水と町家の散歩",
    "旅行商品",
    "石川県見本市広坂0-0-0",
    "認定要綱の規定により、次のとおり認定します。",
    "1 地球の資源を大切にしよう",
    "2 垣根を越えてパートナーシップを進めよう",
    "ゴールド",
    "令和8年12月1日から令和9年11月30日まで",
    "2026年12月1日から2027年11月30日まで",
    "2026.1",
    "1 廃棄物の量を毎月はかること。",
    "2 年2回、事務局に報告すること。",
    "令和8年11月22日（2026年11月22日）",
    "見本市SDGs推進会議",
    "会長 見本 太郎",
    "（公印省略）",
    "石川県見本市見本町0-0",
    "https://accreditation.example.jp/verify/R08-0012",
    "見本：認定の効力はありません",
)
ENGLISH = (
    "No. R08-0012",
    "Edition 2",
    "Kanazawa SDGs Tourism Promotion Operator",
    "Certificate of Accreditation",
    "Takahashi Travel Co., Ltd.",
    "Canal and Machiya Walk",
    "Tour",
    "0-0-0 Hirosaka, Mihon-shi, Ishikawa",
    "Under the guidelines of the scheme this site is accredited as follows.",
    "1 Care for the resources of the earth",
    "2 Work in partnership across fences",
    "Gold",
    "from 1 December 2026 to 30 November 2027",
    "2026.1",
    "廃棄物の量を毎月はかること。",
    "22 November 2026",
    "Mihon City SDGs Council",
    "Taro Mihon, Chair",
    "(seal omitted)",
    "0-0 Mihon-machi, Mihon-shi, Ishikawa",
    "https://accreditation.example.jp/verify/R08-0012",
    "SPECIMEN — this accreditation has no effect",
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_certificate(CERTIFICATE)


@pytest.mark.parametrize(("page", "facts"), [(1, JAPANESE), (2, ENGLISH)])
def test_every_fact_is_on_the_page(pdf: bytes, page: int, facts: tuple[str, ...]) -> None:
    printed = text(pdf, page)
    assert [fact for fact in facts if "".join(fact.split()) not in printed] == []


@pytest.mark.parametrize("page", [1, 2])
def test_the_code_opens_the_check_page(pdf: bytes, page: int) -> None:
    codes = zxingcpp.read_barcodes(picture(pdf, page, dpi=110))
    assert [code.text for code in codes] == [CERTIFICATE.check_url]


def test_a_long_check_address_still_decodes() -> None:
    address = f"https://{'long-name.' * 8}example.jp/verify/R08-0012?c=bT9xQmZ1c2VkMTI4Yml0c2E"
    pdf = render_certificate(replace(CERTIFICATE, check_url=address))
    codes = zxingcpp.read_barcodes(picture(pdf, 1, dpi=150))
    assert [code.text for code in codes] == [address]


def test_a_real_certificate_is_no_specimen() -> None:
    pdf = render_certificate(replace(CERTIFICATE, specimen=False))
    assert "効力はありません" not in text(pdf, 1)
    assert "SPECIMEN" not in text(pdf, 1) + text(pdf, 2)


def test_a_specimen_carries_the_mark_on_every_page(pdf: bytes) -> None:
    assert "見本SPECIMEN" in text(pdf, 1)
    assert "見本SPECIMEN" in text(pdf, 2)


def test_what_does_not_apply_is_not_mentioned() -> None:
    pdf = render_certificate(replace(CERTIFICATE, level=None, conditions=()))
    japanese, english = text(pdf, 1), text(pdf, 2)
    assert "認定水準" not in japanese
    assert "条件" not in japanese
    assert "Level" not in english
    assert "Conditions" not in english


def test_all_indicators_are_listed_in_order() -> None:
    printed = text(render_certificate(replace(CERTIFICATE, indicators=INDICATORS)), 1)
    places = [printed.find(f"{i.number}{i.text.ja}") for i in INDICATORS]
    assert -1 not in places
    assert places == sorted(places)


def test_the_lines_of_a_condition_are_kept() -> None:
    pdf = render_certificate(replace(CERTIFICATE, conditions=("一行目\r\n二行目",)))
    assert "一行目二行目" in text(pdf, 1)
