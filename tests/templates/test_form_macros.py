"""Every field is labelled, says whether it is required, and is tied to its hint and error."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import InputRequired, Length, Optional

from accreditation.web.outdated import name_errors

IMPORT = '{% import "macros/form.html" as forms %}'


def operator_form(**typed: str) -> BaseForm:
    """Make a form with one field of each shape that the macros tell apart."""
    fields = {
        "name": StringField("Name", [InputRequired("Write the name.")]),
        "number": StringField("Number", [Optional(), Length(13, 13, "13 digits, please.")]),
        "kind": RadioField("Kind", [InputRequired("Choose one.")], choices=["inn", "tour"]),
        "story": TextAreaField("Story", [InputRequired("Say something.")]),
    }
    form = BaseForm(fields)
    form.process(MultiDict(typed))
    return form


@pytest.fixture
def refused() -> BaseForm:
    """Return a form that came back: three fields are wrong."""
    form = operator_form(number="12<3", story="kept")
    assert not form.validate()
    return form


def test_a_label_names_its_field_and_says_required(render: Callable[..., str]) -> None:
    html = render(IMPORT + "{{ forms.field(f) }}", f=operator_form()["name"])
    assert 'for="name"' in html
    assert 'id="name"' in html
    assert "Required" in html
    assert "aria-invalid" not in html
    assert "aria-describedby" not in html
    assert "placeholder" not in html


def test_a_field_with_optional_validator_says_optional(render: Callable[..., str]) -> None:
    html = render(IMPORT + "{{ forms.field(f) }}", f=operator_form()["number"])
    assert "Optional" in html
    assert "Required" not in html


def test_hint_and_error_describe_the_control(render: Callable[..., str], refused: BaseForm) -> None:
    html = render(IMPORT + '{{ forms.field(f, hint="13 digits") }}', f=refused["number"])
    assert 'aria-describedby="number-hint number-error"' in html
    assert 'aria-invalid="true"' in html
    assert html.index('id="number-hint"') < html.index("<input") < html.index('id="number-error"')
    assert "12&lt;3" in html


@pytest.mark.parametrize("name", ["name", "number", "kind"])
def test_each_error_in_the_summary_links_to_an_existing_control(
    render: Callable[..., str], refused: BaseForm, name: str
) -> None:
    summary = render(IMPORT + "{{ forms.error_summary(form) }}", form=refused)
    macro = "radios" if name == "kind" else "field"
    field = render(IMPORT + f"{{{{ forms.{macro}(f) }}}}", f=refused[name])
    links = re.findall(r'href="#([^"]+)"', summary)
    assert len(links) == len(refused.errors)
    assert any(re.search(rf'<input[^>]* id="{link}"', field) for link in links)


def test_the_summary_names_the_field_and_the_field_itself_does_not(
    render: Callable[..., str], refused: BaseForm
) -> None:
    summary = render(IMPORT + "{{ forms.error_summary(form) }}", form=refused)
    assert "Number: 13 digits, please." in summary
    assert "Number: " not in render(IMPORT + "{{ forms.field(f) }}", f=refused["number"])


def test_the_summary_names_the_entry_where_a_page_has_several(
    render: Callable[..., str], refused: BaseForm
) -> None:
    name_errors(refused, "1-1")
    summary = render(IMPORT + "{{ forms.error_summary(form) }}", form=refused)
    assert "1-1: 13 digits, please." in summary
    assert "Number: " not in summary


@pytest.mark.parametrize("label", ["What is it?", "I accept.", "種類は？", ""])
def test_a_label_that_is_a_sentence_is_not_put_before_another(
    render: Callable[..., str], label: str
) -> None:
    form = operator_form()
    form["kind"].label.text = label
    assert not form.validate()
    assert ">Choose one.</a>" in render(IMPORT + "{{ forms.error_summary(form) }}", form=form)


def test_a_field_never_lets_the_browser_cut_what_is_typed(render: Callable[..., str]) -> None:
    html = render(IMPORT + "{{ forms.field(f) }}", f=operator_form()["number"])
    assert "maxlength" not in html
    assert "minlength" not in html


def test_a_field_may_say_when_it_is_needed(render: Callable[..., str]) -> None:
    html = render(IMPORT + '{{ forms.field(f, need="Needed if so") }}', f=operator_form()["number"])
    assert "Needed if so" in html
    assert "Optional" not in html


def test_the_summary_takes_the_focus_without_a_script(
    render: Callable[..., str], refused: BaseForm
) -> None:
    summary = render(IMPORT + "{{ forms.error_summary(form) }}", form=refused)
    assert re.search(r'tabindex="-1"\s+autofocus', summary)


@pytest.mark.parametrize(("action", "goes"), [("", "/list?kind=tour"), ("/there", '/there"')])
def test_a_form_names_its_address_lest_the_place_in_the_page_stays_in_it(
    render: Callable[..., str], action: str, goes: str
) -> None:
    template = IMPORT + "{% call forms.form(action=action) %}inside{% endcall %}"
    assert f'action="{goes}' in render(template, action=action)


def test_no_summary_without_errors(render: Callable[..., str]) -> None:
    html = render(IMPORT + "{{ forms.error_summary(form) }}", form=operator_form())
    assert not html.strip()


def test_the_title_of_a_refused_page_begins_with_error(
    render: Callable[..., str], refused: BaseForm
) -> None:
    template = IMPORT + "{{ forms.error_prefix(form) }}Your operator"
    assert render(template, form=refused) == "Error: Your operator"
    assert render(template, form=operator_form()) == "Your operator"


def test_a_group_has_a_legend_and_a_label_for_each_choice(render: Callable[..., str]) -> None:
    html = render(IMPORT + "{{ forms.radios(f) }}", f=operator_form()["kind"])
    assert html.count("<legend") == 1
    assert set(re.findall(r'<label class="choice" for="([^"]+)"', html)) == {"kind-0", "kind-1"}
    assert html.count('type="radio"') == 2


def test_a_form_by_post_carries_the_token_and_one_by_get_does_not(
    render: Callable[..., str],
) -> None:
    template = IMPORT + "{% call forms.form(method=method) %}inside{% endcall %}"
    assert "the-token" in render(template, method="post")
    assert "the-token" not in render(template, method="get")
