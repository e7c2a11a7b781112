"""An OpenID Connect provider of the tests' own: it says of whoever asks what a test lets it say."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "accreditation", "a secret between the two"


class Provider(ThreadingHTTPServer):
    """Listens on a free port of the loopback; `claims` go into the next token, over the usual."""

    daemon_threads = True

    def __init__(self) -> None:
        """Begin to listen, with a key."""
        super().__init__(("127.0.0.1", 0), Conversation)
        self.key = _key()
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.calls_itself = ""
        self.leads_to = ""

    @property
    def address(self) -> str:
        """Give the issuer's address."""
        return f"http://127.0.0.1:{self.server_port}"

    def token(self) -> str:
        """Sign what is said of whoever asked."""
        now = int(time.time())
        usual = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": "somebody",
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked.get("nonce", ""),
            "email_verified": True,
        }
        return jwt.encode({"alg": "RS256", "kid": "1"}, {**usual, **self.claims}, self.signs_with)

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator["Provider"]:
        """Serve in a thread until the block ends."""
        with cls() as provider:
            thread = Thread(target=provider.serve_forever, kwargs={"poll_interval": 0.05})
            thread.start()
            try:
                yield provider
            finally:
                provider.shutdown()
                thread.join()


class Conversation(BaseHTTPRequestHandler):
    """One question to the provider."""

    server: Provider

    def do_GET(self) -> None:
        """Say where everything is, and give the public key."""
        at = self.server.address
        if self.server.leads_to:
            self.send_response(302)
            self.send_header("Location", self.server.leads_to)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/jwks":
            self._say({"keys": [self.server.key.as_dict(private=False)]})
        else:
            self._say(
                {
                    "issuer": self.server.calls_itself or at,
                    "authorization_endpoint": f"{at}/authorize",
                    "token_endpoint": f"{at}/token",
                    "jwks_uri": f"{at}/jwks",
                    "id_token_signing_alg_values_supported": ["RS256"],
                }
            )

    def do_POST(self) -> None:
        """Give a token for a code."""
        self.rfile.read(int(self.headers["Content-Length"]))
        told = {"access_token": "a", "token_type": "Bearer", "id_token": self.server.token()}
        self._say(told)

    def log_message(self, *_said: object, **_named: object) -> None:
        """Keep quiet."""

    def _say(self, told: dict[str, Any]) -> None:
        content = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@cache
def _key() -> RSAKey:
    """Make the key once: that takes longer than a test."""
    return RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})


def asked_of(location: str) -> dict[str, str]:
    """Read what a site asks of the provider from the address that it leads to."""
    return {name: values[0] for name, values in parse_qs(urlsplit(location).query).items()}
