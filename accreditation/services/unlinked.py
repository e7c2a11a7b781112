"""Names in mails as plain words: no mail program is to make a link of what somebody typed.

People believe our mails, and whoever signs up chooses the names that stand in them. So a space
goes wherever a program would see an address begin: after the colon of a scheme, the sign of an
e-mail address, the dot before a letter, between two backslashes. The words stay readable, and what
nobody takes for an address ("Co., Ltd.", "2.0") stays as it is. Reasons are left alone: people
with an office write them, and may name a page to read.
"""

import re

_BEGINS = re.compile(
    r"(?<=[A-Za-z]):(?=\S)"  # https:// and mailto:
    r"|(?<=\S)[@＠](?=\S)"
    r"|(?<=[^\W_])[.．｡](?=[^\W\d_])"  # evil.example, not 2.0
    r"|(?<=[A-Za-z0-9])。(?=[A-Za-z0-9])"  # which browsers read as a dot
    r"|\\(?=\\)"  # \\host\share
)


def unlinked(text: str) -> str:
    """Break up whatever in a name could be taken for an address."""
    return _BEGINS.sub(lambda found: f"{found[0]} ", text)
