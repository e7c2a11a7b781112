"""All machines of a large installation, on one machine with addresses of their own.

    127.0.0.1  a mail server of the tests' own, which counts what it gets
    127.0.0.2  Redis
    127.0.0.3  moto's server, which speaks S3
    127.0.0.4  PostgreSQL, and 127.0.0.5 a streaming replica of it
    127.0.0.6  the first application server, and 127.0.0.7 the second
    127.0.0.9  nginx with ops/nginx/accreditation.conf and a certificate of its own

Two workers run beside them. Everything is the real program but S3.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from accreditation.assembly import SPECIMEN_SINCE
from accreditation.config import PACKAGE
from certificates.sign import make_specimen_seal
from tests import daemons, webserver
from tests.cluster import Cluster
from tests.postbox import Postbox

ROOT = PACKAGE.parent
OURS = [sys.executable, "-m", "accreditation"]
BUCKET = "s3://accreditation/kanazawa"
REDIS, S3, PRIMARY, REPLICA, NGINX = (f"127.0.0.{n}" for n in (2, 3, 4, 5, 9))
SERVERS = ("127.0.0.6", "127.0.0.7")
Settings = dict[str, str]


@dataclass
class Park:
    """What runs: the servers, the workers, what they share, and the settings that they share."""

    folder: Path
    settings: Settings
    replica: Cluster
    redis: daemons.Daemon
    s3: daemons.Daemon
    postbox: Postbox
    servers: list[daemons.Daemon]
    workers: list[daemons.Daemon]

    @property
    def certificate(self) -> Path:
        """The certificate that whoever asks nginx has to believe."""
        return self.folder / "nginx" / "cert.pem"

    @property
    def log(self) -> Path:
        """The log of nginx."""
        return self.folder / "nginx" / "access.log"


@contextmanager
def opened(folder: Path, prepare: Callable[[Settings], None]) -> Iterator[Park]:
    """Start everything; `prepare` makes the installation once the databases and stores run."""
    with ExitStack() as running:
        primary = running.enter_context(Cluster.started(PRIMARY))
        replica = running.enter_context(primary.followed(REPLICA))
        redis = running.enter_context(daemons.redis(folder / "redis", REDIS))
        s3 = running.enter_context(daemons.s3(folder / "s3", "accreditation", S3))
        postbox = running.enter_context(Postbox.opened(pause=0.02))
        primary.new_database("accreditation")
        port = daemons.free_port(NGINX)
        settings = _settings(folder, f"https://{NGINX}:{port}", redis.port, s3.port, postbox)
        prepare(settings)
        servers = [
            running.enter_context(_program("serve", settings, folder / f"server{n}", host))
            for n, host in enumerate(SERVERS)
        ]
        workers = [
            running.enter_context(_program("worker", settings, folder / f"worker{n}"))
            for n in range(2)
        ]
        addresses = [(one.host, one.port) for one in servers]
        running.enter_context(webserver.nginx(folder / "nginx", addresses, NGINX, port))
        yield Park(folder, settings, replica, redis, s3, postbox, servers, workers)


def run(settings: Settings, folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    given = environment(settings, folder)
    return subprocess.run(
        [*OURS, *command], env=given, cwd=ROOT, capture_output=True, text=True, check=False
    )


def environment(settings: Mapping[str, str], data: Path) -> Settings:
    """Give a process its settings, and a folder of its own."""
    return {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **settings, "DATA_DIR": str(data)}


def _settings(folder: Path, site: str, redis: int, s3: int, postbox: Postbox) -> Settings:
    seal = folder / "seal.p12"
    seal.write_bytes(make_specimen_seal(SPECIMEN_SINCE, b"drill"))
    return {
        "DEMO": "1",  # the people of the tests are made-up ones
        "SECRET_KEY": "of this drill and of nothing else, ever",
        "BASE_URL": site,
        "SIGNING_P12": str(seal),
        "SIGNING_PASSPHRASE": "drill",
        "MAIL_SERVER": postbox.address,
        "MAIL_STARTTLS": "0",
        "DATABASE_URL": f"postgresql://postgres@{PRIMARY}/accreditation",
        "READ_DATABASE_URL": f"postgresql://postgres@{REPLICA}/accreditation",
        "REDIS_URL": f"redis://{REDIS}:{redis}/0",
        "STORE_URL": BUCKET,
        "AWS_ENDPOINT_URL": f"http://{S3}:{s3}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "TRUSTED_PROXIES": "1",
        "WORKER": "0",
        "LOG_LEVEL": "WARNING",
    }


@contextmanager
def _program(
    command: str, settings: Settings, folder: Path, host: str = ""
) -> Iterator[daemons.Daemon]:
    """Run a server, which listens, or a worker, which does not."""
    port = daemons.free_port(host) if host else 0
    given = environment(settings | ({"HOST": host, "PORT": str(port)} if host else {}), folder)
    with daemons.running([*OURS, command], folder, port, host, given) as daemon:
        yield daemon
