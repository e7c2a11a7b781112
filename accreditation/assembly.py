"""Putting the application together: settings, libraries, store, queue, seal, pages."""

import os
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path

import structlog
from flask import Flask

from accreditation import front, jobs, logs, web
from accreditation.config import PACKAGE, ConfigurationError, Settings, kept_secret
from accreditation.extensions import (
    babel,
    csrf,
    db,
    limiter,
    login,
    migrate,
    prepare_engine,
    to_json,
)
from accreditation.services import evidence, storage, wake
from accreditation.services.printing import Printer
from accreditation.services.replica import Replica
from accreditation.web import language
from accreditation.web.texts import FORM_BYTES
from certificates.sign import Seal, make_specimen_seal

log = structlog.get_logger()

SPECIMEN_SINCE = datetime(2020, 1, 1, tzinfo=UTC)  # before any decision of the demonstration
CONNECTING = 5  # seconds for a connection to PostgreSQL


def assemble(settings: Settings) -> Flask:
    """Make the application; ConfigurationError when something it needs is not usable."""
    logs.configure(settings.log_level)
    _require_folder(settings.data_dir)
    app = Flask("accreditation", template_folder="../templates")
    app.config.from_mapping(_configuration(settings))
    app.url_map.merge_slashes = False  # its redirects would name the host that was asked for
    app.json.ensure_ascii = False  # type: ignore[attr-defined] # Flask's default provider has it
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    front.register(app, settings)
    app.extensions["settings"] = settings
    app.extensions["store"] = storage.open_store(settings)
    app.extensions["seal"] = seal = _seal(settings)
    if not seal.is_valid():  # the site goes on; documents wait for a seal that may sign
        log.warning("seal_not_valid", since=str(seal.not_before), until=str(seal.not_after))
    app.extensions["printer"] = _printer()
    _start_libraries(app)
    app.extensions["jobs"] = jobs.Jobs(app, settings)
    web.register(app)
    return app


def _require_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"DATA_DIR: {folder} can't be used: {error.strerror}"
        raise ConfigurationError(message) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        message = f"DATA_DIR: {folder} can't be written"
        raise ConfigurationError(message)


def _start_libraries(app: Flask) -> None:
    db.init_app(app)
    migrate.init_app(app, db, directory=str(PACKAGE / "migrations"), render_as_batch=True)
    babel.init_app(app, locale_selector=language.chosen)
    csrf.init_app(app)
    login.init_app(app)
    limiter.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        wake.listen()
        settings: Settings = app.extensions["settings"]
        given = settings.read_database_url
        app.extensions["replica"] = Replica(settings, db.engine) if given else None


def _configuration(settings: Settings) -> dict[str, object]:
    secure = settings.site_address.startswith("https://")
    return {
        "TRUSTED_HOSTS": front.trusted_hosts(settings),
        "SECRET_KEY": settings.session_key,
        "SECRET_KEY_FALLBACKS": settings.former_keys,
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": _engine_options(settings),
        "BABEL_DEFAULT_LOCALE": language.DEFAULT,
        "BABEL_DEFAULT_TIMEZONE": "Asia/Tokyo",
        "BABEL_TRANSLATION_DIRECTORIES": str(PACKAGE / "translations"),
        "MAX_CONTENT_LENGTH": evidence.AT_ONCE * settings.upload_bytes + FORM_BYTES,
        "MAX_FORM_MEMORY_SIZE": FORM_BYTES,
        "PERMANENT_SESSION_LIFETIME": timedelta(minutes=settings.idle_minutes),
        # Browsers take a cookie of such a name from this very host alone, and by HTTPS.
        "SESSION_COOKIE_NAME": "__Host-accreditation" if secure else "accreditation",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "WTF_CSRF_TIME_LIMIT": None,  # a token lives as long as its session: people write for hours
        "WTF_CSRF_SSL_STRICT": secure,
        "WTF_CSRF_CHECK_DEFAULT": False,  # web.access checks it, after it knows who asks
        "RATELIMIT_STORAGE_URI": settings.redis_url or "memory://",
        "RATELIMIT_STORAGE_OPTIONS": jobs.PATIENCE if settings.redis_url else {},
        # Without Redis each process goes on counting by itself: sign-in never becomes unlimited.
        "RATELIMIT_IN_MEMORY_FALLBACK_ENABLED": True,
        "RATELIMIT_SWALLOW_ERRORS": True,  # of a try whose count got lost as Redis went away
    }


def _engine_options(settings: Settings) -> dict[str, object]:
    options = {"json_serializer": to_json, "pool_size": 10, "pool_timeout": 10}
    if not settings.is_postgresql:
        # Those who wait for their turn to write hold a connection each: readers need others.
        return options | {"max_overflow": settings.threads}
    return options | {
        "max_overflow": 30,  # threads that wait for slow clients hold no connection
        "pool_pre_ping": True,  # after a restart of the server nobody meets a dead connection
        "connect_args": {"connect_timeout": CONNECTING},
    }


def _seal(settings: Settings) -> Seal:
    if settings.signing_p12 is not None:
        passphrase = settings.signing_passphrase.get_secret_value().encode()
        try:
            return _open_seal(settings.signing_p12.read_bytes(), passphrase)
        except (OSError, ValueError) as error:
            message = f"SIGNING_P12: {settings.signing_p12} can't be used: {error}"
            raise ConfigurationError(message) from error
    passphrase = kept_secret(settings.data_dir / "demo-seal-passphrase").encode()
    path = settings.data_dir / "demo-seal.p12"
    if not path.exists():
        path.write_bytes(make_specimen_seal(SPECIMEN_SINCE, passphrase))
    return _open_seal(path.read_bytes(), passphrase)


@lru_cache(maxsize=4)
def _open_seal(content: bytes, passphrase: bytes) -> Seal:
    """Open a key once in a process: checking it takes the better part of a second."""
    return Seal.from_pkcs12(content, passphrase)


@lru_cache(maxsize=1)
def _printer() -> Printer:
    """Keep one printer in a process; it starts its press with the first document."""
    return Printer()
