"""The file itself: PDF/A-3, its fonts, its attachment, the same bytes every time."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pikepdf
import pytest
from weasyprint.urls import FatalURLFetchingError

from certificates.data import Bilingual
from certificates.render import OwnAssets, render_certificate
from tests.certificates.documents import CERTIFICATE
from tests.certificates.reading import pages, run, saved, text

PDFA = "{http://www.aiim.org/pdfa/ns/id/}"
AGAIN = """
import sys
from certificates.render import render_certificate
from tests.certificates.documents import CERTIFICATE
sys.stdout.buffer.write(render_certificate(CERTIFICATE))
"""
PAYLOADS = (
    '<img src="file:///etc/passwd">',
    '<link rel=attachment href="file:///etc/passwd">',
    '<a rel=attachment href="file:///etc/passwd">x</a>',
    "<style>@page{background:url(http://127.0.0.1:9/)}</style>",
    "</p></section><script>alert(1)</script>",
    "{{ data.__class__ }}{% include 'letters/letter.html' %}",
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_certificate(CERTIFICATE)


def attached(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def test_it_says_that_it_is_pdf_a_3a(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        root = ET.fromstring(opened.Root.Metadata.read_bytes())  # noqa: S314  # our own file
        claims = {name: value for element in root.iter() for name, value in element.items()}
        intents = [intent.S for intent in opened.Root.OutputIntents]
        assert opened.pdf_version == "1.7"
        assert bool(opened.Root.MarkInfo.Marked)
        assert str(opened.Root.Lang) == "ja"
    assert (claims[f"{PDFA}part"], claims[f"{PDFA}conformance"]) == ("3", "A")
    assert [str(intent) for intent in intents] == ["/GTS_PDFA1"]


def test_who_made_it_and_when(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        info = {key: str(value) for key, value in opened.docinfo.items()}
    assert "R08-0012" in info["/Title"]
    assert "用水と町家の散歩" in info["/Title"]
    assert "見本市SDGs推進会議" in info["/Author"]
    assert info["/CreationDate"].startswith("D:20261122")


def test_both_weights_of_our_font_are_embedded_and_cut(pdf: bytes, tmp_path: Path) -> None:
    rows = run("pdffonts", saved(pdf, tmp_path)).splitlines()[2:]
    names = {row.split()[0].partition("+")[2] for row in rows}
    assert names == {"Document-Sans", "Document-Sans-Bold"}
    assert all(row.split()[-5:-2] == ["yes", "yes", "yes"] for row in rows)


def test_only_the_printed_part_of_the_two_fonts_is_embedded(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        sizes = [
            int(item["/Length1"])
            for item in opened.objects
            if isinstance(item, pikepdf.Stream) and "/Length1" in item
        ]
    assert len(sizes) == 2
    assert max(sizes) < 500_000  # a whole one has more than five million


def test_qpdf_finds_no_fault(pdf: bytes, tmp_path: Path) -> None:
    words = run("qpdf", "--check", saved(pdf, tmp_path), package="qpdf")
    assert "No syntax or stream encoding errors" in words


def test_the_codes_have_a_text_for_those_who_cannot_see(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        figures = [
            item
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        texts = [str(figure.Alt) for figure in figures]
    assert texts == [
        "この認定証を確かめるページの二次元コード",
        "QR code of the page that checks this certificate",
    ]


def test_the_facts_are_attached_once_for_machines(pdf: bytes) -> None:
    files = attached(pdf)
    assert list(files) == ["certificate.json"]
    facts = json.loads(files["certificate.json"])
    assert facts["number"] == "R08-0012"
    assert facts["edition"] == 2
    assert facts["operator"] == {"ja": "株式会社髙橋旅行", "en": "Takahashi Travel Co., Ltd."}
    assert [entry["number"] for entry in facts["indicators"]] == ["1", "2"]
    assert facts["valid_from"] == "2026-12-01"
    assert facts["check_url"] == CERTIFICATE.check_url
    assert facts["specimen"] is True
    assert set(facts) == set(CERTIFICATE.__slots__)
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        assert len(opened.Root.AF) == 1
        assert opened.Root.AF[0].AFRelationship == "/Data"


@pytest.mark.parametrize("seed", ["0", "1"])
def test_another_process_makes_the_same_bytes(pdf: bytes, seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"}
    done = subprocess.run(
        [sys.executable, "-c", AGAIN], env=environment, capture_output=True, check=True
    )
    assert done.stdout == pdf


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_in_a_text_is_only_text(payload: str) -> None:
    both = Bilingual(payload, payload)
    pdf = render_certificate(
        replace(
            CERTIFICATE,
            number=payload,
            scheme=both,
            standard=payload,
            operator=both,
            site=both,
            kind=both,
            address=both,
            level=both,
            grounds=both,
            conditions=(payload,),
        )
    )
    expected = "".join(payload.split())
    assert list(attached(pdf)) == ["certificate.json"]
    assert text(pdf, 1).count(expected) == 10
    assert text(pdf, 2).count(expected) == 10
    assert pages(pdf) == 2


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:9/",
        "https://example.jp/",
        "ftp://example.jp/",
        Path(__file__).as_uri(),
        f"{(Path('certificates') / 'assets').absolute().as_uri()}/../render.py",
    ],
)
def test_nothing_is_loaded_but_our_own_assets(address: str) -> None:
    with pytest.raises(FatalURLFetchingError, match="may not load"):
        OwnAssets().fetch(address)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "file:///etc/passwd", "R08-0012"])
def test_a_check_address_is_a_web_address(address: str) -> None:
    with pytest.raises(ValueError, match="not a web address"):
        render_certificate(replace(CERTIFICATE, check_url=address))
