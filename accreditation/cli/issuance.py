"""Stopping the issue of certificates, and letting it go on."""

from datetime import date, datetime

import click
from flask.cli import with_appcontext

from accreditation import clock
from accreditation.cli.committing import committing
from accreditation.cli.root import accreditation
from accreditation.services import issuance

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@accreditation.group("issuance")
def issuance_group() -> None:
    """Stop and resume the issue of certificates."""


@issuance_group.command("pause")
@click.argument("reason")
@with_appcontext
def pause(reason: str) -> None:
    """Let the council issue no more certificates, for a REASON that it reads."""
    with committing():
        issuance.pause(reason)
    click.echo("No certificate is issued from now on. `accreditation issuance resume` ends this.")


@issuance_group.command("resume")
@with_appcontext
def resume() -> None:
    """Let certificates be issued again."""
    with committing():
        issuance.resume()
    click.echo("Certificates are issued again.")


@issuance_group.command("status")
@with_appcontext
def status() -> None:
    """Say whether certificates are issued; fails while that is paused."""
    if (switch := issuance.paused()) is None or switch.paused_at is None:
        click.echo("Certificates are issued.")
        return
    since = switch.paused_at.astimezone(clock.ZONE).isoformat(" ", "minutes")
    message = f"paused since {since}: {switch.reason}"
    raise click.ClickException(message)


@issuance_group.command("list")
@click.argument("day", type=_DAY)
@click.option("--until", type=_DAY, help="The last day; today when it is left out.")
@with_appcontext
def listed(day: datetime, until: datetime | None) -> None:
    """List the certificates issued since a DAY: number, edition, day, hash of the file."""
    last: date = until.date() if until else clock.today()
    for one in issuance.issued(day.date(), last):
        click.echo(f"{one.number} {one.edition} {one.on} {one.sha256 or 'not made yet'}")
