"""The addresses that last: however a number is typed in one, it leads to the one printed."""

import pytest
from flask.testing import FlaskClient

from tests.web.public.visit import NUMBER, Case

TYPED = [
    f"{NUMBER}/",
    NUMBER.lower(),
    f"{NUMBER.lower()}/",
    "Ｒ０８－０００１",
    "R08–0001",
    "R08─0001",
    "R08\u20110001",
    "R080001",
    f"%20{NUMBER}%20",
    f"\u3000{NUMBER}\u200b",
]


@pytest.mark.parametrize("typed", TYPED)
@pytest.mark.parametrize("room", ["verify", "register"])
def test_every_way_to_write_a_number_leads_to_its_one_address(
    client: FlaskClient, case: Case, room: str, typed: str
) -> None:
    del case
    answer = client.get(f"/{room}/{typed}?c=ab%20c&lang=en")
    assert (answer.status_code, answer.location) == (308, f"/{room}/{NUMBER}?c=ab%20c&lang=en")
    assert client.get(f"/{room}/{typed}").location == f"/{room}/{NUMBER}"
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("room", ["verify", "register"])
def test_a_slash_at_the_end_leads_to_the_address_without(client: FlaskClient, room: str) -> None:
    answer = client.get(f"/{room}/?lang=en")
    assert (answer.status_code, answer.location) == (308, f"/{room}?lang=en")
    assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_the_twins_are_led_to_their_one_address_too(
    client: FlaskClient, case: Case, kind: str
) -> None:
    del case
    answer = client.get(f"/verify/r08-0001.{kind}?edition=1")
    assert (answer.status_code, answer.location) == (308, f"/verify/{NUMBER}.{kind}?edition=1")
    assert answer.headers["Access-Control-Allow-Origin"] == "*", "a script is told where to look"


def test_a_query_never_becomes_a_part_of_the_address(client: FlaskClient) -> None:
    for query in ("_scheme=javascript&_external=1", "number=x", "endpoint=x", "_anchor=x"):
        answer = client.get(f"/verify/r08-0001?{query}")
        assert answer.location == f"/verify/{NUMBER}?{query}"
