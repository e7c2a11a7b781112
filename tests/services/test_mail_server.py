"""Mail is handed to the city's own mail server alone: by TLS, with a certificate that holds."""

import socketserver
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask

from accreditation import clock
from accreditation.extensions import db, writing
from accreditation.models import Mail
from accreditation.services import mail
from tests import factories


def certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody but itself vouches for, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    path = folder / "server.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, *plain)
    )
    return path


class Server(socketserver.ThreadingTCPServer):
    """A mail server that speaks TLS when it is asked to, and remembers what it was told."""

    daemon_threads = True

    def __init__(self, pem: Path) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.heard: list[bytes] = []


class Conversation(socketserver.StreamRequestHandler):
    """Greets, takes STARTTLS, and then says yes to everything."""

    server: Server

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        self.rfile.readline()
        self.wfile.write(b"250-here\r\n250 STARTTLS\r\n")
        self.rfile.readline()
        self.wfile.write(b"220 go ahead\r\n")
        try:
            line = self.server.context.wrap_socket(self.connection, server_side=True)
        except OSError:
            return
        with closing(line), line.makefile("rwb", buffering=0) as spoken:
            while said := spoken.readline():
                self.server.heard.append(said)
                spoken.write(b"354 go\r\n" if said.startswith(b"DATA") else b"250 fine\r\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with Server(certificate(tmp_path)) as opened:
        thread = Thread(target=opened.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield opened
        opened.shutdown()
        thread.join()


def delivered(app: Flask, server: Server) -> tuple[bool, Mail]:
    address = f"127.0.0.1:{server.server_address[1]}"
    known = app.extensions["settings"]
    app.extensions["settings"] = known.model_copy(update={"mail_server": address})
    with app.app_context(), writing():
        written = mail.write(factories.person(), "account/notice", what="x", moment=clock.now())
        db.session.commit()
        done = mail.deliver(written.id)
        return done, db.session.get_one(Mail, written.id)


def test_a_server_that_nobody_vouches_for_gets_no_mail(app: Flask, server: Server) -> None:
    with pytest.raises(mail.ServerAwayError, match="CERTIFICATE_VERIFY_FAILED"):
        delivered(app, server)
    with app.app_context():
        written = db.session.scalars(db.select(Mail)).one()
        assert written.sent_at is None
        assert "CERTIFICATE_VERIFY_FAILED" in written.failure
    assert server.heard == []


def test_a_server_that_is_vouched_for_gets_it(
    app: Flask, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "server.pem"))
    delivered(app, server)
    assert any(said.upper().startswith(b"MAIL FROM") for said in server.heard)
