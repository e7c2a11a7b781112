"""Nobody is led away from this site by an address that somebody gave them (open redirects)."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from werkzeug.wrappers import Response

from tests.attacks.corpus.redirects import ELSEWHERE
from tests.attacks.stage import Sent, Stage

pytestmark = pytest.mark.sqlite

HERE = "http://localhost"


def leads_away(answer: Response) -> bool:
    """Say whether a browser would leave this site; it reads slashes generously."""
    location = answer.headers.get("Location", "")
    as_read = re.sub(r"[\t\r\n]", "", location.strip()).replace("\\", "/")
    as_read = re.sub("^//+", "//", as_read)
    found = urlsplit(urljoin(f"{HERE}/sign-in", as_read))
    return bool(location) and (found.scheme, found.netloc) != ("http", "localhost")


def test_what_leads_away_is_noticed() -> None:
    for location in ELSEWHERE[:9] + ELSEWHERE[12:20]:
        assert leads_away(Response(status=303, headers={"Location": location})), location
    assert not leads_away(Response(status=303, headers={"Location": "/account?next=//x"}))


def entering(stage: Stage) -> list[Sent]:
    """The forms after which one goes on to where one wanted to go."""
    wanted = {"auth.sign_in", "auth.second", "auth.confirm"}
    return [one for one in stage.posts if one.endpoint in wanted and "credential" not in one.values]


def test_a_path_of_ours_is_gone_on_to(stage: Stage) -> None:
    for sent in entering(stage):
        if sent.endpoint != "auth.confirm":
            answer = stage.try_out(sent, query_string={"next": "/account?x=1"})
            assert answer.location == "/account?x=1"


@pytest.mark.parametrize("where", ELSEWHERE, ids=ascii)
def test_after_entering_nobody_is_elsewhere(stage: Stage, where: str) -> None:
    for sent in entering(stage):
        kept = {"kept_path": [where], "kept:name": ["x"]}
        for given in (sent, sent.with_values(**kept)):
            answer = stage.try_out(given, query_string={"next": where})
            assert not leads_away(answer), (sent.endpoint, answer.location)
    answer = stage.ask("owner", "/sign-in", query_string={"next": where})
    assert not leads_away(answer)


@pytest.mark.parametrize("where", ELSEWHERE, ids=ascii)
def test_no_parameter_and_no_path_leads_away(stage: Stage, where: str) -> None:
    names = {*stage.parameters, "url", "return", "redirect", "to", "from", "back", "continue"}
    leading = {stage.endpoint_of(path): (role, path) for role, path in stage.pages}
    for endpoint in ("auth.sign_in", "auth.second", "public.check", "public.entry", "public.home"):
        role, path = leading[endpoint]
        query = dict.fromkeys(names, where)
        answer = stage.ask(role, path, query_string=query)
        assert not leads_away(answer), (path, answer.location)
    asked = quote(where, safe="/\\")
    for path in (
        asked,
        f"/{asked}",
        f"//{where.lstrip('/')}",
        f"/register/{asked}",
        f"/my/{asked}",
    ):
        address = path if path.startswith("/") else f"/{path}"
        environ = {"PATH_INFO": unquote(address).encode().decode("latin-1")}
        answer = stage.ask("stranger", "/", environ_overrides=environ)
        assert not leads_away(answer), (address, answer.location)


def test_the_page_before_is_one_of_ours(stage: Stage) -> None:
    """An error page leads back by the referrer, which another site chooses."""
    for where in ELSEWHERE:
        referrer = where.replace("\r", "").replace("\n", "")
        given = {"Referer": referrer.encode().decode("latin-1")}
        html = stage.ask("owner", "/missing", headers=given).text
        assert "evil" not in html
