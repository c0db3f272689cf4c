"""Signatures of a version: over all its files, by a key of the office; asked for where keys are trusted."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from models.errors import BadModelKey, ModelUnsigned
from models.registry.durable import replace_file

SIGNATURE_NAME = "version.sig"
"""Holds the 64 bytes of an Ed25519 signature."""
KEYS_VARIABLE = "DUSTWATCH_MODEL_KEYS"
"""A PEM file with the public keys of those who may sign models; where it is set, no unsigned version is used."""
PREFIX = b"dustwatch model version\n"
"""Begins what is signed, so that it can't be taken for evidence."""
_END = b"-----END PUBLIC KEY-----"


def make_key(path: Path) -> Path:
    """Write a new private key, readable by its owner alone, and return the path of the public one beside it (`.pub`).

    Raises FileExistsError, OSError.
    """
    key = Ed25519PrivateKey.generate()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    public = path.with_name(f"{path.name}.pub")
    public.write_bytes(key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return public


def read_private_key(path: Path) -> Ed25519PrivateKey:
    """Read a private key (PEM, Ed25519, without a password). Raises BadModelKey."""
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise BadModelKey(path=path, detail=_why(error)) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise BadModelKey(path=path, detail="it is no Ed25519 key")
    return key


def trusted_keys(environment: Mapping[str, str] = os.environ) -> tuple[Ed25519PublicKey, ...] | None:
    """Return the keys that may sign models; None where no signature is asked for. Raises BadModelKey."""
    told = environment.get(KEYS_VARIABLE)
    if not told:
        return None
    path = Path(told)
    try:
        blocks = path.read_bytes().split(_END)[:-1]
        keys = [load_pem_public_key(block.lstrip() + _END) for block in blocks]
    except (OSError, ValueError, UnsupportedAlgorithm) as error:
        raise BadModelKey(path=path, detail=_why(error)) from error
    signers = tuple(key for key in keys if isinstance(key, Ed25519PublicKey))
    if not signers or len(signers) < len(keys):
        raise BadModelKey(path=path, detail="it has to hold Ed25519 public keys, in PEM")
    return signers


def sign_version(folder: Path, key: Ed25519PrivateKey) -> None:
    """Sign every file of a version, in place of an earlier signature. Raises OSError."""
    replace_file(folder / SIGNATURE_NAME, key.sign(_content(folder)))


def check_signature(folder: Path, signers: Sequence[Ed25519PublicKey]) -> None:
    """Make sure that one of the signers signed the version as it is. Raises ModelUnsigned, OSError."""
    try:
        signature = (folder / SIGNATURE_NAME).read_bytes()
    except FileNotFoundError:
        raise ModelUnsigned(path=folder, detail="it is not signed") from None
    content = _content(folder)
    if not any(_is_by(key, signature, content) for key in signers):
        raise ModelUnsigned(path=folder, detail="no trusted key signed it as it is")


def _is_by(key: Ed25519PublicKey, signature: bytes, content: bytes) -> bool:
    try:
        key.verify(signature, content)
    except InvalidSignature:
        return False
    return True


def _content(folder: Path) -> bytes:
    """Return what is signed: a line with its SHA-256 for each file of the version, by name."""
    files = sorted(path for path in folder.iterdir() if path.name != SIGNATURE_NAME)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files]
    return PREFIX + "".join(lines).encode()


def _why(error: Exception) -> str:
    return (getattr(error, "strerror", None) or str(error) or type(error).__name__).splitlines()[0]
