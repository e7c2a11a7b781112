"""Documents as PDF/A-3: Jinja and WeasyPrint behind a locked door. The only import of WeasyPrint.

The same data gives the same bytes: no clock, no random number, no setting of the machine.
"""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML, Attachment
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from certificates import dates
from certificates.data import as_json, texts
from certificates.glyphs import ASSETS, LONGEST_LIST, LONGEST_TEXT, missing_glyphs

if TYPE_CHECKING:
    from datetime import date

    from weasyprint import Document
    from weasyprint.urls import URLFetcherResponse

    from certificates.data import CertificateData, NoticeData

_TEMPLATES = Path(__file__).parent.parent / "templates"
# From roomy to dense; rather than grow small, the page moves its conditions to an annex.
_LAYOUTS = ("grand", "spacious", "regular", "spacious annex", "regular annex", "compact annex")
# Conditions of more characters than these cannot fit beneath the rest: not even tried.
_ROOM_FOR_CONDITIONS = 800
# Fonts are registered in a process-wide font map, and Pango does not promise to share one.
_RENDERING = Lock()


class OwnAssets(URLFetcher):
    """Opens data: addresses and the files of our own assets folder; anything else is fatal."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Open an address, or stop the rendering with FatalURLFetchingError."""
        if url.startswith("data:") or url in _asset_addresses():
            return super().fetch(url, headers)
        raise FatalURLFetchingError(f"a document may not load {url}")


def render_certificate(data: CertificateData) -> bytes:
    """Return the certificate as PDF/A-3a: a Japanese and an English A4 page, facts attached.

    Conditions that do not fit beneath the rest move to an annex of one or more pages. Attached
    is `certificate.json`, the same facts for machines. Raises ValueError when a text is too long,
    holds a character that the font cannot print, or the check address is not a web address.
    """
    _refuse_unprintable(data)
    values = {
        "code": _qr(data.check_url),
        "address": data.check_url.partition("?")[0],
        "data": data,
    }
    attachment = Attachment(
        string=as_json(data),
        name="certificate.json",
        description="The facts of this certificate for machines",
        created=_midnight(data.decided_on),
        modified=_midnight(data.decided_on),
        relationship="Data",
        url_fetcher=OwnAssets(),
    )
    crowded = sum(map(len, data.conditions)) > _ROOM_FOR_CONDITIONS
    with _RENDERING:
        for layout in _LAYOUTS[3:] if crowded else _LAYOUTS:
            values["annex"] = "annex" in layout and data.conditions
            document = _lay_out("certificates/certificate.html", layout, data.decided_on, values)
            if _each_on_its_page(document):
                return _write(document, attachment)
    raise ValueError(f"certificate {data.number} does not fit on its pages: its texts are too long")


def render_notice(data: NoticeData) -> bytes:
    """Return the letter about an incentive as PDF/A-3a: one A4 page in the addressee's language.

    Raises ValueError when a text is too long or cannot be printed, when the language is neither
    "ja" nor "en", or when not exactly one of amount and benefit is given.
    """
    _refuse_unprintable(data)
    if data.language not in {"ja", "en"}:
        raise ValueError(f"no letter in the language {data.language!r}")
    if (data.amount_yen is None) == (data.benefit is None):
        raise ValueError(f"notice {data.number} needs either an amount or a benefit")
    with _RENDERING:
        for layout in ("regular", "compact"):
            document = _lay_out(
                f"letters/incentive_{data.language}.html", layout, data.decided_on, {"data": data}
            )
            if len(document.pages) == 1:
                return _write(document)
    raise ValueError(f"notice {data.number} does not fit on one page: its texts are too long")


def _refuse_unprintable(data: CertificateData | NoticeData) -> None:
    every = list(texts(data))
    lists = (getattr(data, "indicators", ()), getattr(data, "conditions", ()))
    if max(map(len, every)) > LONGEST_TEXT or max(map(len, lists)) > LONGEST_LIST:
        raise ValueError(
            f"document {data.number[:40]} is too long: texts hold at most {LONGEST_TEXT} "
            f"characters and lists {LONGEST_LIST} entries"
        )
    if missing := missing_glyphs("\n".join(every)):
        codes = ", ".join(f"{c} ({c!a})" for c in sorted(missing))
        raise ValueError(f"the font cannot print {codes}")


def _qr(address: str) -> str:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise ValueError(f"not a web address: {address}")
    return segno.make(address, error="m", micro=False).svg_data_uri(border=4, light="#fff")


def _lay_out(template: str, layout: str, day: date, values: dict[str, Any]) -> Document:
    page = _templates().get_template(template)
    html = page.render(layout=layout, made=_midnight(day).isoformat(), **values)
    fonts, styles = _look(template.partition("/")[0])
    source = HTML(string=html, url_fetcher=OwnAssets())
    return source.render(font_config=fonts, stylesheets=styles, pdf_variant="pdf/a-3a")


def _each_on_its_page(document: Document) -> bool:
    """Tell whether each language keeps to its page, its text ending above its closing block."""
    for name, page in zip(("ja", "en"), document.pages, strict=False):
        end, closing = page.anchors.get(f"{name}-end"), page.anchors.get(f"{name}-closing")
        if end is None or closing is None or end[1] > closing[1]:
            return False
    return True


def _write(document: Document, *attachments: Attachment) -> bytes:
    pdf: bytes = document.write_pdf(
        pdf_variant="pdf/a-3a", attachments=attachments, finisher=_list_attachments_once
    )
    return pdf


def _list_attachments_once(_document: Document, pdf: Any) -> None:  # noqa: ANN401  # pydyf.PDF
    """Take out the second mention of each attachment, which WeasyPrint 70 writes into /AF."""
    if files := pdf.catalog.get("AF"):
        files[:] = dict.fromkeys(files)


def _midnight(day: date) -> datetime:
    """Return a moment of the day that is the same on every machine."""
    return datetime.combine(day, time(), UTC)


@cache
def _asset_addresses() -> frozenset[str]:
    return frozenset(path.as_uri() for path in ASSETS.iterdir())


@cache
def _look(kind: str) -> tuple[FontConfiguration, list[CSS]]:
    """Return the fonts and style sheets of a kind of document; loading them costs the most."""
    fonts = FontConfiguration()
    sheets = (ASSETS / "base.css", ASSETS / f"{kind}.css")
    return fonts, [CSS(s, font_config=fonts, url_fetcher=OwnAssets()) for s in sheets]


@cache
def _templates() -> Environment:
    """Return the templates: every value is escaped and a missing one is an error."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "wareki": dates.wareki,
        "western_ja": dates.western_ja,
        "english": dates.english,
        "nendo": dates.nendo,
    }
    return environment
