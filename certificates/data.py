"""What the documents say, as plain immutable data.

Every text is final: the caller has already chosen the wording, and nothing here is looked up,
translated or escaped. Dates are civil dates in Japan. The fields of a certificate follow the
Japanese government's data model for certificates (GIF DS-451-2).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same text in Japanese and in English."""

    ja: str
    en: str


@dataclass(frozen=True, slots=True)
class Issuer:
    """The body that grants: its name, the title of the person who answers for it, its address."""

    name: Bilingual
    title: Bilingual
    address: Bilingual


@dataclass(frozen=True, slots=True)
class NumberedText:
    """An indicator with the number the scheme gives it."""

    number: str
    text: Bilingual


@dataclass(frozen=True, slots=True)
class CertificateData:
    """Every fact of one edition of one certificate, in both languages.

    `number` is the bare number ("R08-0012"), `edition` counts from 1, `standard` names the
    version of the standard, `conditions` are in the words of the council, `valid_until` is the
    last valid day, `check_url` is what the QR code opens. A specimen says so on every page.
    """

    number: str
    edition: int
    scheme: Bilingual
    standard: str
    operator: Bilingual
    site: Bilingual
    kind: Bilingual
    address: Bilingual
    indicators: tuple[NumberedText, ...]
    level: Bilingual | None
    conditions: tuple[str, ...]
    grounds: Bilingual
    decided_on: date
    valid_from: date
    valid_until: date
    issuer: Issuer
    check_url: str
    specimen: bool


@dataclass(frozen=True, slots=True)
class NoticeData:
    """The letter that tells an operator about an incentive, in one language.

    Either `amount_yen` (whole yen) or `benefit` is given, never both. `fiscal_year` is the
    calendar year in which the fiscal year begins. `language` is "ja" or "en".
    """

    number: str
    programme: Bilingual
    operator: Bilingual
    site: Bilingual
    amount_yen: int | None
    benefit: Bilingual | None
    certificate_number: str
    decided_on: date
    fiscal_year: int
    issuer: Issuer
    language: str
    specimen: bool


def as_json(data: CertificateData | NoticeData) -> str:
    """Return the same facts for machines: the field names as keys, dates as ISO 8601."""
    return json.dumps(asdict(data), default=date.isoformat, ensure_ascii=False, indent=2)


def texts(data: CertificateData | NoticeData) -> Iterator[str]:
    """Yield every text that the document holds, however deep it lies."""
    yield from _strings(asdict(data))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _strings(tuple(value.values()))
    elif isinstance(value, tuple):
        for part in value:
            yield from _strings(part)
