import pytest
from flask import Flask
from sqlalchemy import func, select

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail
from tests.pages import Pages

OURS = "http://127.0.0.1:8765"


def write(app: Flask, body: str, subject: str = "件名", count: int = 1) -> int:
    with app.app_context(), writing():
        start = db.session.scalar(select(func.count()).select_from(Mail)) or 0
        mails = [
            Mail(
                message_id=f"<{start + number}@example.jp>",
                recipient="taro@example.jp",
                language="ja",
                subject=f"{subject} {number}",
                body=body,
                written_at=clock.now(),
            )
            for number in range(count)
        ]
        db.session.add_all(mails)
        db.session.commit()
        return mails[-1].id


def test_mails_are_listed_newest_first_in_pages_of_fifty(app: Flask) -> None:
    write(app, "本文", count=51)
    html = Pages(app).get("/mailbox")
    assert html.index("件名 50") < html.index("件名 49")
    assert "件名 0<" not in html
    assert "件名 0<" in Pages(app).get("/mailbox?page=2")
    for number in (3, 10**20):
        Pages(app).get(f"/mailbox?page={number}", status=404)
    assert "件名 50" in Pages(app).get("/mailbox?page=-1")


def test_an_empty_mailbox_says_so(app: Flask) -> None:
    assert "No mail was written yet." in Pages(app).get("/mailbox")


def test_a_mail_is_plain_text_with_links_into_this_site_only(app: Flask) -> None:
    body = (
        f"見てください:\n{OURS}/link/abc_-9?x=1&y=2\n{OURS}0/no {OURS}.evil.example/no "
        f"https://evil.example/no <b>太字</b> <script>alert(1)</script> javascript:alert(1)\n"
    )
    html = Pages(app).get(f"/mailbox/{write(app, body)}")
    assert f'<a href="/link/abc_-9?x=1&amp;y=2">{OURS}/link/abc_-9?x=1&amp;y=2</a>' in html
    assert 'href="https://evil.example' not in html
    assert 'href="/no' not in html
    assert "<b>太字" not in html
    assert "&lt;script&gt;" in html


def test_a_subject_with_markup_is_text(app: Flask) -> None:
    write(app, "本文", subject="<img src=x>")
    assert "<img src=x>" not in Pages(app).get("/mailbox")


@pytest.mark.parametrize("number", [999, 2**31 - 1, 10**20])
def test_an_unknown_mail_is_not_found(app: Flask, number: int) -> None:
    Pages(app).get(f"/mailbox/{number}", status=404)


@pytest.mark.parametrize("path", ["/mailbox", "/mailbox/1"])
def test_outside_the_demonstration_there_is_no_mailbox(app: Flask, live: Flask, path: str) -> None:
    assert write(app, "秘密") == 1
    Pages(live).get(path, status=404)
