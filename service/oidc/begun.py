"""A sign-in that was begun: what its end is held against, sealed in a cookie that only this service can read."""

import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import TypeAdapter, ValidationError

LIFETIME_S = 600
"""How long somebody may take at the provider."""


@dataclass(frozen=True)
class Begun:
    """`state` ties the answer to this browser, `nonce` the ID token to this sign-in, `verifier` the code to us."""

    state: str
    nonce: str
    verifier: str
    path: str
    language: str

    @classmethod
    def now(cls, path: str, language: str) -> "Begun":
        """Begin a sign-in that leads to the path."""
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), path, language)

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (S256)."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


class Seal:
    """Seals begun sign-ins. Those who share a secret open each other's: every process of one service.

    Without a secret each has a key of its own, and a new start makes what was sealed before worthless.
    """

    def __init__(self, secret: str = "") -> None:
        self._key = Fernet(_derived(secret) if secret else Fernet.generate_key())

    def close(self, begun: Begun, at: datetime) -> str:
        """Return the cookie's value."""
        return self._key.encrypt_at_time(_BEGUN.dump_json(begun), int(at.timestamp())).decode()

    def open(self, value: str, at: datetime) -> Begun | None:
        """Return what was begun; None where the value is not ours or too old."""
        try:
            return _BEGUN.validate_json(self._key.decrypt_at_time(value.encode(), LIFETIME_S, int(at.timestamp())))
        except (InvalidToken, ValidationError):
            return None


def _derived(secret: str) -> bytes:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=b"dustwatch: begun sign-ins").derive(secret.encode())
    return urlsafe_b64encode(derived)


_BEGUN = TypeAdapter(Begun)
