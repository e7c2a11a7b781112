"""Signing in with the organisation's account: for people with an office, and nobody else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from accreditation.extensions import db, writing
from accreditation.models import Office, Person
from tests import factories
from tests.pages import Pages
from tests.provider import CLIENT, SECRET, Provider, asked_of

OFFERED = "Sign in with City Hall"


@pytest.fixture
def provider() -> Iterator[Provider]:
    with Provider.opened() as opened:
        yield opened


@pytest.fixture
def city(provider: Provider, variant: Callable[..., Flask]) -> Flask:
    return variant(
        oidc_issuer=provider.address,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="City Hall",
    )


@pytest.fixture
def clerk(app: Flask) -> str:
    with app.app_context(), writing():
        email = factories.person(Office.OFFICE, language="en").email
        db.session.commit()
        return email


def come_back(
    city: Flask, provider: Provider, status: int = 200, **claims: Any
) -> tuple[Pages, str]:
    """Go to the provider and come back with what it says; give the browser and its page."""
    pages = Pages(city)
    led = pages.client.get("/sign-in/organisation?next=/office/calls")
    assert led.status_code == 302
    assert led.location.startswith(f"{provider.address}/authorize?")
    provider.asked, provider.claims = asked_of(led.location), claims
    state = provider.asked["state"]
    return pages, pages.get(f"/sign-in/organisation/back?code=c&state={state}", status)


def is_in(pages: Pages) -> bool:
    return pages.client.get("/account").status_code == 200


def test_without_a_provider_there_is_no_such_way(app: Flask) -> None:
    pages = Pages(app)
    assert OFFERED not in pages.get("/sign-in")
    for path in ("/sign-in/organisation", "/sign-in/organisation/back"):
        pages.get(path, status=404)


def test_what_is_asked_of_the_provider(city: Flask, provider: Provider) -> None:
    assert OFFERED in Pages(city).get("/sign-in")
    led = Pages(city).client.get("/sign-in/organisation")
    asked = asked_of(led.location)
    assert asked["redirect_uri"] == "http://127.0.0.1:8765/sign-in/organisation/back"
    assert asked["client_id"] == CLIENT
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["state"]) >= 20
    assert len(asked["nonce"]) >= 20
    assert SECRET not in led.location
    del provider


def test_with_several_factors_there_one_is_in(city: Flask, provider: Provider, clerk: str) -> None:
    pages, html = come_back(city, provider, email=clerk, amr=["pwd", "mfa"])
    assert "Open a new call" in html
    assert is_in(pages)


def test_with_one_factor_there_the_second_is_asked_here(
    city: Flask, provider: Provider, clerk: str
) -> None:
    _, html = come_back(city, provider, email=clerk, amr=["pwd"])
    assert "Please set up an authenticator" in html


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": "nobody@example.jp"},
        {"email": ""},
        {"email": ["a", "b"]},
    ],
)
def test_whoever_is_not_known_for_sure_is_not_let_in(
    city: Flask, provider: Provider, clerk: str, claims: dict[str, Any]
) -> None:
    pages, html = come_back(city, provider, 403, **{"email": clerk, "amr": ["mfa"], **claims})
    assert "You have no office here" in html
    assert not is_in(pages)


def test_people_without_an_office_and_closed_accounts_stay_outside(
    app: Flask, city: Flask, provider: Provider, clerk: str
) -> None:
    with app.app_context(), writing():
        applicant = factories.person(language="en").email
        found = db.session.scalars(db.select(Person).filter_by(email=clerk)).one()
        found.disabled_at = found.created_at
        db.session.commit()
    for email in (applicant, clerk):
        pages, _ = come_back(city, provider, 403, email=email, amr=["mfa"])
        assert not is_in(pages)
    with app.app_context():
        assert len(db.session.scalars(db.select(Person)).all()) == 2, "no account is made"


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "somebody else"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1},
    ],
)
def test_a_word_that_was_not_for_us_counts_nothing(
    city: Flask, provider: Provider, clerk: str, claims: dict[str, Any]
) -> None:
    pages, html = come_back(city, provider, 502, **{"email": clerk, "amr": ["mfa"], **claims})
    assert "That did not work" in html
    assert not is_in(pages)


def test_a_word_signed_by_another_key_counts_nothing(
    city: Flask, provider: Provider, clerk: str
) -> None:
    provider.signs_with = RSAKey.generate_key(2048)
    pages, _ = come_back(city, provider, 502, email=clerk, amr=["mfa"])
    assert not is_in(pages)


def test_a_provider_that_calls_itself_another_lets_nobody_in(
    city: Flask, provider: Provider, clerk: str
) -> None:
    provider.calls_itself = "https://elsewhere.example"
    claims = {"iss": provider.calls_itself, "email": clerk, "amr": ["mfa"]}
    pages, _ = come_back(city, provider, 403, **claims)
    assert not is_in(pages)


def test_a_provider_that_leads_elsewhere_is_not_followed(city: Flask, provider: Provider) -> None:
    with Provider.opened() as other:
        provider.leads_to = f"{other.address}/.well-known/openid-configuration"
        assert "could not be reached" in Pages(city).get("/sign-in/organisation", status=502)


def test_a_state_works_once_and_in_its_own_browser(
    city: Flask, provider: Provider, clerk: str
) -> None:
    pages, _ = come_back(city, provider, email=clerk, amr=["mfa"])
    path = f"/sign-in/organisation/back?code=c&state={provider.asked['state']}"
    for one in (Pages(city), pages):
        one.get(path, status=502)
    Pages(city).get("/sign-in/organisation/back", status=502)
    Pages(city).get("/sign-in/organisation/back?error=access_denied", status=502)


def test_a_provider_that_is_away_is_told_so(variant: Callable[..., Flask]) -> None:
    away = variant(oidc_issuer="http://127.0.0.1:1", oidc_client_id=CLIENT)
    assert "could not be reached" in Pages(away).get("/sign-in/organisation", status=502)
