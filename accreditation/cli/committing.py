"""How a command writes: in a transaction of its own, with refusals in words."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from accreditation.extensions import db, writing
from accreditation.services.errors import ServiceError


@contextmanager
def committing() -> Iterator[None]:
    """Let a command write and commit; what a service refuses is said in its words."""
    with writing():
        try:
            yield
        except ServiceError as error:
            raise click.ClickException(error.why % error.given) from None
        db.session.commit()
