"""What people type is text wherever it is shown: no page changes its shape, whatever it is."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import pytest
from markupsafe import escape
from sqlalchemy import Column

from tests.attacks.corpus.scripts import ADDRESSES, EVALUATED, MARKUP, TEMPLATES
from tests.attacks.poisoning import poison, typed
from tests.attacks.stage import Sent, Stage

pytestmark = pytest.mark.sqlite

PLAIN = "Plain words that mean nothing here, as long as others."
LENGTH = 200  # of most names
TAG = re.compile(r"<[^>]*>")
ATTRIBUTE = re.compile(r"""\s([^\s"'=<>/]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>]*))?""")
ADDRESS = {"href", "src", "action", "formaction", "hx-post", "hx-get", "data-ask", "data-action"}
SCHEME = re.compile(r"\s*([a-z]+):", re.IGNORECASE)
SCRIPT = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)


def packed(texts: tuple[str, ...]) -> Iterator[str]:
    """Put as many texts into one as a name has room for."""
    so_far = ""
    for text in texts:
        if len(so_far) + len(text) > LENGTH:
            yield so_far
            so_far = ""
        so_far += text
    yield so_far


HOSTILE = [*packed(MARKUP), *packed(TEMPLATES)]
each = pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))


@dataclass(frozen=True)
class Shape:
    """What a browser would make of a page: its kinds of elements, where it leads, its scripts."""

    tags: frozenset[str]
    schemes: frozenset[str]
    scripts: int

    def within(self, known: "Shape") -> bool:
        """Say whether there is nothing that the pages of this site do not have anyway."""
        return self.tags <= known.tags and self.schemes <= known.schemes and self.scripts == 0


def shape(*pages: str) -> Shape:
    """Read the shape of pages; no text that somebody typed may add to it."""
    tags, schemes, scripts = set(), set(), 0
    for html in pages:
        for tag in TAG.findall(html):
            attributes = ATTRIBUTE.findall(tag)
            tags.add(" ".join([re.split(r"[\s>]", tag)[0], *(one for one, _ in attributes)]))
            for attribute, value in attributes:
                found = SCHEME.match(value.strip("\"'")) if attribute in ADDRESS else None
                schemes |= {f"{attribute} {found[1].lower()}"} if found else set()
        scripts += sum(bool(one.strip()) for one in SCRIPT.findall(html))
    return Shape(frozenset(tags), frozenset(schemes), scripts)


def chosen(text: str) -> Callable[[Column[Any]], str]:
    """Put a text everywhere, and where an address stands one that leads where none should."""
    which = ADDRESSES[HOSTILE.index(text) % len(ADDRESSES)] if text in HOSTILE else text
    return lambda column: which if column.name == "website" else text


