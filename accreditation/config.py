"""Every setting, once: read from the environment, checked before anything starts."""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from accreditation import setting_types as types

PACKAGE = Path(__file__).parent
SECRET_LENGTH = 32
MEGABYTE = 1024 * 1024


class ConfigurationError(Exception):
    """Settings with which the system refuses to start; the text names each one."""


class Settings(BaseSettings):
    """The settings; each name in capitals is its variable in the environment."""

    model_config = SettingsConfigDict(
        extra="ignore", frozen=True, str_strip_whitespace=True, env_ignore_empty=True
    )

    data_dir: types.Place = Field(Path("data"), description="folder for database, files and queue")
    host: str = Field("127.0.0.1", description="address to listen on")
    port: Annotated[int, Field(ge=1, le=65535)] = Field(8000, description="port to listen on")
    base_url: str = Field("", description="address printed in mails and QR codes")
    trusted_hosts: types.HostNames = Field(
        "", description="more names under which the site answers, with spaces"
    )
    database_url: types.DatabaseAddress = Field(
        "", description="database; default: SQLite in DATA_DIR"
    )
    read_database_url: types.ReplicaAddress = Field(
        "", description="streaming replica of DATABASE_URL (PostgreSQL), read for public pages"
    )
    redis_url: types.RedisAddress = Field(
        "", description="Redis for queue and limits of several machines; default: DATA_DIR, memory"
    )
    store_url: types.BucketAddress = Field(
        "", description="S3-compatible store of files, s3://bucket/prefix; default: DATA_DIR"
    )
    aws_endpoint_url: types.ServiceAddress = Field(
        "", description="address of the S3 service; default: Amazon's"
    )
    aws_region: str = Field("", description="region of the S3 service")
    aws_access_key_id: str = Field("", description="name of the key to STORE_URL")
    aws_secret_access_key: SecretStr = Field(SecretStr(""), description="the key to STORE_URL")
    secret_key: SecretStr = Field(
        SecretStr(""), description="signs sessions; 32 characters or more"
    )
    former_secret_keys: SecretStr = Field(
        SecretStr(""), description="keys before SECRET_KEY that are still believed, with spaces"
    )
    demo: bool = Field(default=False, description="1: demonstration data, accounts and mailbox")
    scheme_dir: types.Place = Field(
        PACKAGE / "schemes", description="folder with the city's scheme files"
    )
    signing_p12: types.Place | None = Field(
        None, description="PKCS#12 file that signs certificates"
    )
    signing_passphrase: SecretStr = Field(SecretStr(""), description="passphrase of SIGNING_P12")
    mail_server: str = Field("", description="SMTP server, host:port")
    mail_user: str = Field("", description="user name at the SMTP server")
    mail_password: SecretStr = Field(SecretStr(""), description="password at the SMTP server")
    mail_starttls: bool = Field(default=True, description="1: STARTTLS at the SMTP server")
    mail_from: str = Field("office@example.jp", description="sender of all mails")
    trusted_proxies: Annotated[int, Field(ge=0, le=5)] = Field(
        0, description="reverse proxies in front whose forwarding headers are believed"
    )
    threads: Annotated[int, Field(ge=1, le=500)] = Field(100, description="threads of the server")
    worker: bool = Field(
        default=True, description="1: `serve` works off the queue too; 0: `worker` does, elsewhere"
    )
    upload_megabytes: Annotated[int, Field(ge=1, le=100)] = Field(
        20, description="largest evidence file, in megabytes"
    )
    free_megabytes: Annotated[int, Field(ge=0, le=1_000_000)] = Field(
        200, description="free room on DATA_DIR's disk, in megabytes, below which no file is taken"
    )
    idle_minutes: Annotated[int, Field(ge=5, le=240)] = Field(
        30, description="minutes without a request after which a session ends"
    )
    session_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        12, description="hours after which a session ends in any case, with an office"
    )
    operator_session_hours: Annotated[int, Field(ge=1, le=24)] = Field(
        24, description="the same for everybody else"
    )
    sign_in_limit: types.Limit = Field(
        "10 per 5 minutes", description="tries to sign in, each address"
    )
    oidc_issuer: types.Issuer = Field(
        "", description="OpenID Connect provider with which people with an office may sign in"
    )
    oidc_client_id: str = Field("", description="this site's name at OIDC_ISSUER")
    oidc_client_secret: SecretStr = Field(
        SecretStr(""), description="this site's secret at OIDC_ISSUER"
    )
    oidc_name: str = Field("", description="what people call the provider, on the button")
    metrics_token: SecretStr = Field(
        SecretStr(""), description="bearer token for /metrics; without it the page is closed"
    )
    security_contact: types.Contact = Field(
        "", description="where to tell of a weakness: mailto:... or https://...; else /contact"
    )
    log_level: types.LogLevel = Field("INFO", description="DEBUG, INFO, WARNING or ERROR")
    backup_recipients: types.Recipients = Field(
        "", description="age recipients that can open backups (age1...), with spaces"
    )
    backup_passphrase: types.Passphrase = Field(
        SecretStr(""), description="passphrase that opens backups too; 16 characters or more"
    )
    erase_at_night: bool = Field(
        default=False, description="1: erase each night what is overdue, a week after announcing it"
    )

    @model_validator(mode="after")
    def _fitting(self) -> "Settings":
        if self.read_database_url and not self.database_url.startswith("postgresql"):
            message = "READ_DATABASE_URL needs a DATABASE_URL of PostgreSQL"
            raise ValueError(message)
        if bool(self.aws_access_key_id) != bool(self.aws_secret_access_key.get_secret_value()):
            message = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together"
            raise ValueError(message)
        return self

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        if self.demo:
            return self
        missing = [
            name
            for name, given in (
                ("SECRET_KEY", len(self.secret_key.get_secret_value()) >= SECRET_LENGTH),
                ("BASE_URL", types.is_site_address(self.base_url)),
                ("SIGNING_P12", self.signing_p12 is not None),
                ("MAIL_SERVER", bool(self.mail_server)),
            )
            if not given
        ]
        if missing:
            message = (
                f"{', '.join(missing)} must be set outside the demonstration "
                f"(SECRET_KEY: {SECRET_LENGTH} characters or more; BASE_URL: http(s)://...)"
            )
            raise ValueError(message)
        return self

    @cached_property
    def database(self) -> str:
        """The database's address; the plain PostgreSQL scheme means psycopg 3."""
        return self.database_url or f"sqlite:///{self.data_dir / 'accreditation.db'}"

    @cached_property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL, and not SQLite."""
        return self.database.startswith("postgresql")

    @cached_property
    def site_address(self) -> str:
        """The address of the site without a slash at its end, as printed on certificates."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")

    @cached_property
    def session_key(self) -> str:
        """The key that signs sessions; the demonstration makes its own and keeps it."""
        given = self.secret_key.get_secret_value()
        return given or kept_secret(self.data_dir / "demo-secret-key")

    @cached_property
    def former_keys(self) -> list[str]:
        """The keys that signed and encrypted before; the newest first."""
        return self.former_secret_keys.get_secret_value().split()

    @cached_property
    def upload_bytes(self) -> int:
        """The largest evidence file, in bytes."""
        return self.upload_megabytes * MEGABYTE


def kept_secret(path: Path) -> str:
    """Read a secret from a file, made with random content and mode 600 when it is not there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(SECRET_LENGTH))
    return path.read_text().strip()


def load_settings(**given: object) -> Settings:
    """Read the settings; ConfigurationError names every one that is wrong or missing."""
    try:
        return Settings(**given)  # type: ignore[arg-type] # the environment's values are text too
    except ValidationError as error:
        lines = [
            ": ".join([*(str(part).upper() for part in problem["loc"]), problem["msg"]])
            for problem in error.errors(include_url=False, include_input=False)
        ]
        raise ConfigurationError("\n".join(lines)) from None
