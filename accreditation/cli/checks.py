"""Checks of what is there: the policy, scheme files, history, documents, what must be true."""

import json
from collections import Counter
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from accreditation.cli.root import accreditation
from accreditation.schemes.loader import load_file
from accreditation.schemes.problems import SchemeError
from accreditation.services import documents, history, outbox
from accreditation.services.invariants import checking
from accreditation.web import routes
from accreditation.web.system import readiness

SHOWN = 5  # rows of those that offend


@accreditation.command("routes")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for machines.")
@with_appcontext
def list_routes(as_json: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """List every address and method, and who may use it."""
    if as_json:
        click.echo(json.dumps(routes.as_rows(current_app), ensure_ascii=False, indent=1))
        return
    for one in routes.listed(current_app):
        proof = ", with a fresh proof" if one.grave else ""
        click.echo(f"{one.method:<4} {one.rule}\n     {one.who}{proof}")


@accreditation.command()
@with_appcontext
def check() -> None:
    """Ask every part whether it answers; name those that do not."""
    parts = readiness.of_parts()
    for name, is_ready in parts.items():
        click.echo(f"{name:9} {'ok' if is_ready else 'FAILED'}")
    if not all(parts.values()):
        raise click.ClickException("not every part answers; the log says more")


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


@accreditation.group("outbox")
def outbox_group() -> None:
    """Mails to be sent and documents to be made."""


@outbox_group.command("status")
@with_appcontext
def outbox_status() -> None:
    """List what waits, for how long and why; fails when something waits for over an hour."""
    found = outbox.waiting()
    for one in found:
        minutes = int(one.age.total_seconds()) // 60
        why = f"the last try failed: {one.failure}" if one.failure else "no try failed"
        click.echo(f"{one.name}: {minutes} minutes, {one.attempts} tries, {why}")
    if late := [one for one in found if one.is_late]:
        message = f"{len(late)} of {len(found)} wait for more than an hour"
        raise click.ClickException(message)
    click.echo(f"{len(found)} wait, none for more than an hour.")


@accreditation.command()
@click.option("--files", is_flag=True, help="Read every file of evidence and document too.")
@with_appcontext
def invariants(files: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Check what must be true of the stored data; name each sentence that is not."""
    checking.hold_still()
    broken = 0
    for checked in checking.check(files=files):
        rows, one = checked.offending, checked.invariant
        click.echo(f"{'BROKEN' if rows else 'ok':6} {one.name}: {one.sentence}")
        for row in rows[:SHOWN]:
            click.echo(f"       {row}")
        if len(rows) > SHOWN:
            click.echo(f"       and {len(rows) - SHOWN} more")
        broken += bool(rows)
    if broken:
        message = f"{broken} of what must be true is not"
        raise click.ClickException(message)
    click.echo("All of it is true.")
