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


class _Forms(HTMLParser):
    """Collects for each form what a browser would send when nobody touches it."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._inside: dict[str, list[str]] | None = None
        self._select, self._text = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = {}
            self.forms.append((given.get("action", ""), self._inside))
        elif self._inside is None:
            return
        elif tag == "input" and given.get("type") not in {"submit", "button", "file"}:
            if given.get("type") not in {"checkbox", "radio"} or "checked" in given:
                self._note(given.get("name", ""), given.get("value", "on"))
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and ("selected" in given or self._select not in self._inside):
            self._inside[self._select] = [given.get("value", "")]  # the first, unless one is chosen
        elif tag == "textarea":
            self._text = given.get("name", "")
            self._note(self._text, "")

    def handle_data(self, data: str) -> None:
        if self._text and self._inside is not None:
            self._inside[self._text][-1] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = None
        elif tag == "textarea":
            self._text = ""

    def _note(self, name: str, value: str) -> None:
        if self._inside is not None and name:
            self._inside.setdefault(name, []).append(value)


def untouched(html: str, action: str) -> dict[str, list[str]]:
    """Give what the form of an address would send untouched; nothing when it isn't there."""
    reader = _Forms()
    reader.feed(html)
    return next((found for where, found in reader.forms if where.partition("?")[0] == action), {})


def hidden(html: str) -> list[tuple[str, str]]:
    """List the hidden fields of a page, CSRF tokens left out."""
    reader = _Hidden()
    reader.feed(html)
    return [(name, value) for name, value in reader.found if name != "csrf_token"]
