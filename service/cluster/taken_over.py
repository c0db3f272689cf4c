"""Puts into a node's data folder what a camera's owner before left at the queue: memory and the chain's end."""

from datetime import UTC
from pathlib import Path

from pydantic import ValidationError

from service.api.camera_leases import KeptJson, LaterPictureJson, ToldViolation
from service.edge.watch_memories import memory_path
from vision.evidence.chain import Chains
from vision.evidence.durable import replace_durably
from vision.evidence.keyring import Keyring
from vision.evidence.manifest import MANIFEST_NAME, Follows, Manifest
from vision.evidence.recorder import CHAIN_FOLDER, KEYS_FOLDER
from vision.evidence.sealing import DRAFT_NAME
from vision.told_since import Told, ToldPicture
from vision.violations import Violation


def put_in_place(data: Path, camera: str, kept: KeptJson) -> tuple[Told, ...]:
    """Let the camera go on, in this folder, from what is kept; return what the memory may not know.

    Nothing may watch the camera in this folder, nor wait to be sealed, meanwhile. Raises OSError.
    """
    path = memory_path(data, camera)
    if kept.memory is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_durably(path, kept.memory.encode())
    if kept.head is None:
        (data / CHAIN_FOLDER / f"{camera}.json").unlink(missing_ok=True)
    else:
        Chains(data / CHAIN_FOLDER, Keyring(data / KEYS_FOLDER)).advance(kept.head)
    pictures = (_picture(camera, told) for told in kept.pictures)
    return (*(_violation(told) for told in kept.told), *pictures)


def cameras_with_packages(data: Path, *folders: str) -> frozenset[str]:
    """Return the cameras of which packages lie in these folders; look at them in the order in which packages move."""
    found = set()
    for folder in folders:
        for package in sorted((data / folder).glob("[!.]*")):
            camera = _camera_of(package)
            if camera is not None:
                found.add(camera)
    return frozenset(found)


def _camera_of(package: Path) -> str | None:
    for name in (DRAFT_NAME, MANIFEST_NAME):
        try:
            return Manifest.model_validate_json((package / name).read_bytes()).place.camera_id
        except FileNotFoundError:
            continue
        except (OSError, ValidationError):
            return None
    return None


def _violation(told: ToldViolation) -> Violation:
    opened_at = told.opened_at.astimezone(UTC)
    return Violation(told.rule, told.camera_id, opened_at, told.track_id, told.bbox_xyxy, dict(told.measures))


def _picture(camera: str, told: LaterPictureJson) -> ToldPicture:
    follows = Follows(key=told.follows, number=told.number, stage=told.stage)
    return ToldPicture(told.rule, camera, follows, told.captured_at.astimezone(UTC))
