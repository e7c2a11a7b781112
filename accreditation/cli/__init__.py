"""The console command `accreditation`: everything that the person who runs the system does."""

import sys

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from accreditation.cli import backup, checks, issuance, keys, moving, people, privacy, running
from accreditation.cli.root import accreditation
from accreditation.config import ConfigurationError
from accreditation.demo.published import PublishedError
from accreditation.schemes.problems import SchemeError
from accreditation.services.schemes import SchemeChangedError

__all__ = [
    "accreditation",
    "backup",
    "checks",
    "issuance",
    "keys",
    "main",
    "moving",
    "people",
    "privacy",
    "running",
]


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
