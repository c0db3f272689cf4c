"""Ed25519 signatures over manifests and chain heads, with what leads from an older key to the one that signed.

Everything is checked to be written in the one form that dustwatch writes, so that no byte of a signature can be changed
without being found.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence, Set
from typing import Annotated, Literal

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from vision.evidence.manifest import Sha256

MOST_ROTATIONS = 100
"""How many changes of the key a signature tells of, the newest; it has to stay small enough to post."""
ROTATION_PREFIX = b"dustwatch key rotation\n"
"""Begins what is signed at a rotation, so that it can't be taken for a manifest or a head."""

PublicKey = Annotated[str, Field(max_length=80)]
"""A public key in base64 (its DER SubjectPublicKeyInfo): the middle line of a PEM file."""
Base64Signature = Annotated[str, Field(max_length=100)]


class SignatureBad(ValueError):
    """The signature is not what it should be; the text says why."""


class Rotation(BaseModel):
    """The word of an old key for the new one that takes its place."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    old_public_key: PublicKey
    new_public_key: PublicKey
    rotated_at: AwareDatetime
    signature: Base64Signature
    """By the old key, over the prefix and the fields before it as JSON."""

    @property
    def signed_bytes(self) -> bytes:
        """What the old key signs."""
        return ROTATION_PREFIX + self.model_dump_json(exclude={"signature"}).encode()


class Signature(BaseModel):
    """What the file `manifest.signature.json` holds."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: Literal["Ed25519"] = "Ed25519"
    key_id: Sha256
    """Fingerprint of the public key: the SHA-256 of its DER bytes."""
    public_key: PublicKey
    signature: Base64Signature
    rotations: Annotated[list[Rotation], Field(max_length=MOST_ROTATIONS)] = []
    """How the key came to be, the oldest change first; the last one leads to `public_key`."""

    @property
    def file_bytes(self) -> bytes:
        """The file's content."""
        return (self.model_dump_json(indent=2) + "\n").encode()

    def is_vouched_for(self, trusted: Set[str]) -> bool:
        """Whether the key is one of these fingerprints, or one of them leads to it by rotations."""
        olds = {fingerprint(rotation.old_public_key) for rotation in self.rotations}
        return bool(trusted & (olds | {self.key_id}))


def sign(data: bytes, key: Ed25519PrivateKey, rotations: list[Rotation]) -> Signature:
    """Sign `data`; `rotations` are the changes that led to the key."""
    public = public_key_of(key)
    signed = base64.b64encode(key.sign(data)).decode()
    kept = rotations[-MOST_ROTATIONS:]
    return Signature(key_id=fingerprint(public), public_key=public, signature=signed, rotations=kept)


def read_signature(content: bytes, data: bytes) -> Signature:
    """Return the signature in a file's content, when it holds for `data`. Raises SignatureBad."""
    try:
        signature = Signature.model_validate_json(content)
    except ValidationError as error:
        raise SignatureBad(f"it can't be read: {error.errors()[0]['msg']}") from None
    if signature.file_bytes != content:
        raise SignatureBad("it is not written as dustwatch writes it")
    check_signature(signature, data)
    return signature


def check_signature(signature: Signature, data: bytes) -> None:
    """Check that the signature holds for `data`, and the rotations one after the other. Raises SignatureBad."""
    if signature.key_id != fingerprint(signature.public_key):
        raise SignatureBad("the fingerprint is that of another key")
    _check(signature.public_key, signature.signature, data)
    oldest = signature.rotations[0].old_public_key if signature.rotations else signature.public_key
    check_rotations(signature.rotations, oldest, signature.public_key)


def check_rotations(rotations: Sequence[Rotation], oldest: PublicKey, newest: PublicKey) -> None:
    """Check that the rotations are signed and lead from the oldest key to the newest. Raises SignatureBad."""
    reached = oldest
    for rotation in rotations:
        if rotation.old_public_key != reached:
            raise SignatureBad("its changes of the key do not follow each other")
        _check(rotation.old_public_key, rotation.signature, rotation.signed_bytes)
        reached = rotation.new_public_key
    _public_key(newest)
    if reached != newest:
        raise SignatureBad("its changes of the key do not lead to the key")


def public_key_of(key: Ed25519PrivateKey) -> PublicKey:
    """Return the public half."""
    der = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def fingerprint(public_key: PublicKey) -> str:
    """Return the key's id: as `openssl pkey -pubin -outform DER | sha256sum` has it. Raises SignatureBad."""
    return hashlib.sha256(_decoded(public_key)).hexdigest()


def _check(public_key: PublicKey, signature: Base64Signature, data: bytes) -> None:
    try:
        _public_key(public_key).verify(_decoded(signature), data)
    except InvalidSignature:
        raise SignatureBad("what was signed is something else") from None


def _public_key(public_key: PublicKey) -> Ed25519PublicKey:
    try:
        key = load_der_public_key(_decoded(public_key))
    except (ValueError, UnsupportedAlgorithm):
        raise SignatureBad("the public key is none") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SignatureBad("the public key is not of Ed25519")
    if key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo) != _decoded(public_key):
        raise SignatureBad("the public key is not written as dustwatch writes it")
    return key


def _decoded(text: str) -> bytes:
    """Decode base64 that is written in its one canonical form."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise SignatureBad("it is no base64") from None
    if base64.b64encode(data).decode() != text:
        raise SignatureBad("its base64 has stray bits")
    return data
