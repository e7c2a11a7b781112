"""Which database a request reads: public pages of visitors may come from a replica."""

from flask import current_app, g, request, session

from accreditation.extensions import db, read_from
from accreditation.services.replica import Replica

PUBLIC = "public"  # the blueprint


def choose() -> None:
    """Read from the replica where one is set, follows closely, and nobody is signed in.

    Who is signed in sees what they just did: for them the database itself is asked.
    """
    replica: Replica | None = current_app.extensions["replica"]
    public = request.blueprint == PUBLIC and request.method in {"GET", "HEAD"}
    if replica is not None and public and "_user_id" not in session and replica.is_fresh():
        g.replica = replica
        read_from(replica.engine)


def leave() -> bool:
    """Turn from a replica that failed to the database itself; False when it was not the replica."""
    replica: Replica | None = g.pop("replica", None)
    if replica is None:
        return False
    replica.avoid()
    read_from(None)
    db.session.rollback()
    return True


def forget(error: BaseException | None) -> None:
    """Let the next request begin with the database itself."""
    del error
    read_from(None)
