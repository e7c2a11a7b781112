"""The signature on a document: PAdES, certified, no changes allowed. The only import of pyHanko.

The seal is an RSA key: an elliptic curve would make pyHanko mark the file as PDF 2.0, which takes
the PDF/A-3 claim away. The signature is invisible (公印省略), because a drawn stamp would need
fonts and transparency that PDF/A does not allow.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Self

from asn1crypto import cms  # type: ignore[import-untyped]  # it has no type hints
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import Signer
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

_KEY_BITS = 3072
_SMALLEST_KEY_BITS = 2048
_SPECIMEN_YEARS = 20
# DER of "version 1", SHA-256 and SHA-256 with RSA, as every signature of ours has them.
_VERSION = bytes.fromhex("020101")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_RSA_SHA256 = bytes.fromhex("300d06092a864886f70d01010b0500")
_HEADER = (_VERSION + bytes.fromhex("310f") + _SHA256, _VERSION + _SHA256, _RSA_SHA256)
_FIELD = SigFieldSpec("Signature", readable_field_name="電子署名 / Signature")


class OutsideValidityError(ValueError):
    """A seal that was asked to sign before or after the time of its certificate."""

    def __init__(self, not_before: datetime, not_after: datetime) -> None:
        super().__init__(f"the seal is valid from {not_before} to {not_after}, not now")


class _KeptKeySigner(Signer):
    """Signs with a key parsed once; pyHanko's own signer parses and checks it for each document."""

    def __init__(
        self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate]
    ) -> None:
        issuers = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # nor has this
        issuers.register_multiple(map(_asn1, chain))
        super().__init__(signing_cert=_asn1(certificate), cert_registry=issuers)
        self._key = key

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002  # pyHanko's signature
    ) -> bytes:
        """Return the PKCS#1 v1.5 signature, or as many zeroes when only its size is asked for."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        if digest_algorithm != "sha256":
            raise ValueError(f"this seal signs SHA-256 digests, not {digest_algorithm}")
        return self._key.sign(data, padding.PKCS1v15(), hashes.SHA256())


@dataclass(frozen=True, slots=True)
class Seal:
    """The office's electronic seal: a key that signs, and what its certificate says.

    `not_before` and `not_after` are UTC, `fingerprint` is the SHA-256 of the certificate in
    lower-case hexadecimal.
    """

    not_before: datetime
    not_after: datetime
    fingerprint: str
    _signer: _KeptKeySigner = field(repr=False)

    @classmethod
    def from_pkcs12(cls, data: bytes, passphrase: bytes) -> Self:
        """Open a PKCS#12 file with an RSA key, its certificate and those of its issuers.

        Raises ValueError when the file or the passphrase is wrong, when the key is missing, not
        RSA or shorter than 2048 bits, or when the certificate belongs to another key.
        """
        key, certificate, issuers = pkcs12.load_key_and_certificates(data, passphrase)
        if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < _SMALLEST_KEY_BITS:
            raise ValueError(f"the seal needs an RSA key of {_SMALLEST_KEY_BITS} bits or more")
        if certificate is None or certificate.public_key() != key.public_key():
            raise ValueError("the seal needs the certificate of its key")
        return cls(
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            _signer=_KeptKeySigner(key, certificate, issuers),
        )

    def is_valid(self) -> bool:
        """Say whether this moment lies within the time of the certificate."""
        return self.not_before <= datetime.now(UTC) <= self.not_after

    def sign(self, pdf: bytes, *, name: str, reason: str, location: str) -> bytes:
        """Return the document with our signature over all of it.

        `name` is who signs, `reason` and `location` are shown by readers. The document keeps its
        bytes; the signature is appended. Signing the same document twice gives different bytes,
        because the moment of signing is written down.

        Raises OutsideValidityError when the certificate has expired or does not hold yet: no
        reader would believe such a signature.
        """
        if not self.is_valid():
            raise OutsideValidityError(self.not_before, self.not_after)
        metadata = PdfSignatureMetadata(
            field_name=_FIELD.sig_field_name,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
            name=name,
            reason=reason,
            location=location,
        )
        signed = io.BytesIO()
        signer = PdfSigner(metadata, self._signer, new_field_spec=_FIELD)
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), output=signed)
        return signed.getvalue()


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """What a document's signature is worth.

    `intact`: the signed bytes are those that were signed. `covers_whole_file`: nothing was added
    afterwards. `signer` is the subject, `fingerprint` the SHA-256 of the signer's certificate in
    lower-case hexadecimal: whoever knows the seal's can tell whether it was ours.
    """

    intact: bool
    covers_whole_file: bool
    signer: str
    fingerprint: str


_NOT_SIGNED = SignatureCheck(intact=False, covers_whole_file=False, signer="", fingerprint="")


def make_specimen_seal(not_before: datetime, passphrase: bytes) -> bytes:
    """Return a self-made seal for demonstrations as a PKCS#12 file, valid for 20 years.

    Its subject says 見本 / SPECIMEN. `not_before` needs a time zone. Takes about half a second.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "見本 / SPECIMEN"),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, "見本の電子印 / SPECIMEN seal"),
        ]
    )
    start = not_before.astimezone(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=round(_SPECIMEN_YEARS * 365.25)))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    encryption = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(b"specimen", key, certificate, None, encryption)


def _key_usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def check_signature(pdf: bytes) -> SignatureCheck:
    """Tell what the signature of a document is worth; never raises, however broken the file.

    A document of ours carries exactly one signature; any other number counts as not intact.
    """
    try:
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        return _judge(signatures[0], pdf) if len(signatures) == 1 else _NOT_SIGNED
    except Exception:  # noqa: BLE001  # a damaged file can break its reader anywhere
        return _NOT_SIGNED


def _judge(signature: EmbeddedPdfSignature, pdf: bytes) -> SignatureCheck:
    # The signer vouches for itself: only the signature is looked at.
    context = ValidationContext(trust_roots=[signature.signer_cert], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    signer = status.signing_cert
    return SignatureCheck(
        intact=status.intact and status.valid and _nothing_beside(signature, pdf),
        covers_whole_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        signer=signer.subject.human_friendly,
        fingerprint=signer.sha256.hex(),
    )


def _nothing_beside(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Tell whether what no signature can cover is exactly what our seals write.

    A reader skips the padding behind the signature, does not care how its hexadecimal digits are
    written, and hardly looks at the header; a byte changed there would pass unnoticed.
    """
    content, signer = signature.signed_data, signature.signer_info
    header = (
        content["version"].dump() + content["digest_algorithms"].dump(),
        signer["version"].dump() + signer["digest_algorithm"].dump(),
        signer["signature_algorithm"].dump(),
    )
    _, start, end, _ = signature.byte_range
    digits = cms.ContentInfo.load(signature.pkcs7_content).dump().hex().upper()
    gap = f"<{digits.ljust(end - start - 2, '0')}>".encode()
    return header == _HEADER and pdf[start:end] == gap


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
