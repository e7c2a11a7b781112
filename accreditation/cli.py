"""The console command `accreditation`: everything that the person who runs the system does."""

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from email_validator import EmailNotValidError, validate_email
from flask import Flask, current_app
from flask.cli import ScriptInfo, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError, ProgrammingError

from accreditation import create_app, server
from accreditation.config import ConfigurationError, Settings
from accreditation.demo import load
from accreditation.demo.published import PublishedError
from accreditation.extensions import db, writing
from accreditation.models import Office, Person
from accreditation.schemes.loader import load_file
from accreditation.schemes.problems import SchemeError
from accreditation.services import closing, documents, history, people, schemes
from accreditation.services.errors import ServiceError
from accreditation.services.schemes import SchemeChangedError


def _application() -> Flask:
    return create_app()


@click.group()
@click.pass_context
def accreditation(context: click.Context) -> None:
    """Run and look after an installation of the accreditation system."""
    context.obj = context.obj or ScriptInfo(create_app=_application)


@accreditation.command()
@with_appcontext
def init() -> None:
    """Create or upgrade the database, publish the schemes, load the demonstration with DEMO=1."""
    settings: Settings = current_app.extensions["settings"]
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
    server.serve(current_app._get_current_object())  # type: ignore[attr-defined] # noqa: SLF001 - the app itself, not its proxy


@accreditation.command()
@click.option("--until-parent-ends", is_flag=True, hidden=True)
@with_appcontext
def worker(until_parent_ends: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Work off the queue only."""
    server.work(current_app.extensions["jobs"], until_parent_ends=until_parent_ends)


@accreditation.group("scheme")
def scheme_group() -> None:
    """Check scheme files."""


@scheme_group.command("check")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--language", type=click.Choice(["en", "ja"]), default="en")
def check_scheme(file: Path, language: str) -> None:
    """Check a scheme file and name every line that is wrong."""
    try:
        scheme = load_file(file, language).scheme
    except SchemeError as error:
        raise click.ClickException(f"\n{error}") from None
    counts = f"{len(scheme.indicators)} indicators, {len(scheme.items)} items"
    click.echo(f"{scheme.scheme} {scheme.version}: {counts}")


@accreditation.group("people")
def people_group() -> None:
    """Accounts and offices."""


def _address(context: click.Context, parameter: click.Parameter, given: str) -> str:
    del context, parameter
    try:
        return validate_email(given.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error)) from None


@contextmanager
def _writing() -> Iterator[None]:
    """Let a command write and commit; what a service refuses is said in its words."""
    with writing():
        try:
            yield
        except ServiceError as error:
            raise click.ClickException(error.why % error.given) from None
        db.session.commit()


@people_group.command("add")
@click.argument("email", callback=_address)
@click.argument("name")
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja")
@click.password_option()
@with_appcontext
def add_person(email: str, name: str, language: str, password: str) -> None:
    """Make an account."""
    with _writing():
        people.create(email, name, password, language)


@people_group.command("appoint")
@click.argument("email")
@click.argument("office", type=click.Choice([office.value for office in Office]))
@with_appcontext
def appoint(email: str, office: str) -> None:
    """Appoint the owner of an account to an office."""
    with _writing():
        people.appoint(_person(email), Office(office))


@people_group.command("dismiss")
@click.argument("email")
@click.argument("office", type=click.Choice([office.value for office in Office]))
@with_appcontext
def dismiss(email: str, office: str) -> None:
    """End an appointment."""
    with _writing():
        people.dismiss(_person(email), Office(office))


@people_group.command("close")
@click.argument("email")
@with_appcontext
def close(email: str) -> None:
    """Close an account: its owner can't sign in any more, and every session ends."""
    with _writing():
        closing.close(_person(email))


@people_group.command("forget")
@click.argument("email")
@click.confirmation_option(prompt="Erase who this person is for good?")
@with_appcontext
def forget(email: str) -> None:
    """Close an account and erase name, address and words of its owner for good."""
    with _writing():
        try:
            closing.forget(_person(email))
        except closing.StillNeededError as error:
            raise click.ClickException("\n".join(error.reasons)) from None


def _person(email: str) -> Person:
    person = people.by_address(email)
    if person is None:
        message = f"there is no account for {email}"
        raise click.ClickException(message)
    return person


@accreditation.group("history")
def history_group() -> None:
    """The history of all cases."""


@history_group.command("verify")
@with_appcontext
def verify_history() -> None:
    """Check the chain of the history; name the first broken entry."""
    broken = history.verify()
    if broken is not None:
        message = f"entry {broken.sequence}: {broken.problem}"
        raise click.ClickException(message)
    click.echo("The history is whole.")


@accreditation.group("documents")
def documents_group() -> None:
    """Certificates and notices."""


@documents_group.command("check")
@with_appcontext
def check_documents() -> None:
    """Check the hash and the signature of every stored document; name those that are broken."""
    for failure, count in documents.unmade().items():
        why = f"the last try failed: {failure}" if failure else "no try failed"
        click.echo(f"{count} not made yet, {why}")
    found = list(documents.inspect())
    for signer, count in Counter(one.signer for one in found if not one.fault).items():
        click.echo(f"{count} whole, signed by {signer}")
    if broken := [f"{one.name}: {one.fault}" for one in found if one.fault]:
        raise click.ClickException("\n".join(broken))
    click.echo("All documents that were made are whole.")


def main() -> None:
    """Run the command; what is wrong around it is named without a trace."""
    try:
        accreditation.main(prog_name="accreditation")
    except (ConfigurationError, SchemeError, SchemeChangedError, PublishedError) as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).splitlines()[0]
        click.echo(f"Error: the database: {reason} (was `accreditation init` run?)", err=True)
        sys.exit(1)
