"""Values that nobody means, and strings on which a careless pattern would think for hours."""

ODD = (
    "",
    " \u3000\u00a0",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9223372036854775808",  # one more than 63 bits hold
    "1" * 5000,  # more digits than Python reads
    "²",  # a digit by its kind, but no number
    "٣",  # a number in other digits
    "１２３",
    "2026-02-30",
    "99999/99/99",
    "0001-01-01",
    "24:61",
    "../../../../etc/passwd%00.pdf",
    "'\"`;\\<>&%(name)s{0}{{}}$x",
    "%s%n%(missing)s%",
    "null",
    '{"id": {"a": []}, "rawId": 5, "response": null, "type": "public-key"}',
    "[" * 5000,
    "http://[::1",
    "a@b@c.example",
    "\u202eتجربة\u2066\u200b",
    "髙﨑𠮷👩‍👩‍👧‍👦\ufe0f",
    "\r\n\r\n\t\x0b\x1f",
    "a\x00b",
    "x" * 20_000,
)
# As bytes, where a text can't say them: half a character, an overlong one, not quite UTF-8.
BYTES = (b"%ED%A0%80", b"%C0%AF", b"%FF%FE", b"%", b"%zz", b"\xff\xfe", b"\xe3\x81")

LARGE_PAGES = ("1000000000000000000", "-1000000000000000000", "1" * 300, "1e18", "0x10", "1.5")

SIZE = 10_000
# One that repeats, then what makes the whole fail: exponential or square patterns show here.
REPEATED = ("a", "0", "-", " ", ".", "a.", "@", "a@", "・", "ア", "ー", "/", ":", "a-", "%", "(")
SLOW = tuple((one * SIZE)[:SIZE] + end for one in REPEATED for end in ("", "!", "\n"))
DEEP = ("[" * SIZE, '{"a":' * SIZE, "(" * SIZE, '{"id":' + "9" * SIZE + "}")
