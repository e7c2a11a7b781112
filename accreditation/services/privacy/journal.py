"""What was done to the data as a whole stands in the history: erased, given out, restored."""

from accreditation.extensions import db, writing
from accreditation.services import history


def write_down(act: str, **details: object) -> None:
    """Write down an act on the installation's data, committing; details name nobody."""
    db.session.rollback()  # SQLite lets no transaction write that began as a reading one
    with writing():
        event = history.Event("installation", 1, act, None, "system", details=details)
        history.record(event)
        db.session.commit()
