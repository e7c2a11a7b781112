"""Reading the forms of a page: what they hold, and where each of their buttons sends it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

CHOSEN = {"checkbox", "radio"}
# What a script sends a form to, and what names the form.
SCRIPTED = {"data-ask": "data-passkey", "data-action": "data-passkey", "hx-post": "hx-include"}


@dataclass
class Form:
    """A form as it stands on a page: the values that it would send, and what could be chosen."""

    action: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        """The fields, whether they hold something or not; files left out."""
        return sorted({*self.values, *self.choices} - {"csrf_token"})


class Forms(HTMLParser):
    """Collects the forms of a page, those that only its scripts send too."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[Form] = []
        self.links: list[str] = []
        self._by_id: dict[str, Form] = {}
        self._scripted: list[tuple[str, str, str]] = []
        self._open: Form | None = None
        self._select, self._text = "", ""
        self.feed(html)
        for script, where, form_id in self._scripted:
            if form_id in self._by_id:
                scripted = Form(where, "post", dict(self._by_id[form_id].values))
                if script == "data-action":
                    scripted.values["credential"] = [""]
                self.found.append(scripted)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href", "").startswith("/"):
            self.links.append(given["href"])
        for script, of in SCRIPTED.items():
            if script in given:
                self._scripted.append((script, given[script], re.findall(r"[\w-]+", given[of])[0]))
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.found.append(self._open)
            self._by_id[given.get("id", "")] = self._open
        elif self._open is not None:
            self._inside(self._open, tag, given)

    def _inside(self, form: Form, tag: str, given: dict[str, str]) -> None:
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "select":
            self._select = name
            form.choices[name] = []
        elif tag == "option":
            form.choices[self._select].append(value)
            if "selected" in given or self._select not in form.values:
                form.values[self._select] = [value]
        elif tag == "textarea":
            self._text = name
            form.values.setdefault(name, []).append("")
        elif tag == "button":
            form.buttons.append((name, value, given.get("formaction", "")))
        elif tag == "input" and name:
            self._input(form, given.get("type", "text"), name, given)

    def _input(self, form: Form, kind: str, name: str, given: dict[str, str]) -> None:
        value = given.get("value", "on" if kind == "checkbox" else "")
        if kind == "file":
            form.files.append(name)
        elif kind in CHOSEN:
            form.choices.setdefault(name, []).append(value)
            if "checked" in given:
                form.values.setdefault(name, []).append(value)
        elif kind not in {"submit", "button"}:
            form.values.setdefault(name, []).append(value)

    def handle_data(self, data: str) -> None:
        if self._text and self._open is not None:
            self._open.values[self._text][-1] += data.replace("\r\n", "\n").removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag == "textarea":
            self._text = ""


def forms_of(html: str) -> list[Form]:
    """Give every way in which the forms of a page can be sent, one for each button."""
    ways = []
    for form in Forms(html).found:
        for name, value, where in dict.fromkeys(form.buttons) or [("", "", "")]:
            values = {**form.values, name: [value]} if name else dict(form.values)
            action = where or form.action
            ways.append(Form(action, form.method, values, form.choices, form.files))
    return ways
