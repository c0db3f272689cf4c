"""The office's own certificate authority, for services and edges that no public one certifies: keys and certificates.

Elliptic curve P-256. A certificate names the hosts that it is for (RFC 5280, subjectAltName), and is for servers alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from service.errors import CertificateProblem

AUTHORITY_DAYS = 3650
CLOCKS_DIFFER = timedelta(hours=1)
"""Certificates are valid from so long before they are made: edges' clocks may be late."""


@dataclass(frozen=True)
class Certified:
    """A private key with its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    def key_pem(self) -> bytes:
        """Return the key as PEM, not encrypted: who may read the file is what keeps it."""
        return self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    def certificate_pem(self) -> bytes:
        """Return the certificate as PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)


def make_authority(name: str, now: datetime) -> Certified:
    """Return an authority of this name, valid from `now` (UTC) on for ten years."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        _begun(subject, subject, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    return Certified(key, certificate)


def issue(authority: Certified, hosts: Sequence[str], now: datetime, days: int) -> Certified:
    """Return a server's certificate for host names and addresses. Raises CertificateProblem.

    It does not outlive the authority.
    """
    left = (authority.certificate.not_valid_after_utc - now).days
    if left < 1:
        raise CertificateProblem(detail="the authority has expired; make a new one in another folder")
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    issuer = authority.certificate.subject
    public = authority.key.public_key()
    certificate = (
        _begun(subject, issuer, key.public_key(), now, min(days, left))
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    return Certified(key, certificate)


def read_authority(key: Path, certificate: Path) -> Certified:
    """Return an authority from its two PEM files. Raises CertificateProblem."""
    try:
        loaded = serialization.load_pem_private_key(key.read_bytes(), password=None)
        read = x509.load_pem_x509_certificate(certificate.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        detail = f"{key} and {certificate} can't be read as an authority; make one first, see --help"
        raise CertificateProblem(detail=detail) from error
    if not isinstance(loaded, ec.EllipticCurvePrivateKey) or loaded.public_key() != read.public_key():
        raise CertificateProblem(detail=f"the key {key} is not that of {certificate}")
    return Certified(loaded, read)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCKS_DIFFER)
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        pass
    try:
        return x509.DNSName(host)
    except ValueError as error:
        detail = f"{host!r} is no host name; write names in ASCII, such as queue.local"
        raise CertificateProblem(detail=detail) from error
