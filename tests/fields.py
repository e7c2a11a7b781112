"""Reading forms as a browser would send them back."""

from html.parser import HTMLParser


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.found.append((given.get("name") or "", given.get("value") or ""))


def hidden(html: str) -> list[tuple[str, str]]:
    """List the hidden fields of a page, CSRF tokens left out."""
    reader = _Hidden()
    reader.feed(html)
    return [(name, value) for name, value in reader.found if name != "csrf_token"]
