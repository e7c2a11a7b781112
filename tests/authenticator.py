"""A device with a passkey, made of software: it answers as a browser and its device would."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40  # flags: W3C Web Authentication, Level 3, 6.1
NO_MODEL = bytes(16)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class Device:
    """One ES256 key pair, on the page of an origin; what it does wrong is set beforehand.

    `host` is the site that the device believes to speak to and `purpose` what its page says that
    it is doing, by default what is asked; with `counts` off the count stays, as many devices do.
    """

    origin: str
    host: str = ""
    purpose: str = ""
    verifies: bool = True
    counts: bool = True
    count: int = 0
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)

    def register(self, options: str) -> str:
        """Answer (JSON) to the options for a new passkey; nobody vouches for the device."""
        asked = json.loads(options)
        attested = NO_MODEL + len(self.credential_id).to_bytes(2) + self.credential_id
        known = self._known(asked["rp"]["id"], ATTESTED) + attested + self.public_key()
        attestation = {"fmt": "none", "attStmt": {}, "authData": known}
        return self._answer(
            clientDataJSON=self._page("webauthn.create", asked["challenge"]),
            attestationObject=cbor2.dumps(attestation),
        )

    def sign(self, options: str) -> str:
        """Answer (JSON) to the options for signing in."""
        asked = json.loads(options)
        self.count += self.counts
        known = self._known(asked["rpId"])
        page = self._page("webauthn.get", asked["challenge"])
        signed = known + hashlib.sha256(page).digest()
        return self._answer(
            clientDataJSON=page,
            authenticatorData=known,
            signature=self.key.sign(signed, ec.ECDSA(SHA256())),
        )

    def public_key(self) -> bytes:
        """Give the public key as COSE writes it (RFC 9053, sections 2.1 and 7.1.1)."""
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})

    def _known(self, host: str, flags: int = 0) -> bytes:
        flags |= PRESENT | (VERIFIED if self.verifies else 0)
        site = hashlib.sha256((self.host or host).encode()).digest()
        return site + bytes([flags]) + self.count.to_bytes(4)

    def _page(self, purpose: str, challenge: str) -> bytes:
        told = {"type": self.purpose or purpose, "challenge": challenge, "origin": self.origin}
        return json.dumps({**told, "crossOrigin": False}).encode()

    def _answer(self, **response: bytes) -> str:
        name = bytes_to_base64url(self.credential_id)
        told = {part: bytes_to_base64url(content) for part, content in response.items()}
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": told})


def changed(answer: str, path: str, value: Any) -> str:
    """Write an answer with one part, named as in `response.signature`, put in another's place."""
    whole = json.loads(answer)
    *outer, last = path.split(".")
    inner = whole
    for name in outer:
        inner = inner[name]
    inner[last] = bytes_to_base64url(value) if isinstance(value, bytes) else value
    return json.dumps(whole)


def part(answer: str, path: str) -> bytes:
    """Give the bytes of one part of an answer, named as for `changed`."""
    inner = json.loads(answer)
    for name in path.split("."):
        inner = inner[name]
    return base64url_to_bytes(inner)
