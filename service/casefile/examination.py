"""Looks at an evidence package as it is now: what its manifest says, whether its signature holds, each file's state."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import ValidationError

from service.domain.cases import Case, EvidenceItem
from service.storage.package import evidence_items
from vision.evidence.faults import Fault, Problem
from vision.evidence.manifest import MANIFEST_NAME, SIGNATURE_NAME, Manifest
from vision.evidence.signature import Signature, SignatureBad, read_signature
from vision.evidence.verify import verify_package


class FileState(StrEnum):
    """How a file is, held against the hash noted for it."""

    INTACT = "intact"
    CHANGED = "changed"
    MISSING = "missing"


@dataclass(frozen=True)
class ExaminedFile:
    """A file of the evidence as it was noted (`item`), and what was found of it now."""

    item: EvidenceItem
    path: Path
    state: FileState


@dataclass(frozen=True)
class Examination:
    """A package as it was found; `manifest` is None when it can't be read, `signature` when there is none that holds.

    `manifest_sha256` is that of the bytes found, None when there are none.
    """

    manifest: Manifest | None
    manifest_sha256: str | None
    signature: Signature | None
    files: tuple[ExaminedFile, ...]
    faults: tuple[Fault, ...]


def examine(package: Path, case: Case | None = None) -> Examination:
    """Look at the package, and hold it against what the queue noted where its case is given."""
    content = _read(package / MANIFEST_NAME)
    manifest = None if content is None else _manifest(content)
    found_sha256 = None if content is None else hashlib.sha256(content).hexdigest()
    faults = _faults(package)
    if case is not None and found_sha256 not in {None, case.manifest_sha256}:
        faults.append(Fault(package, MANIFEST_NAME, Problem.NOT_AS_RECEIVED, {"case": case.id}))
    noted = case.evidence if case is not None else () if manifest is None else evidence_items(manifest)
    seal = _read(package / SIGNATURE_NAME)
    return Examination(
        manifest=manifest,
        manifest_sha256=found_sha256,
        signature=None if content is None or seal is None else _signature(seal, content),
        files=tuple(ExaminedFile(item, package / item.name, _state(package / item.name, item)) for item in noted),
        faults=tuple(faults),
    )


def _faults(package: Path) -> list[Fault]:
    if not package.is_dir():
        return [Fault(package, MANIFEST_NAME, Problem.MISSING)]
    return verify_package(package)


def _state(path: Path, item: EvidenceItem) -> FileState:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return FileState.MISSING
    return FileState.INTACT if found == item.sha256 else FileState.CHANGED


def _manifest(content: bytes) -> Manifest | None:
    try:
        return Manifest.model_validate_json(content)
    except ValidationError:
        return None


def _signature(seal: bytes, content: bytes) -> Signature | None:
    try:
        return read_signature(seal, content)
    except SignatureBad:
        return None


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
