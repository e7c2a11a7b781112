"""Who acts for an operator: invitations, roles, leaving; access ends with the next request."""

import pytest
from flask import Flask

from accreditation.extensions import db, writing
from accreditation.models import MemberRole, Operator, Person
from accreditation.services import members
from tests import factories
from tests.pages import Pages
from tests.web.auth.staff import last_mail, link_in

NEW = "a kettle sings before the snow"


@pytest.fixture
def operator(app: Flask) -> str:
    with app.app_context(), writing():
        made = factories.operator(factories.person(language="en"))
        db.session.commit()
        return made.key


def found(key: str) -> Operator:
    named: Operator = db.session.scalars(db.select(Operator).filter_by(key=key)).one()
    return named


def owner(app: Flask, key: str) -> Pages:
    with app.app_context():
        email = factories.owner_of(found(key)).email
    return Pages(app, email)


def joined(app: Flask, key: str, role: MemberRole) -> tuple[Pages, str]:
    with app.app_context(), writing():
        person = factories.member(found(key), role)
        person.language = "en"
        db.session.commit()
        email, its_key = person.email, person.key
    return Pages(app, email), its_key


def roles(app: Flask, key: str) -> list[MemberRole]:
    with app.app_context():
        return [one.role for one in members.of_operator(found(key))]


def test_an_owner_invites_somebody_who_then_acts(app: Flask, operator: str) -> None:
    path = f"/my/operators/{operator}/people"
    values = {"email": "hand@example.jp", "role": "editor"}
    html = owner(app, operator).post(path, values)
    assert "hand@example.jp" in html
    guest = Pages(app)
    link = link_in(last_mail(app, "hand@example.jp"))
    assert "You are invited to act for" in guest.get(link)
    guest.post(link, {"name": "見本 手子", "password": NEW})
    guest.get(f"/my/operators/{operator}/sites/new")
    assert roles(app, operator) == [MemberRole.OWNER, MemberRole.EDITOR]


def test_a_viewer_reads_and_changes_nothing(app: Flask, operator: str) -> None:
    pages, _ = joined(app, operator, MemberRole.VIEWER)
    assert "Specimen Tourism" in pages.get("/my")
    html = pages.get(f"/my/operators/{operator}")
    assert "You can read this, but not change it." in html
    assert '<fieldset class="bare" disabled>' in html
    pages.get(f"/my/operators/{operator}/sites/new", status=404)
    pages.post(f"/my/operators/{operator}", {"name_ja": "奪取"}, page="/account", status=404)
    with app.app_context():
        assert found(operator).name_ja != "奪取"


@pytest.mark.parametrize("role", [MemberRole.EDITOR, MemberRole.VIEWER])
def test_only_owners_choose_who_else_acts(app: Flask, operator: str, role: MemberRole) -> None:
    pages, _ = joined(app, operator, role)
    _, other = joined(app, operator, MemberRole.EDITOR)
    path = f"/my/operators/{operator}/people"
    assert "Mail the invitation" not in pages.get(path)
    for to, values in (
        (path, {"email": "x@example.jp", "role": "owner"}),
        (f"{path}/{other}/role", {"role": "owner"}),
        (f"{path}/{other}/remove", {}),
    ):
        pages.post(to, values, page="/account", status=404)
    assert roles(app, operator) == [MemberRole.OWNER, role, MemberRole.EDITOR]


def test_who_is_removed_is_out_with_the_next_request(app: Flask, operator: str) -> None:
    pages, key = joined(app, operator, MemberRole.EDITOR)
    pages.get(f"/my/operators/{operator}")
    path = f"/my/operators/{operator}/people"
    owner(app, operator).post(f"{path}/{key}/remove", page=path)
    pages.get(f"/my/operators/{operator}", status=404)


def test_the_last_owner_stays(app: Flask, operator: str) -> None:
    path = f"/my/operators/{operator}"
    html = owner(app, operator).post(f"{path}/leave", page=f"{path}/people", status=422)
    assert "An operator needs an owner." in html
    assert roles(app, operator) == [MemberRole.OWNER]


def test_a_role_is_changed(app: Flask, operator: str) -> None:
    pages, key = joined(app, operator, MemberRole.EDITOR)
    path = f"/my/operators/{operator}/people"
    mine = owner(app, operator)
    mine.post(f"{path}/{key}/role", {"role": "owner"}, page=path)
    assert "Mail the invitation" in pages.get(path)
    assert "You have left this operator." in mine.post(f"/my/operators/{operator}/leave", page=path)
    mine.get(path, status=404)
    assert roles(app, operator) == [MemberRole.OWNER]


def test_who_acts_already_is_not_invited_again(app: Flask, operator: str) -> None:
    with app.app_context(), writing():
        email = factories.member(found(operator), MemberRole.VIEWER).email
        db.session.commit()
    path = f"/my/operators/{operator}/people"
    html = owner(app, operator).post(path, {"email": email, "role": "editor"}, status=422)
    assert "This person acts for the operator already." in html


def test_an_invitation_dies_with_the_role_of_who_gave_it(app: Flask, operator: str) -> None:
    second, key = joined(app, operator, MemberRole.OWNER)
    path = f"/my/operators/{operator}/people"
    second.post(path, {"email": "friend@example.jp", "role": "owner"})
    link = link_in(last_mail(app, "friend@example.jp"))
    Pages(app).get(link)
    owner(app, operator).post(f"{path}/{key}/remove", page=path)
    Pages(app).get(link, status=410)
    with app.app_context():
        assert db.session.scalar(db.select(Person).filter_by(email="friend@example.jp")) is None


def test_an_invitation_is_taken_back(app: Flask, operator: str) -> None:
    path = f"/my/operators/{operator}/people"
    mine = owner(app, operator)
    html = mine.post(path, {"email": "friend@example.jp", "role": "viewer"})
    revoke = html.split(f'action="/my/operators/{operator}/invitations/')[1].split('"')[0]
    mine.post(f"/my/operators/{operator}/invitations/{revoke}", page=path)
    Pages(app).get(link_in(last_mail(app, "friend@example.jp")), status=410)


def test_the_invitations_of_another_operator_are_not_there(app: Flask, operator: str) -> None:
    path = f"/my/operators/{operator}/people"
    html = owner(app, operator).post(path, {"email": "friend@example.jp", "role": "viewer"})
    revoke = html.split(f'action="/my/operators/{operator}/invitations/')[1].split('"')[0]
    with app.app_context(), writing():
        other = factories.operator(factories.person(language="en")).key
        db.session.commit()
    rival = owner(app, other)
    to = f"/my/operators/{other}/invitations/{revoke}"
    rival.post(to, page=f"/my/operators/{other}/people", status=404)
    Pages(app).get(link_in(last_mail(app, "friend@example.jp")))