def shown(stage: Stage, text: str, pages: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Fetch pages with one text everywhere."""
    with stage.undone():
        with stage.within():
            poison(chosen(text))
        found = {}
        for role, path in pages:
            answer = stage.ask(role, path)
            found[role, path] = answer.text if answer.mimetype == "text/html" else ""
    return found


@pytest.fixture(scope="module")
def plain(stage: Stage) -> dict[tuple[str, str], str]:
    """Every page on which something typed is shown, with plain words in its place."""
    found = shown(stage, PLAIN, stage.pages)
    return {page: html for page, html in found.items() if PLAIN in html}


@pytest.fixture(scope="module")
def known(stage: Stage, plain: dict[tuple[str, str], str]) -> Shape:
    """What the pages of this site are made of, those that a form comes back with among them."""
    refused = [stage.try_out(filled(one, PLAIN)).text for one in stage.kinds]
    missing = [stage.ask(role, "/missing").text for role in ("stranger", "owner")]
    return shape(*stage.pages.values(), *plain.values(), *refused, *missing)


def test_most_pages_show_what_somebody_typed(
    stage: Stage, plain: dict[tuple[str, str], str], known: Shape
) -> None:
    """Else nothing would be shown below."""
    assert len(plain) > 90
    assert {role for role, _ in plain} >= {"stranger", "owner", "office", "reviewer", "council"}
    assert len(typed()) > 30
    assert len(MARKUP) >= 19
    assert len(TEMPLATES) >= 9
    assert known.scripts == 0
    assert len(stage.pages) > len(plain)


@each
def test_no_stored_text_changes_a_page(
    stage: Stage, plain: dict[tuple[str, str], str], known: Shape, text: str
) -> None:
    one_of_each = {(role, stage.endpoint_of(path)): (role, path) for role, path in plain}
    found = shown(stage, text, one_of_each.values())
    wrong = {
        page: shape(html).tags - known.tags
        for page, html in found.items()
        if not shape(html).within(known)
    }
    assert not wrong
    assert not [(page, one) for page, html in found.items() for one in EVALUATED if one in html]
    assert sum(escape(text[:30]) in html for html in found.values()) > 50, "it is shown as it is"


# All but those that harm only where they are decoded once more.
AT_ONCE = [one for one in (*MARKUP, *ADDRESSES) if not re.match(r"&|＜|\u2028|\\|\[", one)]


@pytest.mark.parametrize("text", AT_ONCE)
def test_a_page_that_forgot_to_escape_is_noticed(known: Shape, text: str) -> None:
    page = '<html lang="en"><p class="x">TEXT</p><img alt=TEXT><a href=\'TEXT\'>x</a></html>'
    assert not shape(page.replace("TEXT", text)).within(known)


@each
def test_the_json_twin_is_json(stage: Stage, text: str) -> None:
    with stage.undone():
        with stage.within():
            poison(chosen(text))
        answer = stage.ask("stranger", f"/verify/{stage.words['number'][0]}.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert text in values_of(answer.get_json())


def values_of(given: Any) -> list[Any]:
    if isinstance(given, dict):
        return [found for one in given.values() for found in values_of(one)]
    if isinstance(given, list):
        return [found for one in given for found in values_of(one)]
    return [given]


def filled(sent: Sent, text: str) -> Sent:
    return sent.with_values(**{name: [text] for name in sent.form.names})


@each
def test_nothing_that_was_sent_changes_the_answer(stage: Stage, known: Shape, text: str) -> None:
    """Forms come back with what was typed."""
    wrong = {}
    for sent in stage.kinds:
        html = stage.try_out(filled(sent, text)).text
        if not shape(html).within(known) or any(one in html for one in EVALUATED):
            wrong[sent.endpoint] = shape(html).tags - known.tags
    assert not wrong


def asked(stage: Stage, text: str, address: str) -> dict[str, str]:
    """Ask searches with a text, pages that lead on with an address, and addresses made of it."""
    pages = {stage.endpoint_of(path): (role, path.partition("?")[0]) for role, path in stage.pages}
    searching = {one.endpoint for one in stage.searches} | {"auth.sign_in", "public.verify"}
    found = {}
    for role, path in (pages[one] for one in searching):
        for value in (text, address):
            query = dict.fromkeys(stage.parameters, value)
            found[f"{path} {value}"] = stage.ask(role, path, query_string=query).text
    for path in ("/verify/%s", "/%s", "/link/%s", "/my/sites/%s", "/verify/R08-0001?c=%s&lang=%s"):
        for role in ("stranger", "owner"):
            found[f"{role} {path}"] = stage.ask(role, path.replace("%s", quote(text, safe=""))).text
    return found


@each
def test_nothing_in_an_address_changes_the_answer(stage: Stage, known: Shape, text: str) -> None:
    """Searches show what was sought, pages and links carry parameters on, errors have a path."""
    usual = shape(*asked(stage, PLAIN, PLAIN).values())
    both = Shape(known.tags | usual.tags, known.schemes | usual.schemes, usual.scripts)
    found = asked(stage, text, ADDRESSES[0])
    assert not [path for path, html in found.items() if not shape(html).within(both)]
    assert not [path for path, html in found.items() if any(one in html for one in EVALUATED)]
