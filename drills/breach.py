"""How long it takes to list whom a leak may concern among 100,000 people.

Method: a fresh installation on SQLite with 100,000 accounts, each with a session, and 1,000
operators of a hundred members each; then the people behind three tables are listed, timed inside
the process. Prints the seconds of each and exits with 1 when one is over its bar (60 s).

Run it with the repository's interpreter, in the repository:
`.venv/bin/python -m drills.breach`.
"""

import json
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import insert

from accreditation import clock, create_app
from accreditation.config import load_settings
from accreditation.extensions import db, writing
from accreditation.models import EntityType, MemberRole, Membership, Operator, Person, SignIn
from accreditation.services.privacy import breach

PEOPLE = 100_000
OPERATORS = 1_000
BAR = 60  # seconds
TABLES = ("people", "sign_ins", "operators")


def fill() -> None:
    """Write the rows down without the steps that lead to them."""
    now = clock.now()
    numbers = range(1, PEOPLE + 1)
    person = {"name": "見本", "language": "ja", "password_hash": "-", "created_at": now}
    given = [{**person, "id": n, "key": f"p{n}", "email": f"p{n}@example.jp"} for n in numbers]
    operator = {"name_ja": "見本", "entity_type": EntityType.CORPORATION, "created_at": now}
    operators = [{**operator, "id": n, "key": f"o{n}"} for n in range(1, OPERATORS + 1)]
    proved = {"started_at": now, "proved_at": now}
    db.session.execute(insert(Person), given)
    db.session.execute(insert(Operator), operators)
    db.session.execute(
        insert(SignIn), [{**proved, "person_id": n, "token_hash": f"{n:064}"} for n in numbers]
    )
    role = {"role": MemberRole.EDITOR}
    db.session.execute(
        insert(Membership),
        [{**role, "person_id": n, "operator_id": n % OPERATORS + 1} for n in numbers],
    )
    db.session.commit()


def main() -> int:
    """Fill, ask, tell."""
    took: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as name:
        app = create_app(load_settings(data_dir=Path(name), demo=True))
        with app.app_context(), writing():
            upgrade()
            fill()
            for table in TABLES:
                db.session.expunge_all()
                begun = time.monotonic()
                hour = timedelta(hours=1)
                found = breach.affected(table, clock.now() - hour, clock.now() + hour)
                took[table] = round(time.monotonic() - begun, 2)
                if len(found.people) != PEOPLE:
                    message = f"{table}: {len(found.people)} people"
                    raise RuntimeError(message)
    print(json.dumps({"seconds": took, "people": PEOPLE}))
    return int(max(took.values()) > BAR)


if __name__ == "__main__":
    sys.exit(main())
