"""Fields smuggled into a form change nothing, whichever way they come (mass assignment)."""

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import select, update

from accreditation.extensions import db
from accreditation.models import Base, Person
from tests.attacks.corpus.privileged import PRIVILEGED
from tests.attacks.stage import Sent, Stage

CODE = Path(__file__).parents[2] / "accreditation"
# Made by chance, or a hash of all that was sent: they differ from one time to the next.
BY_CHANCE = {"idempotency_keys.fingerprint"}
MANY = {"indicators", "programmes"}  # fields of several values

Rows = dict[str, list[Any]]


def stored(stage: Stage) -> Rows:
    """Give every column of every table, as it is within the present transaction."""
    with stage.within():
        return _columns()


def _columns() -> Rows:
    found: Rows = {}
    for table in Base.metadata.sorted_tables:
        order = list(table.primary_key.columns)
        rows = db.session.execute(select(table).order_by(*order)).all()
        for at, column in enumerate(table.columns):
            found[f"{table.name}.{column.name}"] = [row[at] for row in rows]
    return found


def after(stage: Stage, sent: Sent, **given: Any) -> Rows:
    """Send a form and give what is stored then; all of it is undone."""
    with stage.undone():
        stage.send(sent, **given)
        return stored(stage)


def differing(one: Rows, other: Rows) -> set[str]:
    return {column for column in one if one[column] != other[column]}


@pytest.fixture(scope="module")
def plain(stage: Stage) -> dict[Sent, tuple[Rows, set[str]]]:
    """What each form does as it is, and which columns are made by chance when it does."""
    found = {}
    for sent in stage.one_of_each:
        first, second = after(stage, sent), after(stage, sent)
        found[sent] = first, differing(first, second) | BY_CHANCE
    return found


def extra(sent: Sent) -> dict[str, list[str]]:
    return {name: [value] for name, value in PRIVILEGED.items() if name not in sent.form.names}


def twice(sent: Sent) -> dict[str, list[str]]:
    """Give each field a second value behind its own, and each of the others two."""
    own = {
        name: values if name in MANY or not any(values) else [*values, PRIVILEGED.get(name, "1")]
        for name, values in sent.values.items()
    }
    return {**own, **{name: [*value, *value] for name, value in extra(sent).items()}}


WAYS: dict[str, Callable[[Sent, dict[str, str]], dict[str, Any]]] = {
    "form": lambda sent, token: {"data": {**sent.values, **extra(sent), **token}},
    "query": lambda sent, token: {
        "data": {**sent.values, **token},
        "query_string": f"{urlsplit(sent.action).query}&{urlencode(PRIVILEGED)}",
    },
    "multipart": lambda sent, token: {
        "data": {**sent.values, **extra(sent), **token},
        "content_type": "multipart/form-data",
    },
    "repeated": lambda sent, token: {"data": {**twice(sent), **token}},
}


@pytest.mark.parametrize("way", WAYS)
def test_what_no_form_has_changes_nothing(
    stage: Stage, plain: dict[Sent, tuple[Rows, set[str]]], way: str
) -> None:
    assert len(PRIVILEGED) >= 32
    wrong = []
    with stage.undone():
        before = stored(stage)
    for sent, (expected, by_chance) in plain.items():
        token = {"csrf_token": stage.tokens[sent.role]}
        found = after(stage, sent, **WAYS[way](sent, token))
        changed = differing(expected, found) - by_chance
        refused = way == "repeated" and not differing(before, found)
        if changed and not refused:
            wrong.append((sent.endpoint, changed))
    assert not wrong


def test_as_json_nothing_is_taken_at_all(
    stage: Stage, plain: dict[Sent, tuple[Rows, set[str]]]
) -> None:
    with stage.undone():
        before = stored(stage)
    for sent in plain:
        token = stage.tokens[sent.role]
        given = {"json": {**sent.values, **PRIVILEGED, "csrf_token": token}}
        headers = {"X-CSRFToken": token}
        assert not differing(before, after(stage, sent, data=None, headers=headers, **given))


def test_a_change_would_be_seen(stage: Stage, plain: dict[Sent, tuple[Rows, set[str]]]) -> None:
    with stage.undone():
        before = stored(stage)
        with stage.within():
            db.session.execute(update(Person).values(short_password=True))
            db.session.commit()
        assert differing(before, stored(stage)) == {"people.short_password"}
    changing = [sent.endpoint for sent, (found, _) in plain.items() if differing(before, found)]
    assert len(changing) >= 55


def test_no_form_fills_a_row_by_itself() -> None:
    """`populate_obj`, and forms or requests given away whole, stand nowhere in our code."""
    found = []
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "populate_obj":
                found.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.keyword) and node.arg is None:
                given = ast.unparse(node.value)
                if given.startswith(("request.", "form.data", "self.data")):
                    found.append(f"{path.name}:{node.value.lineno} {given}")
    assert not found
