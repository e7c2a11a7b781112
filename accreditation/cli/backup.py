"""Backing up and restoring."""

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from pyrage import IdentityError, x25519

from accreditation.cli.root import accreditation
from accreditation.config import Settings
from accreditation.services.backup import archive, databases, restoring, taking
from accreditation.services.backup.envelope import BadBackupError, Keys, Lock

FILE = click.Path(dir_okay=False, path_type=Path)
EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


@accreditation.command()
@click.argument("file", type=FILE)
@click.option("--plain", is_flag=True, help="Not encrypted: for somebody who encrypts it later.")
@click.option("--incomplete", is_flag=True, help="Also when files that rows name are lost.")
@with_appcontext
def backup(file: Path, plain: bool, incomplete: bool) -> None:  # noqa: FBT001 - flags of the command line
    """Write database and files into one encrypted FILE, while everybody works on."""
    lock = None if plain else _lock()
    try:
        manifest = taking.take(file.absolute(), lock, incomplete=incomplete)
    except taking.IncompleteError as error:
        lines = [f"the file {one} is lost or damaged" for one in error.missing]
        message = "\n".join(["no backup was written (--incomplete writes one):", *lines])
        raise click.ClickException(message) from None
    except (databases.ToolError, BadBackupError) as error:
        raise click.ClickException(str(error)) from None
    except FileExistsError:
        raise click.ClickException(f"{file}: there is such a file already") from None
    except OSError as error:
        raise click.ClickException(_reason(error, file)) from None
    _tell(manifest)


@accreditation.command()
@click.argument("file", type=EXISTING)
@click.option("--identity", type=EXISTING, help="File with age identities (AGE-SECRET-KEY-1...).")
@click.option("--checkpoint", help="SEQUENCE:HASH of the history, as written down elsewhere.")
@with_appcontext
def restore(file: Path, identity: Path | None, checkpoint: str | None) -> None:
    """Put the backup in FILE into an empty installation, and check all of it."""
    known = _checkpoint(checkpoint) if checkpoint else None
    try:
        manifest = restoring.put_back(file, _keys(identity))
    except restoring.NotEmptyError:
        raise click.ClickException("there is an installation already: nothing was done") from None
    except BadBackupError as error:
        raise click.ClickException(f"{file} was not restored: {error}") from None
    except databases.ToolError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        settings: Settings = current_app.extensions["settings"]
        raise click.ClickException(_reason(error, settings.data_dir)) from None
    upgrade()
    wrong = [f"the file {one} was lost before the backup" for one in manifest.missing]
    wrong += restoring.faults()
    if known and (difference := restoring.compare(known)):
        wrong.append(difference)
    restoring.begin_anew(manifest.made_at)
    _tell(manifest)
    if wrong:
        raise click.ClickException("\n".join(["restored, but not all is well:", *wrong]))
    click.echo("Restored; history and documents are whole. All sessions and links have ended.")


def _reason(error: OSError, file: Path) -> str:
    """Say what failed of disk or store; the store's own words hold places and no content."""
    if error.strerror:
        return f"{error.filename or file}: {error.strerror}"
    return f"the store of files: {error}"


def _lock() -> Lock:
    settings: Settings = current_app.extensions["settings"]
    given = settings.backup_recipients.split()
    secret = settings.backup_passphrase.get_secret_value()
    if not given and not secret:
        raise click.ClickException("set BACKUP_RECIPIENTS or BACKUP_PASSPHRASE, or say --plain")
    return Lock(tuple(x25519.Recipient.from_str(one) for one in given), secret)


def _keys(identity: Path | None) -> Keys:
    settings: Settings = current_app.extensions["settings"]
    lines = identity.read_text(encoding="utf-8").split("\n") if identity else []
    given = [one.strip() for one in lines if one.strip() and not one.startswith("#")]
    try:
        identities = tuple(x25519.Identity.from_str(one) for one in given)
    except IdentityError:
        raise click.ClickException(f"{identity} holds no age identity") from None
    return Keys(identities, settings.backup_passphrase.get_secret_value())


def _checkpoint(given: str) -> restoring.Checkpoint:
    sequence, _, last = given.partition(":")
    if not sequence.isdecimal() or not last:
        raise click.BadParameter("must be like 1234:0123abcd...", param_hint="--checkpoint")
    return restoring.Checkpoint(int(sequence), last)


def _tell(manifest: archive.Manifest) -> None:
    size = sum(one.size for one in manifest.members.values())
    rows = sum(manifest.facts.rows.values())
    click.echo(f"{rows} rows and {len(manifest.members) - 1} files, {size} bytes")
    click.echo(f"The history's head: {manifest.facts.sequence}:{manifest.facts.hash}")
