"""Keys that are changed from time to time."""

import click
from cryptography.fernet import InvalidToken
from flask.cli import with_appcontext

from accreditation.cli.root import accreditation
from accreditation.extensions import db, writing
from accreditation.services import vault


@accreditation.group("keys")
def keys_group() -> None:
    """Keys that are changed from time to time."""


@keys_group.command("renew")
@with_appcontext
def renew() -> None:
    """Encrypt what was encrypted under FORMER_SECRET_KEYS anew under SECRET_KEY."""
    with writing():
        try:
            count = vault.renew()
        except InvalidToken:
            message = "a secret opens with none of the keys; nothing was changed"
            raise click.ClickException(message) from None
        db.session.commit()
    click.echo(f"{count} secrets are encrypted under SECRET_KEY.")
