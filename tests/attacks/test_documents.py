"""Documents fetch nothing, read no file and carry no file but the facts, whatever was typed."""

import io
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from weasyprint import HTML
from weasyprint.urls import FatalURLFetchingError

from accreditation.services.printing import Printer
from certificates.data import Bilingual
from certificates.render import OwnAssets, render_certificate, render_notice
from tests.attacks.corpus.markup import FETCHING
from tests.attacks.corpus.names import NAMES, REFUSED
from tests.attacks.listener import Listener, listening
from tests.certificates.documents import CERTIFICATE, NOTICE
from tests.certificates.reading import text

CANARY = "canary-of-the-secret-file"


@pytest.fixture(scope="module")
def printer() -> Iterator[Printer]:
    made = Printer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


@pytest.mark.parametrize("name", FETCHING)
def test_the_renderer_fetches_nothing(name: str, listener: Listener, tmp_path: Path) -> None:
    """Even when the markup itself is hostile, as if a template did not escape a text."""
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    markup = FETCHING[name].replace("CALL", listener.address).replace("FILE", secret.as_uri())
    began = time.monotonic()
    pdf = _rendered(f"<!DOCTYPE html><html lang=en><title>t</title><body>text{markup}")
    assert time.monotonic() - began < 5
    assert listener.calls == 0
    assert b"/EmbeddedFile" not in pdf
    assert CANARY.encode() not in pdf
    if pdf:
        assert CANARY not in text(pdf, 1)


def _rendered(markup: str) -> bytes:
    """Render in this process, which has a network; nothing when the fetcher stopped it."""
    try:
        with pikepdf.open(io.BytesIO(_written(markup))) as pdf:
            out = io.BytesIO()
            pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all)
            return out.getvalue()
    except FatalURLFetchingError:
        return b""


def _written(markup: str) -> bytes:
    made: bytes = HTML(string=markup, url_fetcher=OwnAssets()).write_pdf()
    return made


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_printed_or_refused(name: str) -> None:
    typed = NAMES[name]
    both = Bilingual(typed, typed)
    began = time.monotonic()
    try:
        pdf = render_certificate(replace(CERTIFICATE, operator=both, site=both, address=both))
    except ValueError:
        assert name in REFUSED
    else:
        assert name not in REFUSED
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert list(opened.attachments) == ["certificate.json"]
    assert time.monotonic() - began < 10


def test_the_press_without_network_makes_the_same_bytes(printer: Printer) -> None:
    assert printer.render(CERTIFICATE) == render_certificate(CERTIFICATE)
    assert printer.render(NOTICE) == render_notice(NOTICE)
