"""What is typed never becomes a part of a statement to the database."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import text

from accreditation.extensions import db
from tests.attacks.corpus.statements import PAIRS, STATEMENTS
from tests.attacks.stage import Stage
from tests.attacks.test_foreign_forms import OF_THE_VISIT, writes

CODE = Path(__file__).parents[2] / "accreditation"
HARMLESS = "zzqx"
WRITING = {"text", "exec_driver_sql", "literal_column", "executescript"}
# Each is made of our own words alone.
SEALED = (
    'f"CREATE TRIGGER {_NAME}_{table.name}_{change.lower()} BEFORE {change} ON {table.name}'
    " BEGIN SELECT RAISE(ABORT, '{sentence}'); END\""
)
REVIEWED = [
    ("models/accreditations.py", "_RUNNING"),
    ("models/applications.py", "f'NOT ({_ENDED})'"),
    ("services/invariants/stating.py", "query"),
    ("services/moving/seal.py", SEALED),
    ("sqlite.py", "'BEGIN IMMEDIATE' if writes else 'BEGIN'"),
]
ELEMENT = re.compile(r"<(\w+)")


def asked(stage: Stage, role: str, path: str, given: str) -> tuple[int, list[str]]:
    """Ask with a text in every parameter; give the answer's elements: one row more is some more."""
    query = {name: given for name in stage.parameters if name != "lang"}
    answer = stage.ask(role, path, query_string=query)
    html = answer.text if answer.mimetype != "application/pdf" else ""
    return answer.status_code, ELEMENT.findall(html)


def addresses(stage: Stage) -> dict[str, tuple[str, str]]:
    """Every page once that asks the database for something."""
    return {stage.endpoint_of(path): (role, path.partition("?")[0]) for role, path in stage.pages}


ASKING = (
    *("public.register", "public.check", "public.entry", "public.verify", "public.verify_json"),
    *("office.home", "office.programme", "administrator.home", "council.accreditations"),
    *("system.mailbox", "auth.sign_in"),
)


@pytest.fixture(scope="module")
def usual(stage: Stage) -> dict[str, tuple[int, list[str]]]:
    """What a word that stands nowhere finds."""
    pages = addresses(stage)
    return {one: asked(stage, *pages[one], HARMLESS) for one in ASKING}


@pytest.mark.parametrize("given", STATEMENTS)
def test_a_statement_is_sought_as_any_word(
    stage: Stage, usual: dict[str, tuple[int, list[str]]], given: str
) -> None:
    with writes() as changed:
        for endpoint in ASKING:
            role, path = addresses(stage)[endpoint]
            assert asked(stage, role, path, given) == usual[endpoint], path
    assert not [one for one in changed if not one.startswith(OF_THE_VISIT)]


@pytest.mark.parametrize(("true", "false"), PAIRS)
def test_true_and_false_are_alike(stage: Stage, true: str, false: str) -> None:
    for endpoint in ASKING:
        role, path = addresses(stage)[endpoint]
        assert asked(stage, role, path, true) == asked(stage, role, path, false), path


@pytest.mark.parametrize("given", STATEMENTS)
def test_no_address_holds_a_statement(stage: Stage, given: str) -> None:
    """In each kind of variable: not there, as any other word, and no form is found by it."""
    harmless = re.sub(r"[^/]+", HARMLESS, given)  # a slash makes other parts of the address
    known: set[str] = set()
    for rule in stage.app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.endpoint in {"static", "auth.organisation"}:
            continue
        parts = rule.rule.strip("/").split("/")
        for at, part in enumerate(parts):
            if "<" not in part or part in known:
                continue
            known.add(part)
            good = stage.paths(rule)[0].strip("/").split("/")
            found = []
            for word in (given, harmless):
                path = "/".join([*good[:at], quote(word, safe=""), *good[at + 1 :]])
                found.append(stage.ask(stage.reader_of(rule.endpoint), f"/{path}").status_code)
            assert found[0] == found[1], rule.rule


@pytest.mark.parametrize("given", STATEMENTS[3:12:3])
def test_no_form_holds_a_statement(stage: Stage, given: str) -> None:
    """Whatever is stored of it is stored as it is; tables and passwords stay as they were."""
    for sent in stage.kinds:
        fields = {name: [given] for name in sent.form.names if name not in sent.form.choices}
        with stage.undone():
            stage.send(sent.with_values(**fields))
            with stage.within():
                held = db.session.execute(text("SELECT count(*) FROM people")).scalar_one()
                assert held > 10


def statements() -> Iterator[tuple[str, str]]:
    """Give each place at which our code hands the database a text of its own making."""
    for path in CODE.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "migrations" in path.parts or "sqlalchemy" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in WRITING and not isinstance(node.args[0], ast.Constant):
                yield str(path.relative_to(CODE)), ast.unparse(node.args[0])


def test_statements_are_made_of_our_own_words_only() -> None:
    assert sorted(set(statements())) == REVIEWED


def test_no_list_is_ordered_by_what_was_asked() -> None:
    """`order_by` names columns; a name out of an address never reaches it."""
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("order_by"):
                given = " ".join(ast.unparse(one) for one in node.args)
                assert "getattr" not in given, (path, given)
                assert "request" not in given, (path, given)
