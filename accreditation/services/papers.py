"""What the documents say: rows turned into the plain data that `certificates` prints."""

from accreditation.config import Settings
from accreditation.models import Certificate, Incentive, IncentiveKind
from accreditation.schemes.model import Scheme, Text
from accreditation.services.schemes import scheme_of
from certificates.data import Bilingual, CertificateData, Issuer, NoticeData, NumberedText

SPECIMEN_ISSUER = Issuer(
    name=Bilingual("見本市観光認定推進会議", "Specimen City Tourism Accreditation Council"),
    title=Bilingual("会長　見本 太郎", "Chair, Taro Mihon (made up)"),
    address=Bilingual("見本県見本市見本町1番1号", "1-1 Mihon-cho, Specimen City"),
)


def certificate_data(certificate: Certificate, settings: Settings) -> CertificateData:
    """Say what one edition of a certificate prints; names are those that were submitted."""
    accreditation = certificate.accreditation
    version = certificate.application.scheme_version
    scheme, holder = scheme_of(version), certificate.holder
    return CertificateData(
        number=accreditation.number,
        edition=certificate.edition,
        scheme=_both(scheme.name),
        standard=version.version,
        operator=Bilingual(**holder["operator"]),
        site=Bilingual(**holder["site"]),
        kind=_both(scheme.kinds[holder["kind"]]),
        address=Bilingual(**holder["address"]),
        indicators=tuple(
            NumberedText(str(number), _both(scheme.indicator(number).title))
            for number in certificate.indicators
        ),
        level=_level(scheme, certificate.level),
        conditions=tuple(certificate.conditions),
        grounds=_both(scheme.grounds),
        decided_on=certificate.decision.decided_on,
        valid_from=certificate.valid_from,
        valid_until=certificate.valid_until,
        issuer=issuer_of(scheme, settings),
        check_url=check_url(certificate, settings),
        specimen=settings.demo,
    )


def notice_data(incentive: Incentive, settings: Settings) -> NoticeData:
    """Say what the notice of a granted incentive prints, in the language of the operator."""
    programme, certificate = incentive.programme, incentive.certificate
    money = programme.kind == IncentiveKind.MONEY
    return NoticeData(
        number=incentive.number or "",
        programme=Bilingual(programme.name_ja, programme.name_en),
        operator=Bilingual(**certificate.holder["operator"]),
        site=Bilingual(**certificate.holder["site"]),
        amount_yen=incentive.amount_yen if money else None,
        benefit=None if money else Bilingual(programme.benefit_ja, programme.benefit_en),
        certificate_number=certificate.accreditation.number,
        decided_on=incentive.decided_on,
        fiscal_year=programme.fiscal_year,
        issuer=issuer_of(scheme_of(certificate.application.scheme_version), settings),
        language=certificate.holder["language"],
        specimen=settings.demo,
    )


def check_url(certificate: Certificate, settings: Settings) -> str:
    """Give the address in a certificate's QR code, with the random code of this edition.

    The code stands on the certificate and nowhere else on the site, but the certificate's PDF is
    public: it shows a made-up certificate, not a copy of a real one.
    """
    number = certificate.accreditation.number
    return f"{settings.site_address}/verify/{number}?c={certificate.code}"


def issuer_of(scheme: Scheme, settings: Settings) -> Issuer:
    """Give who grants; the demonstration grants in the name of a body that does not exist."""
    if settings.demo:
        return SPECIMEN_ISSUER
    issuer = scheme.issuer
    return Issuer(_both(issuer.name), _both(issuer.title), _both(issuer.address))


def _both(text: Text) -> Bilingual:
    return Bilingual(text.ja, text.en)


def _level(scheme: Scheme, level: str | None) -> Bilingual | None:
    return next((_both(one.name) for one in scheme.rule.levels if one.id == level), None)
