"""What is kept of people: the map, their own data, and what is overdue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from accreditation import clock
from accreditation.cli.people import people_group, the_person
from accreditation.cli.root import accreditation
from accreditation.extensions import db
from accreditation.models import Application
from accreditation.services.privacy import breach as whose
from accreditation.services.privacy import disclosure, leaving, retention
from accreditation.services.privacy import map as data_map
from accreditation.services.storage import DamagedFileError

FILE = click.Path(dir_okay=False, path_type=Path)


@contextmanager
def _saying_what_fails(file: Path) -> Iterator[None]:
    """Say in words what hinders the writing of a file."""
    try:
        yield
    except FileExistsError:
        raise click.ClickException(f"{file}: there is such a file already") from None
    except (OSError, DamagedFileError) as error:
        why = getattr(error, "strerror", None) or "a file that a row names is lost or damaged"
        raise click.ClickException(f"{file}: {why}") from None


@accreditation.command("data-map")
def print_data_map() -> None:
    """Print what is kept of people: where, who reads it, how long and why."""
    click.echo(data_map.as_markdown())


@people_group.command("export")
@click.argument("email")
@click.argument("file", type=FILE)
@with_appcontext
def export_person(email: str, file: Path) -> None:
    """Write all that is kept of the owner of an account into a ZIP file."""
    person = the_person(email)
    with _saying_what_fails(file):
        counts = disclosure.export(person, file)
    for name, count in counts.items():
        click.echo(f"{name}: {count}")


@accreditation.group("applications")
def applications_group() -> None:
    """Cases."""


@applications_group.command("export")
@click.argument("key")
@click.argument("file", type=FILE)
@click.option("--redacted", is_flag=True, help="Black out people, each place with its ground.")
@with_appcontext
def export_case(key: str, file: Path, redacted: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Write the file of a case into a ZIP file, such as for a request for disclosure."""
    case = db.session.scalar(select(Application).where(Application.key == key.strip().lower()))
    if case is None:
        raise click.ClickException(f"there is no case {key}")
    with _saying_what_fails(file):
        leaving.export_case(case, file, redact=redacted)
    if redacted:
        click.echo("Read it before you give it away: what people wrote about others is not known.")


@accreditation.command("export")
@click.argument("file", type=FILE)
@with_appcontext
def export_all(file: Path) -> None:
    """Write every table and file into a ZIP file for another system; it is not encrypted."""
    with _saying_what_fails(file):
        counts = leaving.export_all(file)
    click.echo(f"{sum(counts.values())} rows of {len(counts)} tables")


@accreditation.command("retention")
@click.option("--dry-run/--apply", default=True, help="List what is overdue, or erase it too.")
@with_appcontext
def retain(dry_run: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List what is kept longer than it may be; with --apply, erase it for good."""
    found = list(retention.overdue())
    for one in found:
        click.echo(f"{one.what} of {one.of}: {one.why}")
    if not dry_run and found:
        refused = retention.apply(found)
        click.echo(f"{len(found) - len(refused)} erased.")
        if refused:
            raise click.ClickException("\n".join(refused))
    elif found:
        click.echo(f"{len(found)} overdue; nothing was erased (--apply erases).")
    else:
        click.echo("Nothing is overdue.")


@accreditation.command("breach")
@click.argument("table")
@click.argument("since", type=click.DateTime())
@click.argument("until", type=click.DateTime())
@click.option("--actor", help="Address of an account: only what its owner could read.")
@with_appcontext
def breach(table: str, since: datetime, until: datetime, actor: str | None) -> None:
    """List whose data a TABLE held between two times of Japan, and what can't be known."""
    first, last = (one.replace(tzinfo=clock.ZONE) for one in (since, until))
    by = the_person(actor) if actor else None
    try:
        found = whose.affected(table, first, last, by)
    except whose.UnknownTableError as error:
        raise click.ClickException(f"tables with personal data: {error}") from None
    for one in found.people:
        click.echo(f"{one.email}\t{one.name}")
    for address in found.addresses:
        click.echo(f"{address}\t(no account)")
    for line in found.unknown:
        click.echo(f"Not known: {line}.", err=True)
