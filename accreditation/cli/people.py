"""Accounts and offices, for whoever sits at the machine."""

import click
from email_validator import EmailNotValidError, validate_email
from flask import current_app
from flask.cli import with_appcontext

from accreditation.cli.committing import committing
from accreditation.cli.root import accreditation
from accreditation.config import Settings
from accreditation.models import Office, Person
from accreditation.services.accounts import closing, invitations, people, second_factors


@accreditation.group("people")
def people_group() -> None:
    """Accounts and offices."""


def _address(context: click.Context, parameter: click.Parameter, given: str) -> str:
    del context, parameter
    try:
        return validate_email(given.strip(), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise click.BadParameter(str(error)) from None


@people_group.command("add")
@click.argument("email", callback=_address)
@click.argument("name")
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja")
@click.password_option()
@with_appcontext
def add_person(email: str, name: str, language: str, password: str) -> None:
    """Make an account."""
    with committing():
        people.create(email, name, password, language)


@people_group.command("appoint")
@click.argument("email")
@click.argument("office", type=click.Choice([office.value for office in Office]))
@with_appcontext
def appoint(email: str, office: str) -> None:
    """Appoint the owner of an account to an office."""
    with committing():
        people.appoint(the_person(email), Office(office))


@people_group.command("dismiss")
@click.argument("email")
@click.argument("office", type=click.Choice([office.value for office in Office]))
@with_appcontext
def dismiss(email: str, office: str) -> None:
    """End an appointment."""
    with committing():
        people.dismiss(the_person(email), Office(office))


@people_group.command("close")
@click.argument("email")
@with_appcontext
def close(email: str) -> None:
    """Close an account: its owner can't sign in any more, and every session ends."""
    with committing():
        closing.close(the_person(email))


@people_group.command("forget")
@click.argument("email")
@click.confirmation_option(prompt="Erase who this person is for good?")
@with_appcontext
def forget(email: str) -> None:
    """Close an account and erase name, address and words of its owner for good."""
    with committing():
        try:
            closing.forget(the_person(email))
        except closing.StillNeededError as error:
            raise click.ClickException("\n".join(error.reasons)) from None


@people_group.command("invite")
@click.argument("email", callback=_address)
@click.argument("office", type=click.Choice([office.value for office in Office]))
@click.option("--language", type=click.Choice(["ja", "en"]), default="ja")
@with_appcontext
def invite(email: str, office: str, language: str) -> None:
    """Invite somebody to an office, such as the first administrator; prints the link."""
    settings: Settings = current_app.extensions["settings"]
    with committing():
        token = invitations.to_office(email, Office(office), language)
    days = invitations.LASTS.days
    click.echo(f"{settings.site_address}/invitation/{token}")
    click.echo(f"It works once, for {days} days, and was mailed to {email} too.")


@accreditation.command("demo-code")
@click.argument("email")
@with_appcontext
def demo_code(email: str) -> None:
    """Print the code that the authenticator of a demonstration account shows now."""
    settings: Settings = current_app.extensions["settings"]
    person = the_person(email)
    code = second_factors.current_code(person) if settings.demo and person.demonstration else None
    if code is None:
        message = f"{email} has no authenticator of the demonstration"
        raise click.ClickException(message)
    click.echo(code)


def the_person(email: str) -> Person:
    """Find the account of an address; a ClickException when there is none."""
    person = people.by_address(email)
    if person is None:
        message = f"there is no account for {email}"
        raise click.ClickException(message)
    return person
