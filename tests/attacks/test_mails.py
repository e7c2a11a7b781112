"""Our mails carry no link and no header but ours, whatever the names in them are."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from accreditation import clock
from accreditation.extensions import db
from accreditation.models import (
    Accreditation,
    Application,
    Incentive,
    Invitation,
    Mail,
    Person,
    Review,
)
from accreditation.services import mail
from accreditation.services.unlinked import unlinked
from tests.attacks.corpus.linked_names import HARMLESS, HEADERS, NAMES
from tests.attacks.corpus.scripts import EVALUATED, TEMPLATES
from tests.attacks.poisoning import poison
from tests.attacks.stage import Stage
from tests.postbox import Postbox

pytestmark = pytest.mark.sqlite

FOLDER = Path(__file__).parents[2] / "templates" / "mail"
PARTS = {"letter", "reason"}  # that the others are made of
SUBJECTS = {"accreditation": Accreditation, "incentive": Incentive, "review": Review}
OURS = {"subject", "from", "to", "date", "message-id", "auto-submitted", "content-type"}
OURS |= {"content-transfer-encoding", "mime-version"}
# What mail programs make a link of: any scheme, any host that looks like one, any address.
LINK = re.compile(
    r"[a-z][a-z0-9+.-]*:\S|www\.\w|\w@\w|[^\W_][.．｡][^\W\d_]|[a-z]。[a-z]|\\\\\w", re.IGNORECASE
)


def templates() -> list[str]:
    found = sorted(FOLDER.rglob("*.txt"))
    return [str(one.relative_to(FOLDER).with_suffix("")) for one in found if one.stem not in PARTS]


def letter(template: str, language: str, party: str = "operator") -> Mail:
    """Write a mail as the services do, about what stands on the stage."""
    person = db.session.scalars(select(Person)).first()
    case = db.session.scalars(select(Application)).first()
    invitation = db.session.scalars(select(Invitation).where(Invitation.operator_id.is_not(None)))
    assert person is not None
    person.language = language
    kind = SUBJECTS.get(template.partition("/")[0], Application)
    return mail.write(
        person,
        template,
        case,
        subject=db.session.scalars(select(kind)).first(),
        done="Submitted",
        what="A passkey was added to your account",
        note="見本の理由",
        party=party,
        invitation=invitation.first(),
        moment=clock.now(),
        token="t" * 43,
        hours=72,
        minutes=30,
        days=7,
        count=3,
    )


@contextmanager
def named(stage: Stage, name: str) -> Iterator[None]:
    with stage.undone(), stage.within():
        poison(lambda column: "a@example.jp" if column.name == "email" else name)
        yield


def own_lines_left_out(stage: Stage, body: str) -> str:
    address = stage.app.extensions["settings"].site_address
    return "\n".join(one for one in body.splitlines() if not one.startswith(f"{address}/"))


def test_every_mail_is_written_here(stage: Stage) -> None:
    assert len(templates()) > 30
    assert len(NAMES) >= 15
    with named(stage, "見本の名前"):
        holding = [one for one in templates() if "見本の名前" in letter(one, "ja").body]
        address = stage.app.extensions["settings"].site_address
        assert all(f"\n{address}/" in letter(one, "ja").body for one in holding)
    assert len(holding) > 20, "else no name would be looked at below"


@pytest.mark.parametrize("name", NAMES)
def test_no_name_becomes_a_link(stage: Stage, name: str) -> None:
    assert LINK.search(name), "it is one where it is not broken up"
    with named(stage, name):
        for at, template in enumerate(templates()):
            written = letter(template, ("ja", "en")[(at + NAMES.index(name)) % 2])
            for text in (written.subject, own_lines_left_out(stage, written.body)):
                assert not LINK.search(text), (template, text)


@pytest.mark.parametrize("name", HARMLESS)
def test_other_names_stay_as_they_are(stage: Stage, name: str) -> None:
    assert unlinked(name) == name
    with named(stage, name):
        assert name in letter("account/invitation", "en").body
        assert name in letter("application/submit", "ja", "office").body


def test_a_template_in_a_name_is_a_name(stage: Stage) -> None:
    for text in TEMPLATES:
        with named(stage, text):
            for template in templates():
                written = letter(template, "en")
                assert not [one for one in EVALUATED if one in written.subject + written.body]


@pytest.mark.parametrize("text", HEADERS, ids=ascii)
def test_no_line_break_reaches_a_header(stage: Stage, text: str) -> None:
    """As if a name with line breaks were stored; the forms take them away before."""
    settings = stage.app.extensions["settings"]
    with Postbox.opened() as box, named(stage, text):
        stage.app.extensions["settings"] = settings.model_copy(
            update={"mail_server": box.address, "mail_starttls": False}
        )
        try:
            for template in ("application/submit", "review/assign", "incentive/fund"):
                written = letter(template, "en")
                db.session.commit()
                assert mail.deliver(written.id)
        finally:
            stage.app.extensions["settings"] = settings
    assert len(box.messages) == 3
    for message in box.messages:
        assert {one.lower() for one in message} <= OURS
        assert [one for one in message.get_all("To", []) if "evil" in one] == []
        assert not re.search(r"[\r\n]", str(message["Subject"]))


def test_no_line_break_is_taken_into_any_field(stage: Stage) -> None:
    """Every form of every page, with line breaks in every field: no mail has another header."""
    for at, sent in enumerate(stage.kinds):
        names = sent.form.names
        broken = {name: [HEADERS[(at + i) % len(HEADERS)]] for i, name in enumerate(names)}
        one = {name: broken[name] for name in names if name.startswith(("name", "title"))}
        for given in (sent.with_values(**broken), sent.with_values(**one)):
            with stage.undone():
                stage.send(given)
                with stage.within():
                    chosen = select(Mail).where(Mail.sent_at.is_(None))
                    for written in db.session.scalars(chosen):
                        assert len(written.subject.splitlines()) == 1
                        assert len(written.recipient.splitlines()) == 1
