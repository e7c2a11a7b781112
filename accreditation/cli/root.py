"""The command that all others hang on."""

import click
from flask import Flask
from flask.cli import ScriptInfo

from accreditation import create_app


def _application() -> Flask:
    return create_app()


@click.group()
@click.pass_context
def accreditation(context: click.Context) -> None:
    """Run and look after an installation of the accreditation system."""
    context.obj = context.obj or ScriptInfo(create_app=_application)
