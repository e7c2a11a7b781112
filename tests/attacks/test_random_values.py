"""Values that chance puts together, in every room of the site: always an answer, never a fault."""

import os
import string
from collections.abc import Sized
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.attacks.corpus.odd_values import ODD
from tests.attacks.stage import Stage

# In each room; the drill tries so many of each form instead (drills/random_values.py).
IN_A_ROOM = 40
OF_EACH = int(os.environ.get("EXAMPLES_OF_EACH", "0"))
ROOMS = ("administrator", "applicant", "auth", "council", "office", "reviewer")
TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CELLS = st.one_of(st.sampled_from(ODD), TYPED, st.integers().map(str), st.floats().map(str))
DATES = st.dates().map(lambda day: day.strftime("%Y/%m/%d"))
VALUES = st.one_of(CELLS, DATES, st.text(string.printable, max_size=20))


def tries(of: Sized) -> settings:
    """Say how many to try: the same ones on every commit, others in the drill."""
    return settings(
        max_examples=OF_EACH * len(of) or IN_A_ROOM,
        deadline=None,
        database=None,
        derandomize=not OF_EACH,
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.parametrize("room", ROOMS)
def test_any_values_in_any_form_of_a_room(stage: Stage, room: str) -> None:
    forms = [one for one in stage.kinds if one.endpoint.startswith(f"{room}.")]

    @tries(forms)
    @given(st.data())
    def send(data: Any) -> None:
        sent = data.draw(st.sampled_from(forms))
        some = data.draw(st.sets(st.sampled_from(sent.form.names), min_size=1, max_size=4))
        typed = {name: data.draw(st.lists(VALUES, min_size=1, max_size=2)) for name in some}
        stage.try_out(sent.with_values(**typed))

    assert forms
    send()


def test_any_values_in_any_address(stage: Stage) -> None:
    pages = sorted({stage.endpoint_of(path): (role, path) for role, path in stage.pages}.values())

    @tries(pages)
    @given(
        st.sampled_from(pages),
        st.dictionaries(st.sampled_from(stage.parameters), VALUES, min_size=1, max_size=4),
    )
    def ask(page: tuple[str, str], query: dict[str, str]) -> None:
        role, path = page
        stage.ask(role, path.partition("?")[0], query_string=query)

    ask()
