"""Moving an installation to PostgreSQL and an S3-compatible store."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import OperationalError

from accreditation import clock, create_app
from accreditation.cli.root import accreditation
from accreditation.config import Settings, load_settings
from accreditation.extensions import db, writing
from accreditation.services import storage, stored
from accreditation.services.invariants import checking
from accreditation.services.moving import files, rows, seal


@accreditation.command()
@click.option(
    "--to-database", default="", metavar="URL", help="postgresql://user:password@host/name"
)
@click.option(
    "--to-store", default="", metavar="URL", help="s3://bucket/prefix; keys as AWS_... say"
)
@click.option("--incomplete", is_flag=True, help="Move although files that rows name are lost.")
@with_appcontext
def move(to_database: str, to_store: str, incomplete: bool) -> None:  # noqa: FBT001 - a flag of the command line
    """Move to PostgreSQL, to an S3-compatible store, or to both; compare every row and file.

    Stop the site first. It can be run again: what is there already is only compared.
    """
    source: Flask = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - the app itself, not its proxy
    target = _target(source, to_database, to_store)
    try:
        with _held(bool(to_database)) as old:
            if to_store:
                _carry(files.carry(stored.named(old), source, target), incomplete=incomplete)
            if to_database:
                _copy(old, target)
                said = make_url(to_database).render_as_string(hide_password=True)
                if not seal.read(old):
                    seal.put_on(old, f"{said} at {clock.now():%Y-%m-%d %H:%M %Z}")
                old.commit()
    except rows.MoveError as error:
        raise click.ClickException(str(error)) from None
    except storage.AwayError as error:
        message = f"the store of files: {error.strerror}. Nothing is lost: run it again."
        raise click.ClickException(message) from None
    finally:
        with target.app_context():
            db.engine.dispose()
    _say_what_next(to_database, to_store)


def _target(source: Flask, to_database: str, to_store: str) -> Flask:
    """Open the installation as it will be; ConfigurationError when an address can't be right."""
    settings: Settings = source.extensions["settings"]
    if not to_database and not to_store:
        raise click.UsageError("say --to-database, --to-store or both")
    if to_store and settings.store_url:
        raise click.ClickException(f"the files lie in {settings.store_url} already")
    given = settings.model_dump()
    if to_database:
        if not settings.database.startswith("sqlite") or not to_database.startswith("postgresql"):
            raise click.ClickException("rows can be moved from SQLite to PostgreSQL only")
        given["database_url"] = to_database
    if to_store:
        given["store_url"] = to_store
    return create_app(load_settings(**given))


@contextmanager
def _held(alone: bool) -> Iterator[Connection]:  # noqa: FBT001 - said by its only caller
    """Give a connection to the old database; nobody else writes into it until the block ends."""
    with db.engine.connect() as old:
        if not alone:
            yield old
            return
        old.exec_driver_sql("PRAGMA busy_timeout=2000")
        old.rollback()
        try:
            with writing():
                old.begin()
        except OperationalError:
            message = "somebody is writing into the database: stop the site, then run it again"
            raise click.ClickException(message) from None
        yield old


def _carry(carried: files.Carried, *, incomplete: bool) -> None:
    for sha256 in carried.lost:
        click.echo(f"the file {sha256} is lost or damaged here")
    if carried.lost and not incomplete:
        raise rows.MoveError("files are lost (--incomplete moves without them)")
    click.echo(
        f"{carried.files} files, {carried.size} bytes: every one is there with its SHA-256,"
        f" {carried.new} were brought now"
    )


def _copy(old: Connection, target: Flask) -> None:
    """Copy the rows unless they are there, and compare all; a new database gets all or nothing."""
    with target.app_context():
        with writing():
            upgrade()
        with db.engine.connect() as new:
            rows.require_movable(old, new)
            if rows.is_empty(new):
                rows.copy(old, new)
            else:
                click.echo("There are rows already: nothing is copied, all is compared.")
            _require_same(old, list(rows.compare(old, new)))
            new.commit()
            new.execute(text("ANALYZE"))
            new.commit()
        _require_true()


def _require_same(old: Connection, compared: list[rows.Compared]) -> None:
    for one in compared:
        click.echo(f"{one.rows:8} {one.table}")
    if different := [one for one in compared if one.difference]:
        for one in different:
            click.echo(f"not the same: {one.table}, {one.difference}")
        why = seal.read(old) or "the new database holds something else: name an empty one"
        raise rows.MoveError(f"the rows are not the same; {why}")
    total = sum(one.rows for one in compared)
    click.echo(f"{total} rows of {len(compared)} tables: every one is the same there")


def _require_true() -> None:
    broken = [one.invariant.name for one in checking.check() if one.offending]
    db.session.rollback()
    if broken:
        raise rows.MoveError(f"not true there, look with `invariants`: {', '.join(broken)}")


def _say_what_next(to_database: str, to_store: str) -> None:
    click.echo("\nNow set these, with the keys to them, on every machine:")
    if to_database:
        shown = make_url(to_database).render_as_string(hide_password=True)
        click.echo(f"DATABASE_URL={shown}")
    if to_store:
        click.echo(f"STORE_URL={to_store}")
    if to_database:
        click.echo("The old database can be read, but nothing can be written into it any more.")
