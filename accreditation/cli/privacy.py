"""What is kept of people: the map, their own data, and what is overdue."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from accreditation.cli.people import people_group, the_person
from accreditation.cli.root import accreditation
from accreditation.services.privacy import disclosure, retention
from accreditation.services.privacy import map as data_map

FILE = click.Path(dir_okay=False, path_type=Path)


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
    try:
        counts = disclosure.export(person, file)
    except FileExistsError:
        raise click.ClickException(f"{file}: there is such a file already") from None
    for name, count in counts.items():
        click.echo(f"{name}: {count}")


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
