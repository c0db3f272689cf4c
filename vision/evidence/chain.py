"""The heads of the cameras' chains: which package each camera sealed last, kept durably and signed."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from vision.evidence.durable import replace_durably, sync_folder
from vision.evidence.errors import HeadDamaged
from vision.evidence.keyring import Keyring
from vision.evidence.manifest import ChainLink, Sha256
from vision.evidence.signature import Signature, SignatureBad, check_signature

NO_PREVIOUS = "0" * 64
"""What number 1 names as its previous package."""
HEAD_PREFIX = b"dustwatch chain head\n"
"""Begins what is signed, so that it can't be taken for a manifest or a rotation."""


class Head(BaseModel):
    """The newest package of a camera's chain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    camera_id: str
    number: int = Field(ge=1)
    sha256: Sha256
    """Of its manifest."""
    package: str
    """The violation's key."""


class SignedHead(BaseModel):
    """What a head's file holds; the signature is over the prefix and the head as JSON."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Head
    signature: Signature


def read_head(path: Path) -> SignedHead:
    """Return a head whose signature holds. Raises HeadDamaged, or OSError when it is not there."""
    try:
        signed = SignedHead.model_validate_json(path.read_bytes())
        check_signature(signed.signature, _signed_bytes(signed.head))
    except ValidationError as error:
        raise HeadDamaged(path=path, detail=error.errors()[0]["msg"]) from None
    except SignatureBad as error:
        raise HeadDamaged(path=path, detail=error) from None
    return signed


class Chains:
    """A folder with a file a camera, `CAMERA.json`. Nothing is cached: what the disk has is the chain."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder = folder
        self._keyring = keyring
        folder.mkdir(parents=True, exist_ok=True)

    def head(self, camera_id: str) -> Head | None:
        """Return the camera's newest package, None before its first. Raises HeadDamaged or OSError."""
        path = self._path(camera_id)
        if not path.exists():
            return None
        sync_folder(self._folder)  # it may have been renamed just now, by a write that failed after that
        head = read_head(path).head
        if head.camera_id != camera_id:
            raise HeadDamaged(path=path, detail=f"it is the head of {head.camera_id}")
        return head

    def advance(self, head: Head) -> None:
        """Make this package the newest of its camera: from here on it is part of the chain. Raises OSError."""
        signed = SignedHead(head=head, signature=self._keyring.sign(_signed_bytes(head)))
        replace_durably(self._path(head.camera_id), (signed.model_dump_json(indent=2) + "\n").encode())

    def _path(self, camera_id: str) -> Path:
        return self._folder / f"{camera_id}.json"


def link_after(head: Head | None) -> ChainLink:
    """Return the place in the chain that follows the head."""
    if head is None:
        return ChainLink(number=1, previous=NO_PREVIOUS)
    return ChainLink(number=head.number + 1, previous=head.sha256)


def _signed_bytes(head: Head) -> bytes:
    return HEAD_PREFIX + head.model_dump_json().encode()
