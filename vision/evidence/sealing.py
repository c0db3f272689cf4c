"""Seals staged packages: the manifest with every file's hash and its place in the chain, and the signature over it.

A package belongs to its chain from the moment at which the chain's head names it. Before that, it is sealed anew after
a crash, under the next number; after that, never again. A draft that is gone says that the head has named the package.
"""

import hashlib
from pathlib import Path
from typing import Literal

from vision.evidence.chain import Chains, Head, link_after
from vision.evidence.durable import sync_folder, write_durably
from vision.evidence.keyring import Keyring
from vision.evidence.manifest import (
    MANIFEST_NAME,
    SEAL_NAME,
    SIGNATURE_NAME,
    EvidenceFile,
    FileRole,
    Manifest,
)

CLEAN_NAME, ANNOTATED_NAME, CLIP_NAME, DRAFT_NAME = "clean.jpg", "annotated.jpg", "clip.mp4", "draft.json"
BEFORE_NAME = "before.jpg"
BEST_VIEW_NAME = "best_view.jpg"
"""Not in every package."""


class Sealer:
    """Seals what lies in the folder `staged`, one package after the other. Not for several threads or processes."""

    def __init__(self, staged: Path, chains: Chains, keyring: Keyring) -> None:
        self._staged = staged
        self._chains = chains
        self._keyring = keyring

    def is_sealed(self, draft: Manifest) -> bool:
        """Whether the package belongs to its chain already, so that no byte of it may change. Raises OSError."""
        self._settle(self._chains.head(draft.place.camera_id))
        return not (self._staged / draft.key / DRAFT_NAME).exists()

    def seal(self, draft: Manifest) -> None:
        """Seal the package, unless it is sealed. Raises OSError; what is done so far does no harm then."""
        if self.is_sealed(draft):
            return
        folder, camera = self._staged / draft.key, draft.place.camera_id
        link = link_after(self._chains.head(camera))
        manifest = draft.model_copy(update={"files": _described(folder, draft), "chain": link})
        content = manifest.model_dump_json(indent=2).encode()
        write_durably(folder / MANIFEST_NAME, content)
        write_durably(folder / SIGNATURE_NAME, self._keyring.sign(content).file_bytes)
        (folder / SEAL_NAME).unlink(missing_ok=True)  # by a version that knew no chains
        sync_folder(folder)
        sha256 = hashlib.sha256(content).hexdigest()
        self._chains.advance(Head(camera_id=camera, number=link.number, sha256=sha256, package=draft.key))
        self._forget_draft(folder)

    def _settle(self, head: Head | None) -> None:
        """Take the draft from the package that the head names, before anything else joins the chain."""
        if head is None:
            return
        folder = self._staged / head.package
        if (folder / DRAFT_NAME).exists() and _sha256_of(folder / MANIFEST_NAME) == head.sha256:
            self._forget_draft(folder)

    def _forget_draft(self, folder: Path) -> None:
        (folder / DRAFT_NAME).unlink()
        sync_folder(folder)


def _sha256_of(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _described(folder: Path, draft: Manifest) -> list[EvidenceFile]:
    kinds: list[tuple[str, FileRole, Literal["image/jpeg", "video/mp4"]]] = [
        (CLEAN_NAME, FileRole.CLEAN, "image/jpeg"),
        (ANNOTATED_NAME, FileRole.ANNOTATED, "image/jpeg"),
    ]
    if draft.before is not None:
        kinds.append((BEFORE_NAME, FileRole.BEFORE, "image/jpeg"))
    if (folder / BEST_VIEW_NAME).exists():
        kinds.append((BEST_VIEW_NAME, FileRole.BEST_VIEW, "image/jpeg"))
    if draft.clip is not None:
        kinds.append((CLIP_NAME, FileRole.CLIP, "video/mp4"))
    files = []
    for name, role, media_type in kinds:
        data = (folder / name).read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        files.append(EvidenceFile(name=name, role=role, media_type=media_type, size_bytes=len(data), sha256=digest))
    return files
