"""Documents of a made-up operator, to be changed with `dataclasses.replace`."""

from __future__ import annotations

from datetime import date

from certificates.data import Bilingual, CertificateData, Issuer, NoticeData, NumberedText

INDICATORS = tuple(
    NumberedText(str(number), Bilingual(ja, en))
    for number, (ja, en) in enumerate(
        (
            ("地球の資源を大切にしよう", "Care for the resources of the earth"),
            ("垣根を越えてパートナーシップを進めよう", "Work in partnership across fences"),
            ("地域コミュニティや自然に敬意を払おう", "Respect the community and nature"),
            ("居心地の良いまちを作ろう", "Make a comfortable city"),
            ("働きがいのある環境をつくろう", "Create rewarding work"),
            ("地域の文化や経済を守ろう", "Protect local culture and economy"),
            ("新たな可能性に挑戦しよう", "Try new possibilities"),
            (
                "地域の魅力とともに、観光が金沢のまちに貢献していることを発信しよう",
                "Tell of the charm of the region and of what tourism gives to the city",
            ),
        ),
        start=1,
    )
)

ISSUER = Issuer(
    name=Bilingual("見本市SDGs推進会議", "Mihon City SDGs Council"),
    title=Bilingual("会長 見本 太郎", "Taro Mihon, Chair"),
    address=Bilingual("石川県見本市見本町0-0", "0-0 Mihon-machi, Mihon-shi, Ishikawa"),
)

CERTIFICATE = CertificateData(
    number="R08-0012",
    edition=2,
    scheme=Bilingual("金沢SDGsツーリズム推進事業者", "Kanazawa SDGs Tourism Promotion Operator"),
    standard="2026.1",
    operator=Bilingual("株式会社髙橋旅行", "Takahashi Travel Co., Ltd."),
    site=Bilingual("用水と町家の散歩", "Canal and Machiya Walk"),
    kind=Bilingual("旅行商品", "Tour"),
    address=Bilingual("石川県見本市広坂0-0-0", "0-0-0 Hirosaka, Mihon-shi, Ishikawa"),
    indicators=INDICATORS[:2],
    level=Bilingual("ゴールド", "Gold"),
    conditions=("廃棄物の量を毎月はかること。", "年2回、事務局に報告すること。"),
    grounds=Bilingual(
        "認定要綱の規定により、次のとおり認定します。",
        "Under the guidelines of the scheme this site is accredited as follows.",
    ),
    decided_on=date(2026, 11, 22),
    valid_from=date(2026, 12, 1),
    valid_until=date(2027, 11, 30),
    issuer=ISSUER,
    check_url="https://accreditation.example.jp/verify/R08-0012?c=bT9xQmZ1c2VkMTI4Yml0c2E",
    specimen=True,
)

NOTICE = NoticeData(
    number="R08-I-0003",
    programme=Bilingual("金沢SDGsツーリズム奨励金", "Kanazawa SDGs Tourism Incentive"),
    operator=CERTIFICATE.operator,
    site=CERTIFICATE.site,
    amount_yen=300000,
    benefit=None,
    certificate_number="R08-0012",
    decided_on=date(2026, 11, 22),
    fiscal_year=2026,
    issuer=ISSUER,
    language="ja",
    specimen=True,
)
