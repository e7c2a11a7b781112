"""The frame of a page: summaries, pages of a list, tables, statuses and steps."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest


def test_the_next_page_keeps_the_filters_of_the_address(render: Callable[..., str]) -> None:
    page = SimpleNamespace(page=2, pages=3, has_prev=True, has_next=True, prev_num=1, next_num=3)
    html = render('{% import "macros/page.html" as page %}{{ page.pagination(p) }}', p=page)
    href = re.search(r'rel="next" href="\?([^"]+)"', html)
    assert href
    assert parse_qs(unescape(href[1])) == {"kind": ["tour", "inn"], "q": ["A&B"], "page": ["3"]}


def test_a_single_page_has_no_pagination(render: Callable[..., str]) -> None:
    page = SimpleNamespace(pages=1)
    html = render('{% import "macros/page.html" as page %}{{ page.pagination(p) }}', p=page)
    assert not html.strip()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("", "Not provided"),
        (None, "Not provided"),
        ([], "Not provided"),
        (0, "0"),
        ("<b>", "&lt;b&gt;"),
    ],
)
def test_a_summary_shows_what_was_answered(
    render: Callable[..., str], value: object, shown: str
) -> None:
    template = '{% import "macros/page.html" as page %}{{ page.summary_list([row]) }}'
    html = render(template, row={"label": "Name", "value": value})
    assert shown in html


def test_a_table_names_the_column_in_each_cell(render: Callable[..., str]) -> None:
    html = render(
        '{% import "macros/table.html" as tables %}'
        '{% call(row, key) tables.data("Cases", [("n", "Number")], rows) %}no. {{ row[key] }}'
        "{% endcall %}",
        rows=[{"n": 7}],
    )
    assert 'data-label="Number"' in html
    assert "no. 7" in html


def test_an_empty_table_says_so(render: Callable[..., str]) -> None:
    html = render(
        '{% import "macros/table.html" as tables %}'
        '{{ tables.data("Cases", [("n", "Number")], [], empty="No case waits.") }}'
    )
    assert "No case waits." in html
    assert "<table" not in html


@pytest.mark.parametrize(
    "status", ["expired", "suspended", "withdrawn", "surrendered", "unknown", "mismatch"]
)
def test_only_a_valid_certificate_gets_the_tick(render: Callable[..., str], status: str) -> None:
    template = '{% import "macros/status.html" as s %}{{ s.check_banner(status, "Title") }}'
    tick = 'd="M5 12.5l4.5 4.5L19 7.5"'
    assert tick in render(template, status="valid")
    assert tick not in render(template, status=status)


def _step(**more: str) -> dict[str, object]:
    return {
        "name": "return",
        "label": "Return",
        "url": "/go",
        "needs_note": True,
        "why_not": None,
        **more,
    }


STEPS = '{% import "macros/case.html" as case %}{{ case.steps([step], {"version": 3}) }}'


def test_a_step_posts_its_note_the_token_and_the_version(render: Callable[..., str]) -> None:
    html = render(STEPS, step=_step())
    assert 'action="/go"' in html
    assert 'name="note"' in html
    assert 'value="the-token"' in html
    assert 'name="version" value="3"' in html


def test_a_step_that_is_not_open_says_why_and_has_no_button(render: Callable[..., str]) -> None:
    html = render(STEPS, step=_step(why_not="You reviewed this case."))
    assert "You reviewed this case." in html
    assert "<button" not in html


def test_a_refused_step_keeps_the_note_and_opens(render: Callable[..., str]) -> None:
    html = render(STEPS, step=_step(note="my <words>", error="Say more."))
    assert "my &lt;words&gt;</textarea>" in html
    assert "Say more." in html
    assert re.search(r"<details\s+open", html)


@pytest.mark.parametrize("hint", ["", "The operator reads this."])
@pytest.mark.parametrize("error", ["", "Say more."])
def test_the_reason_of_a_step_is_described_by_what_is_there(
    render: Callable[..., str], hint: str, error: str
) -> None:
    html = render(STEPS, step=_step(note_hint=hint, error=error))
    described = " ".join(re.findall(r'aria-describedby="([^"]*)"', html)).split()
    expected = [f"note-return-{part}" for part, said in (("hint", hint), ("error", error)) if said]
    assert described == expected
    assert all(f'id="{one}"' in html for one in described)


def test_a_step_without_its_reason_has_the_summary_of_every_form(
    render: Callable[..., str],
) -> None:
    template = '{% import "macros/case.html" as case %}{{ case.step_errors([step]) }}'
    summary = render(template, step=_step(error="Say more."))
    assert 'id="error-summary"' in summary
    (link,) = re.findall(r'href="#([^"]+)"', summary)
    assert f'id="{link}"' in render(STEPS, step=_step(error="Say more."))
    assert not render(template, step=_step()).strip()
