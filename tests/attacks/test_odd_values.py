"""Whatever is typed into any field, parameter or address: an answer, soon, and never a fault.

The stage looks at each answer: below 500, within two seconds, without a word of what is inside.
"""

import ast
import re
import sys
import time
from collections.abc import Callable
from inspect import getmodule, getsource
from itertools import chain
from pathlib import Path
from urllib.parse import quote

import pytest

from accreditation.services import identifiers, names, numbers
from tests.attacks.corpus.odd_values import BYTES, DEEP, LARGE_PAGES, ODD, SLOW
from tests.attacks.roles import readers, senders
from tests.attacks.stage import TRACES, Sent, Stage

HERE = Path(__file__).parents[2]
OURS = ("accreditation", "certificates", "workflows")
NO_FORM = {"auth.organisation", "auth.organisation_back", "static", "system.figures"}


def rotated(sent: Sent, turn: int, values: tuple[str, ...] = ODD) -> Sent:
    """Fill each field of a form with another odd value; in as many turns each gets every one."""
    names = sent.form.names
    odd = {name: [values[(turn + at) % len(values)]] for at, name in enumerate(names)}
    return sent.with_values(**odd)


def test_the_stage_holds_every_form_and_page(stage: Stage) -> None:
    """A route that is new is walked by itself, or fails here until the stage shows it."""
    rules = list(stage.app.url_map.iter_rules())
    sent = {one.endpoint for one in stage.posts}
    assert {one.endpoint for one in rules if "POST" in (one.methods or ())} == sent
    seen = {stage.endpoint_of(path) for _role, path in stage.pages}
    assert {one.endpoint for one in rules if "GET" in (one.methods or ())} - seen == NO_FORM
    assert len(stage.posts) > 80
    assert sum(len(one.form.names) for one in stage.posts) > 250


def test_what_is_right_is_done(stage: Stage) -> None:
    """Else nothing would be behind the forms that odd values do not reach."""
    undone = [
        one.endpoint for one in stage.posts if stage.try_out(one).status_code not in {200, 302, 303}
    ]
    assert set(undone) <= {
        "auth.enter_by_passkey",  # no device answers here
        "auth.add_passkey",
        "auth.second",
        "auth.confirm",
        "council.decide",  # its first button only checks, and conditions must be written
    }


def test_the_stage_notices_a_fault_and_a_trace(stage: Stage) -> None:
    traces = (
        'File "/srv/app/accreditation/web/page.py", line 3, in view',
        "sqlite3.OperationalError: no such column",
        "[SQL: SELECT 1]",
        "ValueError: invalid literal",
        "jinja2.exceptions.UndefinedError",
    )
    assert all(TRACES.search(one) for one in traces)
    shown = stage.pages["stranger", "/about"]
    assert not TRACES.search(shown)


@pytest.mark.parametrize("part", range(2))
def test_every_field_of_every_form_takes_every_odd_value(stage: Stage, part: int) -> None:
    """Every field gets every value; each form all of its own at once, as nobody types."""
    for sent in stage.kinds[part::2]:
        for turn in range(len(ODD)):
            stage.try_out(rotated(sent, turn))


def test_one_odd_value_among_good_ones(stage: Stage) -> None:
    """So that the act behind the form is reached: each kind of field once in each kind of form."""
    turn = 0
    for sent in stage.kinds:
        for name in {one.rpartition("-")[2]: one for one in sent.form.names}.values():
            turn += 5  # has no divisor in common with their number, so that all are used
            stage.try_out(sent.with_values(**{name: [ODD[turn % len(ODD)]]}))


def test_every_parameter_of_every_page_takes_every_odd_value(stage: Stage) -> None:
    """All of them where a view asks for some; elsewhere, where only the frame does, a few."""
    by_endpoint = {stage.endpoint_of(path): (role, path) for role, path in stage.pages}
    for endpoint, (role, path) in by_endpoint.items():
        module = getmodule(stage.app.view_functions[endpoint])
        asks = module is not None and "request.args" in getsource(module)
        for turn in range(0, len(ODD), 1 if asks else 9):
            given = {name: ODD[(turn + at) % len(ODD)] for at, name in enumerate(stage.parameters)}
            stage.ask(role, path.partition("?")[0], query_string=given)


def test_every_variable_of_every_address_takes_every_odd_value(stage: Stage) -> None:
    """Each variable every value in one address, and a few in all the others that have it."""
    known: set[str] = set()
    for rule in stage.app.url_map.iter_rules():
        methods = (rule.methods or set()) & {"GET", "POST"}
        if rule.endpoint == "static" or not rule.arguments:
            continue
        method = min(methods)
        role = (readers if method == "GET" else senders)(rule.endpoint)[0]
        good = stage.paths(rule)[0].strip("/").split("/")
        for at, part in enumerate(rule.rule.strip("/").split("/")):
            for value in (ODD[:: 9 if part in known else 1]) if "<" in part else ():
                path = "/".join([*good[:at], quote(value[:500], safe=""), *good[at + 1 :]])
                stage.ask(role, f"/{path}", method)
            known.add(part)


