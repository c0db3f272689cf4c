"""The seal of a package: a signature where it is in a chain, the manifest's SHA-256 where it is not."""

import hashlib

from vision.evidence.manifest import MANIFEST_NAME, Manifest
from vision.evidence.signature import Signature, SignatureBad, read_signature


class SealBad(ValueError):
    """The seal is neither a signature nor the manifest's SHA-256."""


def seal_of(manifest: bytes) -> bytes:
    """Return the unsigned seal for these bytes of a manifest, as `sha256sum` writes it."""
    return f"{hashlib.sha256(manifest).hexdigest()}  {MANIFEST_NAME}\n".encode()


def check_seal(content: bytes, seal: bytes) -> Signature | None:
    """Return the signature over a manifest's bytes; None when the seal is of the unsigned kind.

    Raises:
        SignatureBad: it is a signature that does not hold.
        SealBad: it is none, and not their SHA-256 either.
    """
    if seal.startswith(b"{"):
        return read_signature(seal, content)
    if seal != seal_of(content):
        raise SealBad
    return None


def check_kind(manifest: Manifest, signature: Signature | None) -> None:
    """Check that a package in a chain, and no other, is signed. Raises SignatureBad."""
    if manifest.chain is not None and signature is None:
        raise SignatureBad("a package in a chain has to be signed")
    if manifest.chain is None and signature is not None:
        raise SignatureBad("a signed package has to be in a chain")
