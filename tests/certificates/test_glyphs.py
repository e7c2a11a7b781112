"""Old-style characters of names print in their own shape; what cannot print is refused.

The picture to compare with lies in `golden/`. Text extraction is no proof, because a font can
draw another character than the one it stands for.
"""

from __future__ import annotations

import re
import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat

from certificates.data import Bilingual
from certificates.glyphs import missing_glyphs
from certificates.render import render_certificate
from tests.certificates.documents import CERTIFICATE
from tests.certificates.reading import picture, run, saved, text

GOLDEN = Path(__file__).parent / "golden" / "old_style_names.png"
OLD_STYLE = "髙橋﨑𠮷金澤"
DPI = 150


def drawn(name: str) -> Image.Image:
    """Return the name of the site as it is drawn on the first page."""
    pdf = render_certificate(
        replace(CERTIFICATE, site=Bilingual(name, "Site"), specimen=False, conditions=())
    )
    with tempfile.TemporaryDirectory() as folder:
        words = run("pdftotext", "-bbox", "-l", "1", saved(pdf, Path(folder)), "-")
    box = re.search(
        rf'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">{name}<', words
    )
    assert box is not None
    left, top, right, bottom = (float(edge) * DPI / 72 for edge in box.groups())
    cut = picture(pdf, 1, DPI).crop((round(left), round(top), round(right), round(bottom)))
    return cut.resize((240, 60), Image.Resampling.LANCZOS)


def difference(one: Image.Image, other: Image.Image) -> float:
    """Return how far two pictures are apart on average, in steps of grey from 0 to 255."""
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]


def test_old_style_characters_keep_their_shape() -> None:
    with Image.open(GOLDEN) as golden:
        assert difference(drawn(OLD_STYLE), golden.convert("L")) < 4


def test_the_comparison_tells_old_shapes_from_new_ones() -> None:
    with Image.open(GOLDEN) as golden:
        assert difference(drawn("高橋崎吉金沢"), golden.convert("L")) > 8


def test_old_style_characters_are_the_same_text_in_the_file() -> None:
    name = f"{OLD_STYLE}神鷗"
    pdf = render_certificate(replace(CERTIFICATE, site=Bilingual(name, name)))
    assert name in text(pdf, 1)
    assert name in text(pdf, 2)


@pytest.mark.parametrize(
    "printable",
    ["髙橋﨑𠮷金澤", "葛\U000e0100城", "Café Zürich – ‘Kaga’", "①㈱ﾎﾃﾙ～", "一\r\n二\t三", ""],
)
def test_what_the_font_holds_is_not_missing(printable: str) -> None:
    assert missing_glyphs(printable) == set()


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        ("한국 호텔", {"한", "국", "호", "텔"}),
        ("温泉😀宿", {"😀"}),
        ("旅\x00館", {"\x00"}),
        ("名\u202e前", {"\u202e"}),
        ("旅\U000e01ef館", {"旅\U000e01ef"}),
    ],
)
def test_what_the_font_lacks_is_named(words: str, missing: set[str]) -> None:
    assert missing_glyphs(words) == missing


def test_a_certificate_with_a_missing_character_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot print 한"):
        render_certificate(replace(CERTIFICATE, site=Bilingual("한", "Site")))
