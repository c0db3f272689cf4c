"""The edge's signing keys on disk: the private key in use, and the list of public keys that led to it."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from vision.evidence.durable import replace_durably
from vision.evidence.errors import KeysDamaged, NoKeys
from vision.evidence.signature import (
    PublicKey,
    Rotation,
    Signature,
    SignatureBad,
    check_rotations,
    fingerprint,
    public_key_of,
    sign,
)

log = structlog.get_logger(__name__)

LIST_NAME = "keys.json"


class KeyList(BaseModel):
    """Every public key that the edge had, as they followed each other; safe to give away."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_public_key: PublicKey
    made_at: AwareDatetime
    rotations: list[Rotation] = []

    @property
    def public_keys(self) -> list[PublicKey]:
        """The keys, the one in use last."""
        return [self.first_public_key, *(rotation.new_public_key for rotation in self.rotations)]

    @property
    def fingerprints(self) -> list[str]:
        """Their fingerprints, the one in use last."""
        return [fingerprint(key) for key in self.public_keys]


def read_key_list(path: Path) -> KeyList:
    """Return a key list whose rotations are all signed. Raises KeysDamaged, or OSError when it is not there."""
    try:
        keys = KeyList.model_validate_json(path.read_bytes())
        check_rotations(keys.rotations, keys.first_public_key, keys.public_keys[-1])
    except ValidationError as error:
        raise KeysDamaged(path=path, detail=error.errors()[0]["msg"]) from None
    except SignatureBad as error:
        raise KeysDamaged(path=path, detail=error) from None
    return keys


class Keyring:
    """A folder with `keys.json` and the private key in use (`FINGERPRINT.pem`, readable by its owner alone).

    The list decides which key is in use and is replaced in one step: a crash leaves the old key or the new one. Nothing
    is cached, so that a rotation by another process counts from the next signature on.
    """

    def __init__(self, folder: Path, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._folder = folder
        self._clock = clock

    def make_first(self) -> None:
        """Make the first key, unless there is one. Raises OSError."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._locked():
            if self._list_path.exists():
                with suppress(KeysDamaged):  # which is told when something has to be signed
                    self._sweep(self.keys())
            else:
                public = self._store(Ed25519PrivateKey.generate())
                self._put_in_use(KeyList(first_public_key=public, made_at=self._clock()))
                log.info("evidence.key_made", key=fingerprint(public))

    def keys(self) -> KeyList:
        """Return the list of keys. Raises NoKeys or KeysDamaged."""
        try:
            return read_key_list(self._list_path)
        except FileNotFoundError:
            raise NoKeys(folder=self._folder) from None

    def sign(self, data: bytes) -> Signature:
        """Sign with the key in use. Raises NoKeys or KeysDamaged."""
        keys = self.keys()
        return sign(data, self._private_key(keys), keys.rotations)

    def rotate(self) -> KeyList:
        """Put a new key in use, signed by the one before, which is destroyed. Raises NoKeys, KeysDamaged or OSError."""
        if not self._list_path.exists():
            raise NoKeys(folder=self._folder)
        with self._locked():
            keys = self.keys()
            old, new = self._private_key(keys), Ed25519PrivateKey.generate()
            draft = Rotation(
                old_public_key=public_key_of(old),
                new_public_key=self._store(new),
                rotated_at=self._clock(),
                signature="",
            )
            signed = draft.model_copy(update={"signature": sign(draft.signed_bytes, old, []).signature})
            rotated = keys.model_copy(update={"rotations": [*keys.rotations, signed]})
            self._put_in_use(rotated)
        log.info("evidence.key_rotated", old=rotated.fingerprints[-2], new=rotated.fingerprints[-1])
        return rotated

    @property
    def _list_path(self) -> Path:
        return self._folder / LIST_NAME

    def _private_path(self, public_key: PublicKey) -> Path:
        return self._folder / f"{fingerprint(public_key)}.pem"

    def _private_key(self, keys: KeyList) -> Ed25519PrivateKey:
        path = self._private_path(keys.public_keys[-1])
        try:
            key = load_pem_private_key(path.read_bytes(), password=None)
        except FileNotFoundError:
            raise KeysDamaged(path=path, detail="it is missing") from None
        except (ValueError, TypeError):
            raise KeysDamaged(path=path, detail="it is no private key") from None
        if not isinstance(key, Ed25519PrivateKey) or public_key_of(key) != keys.public_keys[-1]:
            raise KeysDamaged(path=path, detail="it is another key")
        return key

    def _store(self, key: Ed25519PrivateKey) -> PublicKey:
        public = public_key_of(key)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        replace_durably(self._private_path(public), pem, mode=0o600)
        return public

    def _put_in_use(self, keys: KeyList) -> None:
        replace_durably(self._list_path, (keys.model_dump_json(indent=2) + "\n").encode())
        self._sweep(keys)

    def _sweep(self, keys: KeyList) -> None:
        """Destroy the private key before, and what a crash left."""
        in_use = self._private_path(keys.public_keys[-1])
        for path in self._folder.iterdir():
            if path.suffix in {".pem", ".part"} and path != in_use:
                path.unlink()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self._folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
