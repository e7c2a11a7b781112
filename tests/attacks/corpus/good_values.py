"""What people type when they mean it."""

from tests import factories

# What is right in a field, by the last word of its name; the others may stay empty.
GOOD = {
    "accepted": "y",
    "amount_yen": "100000",
    "budget_yen": "1000000",
    "address": "石川県金沢市見本町1-1",
    "address_ja": "石川県金沢市見本町1-1",
    "closes_on": "2026/12/31",
    "corporate_number": "7123456789012",
    "credential": "{}",
    "email": "somebody@example.jp",
    "english": "Saving water",
    "fiscal_year": "2026",
    "japanese": "節水",
    "name": "見本 花子",
    "name_en": "Specimen",
    "name_ja": "見本の名前",
    "name_kana": "ミホン",
    "note": "見本の理由",
    "number": "R08-0001",
    "old_password": factories.PASSWORD,
    "opens_on": "2026/11/01",
    "password": "a kettle sings before the snow",
    "phone": "076-000-0000",
    "postal_code": "920-0001",
    "reason": "写真で確認した",
    "reasons": "見本の理由",
    "representative": "見本 代表",
    "text": "毎月続けている",
    "title_en": "Call",
    "title_ja": "見本の募集",
}
