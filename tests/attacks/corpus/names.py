"""Names that an operator might type to break a document."""

NAMES = {
    "ten thousand characters": "あ" * 10_000,
    "two hundred wide ones": "龍" * 200,
    "one word of two hundred": "W" * 200,
    "nothing": "",
    "blanks": " \u3000\u00a0" * 50,
    "lines": "\n" * 500,
    "tabs": "\t" * 500,
    "null": "a\x00b",
    "control characters": "".join(map(chr, range(1, 32))),
    "half a character": "\ud800",
    "backwards": "\u202egnp.exe",
    "isolates": "\u2066\u2067\u2068" * 100 + "\u2069",
    "invisible": "\u200b\u2060\ufeff" * 100,
    "stacked marks": "Z" + "\u0301" * 499,
    "emoji family": "👨‍👩‍👧‍👦" * 20,
    "private": "\ue000\uf8ff",
    "not a character": "\uffff\U0010ffff",
    "markup": "</p></section><script>alert(1)</script><style>*{font-size:9999px}</style>",
    "template": "{{ 7*7 }}{% for _ in range(10**9) %}x{% endfor %}{{ cycler.__init__ }}",
    "style": "x; } @page { size: 1e9mm 1e9mm } * { column-count: 1e9 } /*",
    "soft hyphens": "\u00ad" * 500,
    "path": "../../../../etc/passwd\\..\\..",
}
# What the limits, the font or the page refuse; entry refuses all of it before, by the same rules
# or by stricter ones: no name has more than 200 characters.
REFUSED = {
    "ten thousand characters",
    "null",
    "control characters",
    "half a character",
    "backwards",
    "isolates",
    "invisible",
    "emoji family",
    "private",
    "not a character",
}
