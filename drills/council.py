"""The cases of a drill on several machines, and the council that decides them over HTTP."""

from dataclasses import dataclass
from pathlib import Path

import pyotp
from flask_migrate import upgrade
from sqlalchemy import select

from accreditation import clock, create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import Application, Person
from accreditation.services.accounts import second_factors
from drills import park
from drills.park import Settings
from drills.visitor import Visitor
from tests.services.crowds import gathered

KEPT = ("SECRET_KEY", "SIGNING_PASSPHRASE", "BASE_URL")  # the same before and after the move


@dataclass(frozen=True)
class Council:
    """The cases to decide, and who decides: addresses and the secrets of their second factors."""

    cases: list[str]
    members: list[tuple[str, str]]


def prepare(settings: Settings, folder: Path, cases: int) -> Council:
    """Make an installation on SQLite, then move it to where the settings say."""
    small = {name: settings[name] for name in KEPT}
    given = {name.lower(): value for name, value in small.items()}
    app = create_app(load_settings(data_dir=folder, demo=True, **given))
    with app.app_context(), writing():
        upgrade()
    crowd = gathered(app, folder, cases)
    with app.app_context(), writing():
        people = [db.session.get_one(Person, one) for one in crowd.council]
        members = [(one.email, second_factors.begin_authenticator(one)) for one in people]
        for one, (_email, secret) in zip(people, members, strict=True):
            before = clock.now().timestamp() - second_factors.STEP
            second_factors.confirm_authenticator(one, pyotp.TOTP(secret).at(int(before)))
        keys = list(db.session.scalars(select(Application.key)))
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    local = {name: settings[name] for name in settings if name.startswith("AWS")} | {"DEMO": "1"}
    local |= small
    target = "--to-database", settings["DATABASE_URL"], "--to-store", settings["STORE_URL"]
    moved = park.run(local, folder, "move", *target)
    if moved.returncode:
        raise AssertionError(moved.stdout + moved.stderr)
    print(moved.stdout)
    return Council(keys, members)


def decide(one: Visitor, key: str) -> int:
    """Accredit a case; give the status of the answer."""
    path = f"/council/applications/{key}"
    form = one.form(path)
    values = {"step": "accredit", "indicators": ["1"], "conditions": "", "reasons": ""}
    return one.send(f"{path}/decision", form | values).status_code
