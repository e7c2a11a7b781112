"""Beginning an installation, serving it, working for it."""

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from accreditation import server
from accreditation.cli.root import accreditation
from accreditation.config import Settings
from accreditation.demo import load
from accreditation.extensions import db, writing
from accreditation.services import schemes
from accreditation.services.accounts import people
from accreditation.services.moving import seal


@accreditation.command()
@with_appcontext
def init() -> None:
    """Create or upgrade the database, publish the schemes, load the demonstration with DEMO=1."""
    settings: Settings = current_app.extensions["settings"]
    _require_here()
    with writing():
        upgrade()
        if settings.demo and load.once():
            click.echo("The demonstration is loaded.")
        elif not settings.demo and people.demonstration_people():
            message = "this database holds demonstration accounts; use another one, or DEMO=1"
            raise click.ClickException(message)
        for version in schemes.publish(settings.scheme_dir):
            click.echo(f"Published: {version.scheme} {version.version}")
        db.session.commit()


@accreditation.command()
@with_appcontext
def serve() -> None:
    """Serve the site and work off the queue until told to end."""
    _require_here()
    server.serve(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - the app itself, not its proxy


@accreditation.command()
@click.option("--until-parent-ends", is_flag=True, hidden=True)
@with_appcontext
def worker(until_parent_ends: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Work off the queue only."""
    server.work(current_app.extensions["jobs"], until_parent_ends=until_parent_ends)


def _require_here() -> None:
    """Refuse a database that was moved elsewhere: nothing could be written into it."""
    with db.engine.connect() as connection:
        if moved := seal.read(connection):
            raise click.ClickException(f"{moved}: set DATABASE_URL")
