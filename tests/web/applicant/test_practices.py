from flask import Flask

from accreditation.extensions import db, writing
from tests import factories
from tests.fields import hidden
from tests.pages import Pages
from workflows.application import ApplicationState as S


def accredited(app: Flask) -> tuple[Pages, str]:
    with app.app_context(), writing():
        owner = factories.person(language="en")
        site = factories.site(factories.operator(owner))
        factories.application(S.ACCREDITED, of=site)
        db.session.commit()
        email, key = owner.email, site.key
    return Pages(app, email), key


def test_practices_are_told_indicator_by_indicator(app: Flask) -> None:
    pages, site = accredited(app)
    path = f"/my/sites/{site}/practices"
    values = dict(hidden(pages.get(path))) | {
        "practice-1-japanese": "節電する",
        "practice-1-english": "Saves power",
        "practice-2-english": "Only English",
    }
    html = pages.post(path, values, status=422)
    assert "Please write it in Japanese too." in html
    assert "Only English" in html
    assert "Saves power" in html
    pages.post(path, values | {"practice-2-japanese": "連携する"})
    html = pages.get(path)
    assert "Saves power" in html
    assert "連携する" in html
    long = dict(hidden(html)) | {"practice-1-japanese": "長" * 1001}
    assert "This has 1001 characters, but only 1000 fit" in pages.post(path, long, status=422)


def test_of_two_who_tell_practices_the_second_sees_both_and_decides(app: Flask) -> None:
    pages, site = accredited(app)
    path = f"/my/sites/{site}/practices"
    shown = dict(hidden(pages.get(path)))
    pages.post(path, shown | {"practice-1-japanese": "先の文"})
    html = pages.post(path, shown | {"practice-1-japanese": "私の文"}, status=422)
    assert "Saved now: 先の文" in html
    assert "私の文" in html
    pages.post(path, dict(hidden(html)) | {"practice-1-japanese": "私の文"})
    untouched = shown | {"practice-2-japanese": "連携する"}
    pages.post(path, untouched)
    html = pages.get(path)
    assert "私の文" in html, "what the page did not touch stays as somebody else saved it"
    assert "連携する" in html
