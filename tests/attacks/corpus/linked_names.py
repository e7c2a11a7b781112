"""Names made for our mails: links, letters within the letter, headers."""

NAMES = (
    "https://evil.example/pay",
    "Prize! Go to http://evil.example now",
    "www.evil.example",
    "evil.example",
    "evil.example/login?to=you",
    "Evil．example",
    "evil。example",
    "[Please confirm](https://evil.example)",
    "<https://evil.example>",
    '<a href="https://evil.example">Confirm</a>',
    "![x](//evil.example/x.png)",
    "help@evil.example",
    "mailto:help@evil.example",
    "tel:0990-000-000 ftp://evil.example",
    "\\\\evil.example\\share file:///etc/passwd",
    "https://nintei.example.jp@evil.example/",
    "観光.みんな HTTPS://EVIL.EXAMPLE",
)
# Names as they are, which stay as they are.
HARMLESS = (
    "見本観光株式会社",
    "Specimen Co., Ltd.",
    "Café 2.0",
    "A & B",
    "O'Hara",
    "宿 (別館) 1.5km",
    "髙橋。",
)
HEADERS = (
    "x\r\nBcc: everybody@evil.example",
    "x\nSubject: Prize",
    "x\r\n\r\nAnother body",
    "x\rBcc: everybody@evil.example",
    "x\u2028Bcc: everybody@evil.example",
    "x\x85Bcc: everybody@evil.example",
    "x\x0bBcc: y\x0cCc: z",
)