def test_what_is_no_text_at_all(stage: Stage) -> None:
    """As bytes in the query, in the path and in forms."""
    for at, (role, path) in enumerate(
        {stage.endpoint_of(path): (role, path) for role, path in stage.pages}.values()
    ):
        for text in BYTES[at % 3 :: 3]:
            query = b"&".join(name.encode() + b"=" + text for name in stage.parameters)
            environ = {"QUERY_STRING": query.decode("latin-1")}
            stage.ask(role, path.partition("?")[0], environ_overrides=environ)
    for text in BYTES:
        stage.ask("owner", "/", environ_overrides={"PATH_INFO": "/my/" + text.decode("latin-1")})
    for at, sent in enumerate(stage.kinds):
        text = BYTES[at % len(BYTES)]
        fields = [quote(name).encode() + b"=" + text for name in sent.form.names]
        fields += [f"csrf_token={quote(stage.tokens[sent.role])}".encode()]
        kind = "application/x-www-form-urlencoded"
        stage.try_out(sent, data=b"&".join(fields), content_type=kind)


@pytest.mark.parametrize("page", LARGE_PAGES)
def test_pages_that_no_list_has(stage: Stage, page: str) -> None:
    for path in ("/register", "/mailbox"):
        stage.ask("stranger", path, query_string={"page": page, "indicator": page, "edition": page})
    for role, path in (
        ("office", "/office"),
        ("council", "/council/accreditations"),
        ("administrator", "/administration"),
    ):
        stage.ask(role, path, query_string={"page": page})


def constant_patterns() -> list[str]:
    """Every pattern that our code writes out, wherever it stands."""
    found = set()
    for path in chain(*(HERE.joinpath(one).rglob("*.py") for one in OURS)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            ours = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if ours and node.func.attr != "escape" and isinstance(node.args[0], ast.Constant):
                said = node.args[0].value
                found.add(said.decode("latin-1") if isinstance(said, bytes) else str(said))
    return sorted(found)


def made_patterns() -> list[str]:
    """Every pattern that a module of ours keeps, also those put together when it is read."""
    modules = [one for name, one in sys.modules.items() if name.startswith(OURS)]
    kept = (one for module in modules for one in vars(module).values())
    patterns = [one.pattern for one in kept if isinstance(one, re.Pattern)]
    return sorted({one for one in patterns if isinstance(one, str)})


LONG_ENOUGH = 2_000  # characters: what grows faster than the square of its length shows by then


def took(pattern: re.Pattern[str], text: str) -> float:
    began = time.process_time()
    pattern.search(text)
    pattern.fullmatch(text)
    return time.process_time() - began


def test_no_pattern_thinks_for_long(stage: Stage) -> None:
    del stage  # has imported every module
    patterns = {*constant_patterns(), *made_patterns()}
    assert len(patterns) > 25
    slow = [
        (one, text[:5], spent)
        for one in patterns
        for text in (one[-LONG_ENOUGH:] for one in SLOW)
        if (spent := took(re.compile(one), text)) > 0.5
    ]
    assert not slow


def test_a_slow_pattern_is_noticed() -> None:
    assert took(re.compile(r"(?:a+)+!"), "a" * 24) > 0.1


@pytest.mark.parametrize(
    "function",
    [
        identifiers.plain_digits,
        identifiers.plain_postal_code,
        identifiers.plain_phone,
        identifiers.plain_web_address,
        identifiers.is_phone,
        identifiers.is_web_address,
        identifiers.tidy,
        identifiers.unseen,
        identifiers.paragraphs,
        identifiers.katakana,
        identifiers.is_reading,
        names.folded,
        names.words,
        numbers.read_number,
    ],
    ids=lambda one: one.__name__,
)
def test_no_reader_of_what_is_typed_thinks_for_long(function: Callable[[str], object]) -> None:
    began = time.process_time()
    for text in SLOW:
        function(text)
    assert time.process_time() - began < 2


def test_long_and_deep_texts_in_every_form(stage: Stage) -> None:
    hostile = (*SLOW[:: len(SLOW) // 3], *DEEP)
    for turn, sent in enumerate(stage.kinds):
        stage.try_out(rotated(sent, turn, hostile))
    for sent in stage.searches:
        for turn in range(len(hostile)):
            stage.ask(sent.role, sent.action, query_string=rotated(sent, turn, hostile).values)


def test_deep_json_where_a_device_answers(stage: Stage) -> None:
    for sent in stage.posts:
        for text in DEEP if "credential" in sent.form.names else ():
            stage.try_out(sent.with_values(credential=[text]))
