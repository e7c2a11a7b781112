"""The console command, run in this process."""

from click.testing import Result
from flask import Flask

from accreditation import cli


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    """Run the command on an application's database; `typed` is what somebody answers."""
    return app.test_cli_runner().invoke(cli.accreditation, arguments, input=typed)
