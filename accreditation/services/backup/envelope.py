"""How a backup is closed and opened: age encryption, in a stream.

A file for recipients alone is a plain age file. With a passphrase, an age file in its text form
stands before it, which the passphrase opens and which holds the key to what follows: so the
passphrase is spent on a few bytes and the archive still streams. Both are opened by the `age`
command too; the manual says how. Source: https://age-encryption.org/v1
"""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from pyrage import DecryptError, decrypt_io, encrypt_io, passphrase, x25519

MAGIC = b"age-encryption.org/"
_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----\n"
_END = b"-----END AGE ENCRYPTED FILE-----\n"
_LONGEST_HEAD = 40  # lines


class BadBackupError(Exception):
    """A file that is no whole backup, or that none of the given keys opens."""


@dataclass(frozen=True)
class Lock:
    """What closes a backup: whoever holds the key of a recipient, or the passphrase, opens it."""

    recipients: tuple[x25519.Recipient, ...] = ()
    passphrase: str = ""


@dataclass(frozen=True)
class Keys:
    """What opens a backup."""

    identities: tuple[x25519.Identity, ...] = ()
    passphrase: str = ""


@contextmanager
def closed(target: BinaryIO, lock: Lock | None) -> Iterator[BinaryIO]:
    """Give a stream of which everything goes encrypted to a file; no lock: as it is."""
    if lock is None:
        yield target
        return
    recipients = [*lock.recipients, *_with_passphrase(target, lock.passphrase)]
    reading, writing = os.pipe()

    def encrypt() -> None:
        with open(reading, "rb") as source:  # noqa: PTH123 - an open file, not a path
            encrypt_io(source, target, recipients)

    with _beside(encrypt) as done:
        try:
            with open(writing, "wb") as stream:  # noqa: PTH123 - an open file, not a path
                yield stream
        except BrokenPipeError:
            done.result()  # why the other side hung up is what has to be told
            raise
        done.result()


@contextmanager
def opened(source: BinaryIO, keys: Keys) -> Iterator[BinaryIO]:
    """Give the stream of what a file holds, encrypted or not; BadBackupError when it can't be."""
    start = source.read(len(MAGIC))
    source.seek(0)
    if start == _BEGIN[: len(MAGIC)]:
        keys = _of_passphrase(source, keys)
    elif start != MAGIC:
        yield source
        return
    if not keys.identities:
        message = "it is encrypted; --identity or BACKUP_PASSPHRASE has to open it"
        raise BadBackupError(message)
    with _decrypted(source, keys.identities) as stream:
        yield stream


@contextmanager
def _decrypted(source: BinaryIO, identities: Sequence[x25519.Identity]) -> Iterator[BinaryIO]:
    reading, writing = os.pipe()

    def decrypt() -> None:
        with open(writing, "wb") as target:  # noqa: PTH123 - an open file, not a path
            decrypt_io(source, target, identities)

    with _beside(decrypt) as done:
        try:
            with open(reading, "rb") as stream:  # noqa: PTH123 - an open file, not a path
                yield stream
        except BadBackupError as error:
            raise BadBackupError(_reason(done, error)) from error
        if done.exception() is not None:
            raise BadBackupError(_reason(done, BadBackupError("it is damaged")))


def _reason(done: Future[None], otherwise: BadBackupError) -> str:
    """Say that no key fits, if it is that; anything else that was cut short is damage."""
    if isinstance(done.exception(), DecryptError):
        return "none of the keys given opens it, or its beginning is damaged"
    return str(otherwise)


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[Future[None]]:
    """Run work beside the block, which ends it by closing its end of the pipe."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        yield pool.submit(work)


def _with_passphrase(target: BinaryIO, secret: str) -> list[x25519.Recipient]:
    """Write the key of this one file to its beginning, closed with the passphrase."""
    if not secret:
        return []
    identity = x25519.Identity.generate()
    head = passphrase.encrypt(str(identity).encode(), secret, armored=True)
    target.write(head if head.endswith(b"\n") else head + b"\n")
    return [identity.to_public()]


def _of_passphrase(source: BinaryIO, keys: Keys) -> Keys:
    """Read the key at the beginning, which leaves the file where what it opens begins."""
    head = b""
    for _ in range(_LONGEST_HEAD):
        head += (line := source.readline(len(_END) * 4))
        if line == _END:
            break
    if not keys.passphrase:
        return keys
    try:
        text = passphrase.decrypt(head, keys.passphrase).decode()
        return Keys((*keys.identities, x25519.Identity.from_str(text)))
    except Exception as error:
        message = "the passphrase does not open it, or its beginning is damaged"
        raise BadBackupError(message) from error
