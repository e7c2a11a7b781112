"""The signature: readers accept it, and no byte of the file can change unnoticed."""

from __future__ import annotations

import io
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from certificates.render import render_certificate, render_notice
from certificates.sign import OutsideValidityError, Seal, check_signature, make_specimen_seal
from tests.certificates.documents import CERTIFICATE, NOTICE
from tests.certificates.reading import run, saved, text

BEGIN = datetime(2022, 4, 1, tzinfo=UTC)
PASSPHRASE = b"made-up passphrase"


@pytest.fixture(scope="module")
def archive() -> bytes:
    return make_specimen_seal(BEGIN, PASSPHRASE)


@pytest.fixture(scope="module")
def seal(archive: bytes) -> Seal:
    return Seal.from_pkcs12(archive, PASSPHRASE)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render_certificate(CERTIFICATE)


@pytest.fixture(scope="module")
def signed(seal: Seal, plain: bytes) -> bytes:
    return seal.sign(plain, name="見本市SDGs推進会議", reason="認定証", location="見本市")


def test_the_specimen_seal_says_what_it_is(seal: Seal) -> None:
    assert seal.not_before == BEGIN
    assert seal.not_after - BEGIN == timedelta(days=7305)
    assert seal.is_valid()


def test_a_signed_document_is_intact_and_names_its_seal(seal: Seal, signed: bytes) -> None:
    check = check_signature(signed)
    assert (check.intact, check.covers_whole_file) == (True, True)
    assert "見本" in check.signer
    assert "SPECIMEN" in check.signer
    assert check.fingerprint == seal.fingerprint


@pytest.mark.parametrize(
    "begin", [datetime(1990, 1, 1, tzinfo=UTC), datetime(2999, 1, 1, tzinfo=UTC)]
)
def test_outside_its_time_a_seal_signs_nothing(plain: bytes, begin: datetime) -> None:
    other = Seal.from_pkcs12(make_specimen_seal(begin, PASSPHRASE), PASSPHRASE)
    assert not other.is_valid()
    with pytest.raises(OutsideValidityError, match=f"valid from {begin.year}"):
        other.sign(plain, name="x", reason="y", location="z")


def test_the_letter_takes_the_same_seal(seal: Seal) -> None:
    letter = seal.sign(render_notice(NOTICE), name="x", reason="y", location="z")
    assert check_signature(letter).intact


def test_signing_keeps_the_document_and_its_claims(plain: bytes, signed: bytes) -> None:
    assert signed.startswith(plain)
    assert text(signed, 1) == text(plain, 1)
    with pikepdf.open(io.BytesIO(signed)) as opened:
        assert opened.pdf_version == "1.7"
        assert set(opened.Root.Extensions) == {"/ESIC"}  # PAdES; an elliptic key adds PDF 2.0's
        assert b'pdfaid:part="3"' in opened.Root.Metadata.read_bytes()
        assert list(opened.attachments) == ["certificate.json"]


def test_readers_accept_the_signature(signed: bytes, tmp_path: Path) -> None:
    path = saved(signed, tmp_path)
    words = run("pdfsig", "-nocert", path)
    assert "ETSI.CAdES.detached" in words
    assert "Total document signed" in words
    assert "Signature is Valid" in words
    assert "No syntax or stream encoding errors" in run("qpdf", "--check", path, package="qpdf")


def test_no_change_at_all_is_permitted(signed: bytes) -> None:
    with pikepdf.open(io.BytesIO(signed)) as opened:
        signature = opened.Root.Perms.DocMDP
        assert signature.SubFilter == "/ETSI.CAdES.detached"
        assert signature.Reference[0].TransformParams.P == 1


def gap(signed: bytes) -> tuple[int, int]:
    """Return where the signature itself begins and ends, which it cannot cover."""
    start = signed.rindex(b"/Contents <") + len(b"/Contents ")
    return start, signed.index(b">", start) + 1


def test_one_flipped_bit_anywhere_is_detected(signed: bytes) -> None:
    rng = random.Random(2026)  # noqa: S311  # the same places in every run
    start, end = gap(signed)
    places = {0, len(signed) - 1, start, end - 1, *range(start + 1, start + 100)}
    places |= {rng.randrange(len(signed)) for _ in range(60)}
    places |= {rng.randrange(start, end) for _ in range(100)}
    unnoticed = []
    for place in sorted(places):
        changed = bytearray(signed)
        changed[place] ^= 1 << rng.randrange(8)
        if check_signature(bytes(changed)).intact:
            unnoticed.append(place)
    assert unnoticed == []


def test_readers_detect_a_changed_page(signed: bytes, tmp_path: Path) -> None:
    changed = bytearray(signed)
    changed[20_000] ^= 1
    assert "Digest Mismatch" in run("pdfsig", "-nocert", saved(bytes(changed), tmp_path))
    assert not check_signature(bytes(changed)).intact


def test_what_is_added_afterwards_is_detected(signed: bytes) -> None:
    assert not check_signature(signed + b"\n% more").covers_whole_file


def test_a_document_made_anew_has_lost_its_signature(signed: bytes) -> None:
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed)) as opened:
        opened.save(target)
    assert not check_signature(target.getvalue()).intact


@pytest.mark.parametrize("broken", [b"", b"%PDF-1.7", b"not a PDF" * 100, bytes(5000)])
def test_a_broken_file_is_not_signed(broken: bytes) -> None:
    check = check_signature(broken)
    assert (check.intact, check.covers_whole_file, check.signer) == (False, False, "")


def test_an_unsigned_document_is_not_intact(plain: bytes) -> None:
    assert not check_signature(plain).intact


def test_a_wrong_passphrase_or_file_is_refused(archive: bytes) -> None:
    with pytest.raises(ValueError, match="Invalid password"):
        Seal.from_pkcs12(archive, b"wrong")
    with pytest.raises(ValueError, match="PKCS12"):
        Seal.from_pkcs12(b"not a key", PASSPHRASE)


def test_an_elliptic_key_is_refused_because_it_breaks_pdf_a() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    encryption = serialization.BestAvailableEncryption(PASSPHRASE)
    archive = pkcs12.serialize_key_and_certificates(b"x", key, None, None, encryption)
    with pytest.raises(ValueError, match="needs an RSA key"):
        Seal.from_pkcs12(archive, PASSPHRASE)


def test_a_key_without_its_certificate_is_refused(archive: bytes) -> None:
    key, _, _ = pkcs12.load_key_and_certificates(archive, PASSPHRASE)
    assert isinstance(key, rsa.RSAPrivateKey)
    encryption = serialization.BestAvailableEncryption(PASSPHRASE)
    alone = pkcs12.serialize_key_and_certificates(b"x", key, None, None, encryption)
    with pytest.raises(ValueError, match="certificate of its key"):
        Seal.from_pkcs12(alone, PASSPHRASE)
