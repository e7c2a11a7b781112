"""What people type is text wherever it is shown: no page changes its shape, whatever it is."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from accreditation.extensions import db
from tests.attacks.corpus.scripts import ADDRESSES, EVALUATED, MARKUP, TEMPLATES
from tests.attacks.poisoning import poison, typed
from tests.attacks.stage import Sent, Stage

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


HOSTILE = [*ADDRESSES, *packed(MARKUP), *packed(TEMPLATES)]


@dataclass(frozen=True)
class Shape:
    """What a browser would make of a page: its elements, their attributes, its scripts."""

    tags: list[str]
    schemes: list[str]
    scripts: list[str]


def shape(html: str) -> Shape:
    """Read a page's shape, which no text may change."""
    tags, schemes = [], []
    for tag in TAG.findall(html):
        attributes = ATTRIBUTE.findall(tag)
        name = re.split(r"[\s>/]", tag[1:] if tag[1] != "/" else tag[2:])[0]
        tags.append(" ".join([tag[:2].strip("<"), name, *(one for one, _ in attributes)]))
        for attribute, value in attributes:
            found = SCHEME.match(value.strip("\"'")) if attribute in ADDRESS else None
            schemes += [f"{attribute} {found[1].lower()}"] if found else []
    return Shape(tags, sorted(set(schemes)), SCRIPT.findall(html))


def shown(stage: Stage, text: str, pages: list[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Fetch pages with one text everywhere."""
    with stage.undone():
        poison(lambda _column: text)
        found = {}
        for role, path in pages:
            with stage.ask(role, path) as answer:
                found[role, path] = answer.text if answer.mimetype != "application/pdf" else ""
    return found


@pytest.fixture(scope="module")
def plain(stage: Stage) -> dict[tuple[str, str], str]:
    """Every page on which something typed is shown, with plain words in its place."""
    found = shown(stage, PLAIN, list(stage.pages))
    return {page: html for page, html in found.items() if PLAIN in html}


def test_most_pages_show_what_somebody_typed(
    stage: Stage, plain: dict[tuple[str, str], str]
) -> None:
    """Else nothing would be shown below."""
    assert len(plain) > 90
    assert {role for role, _ in plain} >= {"stranger", "owner", "office", "reviewer", "council"}
    assert len(typed()) > 30
    assert len(MARKUP) >= 19
    assert len(TEMPLATES) >= 9
    assert len(stage.pages) > len(plain)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda one: one[:20])
def test_no_stored_text_changes_a_page(
    stage: Stage, plain: dict[tuple[str, str], str], text: str
) -> None:
    found = shown(stage, text, list(plain))
    wrong = [page for page, html in found.items() if shape(html) != shape(plain[page])]
    assert not wrong
    evaluated = [(page, one) for page, html in found.items() for one in EVALUATED if one in html]
    assert not evaluated
    assert all(html.count("alert(") >= 0 for html in found.values())


def test_a_page_that_forgot_to_escape_is_noticed() -> None:
    page = '<html lang="en"><p title="TEXT">TEXT</p><a href="TEXT">x</a><script>y</script>'
    good = shape(page.replace("TEXT", PLAIN))
    for text in (*MARKUP[:10], *MARKUP[11:20], *ADDRESSES):
        assert shape(page.replace("TEXT", text)) != good, text


def test_the_json_twin_is_json(stage: Stage) -> None:
    number = stage.words["number"][0]
    for text in HOSTILE:
        with stage.undone():
            poison(lambda _column, text=text: text)  # type: ignore[misc] # of this turn
            answer = stage.ask("stranger", f"/verify/{number}.json")
        assert answer.mimetype == "application/json"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert text[:LENGTH] in json.dumps(answer.get_json(), ensure_ascii=False).replace(
            "\\\"", '"'
        ).replace("\\\\", "\\")


def filled(sent: Sent, text: str) -> Sent:
    return sent.with_values(**{name: [text] for name in sent.form.names})


@pytest.mark.parametrize("text", HOSTILE, ids=lambda one: one[:20])
def test_nothing_that_was_sent_changes_the_answer(stage: Stage, text: str) -> None:
    """Forms that come back with errors, searches, parameters that no page knows."""
    wrong = []
    for sent in stage.kinds:
        given = [stage.try_out(filled(sent, one)) for one in (PLAIN, text)]
        if shape(given[0].text) != shape(given[1].text):
            wrong.append(sent.endpoint)
    assert not wrong


def asked(stage: Stage, role: str, path: str, text: str) -> Shape:
    query = dict.fromkeys(stage.parameters, text)
    return shape(stage.ask(role, path, query_string=query).text)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda one: one[:20])
def test_nothing_in_an_address_changes_the_answer(stage: Stage, text: str) -> None:
    pages = {stage.endpoint_of(path): (role, path.partition("?")[0]) for role, path in stage.pages}
    searching = {one.endpoint for one in stage.searches} | {"auth.sign_in", "public.verify"}
    for endpoint in searching:
        role, path = pages[endpoint]
        assert asked(stage, role, path, text) == asked(stage, role, path, PLAIN), path
    for path in ("/verify/%s", "/%s", "/link/%s", "/my/sites/%s", "/verify/R08-0001?c=%s&lang=%s"):
        for role in ("stranger", "owner"):
            address = path.replace("%s", quote(text, safe=""))
            other = path.replace("%s", quote(PLAIN, safe=""))
            assert shape(stage.ask(role, address).text) == shape(stage.ask(role, other).text), path
